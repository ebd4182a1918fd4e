"""Shape findings in an edition's folder, without those that another check reports."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

from tipgraph.editions.findings import EditionFinding
from tipgraph.editions.folder import EditionFolder
from tipgraph.editions.undefined_terms import UndefinedTerm
from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES
from tipgraph.resources.folders import Resources
from tipgraph.store.completion import complete
from tipgraph.validate import Defaults, Finding, ValidationRequest, validate
from tipgraph.validate.engines import Progress
from tipgraph.validate.report import Location
from tipgraph.validate.triples import SHACL, to_text

# The check of coverage reports each sentence with its place.
COVERAGE_SHAPE = PREFIXES["tipsh"] + "Coverage"
MIN_COUNT = SHACL + "MinCountConstraintComponent"
SPARQL = SHACL + "SPARQLConstraintComponent"


def shape_findings(
    resources: Resources,
    folder: EditionFolder,
    beside: Sequence[str],
    undefined: Sequence[UndefinedTerm],
    progress: Progress,
) -> Iterator[EditionFinding]:
    """The findings of the shipped shapes in the folder; `beside` are the other data files.

    There is one finding for each shape and place. Left out are consequences of undefined terms,
    blank nodes, and nodes that are described elsewhere. Raises InputError when the shapes or the
    files of `beside` cannot be used.
    """
    if not folder.documents:
        return
    data = [document.name for document in folder.documents]
    report = validate(
        ValidationRequest(
            data=data,
            defaults=Defaults(
                data=beside,
                shapes=resources.shapes(),
                ontology=resources.ontology(),
                prefixes=PREFIXES,
                complete=partial(complete, resources),
            ),
            check_shapes=False,
        ),
        progress,
    )
    if report.errors:
        raise InputError("; ".join(map(str, report.errors)))
    groups: dict[tuple[Location, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if _is_relevant(finding, folder) and not any(_follows(finding, each) for each in undefined):
            place = finding.location or folder.place(finding.focus_node)
            groups[place, finding.shape].append(finding)
    for (place, _), (first, *more) in groups.items():
        message = report.message(first)
        hint = f"; {first.hint}" if first.hint else ""
        times = f" ({len(more) + 1} times)" if more else ""
        message = (message.rstrip(".") if hint else message) + hint + times
        yield EditionFinding.at(place, "shape", message)


def _is_relevant(finding: Finding, folder: EditionFolder) -> bool:
    """Return whether the finding is about the folder, and no other check reports it."""
    is_own = finding.focus_node in folder.described or finding.value in folder.described
    has_iri = not finding.focus_node.startswith("_:") and not finding.value.startswith("_:")
    is_certain = not folder.errors or _concerns_one_node(finding)
    return is_own and has_iri and is_certain and finding.shape != COVERAGE_SHAPE


def _concerns_one_node(finding: Finding) -> bool:
    """Return whether the finding depends on one node only, and not on a file that is not read.

    A missing value may be one that the rules derive from the edition.
    """
    is_simple_path = bool(finding.path) and "<" not in finding.path
    return is_simple_path and finding.component not in (SPARQL, MIN_COUNT)


def _follows(finding: Finding, undefined: UndefinedTerm) -> bool:
    """Return whether the finding is a consequence of the undefined term."""
    subject, predicate, value = (
        to_text(term)
        for term in (undefined.quad.subject, undefined.quad.predicate, undefined.quad.object)
    )
    if undefined.iri in (finding.value, finding.path):
        return True
    is_missing = finding.component == MIN_COUNT
    match undefined.role:
        case "class":
            return subject in (finding.focus_node, finding.value)
        case "property":
            is_missing = is_missing and finding.focus_node in (subject, value)
            return any(_uses(finding.path, each, is_missing) for each in undefined.suggestions)
        case _:
            is_suggested = finding.focus_node in undefined.suggestions
            return _uses(finding.path, predicate, is_missing and is_suggested)


def _uses(path: str, property: str, directly: bool) -> bool:
    """Return whether the property is a step of the path or, with `directly`, all of it."""
    return f"<{property}>" in path or (directly and path == property)
