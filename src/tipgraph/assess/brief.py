"""The answer to a case in a few lines, for a person at work on it."""

from collections.abc import Iterable, Iterator

from tipgraph.assess import wording
from tipgraph.assess.model import IDENTIFIED, NOT_STATED, POTENTIAL, Answer, Benefit, Consequence
from tipgraph.render.document import Item, Section
from tipgraph.text import capitalise

MORE = "Reasons, quotes, reports of practice and addresses: --full"


def sections(answer: Answer) -> Iterator[Section]:
    """The case; what is available, may happen, is possible, open or blocked; the next step."""

    def having(status: str) -> list[Benefit]:
        return [each for each in answer.benefits if each.status == status]

    yield Section("Case", tuple(_case(answer)))
    yield Section("Available", _line(having("available")) or (Item("nothing"),))
    yield Section(
        "Consequences",
        _grouped((each, _consequence(each, answer)) for each in answer.consequences)
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
    groups: dict[str, list[Benefit | Consequence]] = {}
    for outcome, reason in reasons:
        groups.setdefault(reason, []).append(outcome)
    return tuple(Item(f"{wording.in_short(*each)}: {why}") for why, each in groups.items())


def lead(consequence: Consequence) -> str:
    """The keyword ahead of a consequence."""
    return "may follow" if consequence.status == "undetermined" else "was reported to follow"


def _consequence(consequence: Consequence, answer: Answer) -> str:
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
