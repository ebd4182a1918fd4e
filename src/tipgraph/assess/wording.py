"""The words of an answer: the person, the benefits, the next steps, and what is open."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from tipgraph.assess.model import (
    DOES_NOT_FOLLOW,
    IDENTIFIED,
    NOT_STATED,
    READINGS,
    Answer,
    Benefit,
    ByReading,
    Condition,
    Consequence,
    OpenReading,
    Step,
)
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import last_part
from tipgraph.store.engine import grouped
from tipgraph.text import join

UNKNOWN = "unknown"
# With these statuses a sentence is about other persons.
UNCOVERED = (NOT_STATED, DOES_NOT_FOLLOW)
# A reading that begins so is read with its question.
PRONOUNS = ("it ", "they ", "only ")
STATUS_WORDS = {
    "condition-met": "necessary condition met",
    "condition-not-met": "condition not met",
    "discretionary": "possible, at discretion",
    "reported-to-follow": "was reported to follow",
    "does-not-follow": "does not follow",
    "self-contradictory": "the case contradicts itself",
    "undetermined": "open",
}
COOPERATION = {
    "not-needed": "not needed",
    "proceeding-needed": "not stated",
    "needed": "needed",
    "open": "open by the wording",
}


def notice(answer: Answer) -> str:
    """Return the scope and limits of the answer, with source and period."""
    source = answer.source
    covered = f", covering {source.period}" if source.period else ""
    nature = (
        f"No legal advice. This is what one source reports about the law and practice of its year:"
        f" {source.label} ({source.publisher}){covered}."
    )
    if source.is_complete:
        return nature
    return f"{nature} Only part of it was read: the rest may state other norms and conditions."


def premise(answer: Answer) -> str:
    """Return what the answer presumes of a person who is not identified or who lives abroad.

    It is empty for anyone else.
    """
    parts = []
    if answer.states.get(IDENTIFIED) == "not-met":
        parts.append("The person is taken as a victim here")
        if answer.on_potential_victims:
            places = sentences(answer.on_potential_victims)
            parts.append(f"; the source names potential victims apart ({places})")
        if waiting := answer.awaiting_identification:
            parts.append(f". Identification comes next: {in_short(*waiting)} depends on it")
        parts.append(".")
    if answer.on_living_abroad:
        places = sentences(answer.on_living_abroad)
        parts.append(
            f" Victims who live abroad are named only for testimony ({places}): whether the rest"
            " reaches them is not stated."
        )
    return "".join(parts).strip()


def person(answer: Answer) -> str:
    """The person in a few words: `a child victim, aged 16, citizen of Nigeria`."""
    case, categories = answer.case, answer.categories
    kinds = (("IdentifiedVictim", "identified"), ("PotentialVictim", "potential"),
             ("Child", "child"), ("Adult", "adult"))  # fmt: skip
    noun = " ".join([*(word for name, word in kinds if name in categories), "victim"])
    described = f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    if case.unknown_traits:
        described += f" of unknown {join(case.unknown_traits)}"
    countries = sorted(answer.labels[last_part(each)] for each in case.citizenships)
    company = {True: "unaccompanied", False: "accompanied", None: ""}[case.unaccompanied]
    traits = (
        f"aged {case.age}" if case.age is not None else "",
        company,
        _citizenship(countries),
    )
    return ", ".join([described, *filter(None, traits)])


def _citizenship(countries: list[str]) -> str:
    if "stateless" in countries:
        return "stateless"
    return f"citizen of {join(countries)}" if countries else ""


def facts(answer: Answer, omitted: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """The facts of the case that are met, and those that are not."""
    document = answer.case.as_dict()
    for key in ("met", "not_met"):
        stated = [each for each in document.get(key, []) if each not in omitted]
        if stated:
            yield words(key), ", ".join(answer.labels[each] for each in _folded(stated, answer))


def words(code: str) -> str:
    """A code as words."""
    return last_part(code).replace("-", " ").replace("_", " ")


def status_words(status: str) -> str:
    """A status in the words of the brief answer."""
    return STATUS_WORDS.get(status, words(status))


def sentences(passages: Iterable[Passage]) -> str:
    """The sentences of the passages: `S31, S32`."""
    return ", ".join(dict.fromkeys(each.place for each in passages))


def in_short(*outcomes: Benefit | Consequence) -> str:
    """Benefits and consequences in a few words, with the sentences once where they are the same."""
    by_sentence = groupby(outcomes, key=lambda each: sentences(each.passages))
    groups = ((places, [each.short_name for each in group]) for places, group in by_sentence)
    return "; ".join(f"{'; '.join(names)} ({places})" for places, names in groups)


def named(names: Iterable[str], answer: Answer) -> str:
    """Facts, traits and readings by their labels."""
    questions = {each.name: _lower(each.question) for each in answer.open_readings}
    labels = {**questions, **answer.labels}
    found = (labels.get(each, words(each)) for each in _folded(names, answer))
    return "; ".join(found) or "nothing"


def with_states(names: Iterable[str], answer: Answer) -> str:
    """Facts with their states: `assists the prosecution (not met)`."""
    by_state = grouped((answer.states.get(each, UNKNOWN), each) for each in names)
    groups = ((words(state), _folded(group, answer)) for state, group in by_state.items())
    return ", ".join(
        f"{named([each], answer)} ({state})" for state, group in groups for each in group
    )


def _folded(names: Iterable[str], answer: Answer) -> list[str]:
    """The names, with those that another one is short for replaced by it."""
    found = list(names)
    for short, members in answer.short_forms.items():
        if members <= set(found):
            at = min(map(found.index, members))
            found[at] = short
            found = [each for each in found if each not in members]
    return found


def requirement(condition: Condition) -> str:
    """Return the requirement in words: the act and its agent, or the state of affairs."""
    doer = condition.performed_by or ""
    required = condition.requirement
    if doer.endswith("victim"):
        return f"the victim would have to {required}"
    if condition.required_state == "not-met":
        return f"it must not be so that {required}"
    return required


def by_reading(outcome: Benefit | Consequence, answer: Answer, is_short: bool = False) -> str:
    """Return the outcomes by each way of reading the open questions, where these differ.

    A way that leaves the outcome undetermined is left out. A short text does not name the
    questions where there are several.
    """
    if outcome.by_reading is None:
        return ""
    readings = _deciding(outcome, outcome.by_reading, answer)
    several = len(readings) > 1
    clauses = [
        (status, f"read {name}ly".replace("wider", "wide").replace("narrower", "narrow")
         if several else clause(text))
        for name, status, text in zip(
            READINGS, outcome.by_reading, (readings[0].wider, readings[0].narrower), strict=True
        )
        if status != "undetermined"
    ]  # fmt: skip
    others = _other_readings(outcome, readings, answer)
    if others:
        clauses = [
            (status, text if status in UNCOVERED else _all_wide([*readings, *others]))
            for status, text in clauses
        ]
    outcomes = ", ".join(f"{status_words(status)} if {clause}" for status, clause in clauses)
    if several and is_short:
        return f"{outcomes} ({len(readings)} open questions)"
    if several or any(clause.startswith(PRONOUNS) for _, clause in clauses):
        return f"{' and '.join(_lower(each.question) for each in readings)}: {outcomes}"
    return outcomes


def _deciding(
    outcome: Benefit | Consequence, statuses: ByReading, answer: Answer
) -> list[OpenReading]:
    """The open readings that can lead to these statuses: of persons, where one is not covered."""
    readings = _open_readings(outcome, answer)
    is_about_persons = any(each in UNCOVERED for each in statuses)
    found = [each for each in readings if each.is_about_persons == is_about_persons]
    return found or readings


def _other_readings(
    outcome: Benefit | Consequence, deciding: list[OpenReading], answer: Answer
) -> list[OpenReading]:
    """The open readings that a person who is covered needs too, where others decide on persons."""
    if not all(each.is_about_persons for each in deciding):
        return []
    return [each for each in _open_readings(outcome, answer) if each not in deciding]


def _open_readings(outcome: Benefit | Consequence, answer: Answer) -> list[OpenReading]:
    return [each for each in answer.open_readings if each.name in outcome.open_readings]


def _all_wide(readings: list[OpenReading]) -> str:
    """All readings read widely, each by what it comes to where that can be read alone."""
    clauses = [clause(each.wider) for each in readings]
    if any(each.startswith(PRONOUNS) for each in clauses):
        return f"{len(readings)} open questions are read widely"
    return join(clauses)


def first_clause(note: str) -> str:
    """The first clause of a note: its first sentence, up to a semicolon."""
    return note.split(". ")[0].split(";")[0].rstrip(".")


def clause(reading: str) -> str:
    """The part before a colon: what a reading comes to, without its reason."""
    return _lower(reading.partition(":")[0].rstrip("."))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def step(each: Step, answer: Answer) -> str:
    """Return the next step in words, with its agent if stated."""
    benefits = [benefit for benefit in answer.benefits if benefit.name in each.benefits]
    names = in_short(*benefits)
    match each.kind:
        case "ask" if benefits:
            return f"find out whether this was so: {named(each.facts, answer)}; for {names}"
        case "ask":
            whole = "both" if len(each.facts) > 1 else "it"
            return f"ask for {join(map(words, each.facts))}: most of the answer depends on {whole}"
        case "identification":
            return f"identification (by whom is not stated): {names} depends on it"
        case _:
            [benefit] = benefits
            return f"for {names}: {_requirements(each, benefit)}"


def _requirements(step: Step, benefit: Benefit) -> str:
    """Return what would have to be so; of several ways, with the open questions on them."""
    conditions = [each for each in benefit.conditions if each.name in step.facts]
    if any(each.connective == "any-of" for each in conditions):
        either = _joined(map(requirement, conditions), "or")
        return f"{either}; whether one is enough is open" if benefit.may_need_all else either
    return _joined(map(requirement, conditions))


def concerns(each: Step, answer: Answer) -> list[str]:
    """The reports that stand beside a step, with their sentences."""
    return [
        f"{report.label} ({sentences(report.passages)})"
        for report in answer.practice
        if report.name in each.concerns
    ]


def _joined(requirements: Iterable[str], conjunction: str = "and") -> str:
    """The requirements, with a beginning that several share given once."""
    shared = "the victim would have to "
    own = list(dict.fromkeys(requirements))
    of_victim = [each.removeprefix(shared) for each in own if each.startswith(shared)]
    rest = [each for each in own if not each.startswith(shared)]
    return "; ".join([*([shared + join(of_victim, conjunction)] if of_victim else []), *rest])
