"""A document as one HTML page: no script, nothing to fetch, readable on paper."""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from tipgraph.render.document import Cell, Document, Head, Picture
from tipgraph.safe_text import printable, web_address
from tipgraph.version import VERSION

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment
    from markupsafe import Markup

# The characters from which on a cell is wide.
LONG = 61
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


def html(document: Document) -> str:
    """The document as the text of an HTML file."""
    return _environment().get_template("page.html").render(document=document, version=VERSION)


def fragment(document: Document) -> str:
    """The document as HTML for a place in another page, such as a cell of a notebook."""
    return _environment().get_template("fragment.html").render(document=document)


@cache
def _environment() -> "Environment":
    from jinja2 import PackageLoader

    return environment(PackageLoader("tipgraph.render"))


def environment(
    loader: "BaseLoader", own_page: Callable[[str], str] = lambda iri: ""
) -> "Environment":
    """Return an environment for the templates of a loader, in which every value is escaped.

    `own_page` is the address of the page for a thing, by its IRI, where there is one.
    """
    # An import that takes longer than the answer to a query.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        loader=loader,
        autoescape=True,
        # No value can be forgotten: whatever a template prints passes through here.
        finalize=_as_shown,
        undefined=StrictUndefined,
        # A template stays as it is; a page has six, whose files would be looked at for each.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["linked"], environment.globals["table_cell"] = _links(own_page)
    environment.filters |= {
        "beside": zip,
        "address": web_address,
        "embedded": _embedded,
        "own_page": own_page,
    }
    return environment


def _links(own_page: Callable[[str], str]) -> "tuple[Callable[..., Markup], ...]":
    """Return the functions that link texts and make cells; macros would take ten times as long."""
    from markupsafe import Markup, escape

    def linked(text: str, link: str, iri: str = "") -> Markup:
        """The text with its link, if any: to the page of the thing, with the source beside it."""
        shown, page = escape(printable(text)), iri and own_page(iri)
        source = escape(printable(web_address(link)))
        if not page:
            return Markup(f'<a href="{source}">{shown}</a>') if source else shown
        beside = f' <a class="source" href="{source}">source</a>' if source else ""
        return Markup(f'<a href="{escape(printable(page))}">{shown}</a>{beside}')

    def table_cell(head: Head, cell: Cell) -> Markup:
        """The cell of a table, with its links."""
        shown = cell.shown
        kind = ' class="number"' if head.has_numbers else ' class="long"' * (len(shown) >= LONG)
        text = linked(shown, cell.link, cell.iri)
        further = (
            f' <a class="source" href="{escape(printable(address))}">[{number}]</a>'
            for number, address in enumerate(filter(None, map(web_address, cell.also)), start=2)
        )
        hidden = " hidden" if head.is_optional else ""
        return Markup(f"<td{hidden}{kind}>{text}{''.join(further)}</td>")

    return linked, table_cell


def _as_shown(value: object) -> object:
    """The value, with controls that would reorder or break the text of a page made visible."""
    return printable(value) if type(value) is str else value


def _embedded(picture: Picture) -> str:
    """The picture as an address that contains it."""
    return f"data:{MEDIA_TYPES[picture.format]};base64,{b64encode(picture.content).decode()}"
