"""The address of the page for a thing, and back.

A thing whose IRI is ours is at the path of its IRI, a term at its anchor, and any other thing below
`/-/`, by its prefixed name or in full.
"""

from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote

from tipgraph.explorer.http import split_suffix
from tipgraph.namespaces import OURS, PREFIXES, TIP, shorten

# Where readers report a mistake; the IRI of the thing or the address of the page is appended.
MISTAKES = "https://github.com/OWNER/tipgraph/issues/new?title="
SHAPES = PREFIXES["tipsh"]
# The pages whose things are anchors on them.
DOCUMENTS = {TIP: "/ns", SHAPES: "/shapes"}
# Paths of our own pages, at which no thing can be.
RESERVED = ("-", "query", "sparql", ".well-known", "ns", "shapes")
OWN = "/-/"
ANY = "/-/thing"
# Characters that RFC 3986 allows in a path without encoding, besides letters and digits.
SAFE = "/-._~!$&'()*+,;=:@"
# The characters of a path, and of a part of it, which file systems limit to 255 with a suffix.
LONGEST, LONGEST_PART = 1000, 200


@lru_cache(maxsize=50_000)
def address(iri: str) -> str:
    """The path of the page for the thing with this IRI, with its anchor if it is a term."""
    for namespace, document in DOCUMENTS.items():
        local = iri.removeprefix(namespace)
        if local != iri:
            return f"{document}#{quote(local, safe=SAFE)}" if local else document
    path = iri.removeprefix(OURS)
    if path != iri and path.partition("/")[0] not in RESERVED:
        return f"/{quote(path, safe=SAFE)}" if _is_plain(path) else _in_full(iri)
    prefix, colon, local = shorten(iri).partition(":")
    if path == iri and colon and prefix in PREFIXES and _is_plain(local):
        return f"{OWN}{prefix}/{quote(local, safe=SAFE)}"
    return _in_full(iri)


def iri(path: str) -> str:
    """The IRI of the thing at a path, which is decoded and has no slash at its start."""
    below = path.removeprefix("-/")
    if below == path:
        return OURS + path
    prefix, _, local = below.partition("/")
    return PREFIXES.get(prefix, OURS + "-/" + prefix + "/") + local


def iri_at(address: str) -> str:
    """The IRI of the thing whose page is at an address."""
    path, _, query = address.partition("?")
    return dict(parse_qsl(query))["iri"] if path == ANY else iri(unquote(path).removeprefix("/"))


def in_format(address: str, suffix: str) -> str:
    """The address of the same thing in the format with this suffix."""
    path, hash_, _ = address.partition("#")
    if path.startswith(f"{ANY}?"):
        return f"{path}&format={suffix.removeprefix('.')}"
    return path + suffix if hash_ or path else address


def _is_plain(path: str) -> bool:
    """Return whether a browser requests this path, and it is the name of a file of its own.

    A suffix would make it another format, and `index` the page of its folder.
    """
    parts = path.split("/")
    if len(path) > LONGEST or max(len(quote(part)) for part in parts) > LONGEST_PART:
        return False
    if parts[-1].lower() == "index":
        return False
    return not {"", ".", ".."} & {*parts} and not split_suffix(path)[1] and "\\" not in path


def _in_full(iri: str) -> str:
    return f"{ANY}?iri={quote(iri, safe='')}"
