"""How far an edition is: its statements, the sentences that they cover, and what is missing."""

from collections.abc import Iterator

from tipgraph.editions.findings import Finding, Tally, finding
from tipgraph.editions.folder import Folder
from tipgraph.errors import UsageError
from tipgraph.lookup import coverage as coverages
from tipgraph.lookup.coverage import Coverage
from tipgraph.store.embedded import Embedded
from tipgraph.validate.report import Place

PINNED = (
    "ASK { ?text a tip:SourceText ; tip:edition/a tip:Edition ; tip:sha256 ?digest ;"
    " tip:codePoints ?length FILTER(isNumeric(?length)) }"
)


def coverage(found: Folder, text: str | None) -> Coverage | None:
    """Which sentences have statements, if a text is pinned, and whether `text` is it.

    Raises UsageError when there is a text and none is pinned, InputError when it cannot be read.
    """
    if found.engine.ask(PINNED):
        return coverages.coverage(found.engine, text=text)[0]
    if text and not (found.faults or found.engine.ask("ASK { ?text a tip:SourceText }")):
        raise UsageError(f"{found.path}: no text is pinned in it; leave out --text")
    return None


def tally(found: Folder, known: Embedded, covered: Coverage | None) -> Tally:
    """How far the edition is; `known` has the ontology too."""
    sentences = covered.sentences if covered else ()
    is_complete = found.engine.ask("ASK { ?edition tip:coverage code:complete }")
    mine = f"?node tip:speaker ?speaker ; tip:edition <{found.edition}>"
    return Tally(
        statements=_count(found.engine, mine),
        figures=_count(known, f"{mine} ; a/rdfs:subClassOf* tip:Figure"),
        citations=_count(
            found.engine, "?node a ?kind VALUES ?kind { tip:Passage tip:PageReference }"
        ),
        sentences=len(sentences),
        covered=sum(bool(sentence.statements) for sentence in sentences),
        coverage="complete" if is_complete else "partial",
        compared=bool(covered and covered.checked),
    )


def _count(engine: Embedded, pattern: str) -> int:
    return len(engine.select(f"SELECT DISTINCT ?node {{ {pattern} }}"))


def findings(found: Folder, tally: Tally, covered: Coverage | None) -> Iterator[Finding]:
    """What is missing of the edition, and what differs from its text."""
    if covered:
        for mismatch in covered.mismatches:
            name = f"{mismatch.sentence}, " if mismatch.sentence else ""
            told = f"{name}offset {mismatch.offset}: {mismatch.problem}"
            yield finding(found.place(mismatch.thing), "text", told)
    if found.faults:
        return
    if not found.editions:
        told = "no file of it describes an edition (a tip:Edition), as 'tipgraph new' makes one"
        yield finding(Place(found.path), "coverage", told)
    for other in found.editions[1:]:
        told = f"one folder, one edition: this one is that of {found.name}"
        yield finding(found.place(other), "coverage", told)
    if not tally.statements:
        yield finding(found.place(found.edition), "coverage", "there is no statement yet")
    if covered and tally.coverage == "complete":
        for sentence in covered.uncovered:
            told = f"no statement rests on {sentence.name}, and the edition is called complete"
            yield finding(found.place(sentence.iri), "coverage", told)
