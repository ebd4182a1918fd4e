"""An assessment as a document and as text for people, and its proof as Turtle."""

from collections.abc import Iterable, Iterator

from tipgraph.assess import brief, wording
from tipgraph.assess.evaluate import Assessment, Change, Outcome, SimilarFact, WhatIf
from tipgraph.assess.model import (
    NOT_APPLICABLE,
    NOT_STATED,
    Answer,
    Benefit,
    Condition,
    Consequence,
)
from tipgraph.assess.wording import COOPERATION, in_short, named, words
from tipgraph.render import document as documents
from tipgraph.render import results
from tipgraph.render.document import Document, Item, Section
from tipgraph.render.page import fragment
from tipgraph.text import capitalise, duration, join

# The order of the summary.
STATUSES = (
    *("available", "discretionary", "condition-met", "undetermined", "blocked"),
    *(NOT_APPLICABLE, NOT_STATED),
)
UNCERTAIN = {
    "discretionary": "the text states that this is possible, not that it is given",
    "condition-met": "the text states that this is necessary, not that it is sufficient",
}
OUTCOMES: dict[tuple[str, Outcome], str] = {
    ("status", None): "does not follow",
    ("final", True): "blocked permanently",
    ("final", False): "blocked for now",
    ("renewable", True): "still renewable",
    ("renewable", False): "no longer renewable",
    ("renewable", None): "unknown whether renewable",
}
RENEWABLE = {
    None: "",
    True: " (not reached yet: still renewable)",
    False: " (already reached: no longer renewable)",
}


class ShownAssessment(Assessment):
    """An assessment that notebooks show as a page."""

    def _repr_html_(self) -> str:
        return fragment(document(self))


def document(assessment: Assessment, is_brief: bool = False) -> Document:
    """The assessment as a document; a what-if is never brief."""
    answer = assessment.answer
    is_brief = is_brief and not assessment.what_if
    return Document(
        f"What a victim is entitled to according to {answer.source.label}",
        (wording.notice(answer),),
        tuple(brief.sections(answer) if is_brief else _sections(assessment)),
        answer.source.page,
    )


def text(assessment: Assessment, is_brief: bool = False) -> str:
    """The assessment as plain text, for a terminal."""
    is_brief = is_brief and not assessment.what_if
    shown = documents.text(document(assessment, is_brief), is_brief)
    return f"{shown}{brief.MORE}\n" if is_brief else shown


def turtle(assessment: Assessment) -> str:
    """The case, and each conclusion with what it rests on."""
    return results.graph(assessment.proof(), "turtle")


def _sections(assessment: Assessment) -> Iterator[Section]:
    """The sections. A what-if shows only the case and the changes."""
    answer = assessment.answer
    case = [Item(f"{key}: {value}") for key, value in wording.case_lines(answer)]
    premise = wording.premise(answer)
    if premise:
        case.insert(0, Item(premise, passages=answer.on_potential_victims))
    yield Section("The case", tuple(case))
    if assessment.what_if:
        yield _what_if(assessment.what_if, answer)
    else:
        yield from _answer_sections(assessment)


def _answer_sections(assessment: Assessment) -> Iterator[Section]:
    answer = assessment.answer
    others = [each for each in answer.benefits if not each.rung_number]
    steps = (Item(capitalise(wording.step(each, answer))) for each in answer.next_steps)
    yield Section("Summary", tuple(_summary(answer)))
    yield Section("Consequences", tuple(_consequence(e, answer) for e in answer.consequences))
    yield Section("Next step", tuple(steps))
    yield Section(
        "Residence ladder (the order of the rungs is our reading)",
        _benefits(answer.ladder, answer),
    )
    yield Section("Other benefits", _benefits(others, answer))
    for cooperation, heading in COOPERATION.items():
        yield Section(heading, tuple(map(_short, answer.by_cooperation(cooperation))))
    yield Section(
        "Similar facts, which the source words differently",
        tuple(_similar_fact(each, answer) for each in assessment.similar_facts),
    )
    yield Section(
        "Reports of practice, as opposed to norms",
        tuple(
            Item(f"{each.label} — {', '.join(each.speakers)}", passages=each.passages)
            for each in answer.practice
        ),
    )
    yield Section(
        "Open readings: questions that the wording leaves open",
        tuple(
            Item(
                each.question,
                details=(f"read widely: {each.wider}", f"read narrowly: {each.narrower}"),
                passages=each.passages,
            )
            for each in answer.open_readings
        ),
    )


def _summary(answer: Answer) -> Iterator[Item]:
    """The benefits by their status, the most certain first, and the consequences."""
    for status in STATUSES:
        benefits = [each for each in answer.benefits if each.status == status]
        if benefits:
            yield Item(in_short(*benefits), words(status))
        if status == "available":
            yield from (Item(in_short(each), _lead(each)) for each in answer.consequences)


def _lead(consequence: Consequence) -> str:
    return "follows" if consequence.status == "follows" else "may follow"


def _short(benefit: Benefit) -> Item:
    return Item(in_short(benefit), words(benefit.status))


def _benefits(benefits: Iterable[Benefit], answer: Answer) -> tuple[Item, ...]:
    return tuple(
        Item(
            each.short_name,
            words(each.status),
            (each.label, *_terms(each, answer), *_reasons(each, answer)),
            each.passages,
        )
        for each in benefits
    )


def _terms(benefit: Benefit, answer: Answer) -> Iterator[str]:
    """The terms of a benefit, its duration and who decides; empty if it is not for the person."""
    if benefit.status in (NOT_STATED, NOT_APPLICABLE):
        return
    labels = answer.labels
    given = ", ".join(labels.get(each, words(each)) for each in benefit.grants)
    if given:
        yield f"allows: {given}" if benefit.is_power else f"gives: {given}"
    if benefit.duration:
        yield f"duration: {_duration(benefit)}"
    if benefit.renewable_until:
        event = labels[benefit.renewable_until]
        yield f"renewable until: {event}{RENEWABLE[benefit.renewable]}"
    yield f"decided by: {', '.join(benefit.decided_by) or 'not stated'}"
    yield from _end(benefit, answer)


def _end(benefit: Benefit, answer: Answer) -> Iterator[str]:
    """The events after which the benefit is over."""
    for fact in benefit.over_after:
        state = answer.states.get(fact, wording.UNKNOWN)
        taken = "not stated: taken as not having happened" if state == "unknown" else words(state)
        yield f"over after: {named([fact], answer)} ({taken})"


def _duration(benefit: Benefit) -> str:
    if benefit.is_permanent:
        return "permanent"
    if benefit.duration is None or benefit.duration == "indefinite":
        return "indefinite"
    return duration(benefit.duration)


def _reasons(benefit: Benefit, answer: Answer) -> Iterator[str]:
    """The conditions with their states, what blocks the benefit, and what is unknown."""
    if benefit.status == NOT_STATED:
        yield "the text states this about another category of persons"
    if benefit.status in (NOT_STATED, NOT_APPLICABLE):
        return
    either = [condition for condition in benefit.conditions if condition.connective == "any-of"]
    for condition in benefit.conditions:
        if condition not in either:
            yield f"{_requirement(condition)}: {_fact_state(condition)}"
    if either:
        yield f"requires one of: {'; or '.join(map(_fact_state, either))}"
    for norm in benefit.alternatives:
        yield f"related norm: {norm.label} ({words(norm.status)})"
    if benefit.status in UNCERTAIN:
        yield UNCERTAIN[benefit.status]
    if benefit.status == "blocked":
        yield "blocked permanently" if benefit.final else "blocked for now: this can still change"
        if benefit.conditionality == "sufficient":
            yield "the text states that this would be sufficient; it names no other way"
    if benefit.status == "undetermined":
        deciding = dict.fromkeys((*benefit.depends_on, *benefit.open_readings))
        yield f"depends on: {named(deciding, answer)}"
    if benefit.at_least:
        at_least = benefit.at_least
        status, places = words(at_least.status), wording.sentences(at_least.passages)
        yield f"at least: {status} ({places}: {at_least.label})"
    if benefit.by_reading:
        yield f"open question: {wording.by_reading(benefit, answer)}"
    yield from (f"note: {note}" for note in benefit.notes)


def _requirement(condition: Condition) -> str:
    return "requires" if condition.required_state == "met" else "must not be met"


def _fact_state(condition: Condition) -> str:
    return f"{condition.label} ({words(condition.state)})"


def _consequence(consequence: Consequence, answer: Answer) -> Item:
    details = []
    if consequence.status != "follows":
        details = [f"depends on: {named(consequence.depends_on, answer)}"]
        details += filter(None, [wording.by_reading(consequence, answer)])
    if consequence.no_exception_for:
        groups = join(consequence.no_exception_for, "or")
        details.append(f"the source names no exception for {groups}")
    return Item(
        consequence.short_name,
        _lead(consequence),
        (consequence.label, *details, *(f"note: {each}" for each in consequence.notes)),
        consequence.passages,
    )


def _similar_fact(each: SimilarFact, answer: Answer) -> Item:
    fact, similar = answer.labels[each.fact], answer.labels[each.similar_fact]
    changes = (
        f"if {state}, {_change(change, answer)}"
        for state, changes in (("met", each.if_met), ("not met", each.if_not_met))
        for change in changes
    )
    return Item(
        f"“{fact}” is known, “{similar}” is unknown; the latter would change:",
        details=tuple(changes),
    )


def _what_if(what_if: WhatIf, answer: Answer) -> Section:
    facts = (f"{answer.labels[fact]}: {words(state)}" for fact, state in what_if.facts.items())
    changes = tuple(Item(_change(change, answer)) for change in what_if.changes)
    return Section(f"What if {', '.join(facts)}", changes or (Item("nothing would change"),))


def _change(change: Change, answer: Answer) -> str:
    """The thing that changes, with its values before and after."""
    label = next((each.label for each in answer.outcomes if each.name == change.name), "")
    before, after = (
        OUTCOMES.get((change.aspect, value)) or words(str(value))
        for value in (change.before, change.after)
    )
    return f"{change.name}: {before} → {after}" + (f" ({label})" if label else "")
