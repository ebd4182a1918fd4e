"""What the shapes find in an edition's folder, less what is told otherwise."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tipgraph.editions.findings import Finding, finding
from tipgraph.editions.folder import Folder
from tipgraph.editions.undefined_terms import Unknown
from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES
from tipgraph.resources.folders import Resources
from tipgraph.validate import Finding as Result
from tipgraph.validate import Request, validate
from tipgraph.validate.engines import Progress
from tipgraph.validate.findings import spelled
from tipgraph.validate.report import Place
from tipgraph.validate.triples import SHACL

# Sentences without a statement are told one by one, with their places.
COVERAGE = PREFIXES["tipsh"] + "Coverage"
MIN_COUNT = SHACL + "MinCountConstraintComponent"
SPARQL = SHACL + "SPARQLConstraintComponent"


def findings(
    resources: Resources,
    folder: Folder,
    beside: Sequence[str],
    unknown: Sequence[Unknown],
    progress: Progress,
) -> Iterator[Finding]:
    """What the shipped shapes find, with the files beside the folder known.

    What one shape finds at one place is told once. Left out is what follows from a name that is
    unknown, and what is about nodes that have no name or are described elsewhere. Raises
    InputError when the shapes, or what is beside the folder, cannot be used.
    """
    if not folder.sources:
        return
    data = [source.name for source in folder.sources]
    report = validate(
        Request(resources, data, ontology=beside, guards=False, narrow=True), progress
    )
    if report.faults:
        raise InputError("; ".join(map(str, report.faults)))
    told: dict[tuple[Place, str], list[Result]] = defaultdict(list)
    for result in report.findings:
        if _is_told(result, folder) and not any(_follows(result, each) for each in unknown):
            told[result.place or folder.place(result.focus), result.shape].append(result)
    for (place, _), (first, *more) in told.items():
        message = report.message(first)
        hint = f"; {first.hint}" if first.hint else ""
        again = f" ({len(more) + 1} times)" if more else ""
        yield finding(place, "shape", (message.rstrip(".") if hint else message) + hint + again)


def _is_told(result: Result, folder: Folder) -> bool:
    """Whether the result is the folder's own, and told by nothing else."""
    is_own = result.focus in folder.described or result.value in folder.described
    has_name = not result.focus.startswith("_:") and not result.value.startswith("_:")
    is_sure = not folder.faults or _stands_alone(result)
    return is_own and has_name and is_sure and result.shape != COVERAGE


def _stands_alone(result: Result) -> bool:
    """Whether the node alone is at fault, so that no file that cannot be read has a part in it."""
    is_simple = bool(result.path) and "<" not in result.path
    return is_simple and result.component != SPARQL


def _follows(result: Result, unknown: Unknown) -> bool:
    """Whether the result is at fault because of the unknown name."""
    subject, predicate, value = (
        spelled(term)
        for term in (unknown.quad.subject, unknown.quad.predicate, unknown.quad.object)
    )
    if unknown.iri in (result.value, result.path):
        return True
    lacks = result.component == MIN_COUNT
    match unknown.role:
        case "class":
            return subject in (result.focus, result.value)
        case "property":
            lacks = lacks and result.focus in (subject, value)
            return any(_leads(result.path, each, lacks) for each in unknown.like)
        case _:
            return _leads(result.path, predicate, lacks and result.focus in unknown.like)


def _leads(path: str, property: str, directly: bool) -> bool:
    """Whether the path goes along the property and further or, if so asked, along it alone."""
    return f"<{property}>" in path or (directly and path == property)
