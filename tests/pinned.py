"""A small edition with a pinned text."""

from pyoxigraph import RdfFormat, Store

from tipgraph.editions.pin import PinnedText
from tipgraph.editions.turtle import declarations
from tipgraph.namespaces import ID
from tipgraph.store.engine import Embedded


def turtle(text: str) -> str:
    """An edition `a` with this text, pinned as `tipgraph new` pins it."""
    pinned = PinnedText(text)
    node = (
        'id:a a tip:Edition ; rdfs:label "An edition" .'
        " a:text a tip:SourceText ; tip:edition id:a ; tip:page <https://example.org/> ;"
        f' tip:sha256 "{pinned.sha256}" ; tip:codePoints {len(text)} .'
    )
    body = f"{node}\n{pinned.turtle('a')}"
    return f"{declarations(body, {'a': f'{ID}a/'})}\n{body}"


def engine_with(text: str) -> Embedded:
    """The graph of that edition."""
    store = Store()
    store.load(turtle(text).encode(), RdfFormat.TURTLE)
    return Embedded(store)
