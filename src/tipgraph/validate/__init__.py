"""SHACL validation: reliable verdicts, and findings at the line that needs a correction.

A validation from start to end: read, check the shapes, run the engine, locate the results.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import realpath

from pyoxigraph import Literal, Triple

from tipgraph.text import plural
from tipgraph.validate.documents import DERIVED, RdfDocument, query_prefixes
from tipgraph.validate.engines import Progress, UnusableShapes, choose_engine, load_engine
from tipgraph.validate.inputs import Defaults, Inputs, ReferenceData, ValidationRequest, read_inputs
from tipgraph.validate.report import (
    Diagnostic,
    Finding,
    Location,
    ValidationReport,
    issue,
    severity_rank,
)
from tipgraph.validate.results import ValidationResult, read_results
from tipgraph.validate.shape_lint import USE_OTHER_SHAPES, lint, no_focus_nodes, refuse_queries
from tipgraph.validate.shape_lint.ineffective import ineffective_references, missing_imports
from tipgraph.validate.source_map import locate_results, located
from tipgraph.validate.suggestions import Suggestions
from tipgraph.validate.targets import (
    TargetIndex,
    custom_target_probes,
    find_targets,
    restrict_targets,
    with_class_targets,
)
from tipgraph.validate.triples import Node, Term, Triples, sh, to_text

__all__ = [
    "Defaults",
    "Diagnostic",
    "Finding",
    "Location",
    "ValidationReport",
    "ValidationRequest",
    "validate",
]

UNUSABLE = "unusable-shapes"
# The checks whose findings make an engine refuse the shapes, the likeliest first.
CAUSES = (
    {"ill-formed-shape", "broken-pattern", "broken-query", "undeclared-prefix"},
    {"undefined-shape", "no-constraint"},
)


def validate(
    request: ValidationRequest,
    progress: Progress = lambda done, total: None,
    after_reading: Callable[[], None] = lambda: None,
) -> ValidationReport:
    """Validate the data with the shapes.

    The ontology is merged with the data, so that shapes see its classes and codes, and so is what
    the data refers to; but only results about the data's own nodes count. Documents that cannot be
    read, and what the shape checks find, are errors in the report. `after_reading` is called before
    any query of the shapes is parsed or run. Raises UsageError when the engine is not installed.
    """
    inputs = read_inputs(request)
    after_reading()
    shapes = Triples(triple for document in inputs.shapes for triple in document.triples())
    checked, ignored = _check_shapes(request, inputs, shapes)
    shape_errors = [each for each in checked if not each.is_warning]
    # Imports that data and ontology miss do not make a validation incomplete.
    missing = missing_imports(inputs.unresolved_in_data, shapes)
    import_notes = (
        str(replace(each, is_warning=False)) for each in missing if each.code not in request.ignore
    )
    report = ValidationReport(
        errors=(*inputs.errors, *shape_errors),
        warnings=tuple(each for each in checked if each.is_warning),
        files=tuple(each.name for each in inputs.data if each.name != DERIVED),
        prefixes=inputs.prefixes,
        fail_on=request.fail_on,
        notes=(*import_notes, *ignored),
        shape_names={
            to_text(each.subject): each.object.value
            for each in shapes.match(None, sh("name"))
            if isinstance(each.object, Literal)
        },
    )
    if request.shapes_only:
        return replace(
            report,
            files=tuple(document.name for document in inputs.shapes),
            shapes={to_text(shape): None for shape in find_targets(shapes)},
            shapes_only=True,
        )
    if shape_errors or not (inputs.usable and inputs.data):
        return report
    if not request.check_shapes or "undefined-shape" in request.ignore:
        left_out = ineffective_references(shapes)
        if left_out:
            shapes = Triples(triple for triple in shapes if triple not in left_out)
            number = plural(len(left_out), "reference")
            note = f"left out: {number} to shapes that are not defined"
            report = replace(report, notes=(*report.notes, note))
    try:
        tested = _default_queries(request, inputs, shapes)
        choice = choose_engine(request.engine, shapes, inputs.kinds, tested)
    except UnusableShapes as error:
        return replace(report, errors=(*report.errors, *_explained(error, (), inputs.shapes)))
    request = replace(request, engine=choice.name)
    report = replace(report, engine=choice.name, engine_reason=choice.reason)
    reference = _reference_data(request, inputs)
    graphs = [""]  # all of them merged
    if request.each_graph:
        graphs = sorted({name for document in inputs.data for name in document.graphs})
    try:
        runs = [
            _run_engine(request, inputs, reference, shapes, graph, progress) for graph in graphs
        ]
    except UnusableShapes as error:
        unusable = _explained(error, _lint(request, inputs, shapes), inputs.shapes)
        return replace(report, errors=(*report.errors, *unusable))
    return _with_results(request, inputs, shapes, report, runs)


@dataclass(frozen=True)
class EngineRun:
    """The results of the engine in the data, or in one graph of it."""

    graph: str
    targets: TargetIndex
    results: list[ValidationResult]


def _default_queries(request: ValidationRequest, inputs: Inputs, shapes: Triples) -> set[Triple]:
    """The triples with the queries of the default shapes."""
    default = set(map(realpath, request.defaults.shapes))
    others = (each for each in inputs.shapes if realpath(each.name) not in default)
    own = {triple for document in others for triple in document.triples()}
    return set(shapes.match(None, sh("select"))) - own


def _check_shapes(
    request: ValidationRequest, inputs: Inputs, shapes: Triples
) -> tuple[list[Diagnostic], list[str]]:
    """Return the findings in the shapes, and notes on ignored ones."""
    # No option turns this off.
    refused = refuse_queries(shapes, inputs.shapes)
    if refused or not request.check_shapes:
        return refused, []
    found = [
        *missing_imports(inputs.unresolved_in_shapes, shapes),
        *(_lint(request, inputs, shapes) if inputs.usable else ()),
    ]
    ignored = Counter(each.code for each in found if each.code in request.ignore)
    notes = [f"ignored: {plural(count, 'message')} of {code}" for code, count in ignored.items()]
    return [each for each in found if each.code not in ignored], notes


def _lint(request: ValidationRequest, inputs: Inputs, shapes: Triples) -> list[Diagnostic]:
    is_default = request.uses_default_shapes_only and not request.ontology
    # Data can only excuse a term, unless they describe classes or properties themselves.
    if is_default and not any(document.schema for document in inputs.data):

        def found() -> bytes:
            alone = replace(inputs, data=[])
            return b"\n".join(str(e).encode() for e in _lint_beside(request, alone, shapes))

        if not request.defaults.kept(found):
            return []
    return _lint_beside(request, inputs, shapes)


def _lint_beside(request: ValidationRequest, inputs: Inputs, shapes: Triples) -> list[Diagnostic]:
    return lint(
        shapes,
        inputs.shapes,
        declared=inputs.schema,
        strict=bool(request.ontology) or request.uses_default_shapes_only,
        namespace=request.defaults.namespace,
        prefixes=inputs.default_prefixes,
        is_described=lambda term: any(
            quad.subject == term for document in inputs.data for quad in document.quads()
        ),
        ignore=request.ignore,
    )


def _explained(
    refusal: UnusableShapes, found: Iterable[Diagnostic], documents: Sequence[RdfDocument]
) -> list[Diagnostic]:
    """Return why an engine refuses the shapes: its words and their place, or findings."""
    if refusal.triple:
        found_at = issue(UNUSABLE, str(refusal), [refusal.triple], refusal.triple.object)
        return located([found_at], documents)
    errors = [each for each in found if not each.is_warning]
    for codes in CAUSES:
        causes = [replace(each, code=UNUSABLE) for each in errors if each.code in codes]
        if causes:
            return causes
    return [Diagnostic(UNUSABLE, str(refusal))]


def _reference_data(request: ValidationRequest, inputs: Inputs) -> ReferenceData:
    """Return the reference data; with the default shapes a graph may refer to the other ones."""
    own: list[Triple] = []
    if request.each_graph and not request.shapes:
        own = [triple for document in inputs.data for triple in document.triples()]
    described = {triple.subject for triple in own}
    others = (triple for document in inputs.reference for triple in document.triples())
    triples = [*own, *(triple for triple in others if triple.subject not in described)]
    return ReferenceData(triples, inputs.schema if triples else Triples(), described)


def _run_engine(
    request: ValidationRequest,
    inputs: Inputs,
    reference: ReferenceData,
    shapes: Triples,
    graph: str,
    progress: Progress,
) -> EngineRun:
    targets = TargetIndex(find_targets(shapes))
    prefixes = query_prefixes(inputs.shapes, inputs.default_prefixes)
    engine = load_engine(request.engine, request.jobs, prefixes)
    data = (triple for document in inputs.data for triple in document.triples(graph))
    beside = reference.beside(data)

    for document in inputs.data:
        engine.load(targets.data(document.number, document.triples(graph)))
    for document in inputs.ontology:
        engine.load(targets.ontology(document.triples(), document in inputs.shapes))
    engine.load(targets.reference(beside))
    probes = custom_target_probes(shapes)
    if request.check_shapes and not probes and no_focus_nodes(targets.counts()):
        return EngineRun(graph, targets, [])

    # pySHACL takes half the time where it looks only at the nodes that count. Rules may make more.
    has_rules = any(shapes.match(None, sh("rule")))
    restricted = bool(beside) and not (probes or has_rules) and targets.can_be_named
    used = (
        restrict_targets(shapes, targets.focus_nodes) if restricted else with_class_targets(shapes)
    )
    used += [triple for _, triples in probes.values() for triple in triples]
    found = read_results(Triples(engine.run(used, progress)), shapes, graph)
    selected: dict[Node, set[Term]] = {shape: set() for shape, _ in probes.values()}
    own = []
    for each in found:
        if each.source_shape in probes and each.focus_node:
            selected[probes[each.source_shape][0]].add(each.focus_node)
        else:
            own.append(each)
    targets.add_custom(selected)
    own = [each for each in own if targets.is_about_data(each.focus_node, each.value)]
    return EngineRun(graph, targets, own)


def _with_results(
    request: ValidationRequest,
    inputs: Inputs,
    shapes: Triples,
    report: ValidationReport,
    runs: list[EngineRun],
) -> ValidationReport:
    """The report with what the engine found."""
    # The names of a default ontology are no suggestions for other shapes.
    ontology = inputs.ontology if request.ontology or not request.shapes else []
    suggestions = Suggestions(inputs.data, ontology, shapes, inputs.prefixes)
    findings = [finding for run in runs for finding in _findings(inputs, run, suggestions)]
    counts = Counter(dict.fromkeys(find_targets(shapes), 0))
    in_data = counts.copy()
    for run in runs:
        counts.update(run.targets.counts())
        in_data.update(run.targets.counts_in_data())
    errors = [
        *([] if findings or inputs.errors else no_focus_nodes(in_data)),
        *_foreign_data(request, runs),
    ]
    kept = [each for each in errors if request.check_shapes and each.code not in request.ignore]
    return replace(
        report,
        errors=(*report.errors, *kept),
        findings=tuple(sorted(findings, key=_sort_key)),
        notes=(*report.notes, *(_unselected(inputs, runs) if request.data else ())),
        shapes={to_text(shape): count for shape, count in counts.items()},
        focus_nodes=sum(len(run.targets.all_focus_nodes) for run in runs),
    )


def _foreign_data(request: ValidationRequest, runs: list[EngineRun]) -> Iterator[Diagnostic]:
    """An error where the default shapes do not apply to the request's data."""
    namespace = request.defaults.namespace
    if request.uses_default_data or not request.uses_default_shapes_only:
        return
    if namespace and not any(run.targets.mentions_namespace(namespace) for run in runs):
        message = (
            f"the data uses no term in <{namespace}>, so the default shapes do not apply to it"
        )
        yield Diagnostic("no-focus-nodes", message, hint=USE_OTHER_SHAPES)


def _unselected(inputs: Inputs, runs: list[EngineRun]) -> Iterator[str]:
    """A note on the documents, of several, in which no shape selects a node."""
    unselected = [
        document.name
        for document in inputs.data
        if not any(run.targets.selects_from(document.number) for run in runs)
    ]
    if unselected and len(inputs.data) > 1:
        yield f"the shapes select no nodes in {', '.join(unselected)}"


def _findings(inputs: Inputs, run: EngineRun, suggestions: Suggestions) -> Iterator[Finding]:
    locations = locate_results(run.results, inputs.data, run.targets, run.graph)

    def finding(result: ValidationResult) -> Finding:
        found = locations.get(result)
        terms = found.terms if found else (to_text(result.focus_node), to_text(result.value))
        return result.finding(found.location if found else None, terms, suggestions.hint(result))

    yield from map(finding, run.results)


def _sort_key(finding: Finding) -> tuple[object, ...]:
    """By location, those without one last; then by severity."""
    at = finding.location
    where = (0, at.file, at.line, at.column) if at else (1, finding.graph, 0, 0)
    names = (finding.focus_node, finding.path, finding.value, finding.shape, finding.component)
    return (*where, severity_rank(finding.severity), *names, finding.message)
