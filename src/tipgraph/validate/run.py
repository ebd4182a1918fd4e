"""A validation from beginning to end: read, guard, run the engine, say where each result is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pyoxigraph import Literal, Triple

from tipgraph.errors import InputError
from tipgraph.validate import shape_lint
from tipgraph.validate.documents import Documents, Request, gather
from tipgraph.validate.engines import Progress, engine
from tipgraph.validate.findings import Result, report_of, results, spelled
from tipgraph.validate.inputs import Source, graph_name
from tipgraph.validate.locate import locate
from tipgraph.validate.report import Fault, Finding, Report, rank
from tipgraph.validate.suggestions import Suggestions
from tipgraph.validate.targets import TargetIndex, narrowed, targets
from tipgraph.validate.triples import Node, Triples, sh


def validate(request: Request, progress: Progress = lambda done, total: None) -> Report:
    """Hold the data against the shapes.

    The ontology is read beside the data, so that shapes see its classes and codes; but only what
    is found on the data's own nodes counts. What cannot be read, and what the guards object to,
    stands in the report as faults. Raises UsageError when the engine is not installed.
    """
    documents = gather(request)
    shapes = Triples(triple for source in documents.shapes for triple in _triples(source))
    objections = _objections(request, documents, shapes)
    report = Report(
        faults=(*documents.faults, *objections),
        files=tuple(source.name for source in documents.data),
        prefixes=documents.prefixes,
        fail_on=request.fail_on,
        notes=tuple(documents.notes),
        titles={
            spelled(each.subject): each.object.value
            for each in shapes.match(None, sh("name"))
            if isinstance(each.object, Literal)
        },
    )
    if request.guards_only:
        return _of_shapes(report, documents, shapes)
    if objections or not (documents.usable and documents.data):
        return report
    try:
        looks = [
            _look(request, documents, shapes, graph, progress)
            for graph in _graphs(request, documents)
        ]
    except InputError as error:
        return replace(report, faults=(*report.faults, Fault("ill-formed-shape", str(error))))
    return _told(request, documents, shapes, report, looks)


@dataclass(frozen=True)
class Look:
    """What the engine found in the data, or in one graph of it."""

    graph: str
    watch: TargetIndex
    results: list[Result]


def _objections(request: Request, documents: Documents, shapes: Triples) -> list[Fault]:
    """What the guards say of the shapes, given what is known of classes and properties."""
    if not (request.guards and documents.usable):
        return []
    strict = bool(request.ontology) or not (request.shapes or request.more_shapes)
    return shape_lint.check(shapes, documents.shapes, documents.schema, strict)


def _of_shapes(report: Report, documents: Documents, shapes: Triples) -> Report:
    """The report of a run that looks at no data."""
    return replace(
        report,
        files=tuple(source.name for source in documents.shapes),
        shapes={spelled(shape): None for shape in targets(shapes)},
        guards_only=True,
    )


def _graphs(request: Request, documents: Documents) -> list[str]:
    """The graphs that are data of their own; the nameless one is all of them merged."""
    if not request.each_graph:
        return [""]
    quads = (quad for source in documents.data for quad in source.quads())
    return sorted({graph_name(quad) for quad in quads})


def _look(
    request: Request, documents: Documents, shapes: Triples, graph: str, progress: Progress
) -> Look:
    watch = TargetIndex(targets(shapes))
    chosen = engine(request.engine, request.jobs, documents.prefixes)
    for source in documents.data:
        chosen.load(watch.data(source.number, _triples(source, graph)))
    for source in documents.ontology:
        chosen.load(watch.ontology(_triples(source)))
    if request.guards and shape_lint.unlooked(watch.counts()):
        return Look(graph, watch, [])
    looking = narrowed(shapes, watch.focus) if request.narrow else list(shapes)
    found = results(Triples(chosen.run(looking, progress)), shapes, graph)
    own = [result for result in found if watch.is_about_data(result.focus, result.value)]
    return Look(graph, watch, own)


def _triples(source: Source, graph: str = "") -> Iterator[Triple]:
    """The document's triples, all of them or those of one graph."""
    for quad in source.quads():
        if not graph or graph_name(quad) == graph:
            yield quad.triple


def _told(
    request: Request, documents: Documents, shapes: Triples, report: Report, looks: list[Look]
) -> Report:
    """The report with what the looks found."""
    suggestions = Suggestions(documents, shapes, bool(request.ontology) or not request.shapes)
    found = [finding for look in looks for finding in _findings(documents, look, suggestions)]
    nothing = dict.fromkeys(targets(shapes), 0)
    counts = _sums([nothing, *(look.watch.counts() for look in looks)])
    in_data = _sums([nothing, *(look.watch.counts_in_data() for look in looks)])
    accidents = [
        *([] if found or documents.faults else shape_lint.unlooked(in_data)),
        *([] if _is_own(request, looks) else [shape_lint.FOREIGN]),
    ]
    return replace(
        report,
        faults=(*report.faults, *(accidents if request.guards else ())),
        findings=tuple(sorted(dict.fromkeys(found), key=_order)),
        notes=(*report.notes, *(_unseen(documents, looks) if request.data else ())),
        shapes={spelled(shape): count for shape, count in counts.items()},
        focus_nodes=sum(look.watch.focus_nodes() for look in looks),
        results=tuple(report_of([result for look in looks for result in look.results])),
    )


def _is_own(request: Request, looks: list[Look]) -> bool:
    """Whether shapes and data belong together, as far as it is ours to say."""
    has_shapes = bool(request.shapes or request.more_shapes)
    is_shipped = not (request.data or request.remote)
    return has_shapes or is_shipped or any(look.watch.is_ours for look in looks)


def _unseen(documents: Documents, looks: list[Look]) -> Iterator[str]:
    """A note of the documents, of several, that no shape looks into."""
    unseen = [
        source.name
        for source in documents.data
        if not any(look.watch.looks_into(source.number) for look in looks)
    ]
    if unseen and len(documents.data) > 1 and all(look.watch.is_told for look in looks):
        yield f"the shapes look at no node of {', '.join(unseen)}"


def _sums(counts: Iterable[Mapping[Node, int | None]]) -> dict[Node, int | None]:
    total: dict[Node, int | None] = {}
    for each in counts:
        for shape, number in each.items():
            before = total.get(shape, 0)
            total[shape] = None if number is None or before is None else before + number
    return total


def _findings(documents: Documents, look: Look, suggestions: Suggestions) -> Iterator[Finding]:
    everything = [*look.results, *_details(look.results)]
    places = locate(everything, documents.data, look.watch, look.graph)

    def finding(result: Result) -> Finding:
        located = places.get(result)
        terms = located.terms if located else (spelled(result.focus), spelled(result.value))
        details = sorted(map(finding, result.details), key=_order)
        hint = suggestions.hint(result)
        return result.finding(located.place if located else None, terms, hint, tuple(details))

    yield from map(finding, look.results)


def _details(found: Iterable[Result]) -> Iterator[Result]:
    for result in found:
        yield from result.details
        yield from _details(result.details)


def _order(finding: Finding) -> tuple[object, ...]:
    """By place, those without one last; then the gravest first."""
    place = finding.place
    where = (0, place.file, place.line, place.column) if place else (1, finding.graph, 0, 0)
    names = (finding.focus, finding.path, finding.value, finding.shape, finding.component)
    return (*where, rank(finding.severity), *names, finding.message)
