"""The shipped sources with nothing derived, the rules, and stores to run them in."""

from collections.abc import Iterable
from functools import cache
from itertools import starmap

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from tipgraph.namespaces import DERIVED_GRAPH, GRAPH, PREFIXES
from tipgraph.resources.folders import shipped
from tipgraph.store.parts import Source, load
from tipgraph.store.rules import Rule, derive, read_rule

SOURCE = NamedNode(GRAPH + "a-source")
DERIVED = NamedNode(DERIVED_GRAPH)
COMPLETED = NamedNode(GRAPH + "completed")

OWN_PREFIXES = {
    "be": PREFIXES["id"] + "tip-2021-be/",
    "period": PREFIXES["id"] + "period/",
    "rule": PREFIXES["id"] + "rule/",
}
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, **OWN_PREFIXES}.items())


@cache
def shipped_rules() -> list[Rule]:
    """The rules, read once, and in no worker that needs none."""
    return [read_rule(path) for path in shipped().rules()]


def sources() -> Store:
    """Ontology and data, each in its graph, and the completed statements in another."""
    store = Store()
    load(store, starmap(Source, shipped().graphs()))
    completed = run(store, map(read_rule, shipped().completions()))
    store.remove_graph(DERIVED)
    store.extend(Quad(t.subject, t.predicate, t.object, COMPLETED) for t in completed)
    return store


def run(store: Store, rules: Iterable[Rule] | None = None) -> set[Triple]:
    """Return the triples that the rules put into the store's derived graph."""
    derive(store, shipped_rules() if rules is None else rules)
    return {quad.triple for quad in store.quads_for_pattern(None, None, None, DERIVED)}


def small(turtle: str) -> Store:
    """A store that holds some Turtle, under all our prefixes, in one source's graph."""
    store = Store()
    triples = parse(HEAD + turtle, format=RdfFormat.TURTLE)
    store.extend(Quad(q.subject, q.predicate, q.object, SOURCE) for q in triples)
    return store


def select(store: Store, query: str) -> set[tuple[str, ...]]:
    """The rows of a query, each term by the last part of its IRI or its lexical form."""
    found = store.query(HEAD + query, use_default_graph_as_union=True)
    return {tuple(_short(term) for term in row) for row in found}  # type: ignore[union-attr]


def _short(term: object) -> str:
    text = str(getattr(term, "value", ""))
    return text.removeprefix(PREFIXES["id"]).removeprefix("tip-2021-be/").rpartition("#")[2]
