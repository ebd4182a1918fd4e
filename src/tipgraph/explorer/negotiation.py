"""Which format a client gets: that of the suffix of an address, or the best of its Accept header.

RFC 9110, section 12.5.1: the most specific media range that fits a format decides its quality.
"""

from collections.abc import Sequence

from tipgraph.explorer.asked import HTML

MEDIA_TYPES = {
    HTML: "text/html",
    "turtle": "text/turtle",
    "jsonld": "application/ld+json",
    "ntriples": "application/n-triples",
}
# What clients call a format besides its own name.
ALIASES = {
    "application/xhtml+xml": "text/html",
    "application/x-turtle": "text/turtle",
    "application/json": "application/ld+json",
    "text/plain": "application/n-triples",
}
# The syntaxes of RDF, with the suffix of an address.
SYNTAXES = {"turtle": ".ttl", "jsonld": ".jsonld", "ntriples": ".nt"}
FORMATS = (HTML, *SYNTAXES)


def split_suffix(path: str) -> tuple[str, str]:
    """The path without the suffix of a syntax, and the syntax; empty where it has no suffix."""
    for syntax, suffix in SYNTAXES.items():
        if path.endswith(suffix):
            return path.removesuffix(suffix), syntax
    return path, ""


def best_format(accept: str, formats: Sequence[str] = FORMATS) -> str:
    """The format that an Accept header prefers, the first of equal ones; empty for none of them.

    An empty header accepts everything.
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    quality = {name: _quality(MEDIA_TYPES[name], ranges) for name in formats}
    best = max(formats, key=quality.__getitem__)
    return best if quality[best] > 0 else ""


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for each in filter(str.strip, accept.split(",")):
        name, *parameters = (part.strip().lower() for part in each.split(";"))
        weight = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
        try:
            quality = min(max(float(weight), 0), 1)
        except ValueError:
            quality = 0
        found.append((ALIASES.get(name, name), quality))
    return found


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        fitting = [quality for name, quality in ranges if name == wanted]
        if fitting:
            return max(fitting)
    return 0
