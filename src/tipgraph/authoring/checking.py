"""The author's loop: all that is at fault in the folder of an edition, found in one run."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from os.path import join, realpath, relpath

from pyoxigraph import BlankNode, Store

from tipgraph import bundle as bundles
from tipgraph import dataset
from tipgraph.authoring import extent, imported, shapes
from tipgraph.authoring.checked import Checked, Finding, finding
from tipgraph.authoring.folder import Folder, folder
from tipgraph.authoring.style import slips
from tipgraph.authoring.unknown import Known, Unknown
from tipgraph.bundle import Bundle
from tipgraph.engines.embedded import Embedded
from tipgraph.validation.engines import Progress
from tipgraph.validation.report import Place
from tipgraph.vocabulary import ID, ONTOLOGY_GRAPH


def check(
    path: str,
    text: str | None = None,
    beside: Sequence[str] = (),
    progress: Progress = lambda done, total: None,
) -> Checked:
    """As `tipgraph.authoring.check`; `progress` is told how far the shapes are."""
    bundle = bundles.shipped()
    found = folder(path)
    others = [*_shipped(bundle, found), *beside]
    known = _graph(bundle, others, found)
    unknown = list(Known(known, found).unknown())
    covered = extent.coverage(found, text)
    tally = extent.tally(found, known, covered)
    findings = [
        *_unreadable(found),
        *_unstyled(found),
        *_unnamed(found),
        *_unknown(found, unknown),
        *imported.findings(found, beside),
        *extent.findings(found, tally, covered),
        *shapes.findings(bundle, found, others, unknown, progress),
    ]
    return Checked(found.name, tuple(sorted(set(findings))), tally)


def _shipped(bundle: Bundle, found: Folder) -> list[str]:
    """The shipped data, without what the folder holds itself or in another state."""
    data = join(bundle.root, "data")
    here = join(realpath(found.path), "")
    return [
        file
        for file in bundle.data()
        if not realpath(file).startswith(here)
        and relpath(file, data).split(os.sep)[0] != found.name
    ]


def _graph(bundle: Bundle, others: Iterable[str], found: Folder) -> Embedded:
    """The ontology, the other data and the folder as one graph."""
    store = Store()
    dataset.load_ontology(store, bundle)
    for path in others:
        for file in dataset.rdf_files(path):
            store.extend(dataset.read(file, ONTOLOGY_GRAPH))
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
