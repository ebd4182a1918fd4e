"""Regular expressions as XPath reads them: those of sh:pattern, and of REGEX and REPLACE.

pyoxigraph's own regular expressions have no look-ahead, and take one for an error of the row.
"""

import re
from functools import cache
from typing import Any

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError

from tipgraph.validate.engines.rdflib_terms import XSD_STRING
from tipgraph.validate.literals import OTHER_SPACES

FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
NO_FLAGS = ox.Literal("")

# Parts of a pattern that Python reads otherwise, outside of a class and within one.
PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+|[.$ \t\n\r]", re.DOTALL)
ESCAPE = re.compile(r"\\.", re.DOTALL)
SPACES = r" \t\n\r"
OUTSIDE = {r"\s": f"[{SPACES}]", r"\S": f"[^{SPACES}]"}
WITHIN = {r"\s": SPACES, r"\S": rf"\S{OTHER_SPACES}"}
BLANKS = dict.fromkeys(" \t\n\r", "")


def matches(text: Any, pattern: Any, flags: Any = NO_FLAGS) -> Any:
    """Return REGEX of these terms; None for an error of SPARQL."""
    if _is_text(text) and _is_text(pattern):
        return ox.Literal(bool(_of_query(pattern.value, flags.value).search(text.value)))
    return None


def replaced(text: Any, pattern: Any, replacement: Any, flags: Any = NO_FLAGS) -> Any:
    """Return REPLACE of these terms; None for an error of SPARQL."""
    if not (_is_text(text) and _is_text(pattern) and _is_text(replacement)):
        return None

    def filled(match: re.Match[str]) -> str:
        if "q" in flags.value:
            return str(template)
        # `$1` is a group, and a backslash makes `$` and itself plain.
        return re.sub(
            r"\\([\\$])|\$(\d)", lambda each: each[1] or match[int(each[2])] or "", template
        )

    template = replacement.value
    value = _of_query(pattern.value, flags.value).sub(filled, text.value)
    return ox.Literal(value, language=text.language) if text.language else ox.Literal(value)


def _is_text(term: Any) -> bool:
    """Return whether SPARQL takes a term for a string: without a type, or with a language."""
    is_literal = isinstance(term, ox.Literal)
    return is_literal and (bool(term.language) or term.datatype.value == XSD_STRING)


def _of_query(pattern: str, flags: str) -> re.Pattern[str]:
    if unknown := sorted(set(flags) - {*FLAGS, "x", "q"}):
        raise ReportableRuntimeError(f"a query uses the flag {unknown[0]}, which is not known here")
    try:
        return compiled(pattern, flags)
    except re.error as error:
        raise ReportableRuntimeError(f"a query has an invalid pattern: {error}") from None


@cache
def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """Return the pattern with these flags of XPath, compiled for Python. Raises re.error.

    XPath and XQuery Functions and Operators 3.1, section 5.6.2, has the flags i, m, s, x and q.
    """
    named = sum(FLAGS[flag] for flag in FLAGS if flag in flags)
    if "q" in flags:
        return re.compile(re.escape(pattern), named)
    # It may state flags itself.
    all_flags = re.compile(pattern, named).flags
    known = OUTSIDE | (BLANKS if "x" in flags else {})
    if not all_flags & re.MULTILINE:
        known["$"] = r"\Z"
    if not all_flags & re.DOTALL:
        known["."] = r"[^\n\r]"

    def translated(part: re.Match[str]) -> str:
        if part[0].startswith("["):
            return ESCAPE.sub(lambda each: WITHIN.get(each[0], each[0]), part[0])
        return known.get(part[0], part[0])

    return re.compile(PART.sub(translated, pattern), all_flags)
