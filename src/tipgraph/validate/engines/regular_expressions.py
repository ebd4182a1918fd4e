"""REGEX and REPLACE for the queries of shapes, as pySHACL reads sh:pattern.

pyoxigraph's own regular expressions have no look-ahead, and take one for an error of the row.
"""

import re
from functools import cache
from typing import Any

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError

from tipgraph.validate.engines.rdflib_terms import XSD_STRING

FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
NO_FLAGS = ox.Literal("")


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


@cache
def _compiled(pattern: str, flags: str) -> re.Pattern[str]:
    if unknown := sorted(set(flags) - FLAGS.keys()):
        raise ReportableRuntimeError(f"a query uses the flag {unknown[0]}, which is not known here")
    try:
        return re.compile(pattern, sum(FLAGS[flag] for flag in set(flags)))
    except re.error as error:
        raise ReportableRuntimeError(f"a query has an invalid pattern: {error}") from None
