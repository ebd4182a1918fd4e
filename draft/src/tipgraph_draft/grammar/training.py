"""Training: who trained whom, on what, and how many."""

from collections.abc import Sequence

from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.subjects import actor_of, actor_text, agent_after
from tipgraph_draft.tokens import place_of, spaced, without_ends
from tipgraph_draft.words import NOUNS, PERSON_NOUNS, word_set

EVENTS = word_set("training_events")
GIVING = word_set("training_giving")
TRAINED = {"trained", "instructed"}
RECEIVING = {"received", "attended", "completed", "underwent", "participated"}
# Words near a training that did not take place, and before one that is no event.
DENIED = word_set("training_denied")
LACKING = {"lacked", "lack", "without", "insufficient", "inadequate", "no"}
NOT_TRAINED = word_set("not_trained")
TRAINED_STAFF = {"professionals", "staff", "counselors", "lawyers"}
OTHER_TRAINING = word_set("other_training")
PARTS_OF_TRAINING = {"program", "programs", "materials", "manual", "center", "module"}
AUDIENCES = {"enforcement", "authorities", "ngos"}
AUDIENCE_END = {"on", ";", "in", "to", "during", "about", "(", "."}
AROUND_NUMBERS = word_set("around_numbers")
TOPIC_WORDS = word_set("topic_words")
TOPIC_END = word_set("topic_end")
# The most words of an audience, and of a topic.
MAX_AUDIENCE, MAX_TOPIC = 24, 16


def read_training(sentence: Sentence, taken: Sequence[Finding]) -> list[Finding]:
    """The training that a sentence states; what is not reported, or did not happen, is none."""
    for at, token in enumerate(sentence.tokens):
        is_verb = token.lower in TRAINED and _is_trained(sentence, at)
        is_event = token.lower in EVENTS and _is_event(sentence, at)
        verb = at if is_verb else _giver(sentence, at) if is_event else None
        if verb is not None and _is_denied(sentence, verb, at, taken):
            if is_verb:
                return []
        elif verb is not None:
            return [_finding(sentence, verb, at, *_persons(sentence, verb, at), taken)]
    return []


def _is_denied(sentence: Sentence, verb: int, event: int, taken: Sequence[Finding]) -> bool:
    """Return whether a training did not take place, or nothing says that it did."""
    gaps = (each for each in taken if each.kind in {"non-report", "absence"})
    before, after = sentence.word_list(verb - 4, verb), sentence.word_list(verb, event + 3)
    is_denied = DENIED & {*before} or LACKING & {*after}
    return bool(is_denied) or any(each.first <= verb <= each.last + 8 for each in gaps)


def _is_trained(sentence: Sentence, at: int) -> bool:
    """Return whether `trained` is what somebody did, and not what those counted are."""
    before, following = sentence.word(at - 1), sentence.word(at + 1)
    return before not in NOT_TRAINED and (following not in TRAINED_STAFF or before == "government")


def _is_event(sentence: Sentence, at: int) -> bool:
    word, following = sentence.word(at), sentence.word(at + 1)
    if word in {"session", "sessions", "course", "courses"}:
        near = {*sentence.word_list(max(0, at - 3), at)}
        return bool(near & {"training", "awareness", "online"})
    return following not in PARTS_OF_TRAINING and sentence.word(at - 1) not in OTHER_TRAINING


def _giver(sentence: Sentence, at: int) -> int | None:
    """The verb that says that it took place."""
    for index in range(at - 1, max(-1, at - 14), -1):
        if sentence.word(index) == ";":
            return None
        if sentence.word(index) in GIVING:
            return index
    return None


def _persons(sentence: Sentence, verb: int, at: int) -> tuple[str, str]:
    """The audience and the trainer of a training, or of `trained`, at a place."""
    if verb == at and sentence.word(at - 1) in {"were", "was", "been"}:
        return _audience_before(sentence, at - 1), _agent(sentence, at, "by")
    if verb == at:
        return _audience_after(sentence, at + 1), actor_of(sentence.tokens, at)
    if sentence.word(verb) in RECEIVING:
        audience = actor_of(sentence.tokens, verb) or _audience_before(sentence, verb)
        return audience, _agent(sentence, at, "from") or _agent(sentence, at, "by")
    return _audience_of(sentence, at), actor_of(sentence.tokens, verb)


def _finding(
    sentence: Sentence,
    verb: int,
    at: int,
    audience: str,
    trainer: str,
    taken: Sequence[Finding],
) -> Finding:
    first, last = min(verb, at), max(verb, at)
    figures = [each for each in taken if each.kind == "figure" and each.stage == "trained"]
    persons = [each for each in figures if each.unit == "persons"]
    number = next(iter([*persons, *figures]), None)
    stated = [each for each in sentence.periods if not each.is_earlier]
    begin = max(0, first - 4)
    return Finding(
        kind="training",
        sentence=sentence,
        first=begin,
        last=min(max(last + 2, begin + 6), len(sentence.tokens) - 1, begin + 11),
        place=sentence.tokens[first].start,
        indicator=f"training {_topic(sentence, at + 1)}".strip(),
        stage="trained",
        period=stated[0].text if stated else "",
        value=number.value if number is not None else None,
        unit=number.unit if number is not None else "",
        qualifier=number.qualifier if number is not None else "",
        counted_by=trainer,
        recipient=audience,
        rules=["training-verb" if first == last else "training-noun"],
        is_derived=number is not None,
    )


# ── Who and what ────────────────────────────────────────────────────────────────────────────────


def _agent(sentence: Sentence, at: int, word: str) -> str:
    return agent_after(sentence.tokens, at + 1, len(sentence.tokens), word)


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


def _audience_of(sentence: Sentence, at: int) -> str:
    """After the noun: `training for police`, `training to 40 officers`."""
    for index in range(at + 1, min(at + 18, len(sentence.tokens))):
        is_purpose = sentence.word(index + 1) in {"identify", "improve", "recognize"}
        if sentence.word(index) in {"for", "to"} and not is_purpose:
            audience = _audience_after(sentence, index + 1)
            if audience:
                return audience
        if sentence.word(index) == ";":
            break
    return ""


def _topic(sentence: Sentence, start: int) -> str:
    """Return what it was on: the words after `on`, a list too."""
    dates = {place for each in sentence.periods for place in (each.first, each.first - 1)}
    stop = place_of(sentence.tokens, {";"}, start)
    for at in range(start, min(start + 26, stop)):
        following = sentence.word(at + 1)
        is_topic = following.endswith("ing") or following in TOPIC_WORDS
        if sentence.word(at) in {"on", "in"} and is_topic and at + 1 not in dates:
            words: list[str] = []
            for token in sentence.tokens[at + 1 : at + 1 + MAX_TOPIC]:
                place = at + 1 + len(words)
                if token.lower in TOPIC_END or (token.lower == "in" and place in dates):
                    break
                words.append(token.text)
            topic = spaced(without_ends(words, {",", "and", "the", "in", "to"}))
            return f"on {topic}" if topic else ""
    return ""
