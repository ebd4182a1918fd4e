"""The page of the SPARQL endpoint: a form, which a script makes an editor."""

from tipgraph.explorer import addresses
from tipgraph.explorer.asked import Asked, Content
from tipgraph.explorer.execution import GRAPHS, ROWS
from tipgraph.explorer.site import Site
from tipgraph.export.graph import graph_names
from tipgraph.namespaces import PREFIXES

# The query that the form of the SPARQL endpoint begins with.
EXAMPLE = "SELECT ?edition ?label {\n  ?edition a tip:Edition ; rdfs:label ?label\n}\nLIMIT 10"
# The prefixes of things that have pages.
LINKED = ("tip", "id", "code", "graph", "country")


def query_form(site: Site, asked: Asked) -> Content:
    """The form, with a query to begin with, and the named graphs."""
    return site.page(
        "sparql.html",
        "SPARQL" if site.is_static else "SPARQL endpoint",
        subject="/sparql",
        example=EXAMPLE,
        prefixes=PREFIXES,
        own_pages={PREFIXES[each]: addresses.address(PREFIXES[each] + "x")[:-1] for each in LINKED},
        media_types_of_answers=[*ROWS, *GRAPHS],
        graphs=graph_names(site.engine.store),
    )
