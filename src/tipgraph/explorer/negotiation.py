"""Which format a client gets: that of the suffix of an address, or the one that it prefers."""

from collections.abc import Sequence

from tipgraph.explorer.accept import choose
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
    offers = {MEDIA_TYPES[name]: name for name in formats}
    offers |= {alias: offers[own] for alias, own in ALIASES.items() if own in offers}
    return offers.get(choose(accept, list(offers)) or "", "")
