"""The graph as one object: opened from files, queried, shown, checked."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from pyoxigraph import RdfFormat, Store

from tipgraph import assembly, stored
from tipgraph import bundle as bundles
from tipgraph.bundle import Bundle
from tipgraph.engines import Engine
from tipgraph.engines.embedded import Embedded
from tipgraph.errors import InputError, UsageError
from tipgraph.results import Answer
from tipgraph.rows import Rows
from tipgraph.stored import StoredQuery
from tipgraph.vocabulary import DERIVED_GRAPH

if TYPE_CHECKING:
    from tipgraph.assessment import Assessment, Case
    from tipgraph.assessment.regime import Regime
    from tipgraph.coverage import Coverage
    from tipgraph.loading import Receipt
    from tipgraph.portrait import Portrait
    from tipgraph.settings import Endpoint
    from tipgraph.validation import Report

FilePath = str | PathLike[str]


class Knowledge:
    """A graph that can be asked, here or in a store elsewhere."""

    def __init__(self, engine: Engine, bundle: Bundle) -> None:
        self.engine = engine
        self.bundle = bundle

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by their names."""
        return stored.Catalogue(self.bundle)

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
            return stored.find(self.queries, query)
        return stored.parse(query, "query", "query")

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
        from tipgraph.display import labelled

        return labelled(self.engine, rows)

    def quoted(self, rows: Rows) -> Rows:
        """The rows with two more columns, `…_quote` and `…_link`, behind each of passages."""
        from tipgraph.display import quoted

        return quoted(self.engine, rows)

    def resolve(self, name: str) -> str:
        """The IRI of what is called so: by IRI, slug or label. Raises UsageError if not one is."""
        from tipgraph.things import resolve

        return resolve(self.engine, name)

    def label(self, name: str) -> str:
        """The label of what is called so."""
        from tipgraph.things import label

        return label(self.engine, self.resolve(name))

    def show(self, name: str) -> "Portrait":
        """What the graph says of a thing, with the evidence. Raises UsageError as `resolve`."""
        from tipgraph.portrait import portrait

        return portrait(self.engine, self.resolve(name))

    def regime(self, edition: str | None = None) -> "Regime":
        """What an edition, or the newest that is fully covered, says that victims can get.

        A store's graph is copied first: cases are reasoned over here and sent nowhere. Raises
        UsageError when there is no such edition or it says nothing of entitlements.
        """
        from tipgraph.assessment.regime import regime

        return regime(self._here(), self.bundle, edition)

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
        from tipgraph.assessment.case import Case
        from tipgraph.assessment.inquiry import assess
        from tipgraph.assessment.reader import fact_named, read_case

        held = self.regime(edition)
        if not isinstance(case, Case):
            case = read_case(case, held.engine, self.bundle)
        supposed = {fact_named(held.engine, f): state for f, state in (what_if or {}).items()}
        return assess(held, case, supposed)

    def _here(self) -> Embedded:
        """The graph in memory."""
        if isinstance(self.engine, Embedded):
            return self.engine
        from tipgraph.engines.remote import Remote
        from tipgraph.stores.whole import copied

        assert isinstance(self.engine, Remote)
        return Embedded(copied(self.engine.store, self.engine.graphs))

    def coverage(
        self, edition: str | None = None, text: FilePath | None = None
    ) -> "list[Coverage]":
        """Which sentences of an edition, or of all, have statements; and whether `text` is it.

        Raises UsageError for an unknown edition, InputError for an unreadable text.
        """
        from tipgraph.coverage import coverage

        return coverage(self.engine, edition, None if text is None else fspath(text))


class KnowledgeGraph(Knowledge):
    """A graph in memory: ontology, statements, and what the rules derive from them."""

    engine: Embedded

    def __init__(self, engine: Embedded, bundle: Bundle, own: tuple[str, ...], bundled: bool):
        super().__init__(engine, bundle)
        self._own = own
        self._bundled = bundled

    def validate(
        self, shapes: Iterable[FilePath] = (), ontology: Iterable[FilePath] = ()
    ) -> "Report":
        """Hold the sources' graphs against the shipped shapes and ontology, or against one's own.

        Raises InputError when something cannot be read, when there are no shapes, and when they
        look at nothing or cannot mean what they say: nothing may pass unlooked at.
        """
        from tipgraph.validation import Request, validate

        report = validate(
            Request(
                self.bundle,
                data=[*(self.bundle.data() if self._bundled else []), *self._own],
                shapes=[fspath(path) for path in shapes],
                ontology=[fspath(path) for path in ontology],
            )
        )
        if report.faults:
            raise InputError("; ".join(map(str, report.faults)))
        return report


def open(*paths: FilePath, bundled: bool = True) -> KnowledgeGraph:
    """The shipped graph, with one's own RDF files or folders beside it.

    With `bundled=False` one's own stand instead of the shipped data; the ontology comes along
    and the rules run in either case. Raises InputError when a file is missing or broken.
    """
    bundle = bundles.shipped()
    own = tuple(fspath(path) for path in paths)
    store = Store()
    # Made by ourselves, so nothing in it needs to be checked again.
    store.load(assembly.whole(bundle, own, bundled), RdfFormat.N_QUADS, lenient=True)
    return KnowledgeGraph(Embedded(store), bundle, own, bundled)


def connect(endpoint: "str | Endpoint", timeout: float = 60) -> Knowledge:
    """The shipped graph as a triple store has it, once `load` has put it there.

    The endpoint is a store's base address, its address for queries, or a name of config.toml, or
    an Endpoint that tells more. A query may take `timeout` seconds. Raises UsageError when the
    kind of the store cannot be told, and EndpointError when it cannot be reached or has not all
    of the graphs.
    """
    from tipgraph.engines.remote import Remote
    from tipgraph.settings import Endpoint, settled
    from tipgraph.stores import open_store

    bundle = bundles.shipped()
    given = Endpoint(url=endpoint) if isinstance(endpoint, str) else endpoint
    graphs = [*dict.fromkeys(graph for _, graph in bundle.graphs()), DERIVED_GRAPH]
    engine = Remote(open_store(settled(given), for_queries=True), graphs, timeout)
    engine.check_graphs()
    return Knowledge(engine, bundle)


def load(endpoint: "str | Endpoint", *paths: FilePath, **options: Any) -> "Receipt":
    """Put the shipped graph, or one's own RDF files, into a triple store.

    The options are those of `tipgraph.loading.Request`: `graph` or `base` for files, `force`,
    `prune`, `dry_run`, `verify`. Gives the receipt. Raises UsageError, InputError, and
    EndpointError when the store cannot be reached, refuses, or holds something else than it was
    sent: the graph at fault is then as it was.
    """
    from tipgraph import loading
    from tipgraph.settings import Endpoint, settled
    from tipgraph.stores import open_store

    given = Endpoint(url=endpoint) if isinstance(endpoint, str) else endpoint
    request = loading.Request(bundles.shipped(), [fspath(path) for path in paths], **options)
    receipt = loading.load(open_store(settled(given)), request)
    if receipt.failure:
        raise receipt.failure
    return receipt
