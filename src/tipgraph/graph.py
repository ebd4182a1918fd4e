"""The graph as one object: opened from files, queried, shown, checked."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat, Store

from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import DERIVED_GRAPH
from tipgraph.queries import catalogue
from tipgraph.queries.catalogue import StoredQuery
from tipgraph.render.results import Answer
from tipgraph.resources import folders
from tipgraph.resources.folders import Resources
from tipgraph.store import build
from tipgraph.store.embedded import Embedded
from tipgraph.store.engine import Engine
from tipgraph.store.rows import Rows

if TYPE_CHECKING:
    from tipgraph.assess import Assessment, Case
    from tipgraph.assess.regime import Regime
    from tipgraph.endpoint.settings import Endpoint
    from tipgraph.loader import Receipt
    from tipgraph.lookup.coverage import Coverage
    from tipgraph.lookup.describe import Description
    from tipgraph.validate import Report

FilePath = str | PathLike[str]


class Graph:
    """A graph that can be asked, here or in a store elsewhere."""

    def __init__(self, engine: Engine, resources: Resources) -> None:
        self.engine = engine
        self.resources = resources

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by their names."""
        return catalogue.Catalogue(self.resources)

    def query(self, query: str, /, **parameters: object) -> Answer:
        """Run a stored query, by its name, or a SPARQL text of one's own.

        Parameters are given by name: as text (of a thing its IRI, slug or label), as a Python
        number, boolean or string, or as a pyoxigraph term. An own text declares its parameters
        in a `#+` header as stored queries do.

        Gives Rows for SELECT, a bool for ASK, a list of triples for CONSTRUCT and DESCRIBE.
        Raises UsageError for an unknown query and unfit parameters, InputError for broken SPARQL.
        """
        return self.run(self.find(query), parameters)

    def find(self, query: str) -> StoredQuery:
        """The stored query of that name, or one made of a SPARQL text."""
        if query.split() == [query] and "{" not in query:
            return catalogue.find(self.queries, query)
        return catalogue.parse(query, "query", "query")

    def run(self, query: StoredQuery, parameters: Mapping[str, object]) -> Answer:
        """What `query` gives for a stored query that is at hand."""
        text = query.bound(self.engine, parameters)
        match query.form:
            case "SELECT":
                return self.engine.select(text)
            case "ASK":
                return self.engine.ask(text)
            case _:
                return self.engine.construct(text)

    def rows(self, query: str, /, **parameters: object) -> Rows:
        """What `query` gives, for a SELECT. Raises UsageError when the query is none."""
        answer = self.query(query, **parameters)
        if not isinstance(answer, Rows):
            raise UsageError("rows() is for SELECT queries; use query() for this one")
        return answer

    def labelled(self, rows: Rows) -> Rows:
        """The rows with labels in the place of things, and sentences in that of passages."""
        from tipgraph.lookup.labels import labelled

        return labelled(self.engine, rows)

    def quoted(self, rows: Rows) -> Rows:
        """The rows with two more columns, `…_quote` and `…_link`, behind each of passages."""
        from tipgraph.lookup.labels import quoted

        return quoted(self.engine, rows)

    def resolve(self, name: str) -> str:
        """The IRI of what is called so: by IRI, slug or label. Raises UsageError if not one is."""
        from tipgraph.lookup.entities import resolve

        return resolve(self.engine, name)

    def label(self, name: str) -> str:
        """The label of what is called so."""
        from tipgraph.lookup.entities import label

        return label(self.engine, self.resolve(name))

    def show(self, name: str) -> "Description":
        """What the graph says of a thing, with the evidence. Raises UsageError as `resolve`."""
        from tipgraph.lookup.describe import describe

        return describe(self.engine, self.resolve(name))

    def regime(self, edition: str | None = None) -> "Regime":
        """What an edition, or the newest that is fully covered, says that victims can get.

        A store's graph is copied first: cases are reasoned over here and sent nowhere. Raises
        UsageError when there is no such edition or it says nothing of entitlements.
        """
        from tipgraph.assess.regime import regime

        return regime(self._here(), self.resources, edition)

    def assess(
        self,
        case: "Case | Mapping[str, Any] | str | bytes",
        edition: str | None = None,
        what_if: Mapping[str, str] | None = None,
    ) -> "Assessment":
        """What a victim in this situation is entitled to, by one edition, and why.

        The case is a document as ontology/case.schema.json has it (a mapping or its JSON), or one
        that was read. `what_if` has other states (`met`, `not-met`, `unknown`) of facts by their
        names. Nothing of it is kept. Raises InputError for a case that cannot be, UsageError as
        `regime` does.
        """
        from tipgraph.assess.case import Case
        from tipgraph.assess.evaluate import assess
        from tipgraph.assess.parse_case import read_case, resolve_fact

        held = self.regime(edition)
        if not isinstance(case, Case):
            case = read_case(case, held.engine, self.resources)
        supposed = {resolve_fact(held.engine, f): state for f, state in (what_if or {}).items()}
        return assess(held, case, supposed)

    def _here(self) -> Embedded:
        """The graph in memory."""
        if isinstance(self.engine, Embedded):
            return self.engine
        from tipgraph.endpoint.download import copied
        from tipgraph.store.remote import Remote

        assert isinstance(self.engine, Remote)
        return Embedded(copied(self.engine.store, self.engine.graphs))

    def coverage(
        self, edition: str | None = None, text: FilePath | None = None
    ) -> "list[Coverage]":
        """Which sentences of an edition, or of all, have statements; and whether `text` is it.

        Raises UsageError for an unknown edition, InputError for an unreadable text.
        """
        from tipgraph.lookup.coverage import coverage

        return coverage(self.engine, edition, None if text is None else fspath(text))


class LocalGraph(Graph):
    """A graph in memory: ontology, statements, and what the rules derive from them."""

    engine: Embedded

    def __init__(self, engine: Embedded, resources: Resources, own: tuple[str, ...], bundled: bool):
        super().__init__(engine, resources)
        self._own = own
        self._bundled = bundled

    def validate(
        self, shapes: Iterable[FilePath] = (), ontology: Iterable[FilePath] = ()
    ) -> "Report":
        """Hold the sources' graphs against the shipped shapes and ontology, or against one's own.

        Raises InputError when something cannot be read, when there are no shapes, and when they
        look at nothing or cannot mean what they say: nothing may pass unlooked at.
        """
        from tipgraph.validate import Request, validate

        report = validate(
            Request(
                self.resources,
                data=[*(self.resources.data() if self._bundled else []), *self._own],
                shapes=[fspath(path) for path in shapes],
                ontology=[fspath(path) for path in ontology],
            )
        )
        if report.faults:
            raise InputError("; ".join(map(str, report.faults)))
        return report


def open(*paths: FilePath, bundled: bool = True) -> LocalGraph:
    """The shipped graph, with one's own RDF files or folders beside it.

    With `bundled=False` one's own stand instead of the shipped data; the ontology comes along
    and the rules run in either case. Raises InputError when a file is missing or broken.
    """
    resources = folders.shipped()
    own = tuple(fspath(path) for path in paths)
    store = Store()
    # Made by ourselves, so nothing in it needs to be checked again.
    store.load(build.whole(resources, own, bundled), RdfFormat.N_QUADS, lenient=True)
    return LocalGraph(Embedded(store), resources, own, bundled)


def connect(endpoint: "str | Endpoint", timeout: float = 60) -> Graph:
    """The shipped graph as a triple store has it, once `load` has put it there.

    The endpoint is a store's base address, its address for queries, or a name of config.toml, or
    an Endpoint that tells more. A query may take `timeout` seconds. Raises UsageError when the
    kind of the store cannot be told, and EndpointError when it cannot be reached or has not all
    of the graphs.
    """
    from tipgraph.endpoint.settings import Endpoint, settled
    from tipgraph.endpoint.stores import open_store
    from tipgraph.store.remote import Remote

    resources = folders.shipped()
    given = Endpoint(url=endpoint) if isinstance(endpoint, str) else endpoint
    graphs = [*dict.fromkeys(graph for _, graph in resources.graphs()), DERIVED_GRAPH]
    engine = Remote(open_store(settled(given), for_queries=True), graphs, timeout)
    engine.check_graphs()
    return Graph(engine, resources)


def load(endpoint: "str | Endpoint", *paths: FilePath, **options: Any) -> "Receipt":
    """Put the shipped graph, or one's own RDF files, into a triple store.

    The options are those of `tipgraph.loader.Request`: `graph` or `base` for files, `force`,
    `prune`, `dry_run`, `verify`. Gives the receipt. Raises UsageError, InputError, and
    EndpointError when the store cannot be reached, refuses, or holds something else than it was
    sent: the graph at fault is then as it was.
    """
    from tipgraph import loader
    from tipgraph.endpoint.settings import Endpoint, settled
    from tipgraph.endpoint.stores import open_store

    given = Endpoint(url=endpoint) if isinstance(endpoint, str) else endpoint
    request = loader.Request(folders.shipped(), [fspath(path) for path in paths], **options)
    receipt = loader.load(open_store(settled(given)), request)
    if receipt.failure:
        raise receipt.failure
    return receipt
