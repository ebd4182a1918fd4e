"""An assessment as a document and as text for people, and its proof as Turtle."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from string import ascii_lowercase

from tipgraph.assess import brief, wording
from tipgraph.assess.evaluate import Assessment, Change, Outcome, SimilarFact, WhatIf
from tipgraph.assess.model import (
    NOT_APPLICABLE,
    NOT_STATED,
    UNMET,
    Answer,
    Benefit,
    Condition,
    Consequence,
    Practice,
)
from tipgraph.assess.wording import COOPERATION, in_short, named, words
from tipgraph.render import document as documents
from tipgraph.render import results
from tipgraph.render.document import Document, Item, Section
from tipgraph.render.page import fragment
from tipgraph.text import join

# Benefits with these statuses are only named.
OTHERS = {
    NOT_STATED: "Stated about other persons",
    NOT_APPLICABLE: "Of no use to this person",
}
CONNECTIVES = {
    None: "requires",
    "all-of": "requires all of",
    "any-of": "requires one of",
    "none-of": "requires none of",
}
UNCERTAIN = {
    "discretionary": "the text states that this is possible, not that it is given",
    "condition-met": "the text states that this is necessary, not that it is sufficient",
}
OUTCOMES: dict[tuple[str, Outcome], str] = {
    ("status", None): "does not follow",
    ("wider", None): "does not follow",
    ("narrower", None): "does not follow",
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


def page(assessment: Assessment) -> Document:
    """The assessment for a page: the brief answer first, and then the reasons."""
    short, full = document(assessment, is_brief=True), document(assessment)
    repeated = ("The case", "Next step")
    reasons = (each for each in full.sections if each.title not in repeated)
    return replace(full, sections=(*short.sections, *reasons))


def text(assessment: Assessment, is_brief: bool = False) -> str:
    """The assessment as plain text, for a terminal."""
    is_brief = is_brief and not assessment.what_if
    shown = documents.text(document(assessment, is_brief), is_compact=True)
    return f"{shown}{brief.MORE}\n" if is_brief else shown


def turtle(assessment: Assessment) -> str:
    """The case, and each conclusion with what it rests on."""
    return results.graph(assessment.proof(), "turtle")


def _sections(assessment: Assessment) -> Iterator[Section]:
    """The sections. A what-if shows only the case and the changes."""
    answer = assessment.answer
    case = [Item(value, key) for key, value in wording.case_lines(answer)]
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
    yield Section(
        "Consequences in full", tuple(_consequence(e, answer) for e in answer.consequences)
    )
    yield Section("Next step", tuple(brief.next_steps(answer)))
    yield Section(
        "Residence ladder (the order of the rungs is our reading)",
        tuple(_benefits(answer.ladder, answer)),
    )
    yield Section("Other benefits", tuple(_benefits(others, answer)))
    for status, heading in OTHERS.items():
        names = in_short(*(each for each in answer.benefits if each.status == status))
        yield Section(heading, (Item(names),) if names else ())
    yield Section(
        "Similar facts, which the source words differently",
        tuple(_similar_fact(each, answer) for each in assessment.similar_facts),
    )
    yield Section(
        "Reports of practice, as opposed to norms",
        tuple(_practice(answer)),
    )
    yield Section(
        "Open readings: questions that the wording leaves open",
        tuple(
            Item(
                f"{each.question} ({wording.sentences(each.passages)})? Widely:"
                f" {wording.clause(each.wider)}; narrowly: {wording.clause(each.narrower)}",
                letter,
            )
            for letter, each in zip(ascii_lowercase, answer.open_readings, strict=False)
        ),
    )


def _benefits(benefits: Iterable[Benefit], answer: Answer) -> Iterator[Item]:
    """The benefits that may be of use to the person; those that differ in name alone are one."""
    groups: dict[tuple[str, ...], list[Benefit]] = {}
    for each in benefits:
        if each.status not in OTHERS:
            terms = (*_terms(each, answer), *_reasons(each, answer))
            groups.setdefault((each.status, "; ".join(terms)), []).append(each)
    for (status, terms_of_all), group in groups.items():
        names = "; ".join(each.short_name for each in group)
        # One passage of each sentence; all of them are in the JSON document.
        passages = {passage.place: passage for each in group for passage in each.passages}
        yield Item(names, words(status), (terms_of_all,), tuple(passages.values()))


def _practice(answer: Answer) -> Iterator[Item]:
    """The reports by their sentences, each with its speaker unless that is the source's author."""

    def spoken(report: Practice) -> str:
        others = [each for each in report.speakers if each != answer.source.publisher]
        return report.label + (f" — {', '.join(others)}" if others else "")

    for places, reports in groupby(answer.practice, lambda each: wording.sentences(each.passages)):
        yield Item("; ".join(map(spoken, reports)), places)


def _terms(benefit: Benefit, answer: Answer) -> Iterator[str]:
    """Yield who decides, whether it is renewable, and the events after which it is over."""
    yield f"decided by: {', '.join(benefit.decided_by) or 'not stated'}"
    yield f"cooperation: {COOPERATION[benefit.cooperation]}"
    if benefit.renewable_until:
        event = answer.labels[benefit.renewable_until]
        yield f"renewable until: {event}{RENEWABLE[benefit.renewable]}"
    for fact in benefit.over_after:
        state = answer.states.get(fact, wording.UNKNOWN)
        known = "" if state == wording.UNKNOWN else f" ({words(state)})"
        yield f"over after: {named([fact], answer)}{known}"


def _reasons(benefit: Benefit, answer: Answer) -> Iterator[str]:
    """The conditions with their states, what blocks the benefit, and what is unknown."""
    for (required, connective), found in groupby(
        benefit.conditions, key=lambda each: (each.required_state, each.connective)
    ):
        heading = "must not be" if required == "not-met" else CONNECTIVES[connective]
        yield f"{heading}: {'; '.join(map(_fact_state, found))}"
    for norm in benefit.alternatives:
        if norm.status != benefit.status:
            places = wording.sentences(norm.passages)
            yield f"related norm ({places}): {norm.label} ({words(norm.status)})"
    if benefit.status in UNCERTAIN:
        yield UNCERTAIN[benefit.status]
    if benefit.status in UNMET:
        yield "blocked permanently" if benefit.final else "this can still change"
    if benefit.status == "condition-not-met":
        yield "the text states that this would be sufficient; it names no other way"
    if benefit.status == "undetermined":
        listed = {each.name for each in benefit.conditions}
        deciding = [e for e in benefit.depends_on if e not in {*listed, *benefit.open_readings}]
        if deciding:
            yield f"depends on: {named(deciding, answer)}"
    if benefit.at_least:
        places = wording.sentences(benefit.at_least.passages)
        yield f"at least: {words(benefit.at_least.status)} ({places})"
    if benefit.open_readings:
        yield f"open: {_letters(benefit, answer)}"
    if benefit.hint and benefit.is_favourable:
        yield f"note: {benefit.hint}"


def _letters(outcome: Benefit | Consequence, answer: Answer) -> str:
    """The open readings of an outcome by their letters, with the statuses by both readings."""
    letters = dict(zip((e.name for e in answer.open_readings), ascii_lowercase, strict=False))
    names = ", ".join(letters[each] for each in outcome.open_readings)
    if outcome.by_reading is None:
        return names
    wider, narrower = map(wording.status_words, outcome.by_reading)
    return f"{names} (read widely: {wider}; narrowly: {narrower})"


def _fact_state(condition: Condition) -> str:
    return f"{condition.label} ({words(condition.state)})"


def _consequence(consequence: Consequence, answer: Answer) -> Item:
    details = []
    if consequence.status == "undetermined":
        facts = [each for each in consequence.depends_on if each in answer.states]
        details += [f"depends on: {named(facts, answer)}"] if facts else []
        details += [f"open: {_letters(consequence, answer)}"] if consequence.open_readings else []
    if consequence.no_exception_for:
        groups = join(consequence.no_exception_for, "or")
        details.append(f"the source names no exception for {groups}")
    return Item(
        consequence.label,
        brief.lead(consequence),
        (*details, *(f"note: {wording.first_clause(each)}" for each in consequence.notes)),
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
    name = next((e.short_name for e in answer.outcomes if e.name == change.name), change.name)
    before, after = (
        OUTCOMES.get((change.aspect, value)) or words(str(value))
        for value in (change.before, change.after)
    )
    by = {"wider": ", read widely", "narrower": ", read narrowly"}.get(change.aspect, "")
    return f"{name}{by}: {before} → {after}"
