"""The clause of what is not reported: who did not, and where its object ends."""

from collections.abc import Sequence

from tipgraph_draft.grammar.subjects import actor_text, without_adverbs
from tipgraph_draft.number_classes import NumberClass
from tipgraph_draft.numerals import Numeral
from tipgraph_draft.periods import DatedSentence
from tipgraph_draft.tokens import Sentence, spaced, without_ends
from tipgraph_draft.words import AUXILIARIES, PAST_SPEECH, PAST_VERBS, SPEECH, VERBS, word_set

# Words between a subject and its verb.
BEFORE_VERB = AUXILIARIES | {"also", "again", "still"}
CLAUSE_MARKS = word_set("clauses_clause_marks")
OBJECT_END = word_set("clauses_object_end")
AFTER_COMMA = word_set("clauses_after_comma")
# Words that no indicator ends or begins with.
OPEN_ENDS = {",", ".", "in", "the", "and", "during", "for", "or", "nor"}
OPEN_BEGINNINGS = {"the", "on", ",", "any", "that"}


class GapSentence(DatedSentence):
    """A sentence with its periods, and the last of those who did not report something in it."""

    def __init__(
        self, sentence: Sentence, found: Sequence[Numeral], classes: Sequence[NumberClass]
    ) -> None:
        super().__init__(sentence, found, classes)
        self.last_subject = ""

    def indicator(self, start: int, end: int) -> str:
        """The words from a place to another, without those that only join them to others."""
        words = [each.text for each in self.tokens[start:end]]
        return spaced(without_ends(words, OPEN_ENDS, OPEN_BEGINNINGS))


def subject_before(sentence: GapSentence, at: int) -> str:
    """Return who is the subject of a verb at a place, by name where a pronoun stands for it."""
    start = clause_start(sentence, at)
    end = without_adverbs(sentence.tokens, at, BEFORE_VERB, start)
    found = actor_text(sentence.tokens, start, end)
    if found == "nor":
        return sentence.last_subject
    if found in {"it", "they"}:
        earlier = _first_subject(sentence, is_regular_verb=True)
        return earlier if earlier and earlier not in {"it", "they"} else found
    if found:
        return found
    if sentence.word(start - 1) in {"and", "but", ","} or start == end:
        return _first_subject(sentence)
    return sentence.last_subject


def _first_subject(sentence: GapSentence, is_regular_verb: bool = False) -> str:
    """The subject of the first verb that the grammar knows, or that ends in -ed."""
    verb = next(
        (
            at
            for at, each in enumerate(sentence.tokens)
            if each.lower in VERBS
            or each.lower in AUXILIARIES
            or (is_regular_verb and each.lower.endswith("ed"))
        ),
        0,
    )
    return actor_text(sentence.tokens, 0, verb)


def clause_start(sentence: GapSentence, at: int) -> int:
    """Return where the clause before a place begins."""
    start = at
    while start > 0:
        word = sentence.word(start - 1)
        if word in PAST_SPEECH or word in CLAUSE_MARKS:
            break
        if word == "and" and any(
            each in AUXILIARIES or each in VERBS or each in SPEECH
            for each in sentence.word_list(max(0, start - 12), start - 1)
        ):
            break
        start -= 1
    return start


def object_end(sentence: GapSentence, start: int) -> int:
    """Return where the object that begins at a place ends."""
    last = len(sentence.tokens) - 1
    for at in range(start, last + 1):
        word = sentence.word(at)
        if word in OBJECT_END or (at == last and word in {".", "!", "?"}):
            return at
        if word == "," and _ends_object(sentence, at):
            return at
    return last + 1


def _ends_object(sentence: GapSentence, comma: int) -> bool:
    """Return whether a clause, and not more of an object, follows a comma."""
    word, following = sentence.word(comma + 1), sentence.word(comma + 2)
    if word == "nor":
        return following == "did"
    if word == "and":
        return _has_verb(sentence, comma + 2)
    if word == "as":
        return following in {"in", "it"}
    return word in AFTER_COMMA


def _has_verb(sentence: GapSentence, at: int) -> bool:
    """Return whether a verb follows within a few words."""
    return any(
        each in AUXILIARIES or each in PAST_VERBS or each in PAST_SPEECH
        for each in sentence.word_list(at, at + 8)
    )
