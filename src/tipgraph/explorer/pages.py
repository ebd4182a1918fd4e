"""The pages whose addresses have no names in them, for the server and for the site of files."""

from collections.abc import Callable

from tipgraph.explorer import countries, documents, home, network, questions, terms, void
from tipgraph.explorer.asked import Asked, Content
from tipgraph.explorer.site import Site

Handler = Callable[[Site, Asked], Content]

# Each page by its path.
PAGES: dict[str, Handler] = {
    "/": home.home,
    "/-/compare": documents.compare,
    "/-/countries": countries.countries,
    "/-/entitlements": documents.entitlements,
    "/-/network": network.page,
    "/-/search": home.search,
    "/query/": questions.questions,
}
# The documents that are there in each syntax of RDF, too.
DOCUMENTS: dict[str, Handler] = {
    "/-/void": void.description,
    "/ns": terms.terms,
    "/shapes": terms.shapes,
}
