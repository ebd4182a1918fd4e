"""Words and marks that order the figures of a sentence."""

from collections.abc import Sequence

from tipgraph_draft.tokens import DASHES, Token
from tipgraph_draft.words import word_phrases, word_set

MAX_FRAMES = 40
# Verbs of coming back.
RETURNS = {"repatriate", "return", "evacuate"}
PERCENT, PERSONS = "percent", "persons"
# Doubts about rows that rest on less than a verb and the name of a part.
IN_WORDS = "a part in the words of the source: see whether it divides those counted"
WITHOUT_VERB = "no verb says what was done with those counted"
AGENTS = word_set("marks_agents")
EVENTS = word_set("marks_events")
# Verbs between a part and its number.
COUNT_VERBS = {
    "numbered",
    "accounted",
    "totaled",
    "comprised",
    "constituted",
    "represented",
    "made",
}
# Verbs of a change that have both its figures after them.
CHANGES = {"rose", "increased", "decreased", "fell", "dropped", "declined", "grew"}
# Words that say that a person is in several parts.
OVERLAPS = ("more than one category", "more than one form", "more than one type",
    "multiple categories",
            "several categories", "multiple forms", "more than one group",
            "both categories")  # fmt: skip
PRIOR_MARKS = word_phrases("marks_prior_marks")
# Marks of these that set it beside a figure only right before it.
PLAIN_MARKS = {("from",), ("after",), ("following",), ("from", "a"), ("than",), ("than", "the"),
               ("than", "in"), ("double", "the"), ("twice", "the"), ("triple", "the")}  # fmt: skip
INCLUSION = word_phrases("marks_inclusion")
ZERO_VERBS = {"identify", "grant", "issue"}
ALL_WORDS = {"all", "both"}
REST_WORDS = {"remainder", "rest", "others", "remaining"}


def closing(tokens: Sequence[Token]) -> dict[int, int]:
    """The place of the closing mark by that of the opening one: parentheses and pairs of dashes."""
    found: dict[int, int] = {}
    opened: list[int] = []
    dashes: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.text == "(":
            opened.append(index)
        elif token.text == ")" and opened:
            found[opened.pop()] = index
        elif token.text in DASHES and not is_range(tokens, index):
            depth = len(opened)
            if depth in dashes:
                found[dashes.pop(depth)] = index
            else:
                dashes[depth] = index
    for start in dashes.values():
        stop = next((at for at in range(start + 1, len(tokens)) if tokens[at].text in {";", ")"}),
                    len(tokens) - 1 if tokens[-1].text in ".!?" else len(tokens))  # fmt: skip
        found[start] = stop
    return {start: end for start, end in found.items() if end > start}


def is_range(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a hyphen or an en dash joins two numbers; an em dash divides: `in 2019—12
    men`.
    """
    if tokens[index].text == "\u2014":
        return False
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return bool(
        before and after and before.end == tokens[index].start and after.start == tokens[index].end
        and before.text[-1].isdigit() and after.text[0].isdigit()
    )  # fmt: skip
