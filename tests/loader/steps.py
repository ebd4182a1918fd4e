"""The purpose of each request of a load, found from its text."""

import re
from urllib.parse import unquote, unquote_plus

from tests.loader.site import MANIFEST, STAGING
from tests.proxy import Request, Where

# Names of purposes; the first pattern that matches method, target and text applies.
PATTERNS = [
    ("put", r"(PUT|POST) \S+[?&]graph(-uri)?="),
    ("read back", r"GET \S+[?&]graph(-uri)?="),
    ("detect", r"GET \S+[?&]query=ASK"),
    ("authenticate", r"GET"),
    ("move", r".*\bMOVE SILENT|.*\bINSERT { GRAPH \S+ { \?a"),
    ("drop", rf".*\bDROP SILENT GRAPH <{STAGING}"),
    ("record", rf".*\bINSERT .*<{MANIFEST}>.*sha256:"),
    ("claim", rf".*\bINSERT DATA {{ GRAPH <{MANIFEST}>"),
    ("remove", rf".*\bDELETE {{ GRAPH .*<{MANIFEST}>"),
    ("staging-exists", rf".*\bASK .*<{STAGING}"),
    ("target-exists", r".*\bASK"),
    ("list", r".*\bGROUP BY \?g"),
    ("verify", rf".*\bCOUNT.*<{STAGING}"),
    ("count", r".*\bCOUNT"),
    ("manifest", rf".*\bSELECT .*<{MANIFEST}>"),
]


def step(request: Request) -> str:
    """Return the name of the request's purpose."""
    text = request.text
    if text.startswith(("query=", "update=")):
        text = unquote_plus(text)
    line = f"{request.method} {unquote(request.target)} {text}"
    return next((name for name, pattern in PATTERNS if re.match(pattern, line, re.DOTALL)), "other")


class At:
    """Selects the requests of a step; with `behind`, only those after a request of that step."""

    def __init__(self, name: str, behind: str | None = None) -> None:
        self._name = name
        self._behind = behind

    def __call__(self, request: Request) -> bool:
        name = step(request)
        if name == self._behind:
            self._behind = None
        return name == self._name and self._behind is None


def since(number: int) -> Where:
    """Select all requests from this one on."""
    return lambda request: request.number >= number
