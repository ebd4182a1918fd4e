"""Training: who trained whom, on what, and how many."""

from collections.abc import Sequence

from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.subjects import actor_of, actor_text, agent_after, is_infinitive
from tipgraph_draft.tokens import place_of, spaced, without_ends
from tipgraph_draft.words import NOUNS, PERSON_NOUNS, word_set

EVENTS = word_set("training_events")
GIVING = word_set("training_giving")
TRAINED = {"trained", "instructed"}
RECEIVING = {"received", "attended", "completed", "underwent", "participated"}
# Words near a training that did not take place, and beside one that is no event.
DENIED = word_set("training_denied")
NOT_TRAINED = word_set("not_trained")
TRAINED_STAFF = {"professionals", "staff", "counselors", "lawyers"}
NO_EVENT = word_set("other_training") | {"program", "programs", "materials", "manual", "module"}
AUDIENCES = {"enforcement", "authorities", "ngos"}
AUDIENCE_END = {"on", ";", "in", "to", "during", "about", "(", "."}
AROUND_NUMBERS = word_set("around_numbers")
TOPIC_END = word_set("topic_end")
# The most words of an audience, of a topic, and from a verb to its training.
MAX_AUDIENCE, MAX_TOPIC, MAX_BACK = 24, 16, 14


def read_training(sentence: Sentence, taken: Sequence[Finding]) -> list[Finding]:
    """The training that a sentence states; what is not reported, or did not happen, is none."""
    for at, token in enumerate(sentence.tokens):
        verb = None
        if token.lower in TRAINED and _is_act(sentence, at):
            verb = at
        elif token.lower in EVENTS and not NO_EVENT & {*sentence.word_list(at - 1, at + 2)}:
            verb = _giver(sentence, at)
        if verb is not None:
            is_denied = _is_denied(sentence, verb, at, taken)
            return [] if is_denied else [_finding(sentence, verb, at, taken)]
    return []


def _is_act(sentence: Sentence, at: int) -> bool:
    """Return whether `trained` is what somebody did, and not what those counted are."""
    return sentence.word(at - 1) not in NOT_TRAINED and sentence.word(at + 1) not in TRAINED_STAFF


def _is_denied(sentence: Sentence, verb: int, event: int, taken: Sequence[Finding]) -> bool:
    """Return whether a training did not take place, or nothing says that it did."""
    gaps = (each for each in taken if each.kind in {"non-report", "absence"})
    is_denied = bool(DENIED & {*sentence.word_list(verb - 4, event + 3)})
    return is_denied or any(each.first <= verb <= each.last + 8 for each in gaps)


def _giver(sentence: Sentence, at: int) -> int | None:
    """The verb that says that it took place."""
    words = sentence.word_list(0, at)
    back = range(at - 1, max(-1, at - MAX_BACK), -1)
    return next((each for each in back if words[each] in GIVING and ";" not in words[each:]), None)


def _finding(sentence: Sentence, verb: int, at: int, taken: Sequence[Finding]) -> Finding:
    figures = [each for each in taken if each.kind == "figure" and each.stage == "trained"]
    persons = [each for each in figures if each.unit == "persons"]
    number = next(iter([*persons, *figures]), None)
    stated = [each for each in sentence.periods if not each.is_earlier]
    begin = max(0, verb - 4)
    audience, trainer = _persons(sentence, verb, at)
    return Finding(
        kind="training",
        sentence=sentence,
        first=begin,
        last=min(max(at + 2, begin + 6), len(sentence.tokens) - 1, begin + 11),
        place=sentence.tokens[verb].start,
        indicator=f"training {_topic(sentence, at + 1)}".strip(),
        stage="trained",
        period=stated[0].text if stated else "",
        value=number.value if number is not None else None,
        unit=number.unit if number is not None else "",
        qualifier=number.qualifier if number is not None else "",
        counted_by=trainer,
        recipient=audience,
        rules=["training-verb" if verb == at else "training-noun"],
        is_derived=number is not None,
    )


# ── Who and what ────────────────────────────────────────────────────────────────────────────────


def _persons(sentence: Sentence, verb: int, at: int) -> tuple[str, str]:
    """The audience and the trainer of a training, or of `trained`, at a place."""
    tokens, is_passive = sentence.tokens, sentence.word(verb - 1) in {"were", "was", "been"}
    if verb == at and is_passive:
        return _audience_before(sentence, at - 1), agent_after(tokens, at + 1, len(tokens))
    if sentence.word(verb) in RECEIVING:
        return _audience_before(sentence, verb), agent_after(tokens, at + 1, len(tokens), "from")
    if verb == at:
        return _audience_after(sentence, at + 1), actor_of(tokens, verb)
    # `training for police`, `training to 40 officers`, but `training to identify victims`
    for place in range(at + 1, min(at + MAX_BACK, place_of(tokens, {";"}, at))):
        if sentence.word(place) in {"for", "to"} and not is_infinitive(tokens, place):
            return _audience_after(sentence, place + 1), actor_of(tokens, verb)
    return "", actor_of(tokens, verb)


def _without_number(sentence: Sentence, start: int, end: int) -> str:
    numbers = {at for each in sentence.numerals for at in range(each.first, each.last + 1)}
    left = [sentence.tokens[at] for at in range(start, end) if at not in numbers]
    while left and left[0].lower in AROUND_NUMBERS:
        left.pop(0)
    return actor_text(left, 0, len(left))


def _audience_before(sentence: Sentence, end: int) -> str:
    start = end
    while start > 0 and sentence.word(start - 1) not in {",", ";", "that", "(", ")"}:
        start -= 1
    return _without_number(sentence, start, end)


def _audience_after(sentence: Sentence, start: int) -> str:
    last = None
    for at in range(start, min(start + MAX_AUDIENCE, len(sentence.tokens))):
        word = sentence.word(at)
        if NOUNS.get(word) in PERSON_NOUNS or word in AUDIENCES:
            last = at
        elif word in AUDIENCE_END or word.endswith("ed"):
            break
    return _without_number(sentence, start, last + 1) if last is not None else ""


def _topic(sentence: Sentence, start: int) -> str:
    """Return what it was on: the words after `on`, a list too, up to a date."""
    dates = {place for each in sentence.periods for place in (each.first, each.first - 1)}
    at = place_of(sentence.tokens, {"on", ";"}, start)
    words: list[str] = []
    for place in range(at + 1, min(at + 1 + MAX_TOPIC, len(sentence.tokens))):
        if sentence.word(place) in TOPIC_END or place in dates:
            break
        words.append(sentence.tokens[place].text)
    topic = spaced(without_ends(words, {",", "and", "the", "in", "to"}))
    return f"on {topic}" if topic and sentence.word(at) == "on" else ""
