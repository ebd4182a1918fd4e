"""The address of the page for a thing, and back; the file of an address in a site of files.

A thing whose IRI is ours is at the path of its IRI, a term at its anchor, and any other thing below
`/-/`, by its prefixed name or in full. The file of a page is at its address with `.html`, so that a
host that leaves endings away, as most do, has it at the path of its IRI. What a server takes as
parameters is a part of the name.
"""

import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape, unescape
from urllib.parse import parse_qsl, quote, unquote, urlencode

from tipgraph.entities.editions import ALL
from tipgraph.explorer.http import ANSWER_TYPES, SYNTAXES, split_suffix
from tipgraph.namespaces import OURS, PREFIXES, TIP, shorten

SHAPES = PREFIXES["tipsh"]
# The pages whose things are anchors on them.
DOCUMENTS = {TIP: "/ns", SHAPES: "/shapes"}
# Paths of our own pages, at which no thing can be.
RESERVED = ("-", "query", "sparql", "mcp", ".well-known", "ns", "shapes", "404")
OWN = "/-/"
ANY = "/-/thing"
# Characters that RFC 3986 allows in a path without encoding, besides letters and digits.
SAFE = "/-._~!$&'()*+,;=:@"
# The characters of a path, and of a part of it, which file systems limit to 255 with a suffix.
LONGEST, LONGEST_PART = 1000, 200
HTML = ".html"
# The suffixes of answers of stored queries as files.
ANSWERS = tuple(f".{each}" for each in ANSWER_TYPES)
# Parts of a path that Windows has no file for: names of devices, and characters.
NO_FILE = re.compile(
    r"(?i:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?:\..*)?"
    r'|.*[. ]|.*[<>:"|?*\\\x00-\x1f].*',
    re.DOTALL,
)
# Below these paths are files, and no pages.
FILES = ("/-/style.css", "/-/scripts/", "/-/vendor/", "/-/data/")
# The parameters that are a part of the name of a file: of a stored query, and by path.
OF_QUERIES = ("area", "scheme")
NAMED = {
    "/-/compare": ("earlier", "later"),
    "/-/entitlements": ("edition",),
    "/-/countries": ("stage",),
    "/-/network": ("edition", "area"),
}
# A link of a page. With the name behind what all have in common, the search is 20 times as fast.
LINK = re.compile(r'="(?:(?<=\bhref=")|(?<=\bsrc=")|(?<=\baction="))(/[^"]*)"')
# The place in a page before which its own address stands.
OWN_ADDRESS = '<meta property="og:type"'
# The attribute of the page with the way to the first folder, for scripts.
ROOT = ' data-root="/"'


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


def part_address(whole: str, part: str) -> str:
    """The address of a part of a thing, on the page of the thing."""
    return f"{address(whole)}#{quote(anchor(part), safe=SAFE)}"


def anchor(part: str) -> str:
    """The name of the place of a part on the page of its thing."""
    return part.removeprefix(OURS)


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


def in_syntax(address: str, syntax: str) -> str:
    """The address of the document in a syntax that describes what is at an address."""
    path, suffix = address.partition("#")[0], SYNTAXES[syntax]
    if path.startswith(f"{ANY}?"):
        return f"{path}&format={suffix.removeprefix('.')}"
    return path + suffix


def _is_plain(path: str) -> bool:
    """Return whether a browser requests this path, and it is the name of a file of its own.

    A suffix would make it another format, and `index` the page of its folder.
    """
    parts = path.split("/")
    if len(path) > LONGEST or max(len(quote(part)) for part in parts) > LONGEST_PART:
        return False
    if parts[-1].lower() == "index" or any(map(NO_FILE.fullmatch, parts)):
        return False
    return "" not in parts and not split_suffix(path)[1]


def _in_full(iri: str) -> str:
    return f"{ANY}?iri={quote(iri, safe='')}"


def file_of(address: str) -> str:
    """The path of the file for an address, below the folder, decoded and without parameters."""
    path, _, query = address.partition("#")[0].partition("?")
    given = dict(parse_qsl(query))
    number = given.pop("page", "1")
    page = f".page-{number}" if number != "1" else ""
    if path == ANY:
        # The IRI may be longer than the name of a file can be.
        name = _digest(given["iri"])
        suffix = f".{given['format']}" if "format" in given else page + HTML
        return f"-/thing/{name}{suffix}"
    is_answer = path.startswith("/query/") and path.endswith(ANSWERS)
    if is_answer or path.startswith(FILES) or split_suffix(path)[1]:
        return unquote(path).removeprefix("/")
    if path.endswith("/"):
        return f"{unquote(path)}index{HTML}".removeprefix("/")
    parts = [given[name] for name in _named(path) if given.get(name)]
    if path == "/-/network" and len(parts) > 1:
        # One file has the editions of a country, and one each of them.
        parts = [given["area"] if given["edition"] == ALL else given["edition"]]
    # A name that somebody else gave may lead out of the folder.
    parts = [each if _is_plain(each) else _digest(each) for each in parts]
    folder, name = posixpath.split("/".join([unquote(path).removeprefix("/"), *parts]))
    # The class and the property of the same letters are two files, also where case is ignored.
    apart = "_" if folder.startswith("-/") and re.match("[A-Z][a-z]", name) else ""
    return posixpath.join(folder, f"{name}{apart}{page}{HTML}")


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def with_links(html: str, file: str, base: str = "") -> str:
    """A page with links that are relative to its own file: up to the folder of both, and down.

    It has its own address (Open Graph) where `base`, that of the first folder, is known.
    """
    root = _to_root(file)
    if base:
        own = f'<meta property="og:url" content="{escape(public(base, file))}">\n{OWN_ADDRESS}'
        html = html.replace(OWN_ADDRESS, own, 1)
    html = html.replace(ROOT, f' data-root="{root}"', 1)
    ways = _ways(posixpath.dirname(file))

    def relative(found: re.Match[str]) -> str:
        whole = _link(found[1])
        start, up = next(each for each in ways if whole.startswith(each[0]))
        return f'="{up}{whole[len(start) :]}"'

    return LINK.sub(relative, html)


@lru_cache(maxsize=1_000)
def _ways(folder: str) -> Sequence[tuple[str, str]]:
    """The way up from a folder to each folder above it, the nearest first, by the start of links.

    The start is as `_link` has it.
    """
    parts = escape(quote(folder, safe=SAFE)).split("/") if folder else []
    starts = ["".join(f"{each}/" for each in parts[:end]) for end in range(len(parts) + 1)]
    # Without the full stop, `a:b` would begin with the scheme of an address.
    return [(start, "../" * up or "./") for up, start in enumerate(reversed(starts))]


def public(base: str, file: str) -> str:
    """The address of a file on the web, below that of the first folder."""
    return base + quote(file.removesuffix(f"index{HTML}"), safe=SAFE)


def link_between(address: str, other: str) -> str:
    """The link from the file of an address to the file of another one."""
    return _to_root(file_of(address)) + link(other)


def _to_root(file: str) -> str:
    # Without the full stop, `a:b` would begin with the scheme of an address.
    return "../" * file.count("/") or "./"


@lru_cache(maxsize=100_000)
def _link(written: str) -> str:
    """The link from the first folder to the file of an address, both as HTML has them."""
    return escape(link(unescape(written)))


def link(address: str) -> str:
    """The link from the first folder to the file of an address."""
    path, hash_, anchor = address.partition("#")
    path, _, query = path.partition("?")
    # A script filters by the parameters that are no part of the name.
    used = {"page", "iri", "format", *_named(path)}
    others = [each for each in parse_qsl(query) if each[0] not in used]
    given = f"?{urlencode(others)}" if others else ""
    return quote(file_of(address), safe=SAFE) + given + hash_ + anchor


def _named(path: str) -> tuple[str, ...]:
    return OF_QUERIES if path.startswith("/query/") else NAMED.get(path, ())
