"""Regular expressions as XPath reads them: those of sh:pattern, and of REGEX and REPLACE.

pyoxigraph's own regular expressions have no look-ahead, and take one for an error of the row.
"""

import re
from functools import cache
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError

from tipgraph.validate.engines.rdflib_terms import XSD_STRING
from tipgraph.validate.literals import OTHER_SPACES

FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
NO_FLAGS = ox.Literal("")

# Parts of a pattern that Python reads otherwise, outside of a class and within one.
PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+|[.$]", re.DOTALL)
ESCAPE = re.compile(r"\\.", re.DOTALL)
SPACES = r" \t\n\r"
OUTSIDE = {r"\s": f"[{SPACES}]", r"\S": f"[^{SPACES}]"}
WITHIN = {r"\s": SPACES, r"\S": rf"\S{OTHER_SPACES}"}


def matches(text: Any, pattern: Any, flags: Any = NO_FLAGS) -> Any:
    """Return REGEX of these terms; None for an error of SPARQL."""
    if _is_text(text) and _is_text(pattern):
        return ox.Literal(bool(_compiled(pattern.value, flags.value).search(text.value)))
    return None


def replaced(text: Any, pattern: Any, replacement: Any, flags: Any = NO_FLAGS) -> Any:
    """Return REPLACE of these terms; None for an error of SPARQL."""
    if not (_is_text(text) and _is_text(pattern) and _is_text(replacement)):
        return None

    def filled(match: re.Match[str]) -> str:
        # `$1` is a group, and a backslash makes `$` and itself plain.
        return re.sub(
            r"\\([\\$])|\$(\d)", lambda each: each[1] or match[int(each[2])] or "", template
        )

    template = replacement.value
    value = _compiled(pattern.value, flags.value).sub(filled, text.value)
    return ox.Literal(value, language=text.language) if text.language else ox.Literal(value)


def _is_text(term: Any) -> bool:
    """Return whether SPARQL takes a term for a string: without a type, or with a language."""
    is_literal = isinstance(term, ox.Literal)
    return is_literal and (bool(term.language) or term.datatype.value == XSD_STRING)


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return the pattern, compiled for Python. Raises re.error."""
    # It may state flags itself.
    flags = re.compile(pattern, flags).flags
    known = OUTSIDE.copy()
    if not flags & re.MULTILINE:
        known["$"] = r"\Z"
    if not flags & re.DOTALL:
        known["."] = r"[^\n\r]"

    def in_python(part: re.Match[str]) -> str:
        if part[0].startswith("["):
            return ESCAPE.sub(lambda each: WITHIN.get(each[0], each[0]), part[0])
        return known.get(part[0], part[0])

    return re.compile(PART.sub(in_python, pattern), flags)


# In the place of Python's module.
RE = SimpleNamespace(compile=compiled, I=re.I, M=re.M)


@cache
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    if unknown := sorted(set(flags) - FLAGS.keys()):
        raise ReportableRuntimeError(f"a query uses the flag {unknown[0]}, which is not known here")
    try:
        return compiled(pattern, sum(FLAGS[flag] for flag in set(flags)))
    except re.error as error:
        raise ReportableRuntimeError(f"a query has an invalid pattern: {error}") from None
