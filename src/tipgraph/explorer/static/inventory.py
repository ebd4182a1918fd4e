"""What the site consists of: an address for each page and file, with what makes it."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlencode

from tipgraph.explorer import addresses, cases, documents, network, query_form, questions
from tipgraph.explorer.asked import Asked
from tipgraph.explorer.negotiation import SYNTAXES
from tipgraph.explorer.pages import DOCUMENTS, PAGES, Handler
from tipgraph.explorer.site import Site
from tipgraph.lookup.editions import ALL
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import StoredQuery


class Page(NamedTuple):
    """A page or a file by its address, with the function that makes it and what that is asked."""

    address: str
    make: Handler
    asked: Asked = Asked()


def pages(site: Site) -> Iterator[Page]:
    """Everything but the pages of things, what takes long to make first."""
    known = site.editions.values()
    for area in sorted(site.areas):
        code = last_part(area)
        yield Page(f"/-/report/{code}", documents.report, Asked(code))
        yield _with("/-/network", network.page, area=code)
        for one, other in combinations((each for each in known if each.area == area), 2):
            yield _with("/-/compare", documents.compare, earlier=one.slug, later=other.slug)
    for query in site.graph.queries.values():
        yield from _answers(query)
    for each in known:
        if each.is_complete:
            yield _with("/-/entitlements", documents.entitlements, edition=each.slug)
        yield _with("/-/network", network.page, edition=each.slug)
    yield _with("/-/network", network.page, edition=ALL)
    yield Page("/-/case", cases.command)
    yield Page("/sparql", query_form.query_form)
    for path, handler in PAGES.items():
        yield Page(path, handler)
    for path, handler in DOCUMENTS.items():
        yield Page(path, handler)
        for syntax, suffix in SYNTAXES.items():
            yield Page(path + suffix, handler, Asked(format=syntax))


def things(site: Site) -> list[str]:
    """The IRIs of the things that have a page of their own, sorted."""
    documents = addresses.DOCUMENTS.values()
    return sorted(
        each
        for each in site.things
        if "#" not in (address := addresses.address(each)) and address not in documents
    )


def _with(path: str, handler: Handler, **parameters: str) -> Page:
    return Page(f"{path}?{urlencode(parameters)}", handler, Asked(parameters=parameters))


def _answers(query: StoredQuery) -> Iterable[Page]:
    """The page of a stored query, with the answer without parameters as files."""
    yield Page(f"/query/{query.name}", questions.question, Asked(query.name))
    files = questions.ROW_FILES if query.form == "SELECT" else questions.GRAPH_FILES
    is_answered = query.form != "ASK" and not any(each.required for each in query.params)
    for extension in files if is_answered else ():
        address = f"/query/{query.name}.{extension}"
        yield Page(address, questions.question, Asked(query.name, format=extension))
