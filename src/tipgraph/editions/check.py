"""The author's loop: all that is at fault in the folder of an edition, found in one run."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from os.path import join, realpath, relpath

from pyoxigraph import BlankNode, Store

from tipgraph.editions import completeness, drift, shapes
from tipgraph.editions.findings import Checked, Finding, finding
from tipgraph.editions.folder import Folder, folder
from tipgraph.editions.lint import slips
from tipgraph.editions.undefined_terms import Known, Unknown
from tipgraph.namespaces import ID, ONTOLOGY_GRAPH
from tipgraph.rdf import files
from tipgraph.resources import folders
from tipgraph.resources.folders import Resources
from tipgraph.store.embedded import Embedded
from tipgraph.validate.engines import Progress
from tipgraph.validate.report import Place


def check(
    path: str,
    text: str | None = None,
    beside: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Checked:
    """As `tipgraph.editions.check`; `progress` is told how far the shapes are."""
    resources = folders.shipped()
    found = folder(path)
    others = [*_shipped(resources, found), *beside]
    known = _graph(resources, others, found)
    unknown = list(Known(known, found).unknown())
    covered = completeness.coverage(found, text)
    tally = completeness.tally(found, known, covered)
    findings = [
        *_unreadable(found),
        *_unstyled(found),
        *_unnamed(found),
        *_unknown(found, unknown),
        *drift.findings(found, beside),
        *completeness.findings(found, tally, covered),
        *shapes.findings(resources, found, others, unknown, progress),
    ]
    return Checked(found.name, tuple(sorted(set(findings))), tally)


def _shipped(resources: Resources, found: Folder) -> list[str]:
    """The shipped data, without what the folder holds itself or in another state."""
    data = join(resources.root, "data")
    here = join(realpath(found.path), "")
    return [
        file
        for file in resources.data()
        if not realpath(file).startswith(here)
        and relpath(file, data).split(os.sep)[0] != found.name
    ]


def _graph(resources: Resources, others: Iterable[str], found: Folder) -> Embedded:
    """The ontology, the other data and the folder as one graph."""
    store = Store()
    files.load_ontology(store, resources)
    for path in others:
        for file in files.rdf_files(path):
            store.extend(files.read(file, ONTOLOGY_GRAPH))
    store.extend(each.quad for each in found.stated)
    return Embedded(store)


def _unreadable(found: Folder) -> Iterator[Finding]:
    """What cannot be read; where no place is known, a message begins with the file."""
    for fault in found.faults:
        file = next((each for each in found.files if fault.message.startswith(f"{each}: ")), "")
        place = fault.place or Place(file or found.path)
        yield finding(place, fault.kind, fault.message.removeprefix(f"{file}: "))


def _unstyled(found: Folder) -> Iterator[Finding]:
    """What each file looks like; what the edition's graph is made of is Turtle alone."""
    for file in found.files:
        if not file.endswith(".ttl"):
            told = "write it as Turtle (.ttl): nothing else of the folder gets into the graph"
            yield finding(Place(file), "style", told)
            continue
        for slip in slips(_text(file)):
            yield finding(Place(file, slip.line, slip.column), "style", slip.message)


def _text(file: str) -> str:
    """The file's text as far as it is one; that it cannot be read is told anyway."""
    try:
        with open(file, encoding="utf-8", errors="replace") as opened:
            return opened.read()
    except OSError:
        return "# unreadable"


def _unnamed(found: Folder) -> Iterator[Finding]:
    """Nodes that have no name."""
    told = "give this node an IRI: one in brackets can be neither cited nor loaded twice"
    for each in found.stated:
        for term, place in ((each.quad.subject, each.subject), (each.quad.object, each.object)):
            if isinstance(term, BlankNode):
                yield finding(place, "style", told)


def _unknown(found: Folder, unknown: Iterable[Unknown]) -> Iterator[Finding]:
    """Each unknown name at the first of its places.

    Things are not told where a file cannot be read: it may be the one that describes them.
    """
    places: dict[tuple[str, str], list[Unknown]] = defaultdict(list)
    for each in unknown:
        if not (found.faults and each.iri.startswith(ID)):
            places[each.iri, each.role].append(each)
    for first, *more in places.values():
        again = f" ({len(more) + 1} times)" if more else ""
        yield finding(first.place, "unknown", first.message + again)
