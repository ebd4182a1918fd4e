"""An assessment as a document, in full or in a few lines, in each format; its proof as Turtle."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from string import ascii_lowercase
from typing import Any

from tipgraph.assess import wording
from tipgraph.assess.evaluate import Assessment, Change, Outcome, SimilarFact, WhatIf
from tipgraph.assess.model import (
    IDENTIFIED,
    NOT_APPLICABLE,
    NOT_STATED,
    POTENTIAL,
    UNMET,
    Answer,
    Benefit,
    Condition,
    Consequence,
    Practice,
)
from tipgraph.assess.wording import COOPERATION, named, words
from tipgraph.errors import UsageError
from tipgraph.render import document as documents
from tipgraph.render import formats, in_format
from tipgraph.render.document import Document, Item, Section
from tipgraph.render.page import fragment
from tipgraph.store.engine import grouped
from tipgraph.text import capitalise, join

MORE = "Reasons, quotes, reports of practice and addresses: --full"
# Benefits with these statuses are only named.
OTHERS = (NOT_STATED, NOT_APPLICABLE)
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


def brief_sections(answer: Answer) -> Iterator[Section]:
    """The case; what is available, may happen, is possible, open or blocked; the next step."""

    def having(status: str) -> list[Benefit]:
        return [each for each in answer.benefits if each.status == status]

    yield Section("Case", tuple(_case(answer)))
    yield Section("Available", _line(having("available")) or (Item("nothing"),))
    yield Section(
        "Consequences",
        _grouped((each, _follows(each, answer)) for each in answer.consequences)
        or (Item(_no_consequence(answer)),),
    )
    yield Section(
        "Possible, at the discretion of those who decide",
        tuple(map(_hinted, having("discretionary"))),
    )
    yield Section(
        "Possible: the necessary condition is met, and that it suffices is not stated",
        _line(having("condition-met")),
    )
    yield Section("Open", _grouped((each, _open(each, answer)) for each in having("undetermined")))
    yield Section("Blocked", _grouped((each, _unmet(each, answer)) for each in having("blocked")))
    yield Section(
        "Condition not met; the text names no other way",
        _grouped((each, _unmet(each, answer)) for each in having("condition-not-met")),
    )
    yield Section(
        "Not stated for this person",
        _line(each for each in answer.benefits if each.status == NOT_STATED),
    )
    yield Section("Next step", tuple(next_steps(answer)))


def next_steps(answer: Answer) -> Iterator[Item]:
    """The steps, and after those of one kind the reports that stand beside them."""
    for step in answer.next_steps:
        yield Item(capitalise(wording.step(step, answer)))
    beside = (each for step in answer.next_steps for each in wording.concerns(step, answer))
    yield from (Item(f"Beside this: {each}") for each in dict.fromkeys(beside))


def _no_consequence(answer: Answer) -> str:
    """That no consequence is stated, as far as the edition was read."""
    if answer.source.is_complete:
        return "the source states none for the facts of the case"
    return "not found in the part of the edition that was read"


def _case(answer: Answer) -> Iterator[Item]:
    # The description of the person says so already.
    described = [each for each in (IDENTIFIED, POTENTIAL) if answer.states.get(each) == "met"]
    facts = "; ".join(f"{key}: {value}" for key, value in wording.facts(answer, described))
    yield Item(wording.person(answer) + (f"; {facts}" if facts else ""))
    premise = wording.premise(answer)
    if premise:
        yield Item(premise)


def _hinted(benefit: Benefit) -> Item:
    """The benefit, with the first clause of its note."""
    short = wording.in_short(benefit)
    return Item(f"{short} — {benefit.hint}" if benefit.hint else short)


def _line(benefits: Iterable[Benefit]) -> tuple[Item, ...]:
    """All of the benefits in one line."""
    names = wording.in_short(*benefits)
    return (Item(names),) if names else ()


def _grouped(reasons: Iterable[tuple[Benefit | Consequence, str]]) -> tuple[Item, ...]:
    """A line for each reason, with all outcomes that have it."""
    groups = grouped((reason, outcome) for outcome, reason in reasons)
    return tuple(Item(f"{wording.in_short(*each)}: {why}") for why, each in groups.items())


def lead(consequence: Consequence) -> str:
    """The keyword ahead of a consequence."""
    return "may follow" if consequence.status == "undetermined" else "was reported to follow"


def _follows(consequence: Consequence, answer: Answer) -> str:
    parts = [wording.status_words(consequence.status)]
    if consequence.status == "undetermined":
        facts = [each for each in consequence.depends_on if each in answer.states]
        depends = f", depending on: {wording.named(facts, answer)}" if facts else ""
        parts = [f"may follow{depends}", wording.by_reading(consequence, answer)]
    if consequence.no_exception_for:
        groups = " / ".join(consequence.no_exception_for)
        parts.append(f"the source names no exception for {groups}")
    return "; ".join(filter(None, parts))


def _open(benefit: Benefit, answer: Answer) -> str:
    parts = []
    if benefit.at_least:
        status = wording.status_words(benefit.at_least.status)
        parts.append(f"at least {status} ({wording.sentences(benefit.at_least.passages)})")
    facts = [each for each in benefit.depends_on if each not in benefit.open_readings]
    if facts:
        parts.append(f"depends on: {wording.named(facts, answer)}")
    # Beside facts, several open questions are only counted.
    parts.append(wording.by_reading(benefit, answer, is_short=bool(facts)))
    if not any(parts):
        parts.append(wording.named(benefit.open_readings, answer))
    return "; ".join(filter(None, parts))


def _unmet(benefit: Benefit, answer: Answer) -> str:
    facts = wording.with_states(benefit.blocked_by, answer)
    if benefit.status == "blocked":
        return f"{'permanently' if benefit.final else 'for now'}, by: {facts}"
    return f"permanently, {facts}" if benefit.final else facts


class ShownAssessment(Assessment):
    """An assessment that notebooks show as a page."""

    def _repr_html_(self) -> str:
        return fragment(document(self))


def document(assessment: Assessment, is_brief: bool = False) -> Document:
    """The assessment as a document: the brief answer first, and then the reasons.

    A what-if shows only the case and the changes.
    """
    answer = assessment.answer
    sections = list(brief_sections(answer))
    if assessment.what_if:
        sections = [sections[0], _what_if(assessment.what_if, answer)]
    elif not is_brief:
        sections += _reasons_in_full(assessment)
    return Document(
        f"What a victim is entitled to according to {answer.source.label}",
        (wording.notice(answer),),
        tuple(sections),
        answer.source.page,
    )


def text(assessment: Assessment, is_brief: bool = False) -> str:
    """The assessment as plain text, for a terminal."""
    is_brief = is_brief and not assessment.what_if
    shown = documents.text(document(assessment, is_brief), is_compact=True)
    return f"{shown}{MORE}\n" if is_brief else shown


def in_style(style: str, option: str, content: Any, document: Document) -> str | bytes:
    """A document in a format, as `content` in JSON. Raises UsageError for Turtle of the option."""
    match style:
        case "json":
            return formats.dumps(content)
        case "turtle":
            raise UsageError(f"{option} supports the formats text, markdown, json, html and xlsx")
        case _:
            return in_format(document, style or "text")


def turtle(assessment: Assessment) -> str:
    """The case, and each conclusion with what it rests on."""
    return formats.graph(assessment.proof(), "turtle")


def _reasons_in_full(assessment: Assessment) -> Iterator[Section]:
    answer = assessment.answer
    others = [each for each in answer.benefits if not each.rung_number]
    yield Section(
        "Consequences in full", tuple(_consequence(e, answer) for e in answer.consequences)
    )
    yield Section(
        "Residence ladder (the order of the rungs is our reading)",
        tuple(_benefits(answer.ladder, answer)),
    )
    yield Section("Other benefits", tuple(_benefits(others, answer)))
    of_no_use = (each for each in answer.benefits if each.status == NOT_APPLICABLE)
    yield Section("Of no use to this person", _line(of_no_use))
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
    groups = grouped(
        ((each.status, "; ".join([*_terms(each, answer), *_reasons(each, answer)])), each)
        for each in benefits
        if each.status not in OTHERS
    )
    for (status, terms_of_all), group in groups.items():
        names = "; ".join(each.short_name for each in group)
        # One passage of each sentence; all of them are in the JSON document.
        passages = {passage.place: passage for each in group for passage in each.passages}
        yield Item(names, words(status), (terms_of_all,), tuple(passages.values()))


def _practice(answer: Answer) -> Iterator[Item]:
    """The reports by their places, each with its speaker unless that is the source's author.

    The name of a sentence leads the line; a place of a page is as long as a sentence itself.
    """

    def spoken(report: Practice) -> str:
        others = [each for each in report.speakers if each != answer.source.publisher]
        return report.label + (f" — {', '.join(others)}" if others else "")

    for places, reports in groupby(answer.practice, lambda each: wording.sentences(each.passages)):
        those = [*reports]
        line, passages = "; ".join(map(spoken, those)), those[0].passages
        if all(each.sentence for each in passages):
            yield Item(line, places)
        else:
            yield Item(line, passages=passages)


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
        lead(consequence),
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
    return Section(f"What if {', '.join(facts)}", changes or (Item("no outcome would change"),))


def _change(change: Change, answer: Answer) -> str:
    """The thing that changes, with its values before and after."""
    name = next((e.short_name for e in answer.outcomes if e.name == change.name), change.name)
    before, after = (
        OUTCOMES.get((change.aspect, value)) or words(str(value))
        for value in (change.before, change.after)
    )
    by = {"wider": ", read widely", "narrower": ", read narrowly"}.get(change.aspect, "")
    return f"{name}{by}: {before} → {after}"
