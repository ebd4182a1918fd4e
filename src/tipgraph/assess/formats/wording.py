"""How an assessment is put into words, in text and Markdown alike."""

from collections.abc import Iterable, Iterator, Mapping

from tipgraph.assess.evaluate import Change, Outcome
from tipgraph.assess.model import Answer, Benefit, Condition, Consequence
from tipgraph.namespaces import last_part

NONE = "nothing"
UNTOLD = "not told"
UNSURE = {
    "discretionary": "the text says that it is possible, not that it is given",
    "condition-met": "the text says that this is needed, not that it suffices",
}
OUTCOMES: dict[tuple[str, Outcome], str] = {
    ("status", None): "does not follow",
    ("final", True): "blocked for good",
    ("final", False): "blocked, which can still change",
    ("renewable", True): "still renewable",
    ("renewable", False): "no longer renewable",
    ("renewable", None): "renewable or not is unknown",
}
RENEWABLE = {
    None: "",
    True: ", which has not come",
    False: ", which has come, so no longer renewable",
}
UNITS = {"D": "days", "M": "months"}


def notice(answer: Answer) -> str:
    """What the answer is and what it is not, with source and year."""
    source = answer.source
    told = (
        f"No legal advice. This is what one source says of the law and practice of its year:"
        f" {source.label} ({source.publisher}), on {source.period}."
    )
    if source.complete:
        return told
    return f"{told} It was read in part: other norms and conditions may stand in what was not read."


def person(answer: Answer) -> Iterator[tuple[str, str]]:
    """The case, line by line: what is told, and what follows of categories."""
    case, labels = answer.case, answer.labels
    told = case.as_dict()
    yield "citizenship", ", ".join(labels[each] for each in told.get("citizenship", [])) or UNTOLD
    yield "age", UNTOLD if case.age is None else str(case.age)
    if case.unaccompanied is not None:
        yield "unaccompanied", "yes" if case.unaccompanied else "no"
    for key, title in (("met", "met"), ("notMet", "not met")):
        if key in told:
            yield title, ", ".join(labels[each] for each in told[key])
    yield "falls into", ", ".join(labels[each] for each in answer.categories)


def terms(rung: Benefit, labels: Mapping[str, str]) -> Iterator[str]:
    """What a rung gives, for how long, and who decides; nothing where it is not for the person."""
    if rung.status in ("not-stated", "not-applicable"):
        return
    given = ", ".join(labels.get(each, words(each)) for each in rung.grants)
    if given:
        yield f"allows: {given}" if rung.is_power else f"gives: {given}"
    if rung.duration:
        yield f"for {duration(rung)}"
    if rung.renewable_until:
        yield f"renewable until the {labels[rung.renewable_until]}{RENEWABLE[rung.renewable]}"
    decided = ", ".join(rung.decided_by)
    yield f"given or decided by {decided}" if decided else "who decides is not stated"


def turns(rung: Benefit, answer: Answer) -> Iterator[str]:
    """What is asked for and how that stands, what stands in the way, what is unknown."""
    if rung.status == "not-stated":
        yield "the text says this of another category of persons"
    if rung.status in ("not-stated", "not-applicable"):
        return
    either = [condition for condition in rung.conditions if condition.connective == "any-of"]
    for condition in rung.conditions:
        if condition not in either:
            yield _condition(condition)
    if either:
        yield f"one of these: {', or '.join(map(_condition, either))}"
    for way in rung.ways:
        yield f"with it: {way.label}: {words(way.status)}"
    if rung.status in UNSURE:
        yield UNSURE[rung.status]
    if rung.status == "blocked":
        yield "cannot change any more" if rung.final else "can still change"
        if rung.conditionality == "sufficient":
            yield "the text says that this would suffice; it names no other way"
    if rung.status == "undetermined":
        yield f"turns on: {named(dict.fromkeys((*rung.needs, *rung.left_open)), answer)}"
    yield from (f"note: {note}" for note in rung.notes)


def opening(rung: Benefit, answer: Answer) -> str:
    """What would have to be so, or not, of what stands in a rung's way or is unknown."""
    asked = dict.fromkeys((*rung.blocked_by, *rung.needs))
    return "; ".join(
        named([each], answer) + (" (must not be so)" if each in rung.unwanted else "")
        for each in asked
    )


def _condition(condition: Condition) -> str:
    wanted = "must not be so: " if condition.wanted == "not-met" else ""
    return f"{wanted}{condition.label}: {words(condition.state)}"


def consequence(each: Consequence, answer: Answer) -> str:
    """What a consequence turns on."""
    if each.status == "follows":
        return "follows, by the text"
    return f"may follow; it turns on: {named(each.needs, answer)}"


def named(names: Iterable[str], answer: Answer) -> str:
    """Facts, traits and readings by what people call them."""
    questions = {
        each.name: each.question[:1].lower() + each.question[1:] for each in answer.readings
    }
    called = {**questions, **answer.labels}
    return "; ".join(called.get(each, words(each)) for each in names) or NONE


def change(each: Change, answer: Answer) -> str:
    """What a change is of, and from what to what."""
    told: list[Benefit | Consequence] = [*answer.rungs, *answer.services, *answer.consequences]
    label = next((rung.label for rung in told if rung.name == each.name), "")
    before, after = (OUTCOMES.get((each.aspect, value)) or words(str(value))
                     for value in (each.before, each.after))  # fmt: skip
    return f"{each.name}: {before} → {after}" + (f" ({label})" if label else "")


def duration(rung: Benefit) -> str:
    """A duration in words."""
    if rung.is_for_good:
        return "good"
    if rung.duration is None or rung.duration == "indefinite":
        return "an indefinite time"
    return f"{rung.duration[1:-1]} {UNITS[rung.duration[-1]]}"


def words(code: str) -> str:
    """A code as words."""
    return last_part(code).replace("-", " ")
