"""An assessment as sections of items: what text and Markdown write, each in its own way."""

from collections.abc import Iterable, Iterator

from tipgraph.assess.evaluate import Assessment, SimilarFact, WhatIf
from tipgraph.assess.formats import wording
from tipgraph.assess.model import Answer, Benefit, Consequence
from tipgraph.render.sections import Item, Section

STATUSES = (
    *("available", "discretionary", "condition-met", "undetermined", "blocked"),
    *("not-applicable", "not-stated"),
)


def outline(assessment: Assessment) -> Iterator[Section]:
    """The sections that have something in them; of a what-if the case and the changes alone."""
    answer = assessment.answer
    yield Section("The case", tuple(Item(f"{n}: {told}") for n, told in wording.person(answer)))
    if assessment.what_if:
        yield _what_if(assessment.what_if, answer)
        return
    yield from (section for section in _sections(assessment) if section.items)


def _sections(assessment: Assessment) -> Iterator[Section]:
    answer = assessment.answer
    yield Section("In short", tuple(_in_short(answer)))
    ladder = sorted((r for r in answer.rungs if r.number), key=lambda rung: rung.number or 0)
    others = [rung for rung in answer.rungs if not rung.number]
    yield Section(
        "Leave to stay, rung by rung (their order is our reading)",
        (*_rungs(ladder, answer), *_next(answer)),
    )
    yield Section("What else the text grants or allows", _rungs(others, answer))
    yield Section(
        "What depends on no cooperation",
        tuple(map(_protection, answer.protections)),
    )
    yield Section("What may follow", tuple(_follows(e, answer) for e in answer.consequences))
    yield Section(
        "Worded apart, so not the same", tuple(_apart(e, answer) for e in assessment.apart)
    )
    yield Section(
        "What is reported of practice, which is not the norm",
        tuple(
            Item(f"{each.label} — {', '.join(each.speakers)}", passages=each.passages)
            for each in answer.practice
        ),
    )
    yield Section(
        "What the words leave open",
        tuple(
            Item(e.question, details=(f"taken: {e.taken}", f"or: {e.left}"), passages=e.passages)
            for e in answer.readings
        ),
    )


def _rungs(rungs: Iterable[Benefit], answer: Answer) -> tuple[Item, ...]:
    return tuple(
        Item(
            rung.label,
            wording.words(rung.status),
            (*wording.terms(rung, answer.labels), *wording.turns(rung, answer)),
            rung.passages,
        )
        for rung in rungs
    )


def _in_short(answer: Answer) -> Iterator[Item]:
    """The rungs by their status, the surest first."""
    for status in STATUSES:
        rungs = [each for each in answer.rungs if each.status == status]
        if rungs:
            named = (f"{wording.words(each.name)} ({_places(each)})" for each in rungs)
            yield Item("; ".join(named), wording.words(status))


def _next(answer: Answer) -> Iterator[Item]:
    rung = answer.next_rung
    if rung:
        yield Item(f"{rung.label}; it turns on: {wording.opening(rung, answer)}", "next")


def _protection(rung: Benefit) -> Item:
    return Item(f"{rung.label} ({_places(rung)})", wording.words(rung.status))


def _places(rung: Benefit) -> str:
    return ", ".join(dict.fromkeys(each.place for each in rung.passages))


def _follows(each: Consequence, answer: Answer) -> Item:
    details = (wording.consequence(each, answer), *each.notes)
    return Item(each.label, details=details, passages=each.passages)


def _apart(each: SimilarFact, answer: Answer) -> Item:
    told, other = answer.labels[each.told], answer.labels[each.other]
    changes = (
        f"if {state}, {wording.change(change, answer)}"
        for state, changes in (("met", each.if_met), ("not met", each.if_not_met))
        for change in changes
    )
    return Item(f"“{told}” is told, “{other}” is not; it would change:", details=tuple(changes))


def _what_if(asked: WhatIf, answer: Answer) -> Section:
    told = (f"{answer.labels[fact]}: {wording.words(s)}" for fact, s in asked.facts.items())
    changes = tuple(Item(wording.change(change, answer)) for change in asked.changes)
    return Section(f"What if {', '.join(told)}", changes or (Item("nothing would change"),))
