"""Write the folder that makes https://w3id.org/tipgraph/ lead to a site of files.

    python .ci/w3id.py https://example.org/tip/ FOLDER

It has `.htaccess` and `README.md`, for the repository perma-id/w3id.org. The address is where the
folder is that `tipgraph site` wrote. The rules are made from the kinds of pages.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tipgraph.explorer.addresses import ANY, file_of
from tipgraph.explorer.http import ALIASES, HTML, IN_FILES, MEDIA_TYPES, SYNTAXES
from tipgraph.explorer.pages import KINDS, REDIRECTIONS, Negotiation, PageKind

ROOT = Path(__file__).resolve().parents[1]
HEAD = """\
# Made by .ci/w3id.py of tipgraph: change that, and make this again.
Options -MultiViews
RewriteEngine On
<IfModule mod_headers.c>
    Header always set Access-Control-Allow-Origin "*"
    Header always merge Vary Accept
</IfModule>
"""
README = """\
# tipgraph

A sourced knowledge graph of how states protect victims of human trafficking: terms (`/ns`,
`/ontology/…`), shapes (`/shapes`), codes (`/code/…`), statements and their sources (`/id/…`) and
named graphs (`/graph/…`).

Each address leads by 303 to a file below {address}: HTML, Turtle or JSON-LD, by `Accept` or by the
suffix `.ttl` or `.jsonld`. `.ci/w3id.py` of the project makes `.htaccess`; Apache is its test.

Maintainers: {maintainers}
"""
# Things without a page of their own, with the thing on whose page they are, or else its edition:
# versions of modules, quotes, places, amounts, and what rules derive.
PARTS = (
    (r"ontology/([a-z]+)/\d+\.\d+\.\d+", "ontology/$1"),
    ("catalog", "-/data/catalog.ttl.gz"),
    ("contributors", "-/about"),
    ("graph/ontology", "ns"),
    ("graph/shapes", "shapes"),
    ("graph/(?:derived|all)", "-/void"),
    (r"id/derived/annotation/(.+)-annotation", "id/$1"),
    (r"id/derived/mention/(derived/computed-part/.+)/[^/]+", "id/$1"),
    (r"id/derived/(?:slice|count-definition|total)/([^/]+)/.+", "id/$1"),
    (r"id/derived/(?!computed-part/)[^/]+/([^/]+/[^/]+)(?:/.+)?", "id/$1"),
    (r"id/([^/]+)/(?:figures|page-.+)", "id/$1"),
    (r"id/([^/]+/S\d+)-.+", "id/$1"),
    (r"id/([^/]+/.+?)-(?:page|page-quote)", "id/$1"),
    (r"id/([^/]+/.+)-(?:CURRENCIES)", "id/$1"),
)
# A client that asks for RDF/XML can read Turtle, and not a page.
OTHER_TYPES = {"turtle": ["application/rdf+xml", "text/n3"]}
PAGE_TYPES = ["text/html", "application/xhtml+xml"]
# The description of the dataset, whose IRI is that of the first page.
DESCRIPTION = "-/void.ttl"


def main() -> int:
    """Write the folder; exit code 2 for an address that is none."""
    parser = argparse.ArgumentParser(description="Write the folder for perma-id/w3id.org.")
    parser.add_argument("address", help="where the site is, such as https://example.org/tip/")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--maintainers", default="", help="their names on GitHub, such as @name")
    given = parser.parse_args()
    if not re.fullmatch(r"https://[\w.-]+(?::\d+)?/(?:[\w.~-]+/)*", given.address):
        print(f"{given.address}: an address is https://host/folder/", file=sys.stderr)
        return 2
    given.folder.mkdir(parents=True, exist_ok=True)
    readme = README.format(address=given.address, maintainers=given.maintainers or "to be named")
    (given.folder / "README.md").write_text(readme, encoding="utf-8")
    rules = "\n".join(_rules(given.address))
    (given.folder / ".htaccess").write_text(f"{HEAD}\n{rules}\n", encoding="utf-8")
    return 0


def _rules(site: str) -> Iterator[str]:
    """The rules for Apache, in the order in which it tries them."""
    for path, (other, _) in REDIRECTIONS.items():
        yield _rewritten(re.escape(path[1:]), other[1:])
    for part, whole in PARTS:
        yield _rewritten(part.replace("CURRENCIES", _currencies()), whole)
    in_files = "|".join(SYNTAXES[each][1:] for each in IN_FILES)
    yield _rule(rf"(.+\.(?:{in_files})|-/.+\.[a-z][a-z.]+|query/.+\.[a-z][a-z.]+)", f"{site}$1")
    others = "|".join(suffix[1:] for each, suffix in SYNTAXES.items() if each not in IN_FILES)
    yield rf"RewriteRule \.(?:{others})$ - [R=404,L]"
    for kind in KINDS:
        if kind.addresses and kind.path != ANY:
            yield from _of_kind(kind, site)


def _currencies() -> str:
    """The currencies of the data, with which the IRIs of amounts end."""
    texts = (file.read_text(encoding="utf-8") for file in (ROOT / "data").rglob("*.ttl"))
    found = {code.lower() for text in texts for code in re.findall(r"currency:([A-Z]{3})", text)}
    return "|".join(sorted(found))


def _of_kind(kind: PageKind, site: str) -> Iterator[str]:
    """The rules for a kind of page that a site has in files."""
    path = re.sub(r"\{[^}]+\}", "$1", kind.path)
    pattern = re.escape(path[1:]).replace(r"\$1", "(.+)")
    files = [file_of(path)]
    if kind.path == "/":
        files.append(DESCRIPTION)
    elif kind.negotiation is Negotiation.SEE_OTHER:
        files += [f"$1{SYNTAXES[each]}" for each in IN_FILES]
    elif kind.negotiation is Negotiation.SAME_ADDRESS:
        assert kind.addresses
        # These are the same in every site.
        files = [file_of(each) for group in kind.addresses(None) for each in group]  # type: ignore[arg-type]
    *pages, last = sorted(files, key=lambda file: file.endswith(f".{HTML}"))
    for file in pages:
        yield from _conditions(next(each for each in IN_FILES if file.endswith(SYNTAXES[each])))
        yield _rule(pattern, site + file)
    yield _rule(pattern, site + last)


def _conditions(syntax: str) -> Iterator[str]:
    """The conditions under which a client prefers a syntax to a page.

    Apache compares no weights: a syntax is preferred that is accepted, where no page is accepted
    without a weight.
    """
    type_ = MEDIA_TYPES[syntax]
    aliases = [name for name, own in ALIASES.items() if own == type_]
    accepted = _alternatives([type_, *aliases, *OTHER_TYPES.get(syntax, ())])
    yield rf'RewriteCond %{{HTTP_ACCEPT}} "{accepted}(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))" [NC]'
    yield rf'RewriteCond %{{HTTP_ACCEPT}} "!{_alternatives(PAGE_TYPES)}\s*(?:,|$)" [NC]'


def _alternatives(types: Iterable[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, types))})"


def _rewritten(pattern: str, path: str) -> str:
    # Without the flag, Apache appends what it took for the end of another path.
    return f"RewriteRule ^{pattern}$ {path} [DPI]"


def _rule(pattern: str, target: str) -> str:
    return f"RewriteRule ^{pattern}$ {target} [R=303,L]"


if __name__ == "__main__":
    sys.exit(main())
