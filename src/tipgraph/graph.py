"""The graph as one object: the facade behind `open()` and `connect()`."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from os import PathLike, fspath
from os.path import dirname, relpath
from typing import TYPE_CHECKING, Any, TypeVar

from pyoxigraph import Quad, RdfFormat, Store

from tipgraph.errors import InputError, UsageError
from tipgraph.files import CHANGED, files_below
from tipgraph.namespaces import (
    DERIVED_GRAPH,
    GRAPH,
    MANIFEST_GRAPH,
    MERGED_GRAPH,
    OURS,
    PREFIXES,
    SHAPES_GRAPH,
    SKOLEM,
    STAGING,
)
from tipgraph.queries import catalogue, other_publishers
from tipgraph.queries.catalogue import BoundQuery, StoredQuery
from tipgraph.queries.parameters import Names, Parameter, texts_of
from tipgraph.render.results import Answer, AnswerContext, AnswerRows
from tipgraph.resources import cache, folders
from tipgraph.resources.folders import Resources
from tipgraph.store import build, disk
from tipgraph.store.engine import Embedded, Engine, Rows

if TYPE_CHECKING:
    from tipgraph.assess import Assessment, Case
    from tipgraph.assess.regime import Regime
    from tipgraph.charts import Chart
    from tipgraph.cite import Citation
    from tipgraph.diff import Difference
    from tipgraph.endpoint.settings import Endpoint
    from tipgraph.loader import LoadReport, LoadRequest, QuadSource
    from tipgraph.queries.no_rows import AreasOf, NoRows
    from tipgraph.render.document import Document
    from tipgraph.search.result import SearchResult
    from tipgraph.show.description import Description
    from tipgraph.show.related import Limits
    from tipgraph.texts import Coverage
    from tipgraph.validate import Defaults, ValidationReport

FilePath = str | PathLike[str]
R = TypeVar("R", bound=Rows)

# Features are imported by the method that needs them: importing all of them takes longer than
# answering a stored query.


class Graph:
    """A graph to query, in this process or in a triple store."""

    def __init__(self, engine: Engine, resources: Resources) -> None:
        self.engine = engine
        self.resources = resources

    @cached_property
    def queries(self) -> Mapping[str, StoredQuery]:
        """The stored queries by name."""
        return catalogue.Catalogue(self.resources)

    def query(self, query: str, /, **parameters: object) -> Answer:
        """Run a stored query, by name, or a SPARQL text.

        Parameters are passed by name: as text (for an entity its IRI, slug or label), as a Python
        number, boolean or string, or as a pyoxigraph term. A SPARQL text declares its parameters
        in front matter (`#+` lines), as stored queries do.

        `edition` and `area` limit a query over editions: an edition's name, a year, an area, or
        `all`; and a country's name or code; of either a list as well. Without them it draws on the
        editions that its header names: the newest of each country, or all.

        Returns Rows for SELECT, a bool for ASK, a list of triples for CONSTRUCT and DESCRIBE.
        Raises UsageError for an unknown query or a parameter that does not fit, InputError for a
        syntax error.
        """
        return self.run(self.find(query), parameters)

    def find(self, query: str) -> StoredQuery:
        """The stored query of that name, or one made from a SPARQL text. Raises as `query`."""
        if query.split() == [query] and "{" not in query:
            return catalogue.find(self.queries, query)
        return self.parse(query, "query")

    def parse(self, text: str, origin: str) -> StoredQuery:
        """Return the query of a SPARQL text from a file or a person. Raises InputError."""
        shared = catalogue.SharedTexts(self.resources.shared_texts())
        return catalogue.parse(text, origin, "query", shared)

    def run(self, query: StoredQuery, parameters: Mapping[str, object]) -> Answer:
        """The result of a query that `find` returned."""
        return self.answer(query.bind(self.engine, parameters))

    def answer(self, bound: BoundQuery) -> Answer:
        """The result of a query whose parameters are bound."""
        query = bound.query
        match query.form:
            case "SELECT":
                # A row without any value is valid SPARQL, but none that a key identifies.
                rows = self.engine.select(bound.text, allow_empty_rows=not query.key)
                return self._answer(bound, rows)
            case "ASK":
                return self.engine.ask(bound.text)
            case _:
                return self.engine.construct(bound.text)

    def _answer(self, bound: BoundQuery, rows: Rows) -> AnswerRows:
        query = bound.query
        context = AnswerContext(
            self.engine,
            query.asked or "Your query",
            query.summary or "Rows",
            query.description,
            query.columns,
            query.shown,
            query.tables,
            bound.scope,
            other_publishers.of_answer(self.engine, bound, rows),
        )
        return AnswerRows(rows.columns, rows.terms, context=context)

    def no_rows(
        self,
        query: StoredQuery,
        parameters: Mapping[str, object],
        areas_of: "AreasOf | None" = None,
    ) -> "NoRows":
        """Explain why a query with these parameters has no rows, and list what is stated.

        `areas_of` gives the countries of a query where they are known.
        """
        from tipgraph.queries.no_rows import no_rows

        return no_rows(self.engine, query, parameters, self.queries, areas_of)

    def rows(self, query: str, /, **parameters: object) -> AnswerRows:
        """The result of a SELECT. Raises UsageError for a query of another form."""
        answer = self.query(query, **parameters)
        if not isinstance(answer, AnswerRows):
            raise UsageError("rows() is for SELECT queries; use query() for this one")
        return answer

    def labelled(self, rows: R) -> R:
        """The rows with labels in place of IRIs, and sentences in place of passages."""
        from tipgraph.render.results import labelled

        return labelled(self.engine, rows)

    def quoted(self, rows: R) -> R:
        """The rows with two more columns, `…_quote` and `…_link`, after each one of passages."""
        from tipgraph.render.results import quoted

        return quoted(self.engine, rows)

    def resolve(self, name: str, edition: Names = None, area: Names = None) -> str:
        """The IRI of the entity with this IRI, slug or label; of several, that of the edition.

        Raises UsageError when there is none, or more than one.
        """
        from tipgraph.entities import resolve

        return resolve(self.engine, name, within=self.limits(edition, area=area).editions)

    def label(self, name: str) -> str:
        """The label of the entity. Raises as `resolve`."""
        from tipgraph.entities import label

        return label(self.engine, self.resolve(name))

    def show(
        self,
        name: str,
        edition: Names = None,
        topic: str | None = None,
        with_text: bool = False,
        area: Names = None,
        most: int | None = None,
    ) -> "Description":
        """The properties of an entity, and the statements that mention it.

        `edition`, `area` and `topic` limit the statements: editions as in `query`, and a topic with
        the narrower ones; `with_text` adds the sentences of its evidence from texts that the user
        has attached, for no other reader. `most` is the number of statements to describe, None for
        all. Raises UsageError for an unknown or ambiguous name, edition or topic.
        """
        from tipgraph.show import describe

        limits = replace(self.limits(edition, topic, area), most=most)
        thing = self.resolve(name, edition, area)
        return describe(self.engine, thing, limits, with_text)

    def search(
        self,
        words: str,
        edition: Names = None,
        area: Names = None,
        topic: str | None = None,
        speaker: str | None = None,
        kind: str | None = None,
        limit: int | None = 10,
    ) -> "SearchResult":
        """Return statements, codes, actors and stored queries that match the words, best first.

        Any text is a search: words between quotation marks are a phrase, a star completes a word.
        `edition` and `area` select editions as in `query`; a topic includes the narrower ones;
        `kind` is a key of `tipgraph.search.index.KINDS`. `limit` is the most hits, None for
        all. Raises UsageError for an unknown edition, area, topic, speaker or kind.
        """
        from tipgraph.search import Filters, search

        filters = Filters(edition, area, topic, speaker, kind)
        index = self._search_index()
        return search(self.engine, index, words, filters, limit, self._areas_of)

    def _search_index(self) -> str | bytes:
        """The path of the index, or its content where no file has it."""
        return self._index_in_memory

    def _areas_of(self, query: str, area: str = "") -> list[str] | None:
        """The countries for which a stored query has rows, or the one of these that is named.

        None where it is not known.
        """
        return None

    @cached_property
    def _index_in_memory(self) -> bytes:
        return self._make_search_index()

    def _make_search_index(self) -> bytes:
        from tipgraph.search import make_index

        return make_index(self.engine, self.queries.values())

    def cite(self, name: str) -> "Citation":
        """The citation of anything that has a name: a source's, or tipgraph's record of it.

        Raises UsageError for an unknown or ambiguous name.
        """
        from tipgraph.cite import cite

        return cite(self.engine, self.resolve(name), self.digest)

    @property
    def digest(self) -> str:
        """The SHA-256 of the graph's canonical N-Quads; empty for a graph in a store.

        It is empty for a graph of more than a million quads too, which would fill the memory.
        """
        return ""

    def limits(
        self, edition: Names = None, topic: str | None = None, area: Names = None
    ) -> "Limits":
        """Return the limits on statements for `show`. Raises UsageError for an unknown name."""
        from tipgraph.entities.editions import ALL, Choice
        from tipgraph.show.related import Limits

        names, areas = texts_of(edition), texts_of(area)
        chosen = Choice(self.engine).select_all(names or [ALL], areas) if names or areas else ()
        editions = tuple(each.iri for each in chosen)
        if topic is None:
            return Limits(editions)
        return Limits(editions, Parameter("topic", "code:topics").term(self.engine, topic).value)

    def regime(self, edition: str | None = None, area: Names = None) -> "Regime":
        """The norms of an edition; by default of the newest one that is covered in full.

        A store's graph is copied first: cases are evaluated in this process and sent nowhere.
        Raises UsageError when there is no such edition, or when it or the area has no entitlements.
        """
        from tipgraph.assess.regime import regime

        return regime(self._in_memory(), self.resources, edition, texts_of(area))

    def assess(
        self,
        case: "Case | Mapping[str, Any] | str | bytes",
        edition: str | None = None,
        what_if: Mapping[str, str] | None = None,
    ) -> "Assessment":
        """Assess the entitlements of a victim in this situation by one edition, with reasons.

        `case` is a document as in ontology/case.schema.json (a mapping or its JSON), or a Case.
        `what_if` sets facts, by name, to other states (`met`, `not-met`, `unknown`). Nothing is
        stored. Raises InputError for an invalid case, UsageError as `regime` does.
        """
        from tipgraph.assess.case import Case, read_case, resolve_facts
        from tipgraph.assess.evaluate import assess
        from tipgraph.assess.render import ShownAssessment

        regime = self.regime(edition)
        if not isinstance(case, Case):
            case = read_case(case, regime.engine)
        changes = resolve_facts(regime.engine, what_if or {})
        return ShownAssessment(*assess(regime, case, changes))

    def _in_memory(self) -> Embedded:
        if isinstance(self.engine, Embedded):
            return self.engine
        from tipgraph.loader.manifest import copy_graphs
        from tipgraph.store.remote import Remote

        assert isinstance(self.engine, Remote)
        return Embedded(copy_graphs(self.engine.store, self.engine.graphs, MANIFEST_GRAPH))

    def coverage(
        self, edition: str | None = None, text: FilePath | None = None
    ) -> "list[Coverage]":
        """The sentences of an edition, or of all, with the statements that rest on them.

        `text` is a file to compare with the edition's pinned text. Raises UsageError for an unknown
        edition, InputError for a text that cannot be read.
        """
        from tipgraph.texts import coverage

        return coverage(self.engine, edition, None if text is None else fspath(text))

    def chart(self, name: str, format: str = "svg", **parameters: object) -> "Chart":
        """A `series` or a `breakdown` of figures as `svg` or `png`, with its alt text.

        The parameters are those of the stored queries `series` and `shares`. Raises UsageError
        when matplotlib is missing, when there is no figure, when the figures are of several kinds,
        and for a wrong parameter.
        """
        from tipgraph.charts import chart

        return chart(self.engine, self.queries, name, format, parameters)

    def report(
        self,
        area: str | Sequence[str] = (),
        edition: str | Sequence[str] = (),
        topic: str | None = None,
        pictures: str | None = None,
        beside: Sequence[str] = (),
    ) -> "Document":
        """A briefing on countries or editions, by names as in `query`.

        `topic` limits it to a topic with the narrower ones; `pictures` is the format of charts,
        `svg` or `png`, or None for none. The countries `beside`, by code, have panels in the chart.
        `tipgraph.render.in_format` writes it. Raises UsageError for an unknown name, and
        when charts are asked for without matplotlib.
        """
        from tipgraph.report import report

        areas, editions = ([each] if isinstance(each, str) else each for each in (area, edition))
        return report(self.engine, self.queries, areas, editions, topic, pictures, beside)

    def diff(self, earlier: str, later: str, area: str | None = None) -> "Difference":
        """The difference between two editions of one country.

        Editions are given by IRI, short name or label, or by year with the country. Raises
        UsageError when one is unknown, when the two are the same, or when they are about two
        countries.
        """
        from tipgraph.diff import compare

        return compare(self.engine, self.queries, earlier, later, area)


class LocalGraph(Graph):
    """A graph in this process: ontology, statements, and what the rules derive from them."""

    engine: Embedded

    def __init__(
        self,
        engine: Embedded,
        resources: Resources,
        own: tuple[str, ...],
        bundled: bool,
        key: str = "",
    ) -> None:
        """`key` is that of the graph in the cache, where it comes from there."""
        super().__init__(engine, resources)
        self._key = key
        self._own = own
        self._bundled = bundled

    def answers(self, bound: BoundQuery, column: str, least: int) -> Iterator[AnswerRows]:
        """The result of a SELECT in parts, as `Embedded.parts` makes them."""
        return (self._answer(bound, rows) for rows in self.engine.parts(bound.text, column, least))

    def _search_index(self) -> str | bytes:
        from tipgraph.search.index import FILE

        if "_index_in_memory" in self.__dict__:
            return self._index_in_memory
        shipped = cache.shipped_file(self.resources, FILE) if self._is_shipped else None
        found = shipped or disk.kept_file(self.key, FILE, self._make_search_index)
        if isinstance(found, bytes):
            self._index_in_memory = found
        return found

    @cached_property
    def query_areas(self) -> Mapping[str, list[str] | None]:
        """The countries for which each stored query has rows; None where it is not known."""
        from tipgraph.queries.no_rows import FILE, make_index

        index = self._prepared(FILE, lambda: make_index(self.engine, self.queries))
        found: dict[str, list[str] | None] = json.loads(index)
        return found

    def _areas_of(self, query: str, area: str = "") -> list[str] | None:
        from tipgraph.queries.no_rows import areas

        return areas(self.engine, self.queries[query], area)

    def _prepared(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a file from the wheel or the cache; without one, make and keep it."""
        shipped = cache.shipped(self.resources, name) if self._is_shipped else None
        return cache.cached(self.key, name, make, largest=None) if shipped is None else shipped

    @property
    def _is_shipped(self) -> bool:
        return self._bundled and not self._own

    @property
    def key(self) -> str:
        """The key of the graph in the cache: another one for other files."""
        return self._key or build.key(self.resources, self._own, self._bundled)

    @property
    def digest(self) -> str:
        parts = self.resources, self._own, self._bundled
        return build.graph_digest(self.engine.store, self.key, *parts)

    @property
    def nquads(self) -> bytes:
        """The graph as sorted N-Quads with canonical blank nodes, whose SHA-256 is `digest`.

        Raises InputError where the user's blank nodes cannot be named.
        """
        return build.canonical(self.engine.store, self.resources, self._own, self._bundled)

    def copied_to_memory(self) -> Store:
        """A copy of the graph as a store in memory."""
        return build.in_memory(self.engine.store, self.resources, self._own, self._bundled)

    def validate(
        self, shapes: Iterable[FilePath] = (), ontology: Iterable[FilePath] = ()
    ) -> "ValidationReport":
        """Validate the data against the shipped shapes and ontology, or against the given ones.

        Without the shipped data, the data may not refer to it either.
        Raises InputError when a file cannot be read, when there are no shapes, and when shapes
        match nothing or are ill-formed, so that no check passes by accident.
        """
        from tipgraph.validate import ValidationRequest, validate

        defaults = validation_defaults(self.resources)
        report = validate(
            ValidationRequest(
                data=[*(self.resources.data() if self._bundled else []), *self._own],
                shapes=[fspath(path) for path in shapes],
                ontology=[fspath(path) for path in ontology],
                defaults=defaults if self._bundled else replace(defaults, data=(), referable=None),
            )
        )
        if report.errors:
            raise InputError("; ".join(map(str, report.errors)))
        return report


def validation_defaults(resources: Resources) -> "Defaults":
    """Return the shipped data, shapes and ontology, the defaults of a validation."""
    from tipgraph.store.completion import complete
    from tipgraph.store.parts import referable
    from tipgraph.validate import Defaults

    return Defaults(
        data=resources.data(),
        shapes=resources.shapes(),
        ontology=resources.ontology(),
        namespace=OURS,
        prefixes=PREFIXES,
        complete=partial(complete, resources),
        referable=partial(referable, resources),
        kept=partial(_kept_of_shapes, resources, _key_of_shapes(resources)),
    )


def _kept_of_shapes(resources: Resources, key: str, make: Callable[[], bytes]) -> bytes:
    def made() -> bytes:
        found = make()
        if key != _key_of_shapes(resources):
            raise InputError(f"{resources.root}: {CHANGED}")
        return found

    return cache.cached(key, "lint", made)


def _key_of_shapes(resources: Resources) -> str:
    """Return the key of what is made of the shipped shapes and ontology, by the code of now."""
    files = [*resources.shapes(), *resources.ontology()]
    return f"{folders.digest(files)}-{folders.stamp(files_below(dirname(__file__), '.py'))}"


def open(*paths: FilePath, bundled: bool = True) -> LocalGraph:
    """The shipped graph, with the user's RDF files or folders added.

    `bundled=False` leaves out the shipped data; the ontology stays and the rules run in either
    case. Raises InputError when a file is missing or broken.
    """
    resources = folders.shipped()
    own = tuple(fspath(path) for path in paths)
    # The files may change later, and the graph does not.
    key = build.key(resources, own, bundled)
    store = build.open_graph(resources, own, bundled, key)
    engine = Embedded(store, lambda: build.reopen_graph(resources, own, bundled))
    return LocalGraph(engine, resources, own, bundled, key)


def connect(endpoint: "str | Endpoint", timeout: float = 60) -> Graph:
    """The shipped graph in a triple store, after `load` has put it there.

    `endpoint` is the store's base address, its query address, a name from config.toml, or an
    Endpoint; `timeout` is in seconds, for each query. Raises UsageError when the kind of the store
    is unknown, and EndpointError when it cannot be reached or lacks the graph.
    """
    from tipgraph.endpoint.client import open_store
    from tipgraph.endpoint.retry import RetryPolicy
    from tipgraph.store.remote import Remote

    resources = folders.shipped()
    policy = RetryPolicy(connect=timeout, response=timeout, total=timeout)
    store = open_store(_resolved(endpoint), policy, for_queries=True)
    engine = Remote(store, [MERGED_GRAPH], timeout, MANIFEST_GRAPH)
    engine.check_graphs()
    return Graph(engine, resources)


def _resolved(endpoint: "str | Endpoint") -> "Endpoint":
    from tipgraph.endpoint.settings import Endpoint, resolve_endpoint

    return resolve_endpoint(Endpoint(url=endpoint) if isinstance(endpoint, str) else endpoint)


def load(
    endpoint: "str | Endpoint",
    *paths: FilePath,
    graph: str | None = None,
    base: str | None = None,
    **options: Any,
) -> "LoadReport":
    """Load the shipped graph, or the user's RDF files, into a triple store, and return a report.

    Files go to `graph`, or each to a graph below `base`. The options are those of
    `tipgraph.loader.LoadRequest`: `force`, `prune`, `dry_run`, `verify`, `retry_policy`. Raises
    UsageError, InputError, and EndpointError when the store cannot be reached, refuses a request,
    or contains something else than was sent: the graph that failed is then as it was before.
    """
    from tipgraph import loader
    from tipgraph.endpoint.client import open_store

    request = load_request([fspath(path) for path in paths], graph, base, **options)
    report = loader.load(open_store(_resolved(endpoint)), request)
    if report.failure:
        raise report.failure
    return report


def load_request(
    paths: Sequence[str],
    graph: str | None = None,
    base: str | None = None,
    syntax: RdfFormat = RdfFormat.TRIG,
    **options: Any,
) -> "LoadRequest":
    """Return the request for a load of these files, or without any, of the shipped graph.

    `syntax` is that of standard input (`-`). Raises UsageError for options that exclude each other.
    """
    from tipgraph.loader import FileSource, LoadRequest, ReservedNames

    if (graph or base) and not paths:
        raise UsageError("--graph and --base need files; name the files to load")
    names = ReservedNames(manifest=MANIFEST_GRAPH, staging=STAGING, skolem=SKOLEM)
    if paths:
        source = FileSource(paths, graph, base, syntax)
        return LoadRequest(source, names, **options)
    return LoadRequest(_shipped_source(folders.shipped()), names, **options)


def _shipped_source(resources: Resources) -> "QuadSource":
    """Return the ontology, the shapes, each source's graph, and what the rules derive."""
    from tipgraph.loader import QuadSource
    from tipgraph.rdf.files import read

    files: dict[str, list[str]] = {}
    for file, graph in (
        *resources.graphs(),
        *((file, SHAPES_GRAPH) for file in resources.shapes()),
        *((file, DERIVED_GRAPH) for file in resources.rules()),
    ):
        files.setdefault(graph, []).append(relpath(file, resources.root))

    def quads() -> Iterator[Quad]:
        yield from build.open_graph(resources)
        for file in resources.shapes():
            yield from read(file, SHAPES_GRAPH)

    return QuadSource(
        quads, files, resources.root, prefix=GRAPH, merged=MERGED_GRAPH, apart=(SHAPES_GRAPH,)
    )
