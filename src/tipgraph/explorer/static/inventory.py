"""What the site consists of: an address for each page and file, with what makes it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple
from urllib.parse import urlencode

from tipgraph.assess.regime import editions_with_entitlements
from tipgraph.entities.editions import ALL
from tipgraph.explorer import addresses, cases, documents, network, query_form, questions
from tipgraph.explorer.asked import Asked, Content
from tipgraph.explorer.negotiation import SYNTAXES
from tipgraph.explorer.pages import DOCUMENTS, PAGES, Handler
from tipgraph.explorer.site import Site
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import StoredQuery


class Page(NamedTuple):
    """A page or a file by its address, with the function that makes it and what that is asked."""

    address: str
    make: Handler
    asked: Asked = Asked()

    def content(self, site: Site, number: int) -> Content:
        """The page with this number, from 1, of those that its lists fill."""
        numbered = {"page": str(number)} if number > 1 else {}
        parameters = {**self.asked.parameters, **numbered}
        return self.make(site, replace(self.asked, parameters=parameters))


def pages(site: Site) -> Iterator[Sequence[Page]]:
    """Everything but the pages of things, what takes long to make first.

    What is made of one answer is together.
    """
    for area in sorted(site.areas):
        code = last_part(area)
        yield [Page(f"/-/report/{code}", documents.report, Asked(code))]
    for query in site.graph.queries.values():
        yield list(_answers(query))
    for area in sorted(site.areas):
        yield list(_comparisons(site, area))
    for path, handler in DOCUMENTS.items():
        yield list(_formats(path, handler))
    yield from ([each] for each in _others(site))


def _comparisons(site: Site, area: str) -> Iterator[Page]:
    """The comparisons of the editions on a country, and its network."""
    yield _with("/-/network", network.page, area=last_part(area))
    known = (each for each in site.editions.values() if each.area == area)
    for one, other in combinations(known, 2):
        yield _with("/-/compare", documents.compare, earlier=one.slug, later=other.slug)


def _others(site: Site) -> Iterator[Page]:
    for each in editions_with_entitlements(site.engine).values():
        yield _with("/-/entitlements", documents.entitlements, edition=each.slug)
    for each in site.editions.values():
        yield _with("/-/network", network.page, edition=each.slug)
    yield _with("/-/network", network.page, edition=ALL)
    yield Page("/-/case", cases.command)
    yield Page("/sparql", query_form.query_form)
    for path, handler in PAGES.items():
        yield Page(path, handler)


def _formats(path: str, handler: Handler) -> Iterator[Page]:
    """A document as a page, and in the syntaxes of RDF."""
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


def _answers(query: StoredQuery) -> Iterator[Page]:
    """The page of a stored query, with the answer without parameters as files."""
    yield Page(f"/query/{query.name}", questions.question, Asked(query.name))
    files = questions.ROW_FILES if query.form == "SELECT" else questions.GRAPH_FILES
    is_answered = query.form != "ASK" and not any(each.required for each in query.params)
    for extension in files if is_answered else ():
        address = f"/query/{query.name}.{extension}"
        yield Page(address, questions.question, Asked(query.name, format=extension))
