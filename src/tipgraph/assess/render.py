"""An assessment as text and Markdown for people, and its proof as Turtle."""

from collections.abc import Iterable, Iterator, Mapping

from tipgraph.assess.evaluate import Assessment, Change, Outcome, SimilarFact, WhatIf
from tipgraph.assess.model import (
    NOT_APPLICABLE,
    NOT_STATED,
    Answer,
    Benefit,
    Condition,
    Consequence,
)
from tipgraph.namespaces import last_part
from tipgraph.render import results, sections
from tipgraph.render.sections import Item, Section

UNKNOWN = "unknown"
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
COOPERATION = {
    "not-needed": "Benefits that do not depend on cooperation",
    "proceeding-needed": "Benefits that need a proceeding; cooperation is not stated",
    "open": "Benefits for which it is open whether they depend on cooperation",
    "needed": "Benefits that depend on cooperation",
}
UNITS = {"D": "days", "M": "months"}


def text(assessment: Assessment) -> str:
    """The assessment as plain text, for a terminal."""
    answer = assessment.answer
    return sections.text([notice(answer), answer.source.page], _sections(assessment))


def markdown(assessment: Assessment) -> str:
    """The assessment as Markdown, for a file or a message."""
    answer = assessment.answer
    return sections.markdown(f"{notice(answer)} <{answer.source.page}>", _sections(assessment))


def turtle(assessment: Assessment) -> str:
    """The case, and each conclusion with what it rests on."""
    return results.graph(assessment.proof(), "turtle")


def notice(answer: Answer) -> str:
    """What the answer is and what it is not, with source and period."""
    source = answer.source
    nature = (
        f"No legal advice. This is what one source reports about the law and practice of its year:"
        f" {source.label} ({source.publisher}), covering {source.period}."
    )
    if source.is_complete:
        return nature
    return f"{nature} Only part of it was read: the rest may state other norms and conditions."


def case_lines(answer: Answer) -> Iterator[tuple[str, str]]:
    """The case as pairs of key and value, with the categories that follow from it."""
    case, labels = answer.case, answer.labels
    document = case.as_dict()

    def listed(names: Iterable[str]) -> str:
        return ", ".join(labels[each] for each in names)

    yield "citizenship", listed(document.get("citizenship", [])) or UNKNOWN
    yield "age", UNKNOWN if case.age is None else str(case.age)
    if case.unaccompanied is not None:
        yield "unaccompanied", "yes" if case.unaccompanied else "no"
    for key in ("met", "not_met"):
        if key in document:
            yield key.replace("_", " "), listed(document[key])
    yield "categories", listed(answer.categories)


def words(code: str) -> str:
    """A code as words."""
    return last_part(code).replace("-", " ")


def _sections(assessment: Assessment) -> Iterator[Section]:
    """The sections that have items. A what-if shows only the case and the changes."""
    answer = assessment.answer
    yield Section("The case", tuple(Item(f"{k}: {value}") for k, value in case_lines(answer)))
    if assessment.what_if:
        yield _what_if(assessment.what_if, answer)
    else:
        yield from (section for section in _answer_sections(assessment) if section.items)


def _answer_sections(assessment: Assessment) -> Iterator[Section]:
    answer = assessment.answer
    others = [each for each in answer.benefits if not each.rung_number]
    yield Section("Summary", tuple(_summary(answer)))
    yield Section(
        "Residence ladder (the order of the rungs is our reading)",
        (*_benefits(answer.ladder, answer), *_next_rung(answer)),
    )
    yield Section("Other benefits", _benefits(others, answer))
    for cooperation, heading in COOPERATION.items():
        yield Section(heading, tuple(map(_short, answer.by_cooperation(cooperation))))
    yield Section(
        "Possible consequences", tuple(_consequence(e, answer) for e in answer.consequences)
    )
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
    """The benefits by their status, the most certain first."""
    for status in STATUSES:
        benefits = [each for each in answer.benefits if each.status == status]
        if benefits:
            named = (f"{words(each.name)} ({_sentences(each)})" for each in benefits)
            yield Item("; ".join(named), words(status))


def _sentences(benefit: Benefit) -> str:
    return ", ".join(dict.fromkeys(each.place for each in benefit.passages))


def _short(benefit: Benefit) -> Item:
    return Item(f"{benefit.label} ({_sentences(benefit)})", words(benefit.status))


def _benefits(benefits: Iterable[Benefit], answer: Answer) -> tuple[Item, ...]:
    return tuple(
        Item(
            each.label,
            words(each.status),
            (*_terms(each, answer.labels), *_reasons(each, answer)),
            each.passages,
        )
        for each in benefits
    )


def _terms(benefit: Benefit, labels: Mapping[str, str]) -> Iterator[str]:
    """What a benefit gives, for how long, and who decides; nothing if it is not for the person."""
    if benefit.status in (NOT_STATED, NOT_APPLICABLE):
        return
    given = ", ".join(labels.get(each, words(each)) for each in benefit.grants)
    if given:
        yield f"allows: {given}" if benefit.is_power else f"gives: {given}"
    if benefit.duration:
        yield f"duration: {_duration(benefit)}"
    if benefit.renewable_until:
        event = labels[benefit.renewable_until]
        yield f"renewable until: {event}{RENEWABLE[benefit.renewable]}"
    yield f"decided by: {', '.join(benefit.decided_by) or 'not stated'}"


def _duration(benefit: Benefit) -> str:
    if benefit.is_permanent:
        return "permanent"
    if benefit.duration is None or benefit.duration == "indefinite":
        return "indefinite"
    return f"{benefit.duration[1:-1]} {UNITS[benefit.duration[-1]]}"


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
        yield f"depends on: {_named(deciding, answer)}"
    if benefit.by_reading:
        wider, narrower = map(words, benefit.by_reading)
        yield f"open questions read widely: {wider}; read narrowly: {narrower}"
    yield from (f"note: {note}" for note in benefit.notes)


def _requirement(condition: Condition) -> str:
    return "requires" if condition.required_state == "met" else "must not be met"


def _fact_state(condition: Condition) -> str:
    return f"{condition.label} ({words(condition.state)})"


def _next_rung(answer: Answer) -> Iterator[Item]:
    """What would have to change, or to become known, for the next rung."""
    benefit = answer.next_rung
    if benefit:
        deciding = "; ".join(
            _named([each], answer) + (" (must not be met)" if each in benefit.must_not_be else "")
            for each in dict.fromkeys((*benefit.blocked_by, *benefit.depends_on))
        )
        yield Item(f"{benefit.label}; depends on: {deciding}", "next rung")


def _consequence(consequence: Consequence, answer: Answer) -> Item:
    if consequence.status == "follows":
        reason = "follows from the text"
    else:
        reason = f"may follow; depends on: {_named(consequence.depends_on, answer)}"
    return Item(
        consequence.label, details=(reason, *consequence.notes), passages=consequence.passages
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


def _named(names: Iterable[str], answer: Answer) -> str:
    """Facts, traits and readings by their labels."""
    questions = {
        each.name: each.question[:1].lower() + each.question[1:] for each in answer.open_readings
    }
    labels = {**questions, **answer.labels}
    return "; ".join(labels.get(each, words(each)) for each in names) or "nothing"
