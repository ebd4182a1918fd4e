"""What each request of a load is for, told from what it looks like on the wire."""

import re
from urllib.parse import unquote, unquote_plus

from tests.loading.site import LEDGER, STAGING
from tests.proxy import Request, Where

# The first that fits, of the method and a part of the text.
SIGNS = [
    ("put", r"(PUT|POST) \S+[?&]graph(-uri)?="),
    ("read back", r"GET \S+[?&]graph(-uri)?="),
    ("detect", r"GET \S+[?&]query=ASK"),
    ("introduce", r"GET"),
    ("move", r".*\bMOVE GRAPH"),
    ("drop", rf".*\bDROP SILENT GRAPH <{STAGING}"),
    ("remove", r".*\bDROP SILENT GRAPH"),
    ("note", rf".*\bINSERT DATA .*<{LEDGER}>.*sha256:"),
    ("expect", rf".*\bINSERT DATA .*<{LEDGER}>"),
    ("forget", rf".*\bDELETE WHERE .*<{LEDGER}>"),
    ("ask", rf".*\bASK .*<{STAGING}"),
    ("look", r".*\bASK"),
    ("list", r".*\bGROUP BY \?g"),
    ("verify", rf".*\bCOUNT.*<{STAGING}"),
    ("count", r".*\bCOUNT"),
    ("ledger", rf".*\bSELECT .*<{LEDGER}>"),
]


def step(request: Request) -> str:
    """What the request is for, in a word or two."""
    text = request.text
    if text.startswith(("query=", "update=")):
        text = unquote_plus(text)
    line = f"{request.method} {unquote(request.target)} {text}"
    return next((name for name, sign in SIGNS if re.match(sign, line, re.DOTALL)), "other")


class At:
    """Chooses the requests of a step; where `behind` is given, only those behind one of that."""

    def __init__(self, name: str, behind: str | None = None) -> None:
        self._name = name
        self._behind = behind

    def __call__(self, request: Request) -> bool:
        name = step(request)
        if name == self._behind:
            self._behind = None
        return name == self._name and self._behind is None


def since(number: int) -> Where:
    """Chooses all requests from this one on."""
    return lambda request: request.number >= number
