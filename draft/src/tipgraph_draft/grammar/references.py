"""Numbers given before, and years that cover more than the words around them."""

from tipgraph_draft.grammar.builder import introduce_total, is_divided_anew
from tipgraph_draft.grammar.currents import return_to_frame
from tipgraph_draft.grammar.mentions import clause_stop, next_mention
from tipgraph_draft.grammar.rows import Mention, Row, Scope
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.labels import labels_in
from tipgraph_draft.number_classes import COUNT, OTHER, REPEATED, NumberClass
from tipgraph_draft.periods import Period


def set_reference(
    state: SentenceState,
    mention: Mention,
    parents: list[Row | None],
    scope: Scope,
    before: tuple[int, int],
) -> bool:
    """A number that was given before; parts that follow are parts of it."""
    at = state.by_token.get(mention.number)
    if at is not None and state.classes[at].name == COUNT:
        known = mention.phrase is not None or state.word(mention.after) in {
            ".",
            ",",
            ";",
            "were",
            "was",
        }
        state.classes[at] = (
            NumberClass(REPEATED) if known else NumberClass(OTHER, "counts something else")
        )
    introduces = state.word(before[1] - 1) in {"of", "among"} or state.word(
        mention.number - 2) in {"of", "among"}  # fmt: skip
    if introduces:
        return_to_frame(state, mention.value)
    given = state.frame.current if state.frame is not None else []
    # `All of the victims were women` repeats the total, and divides nothing.
    named = [each for each in given if each.value == mention.value and not each.is_derived]
    if introduces and named:
        del parents[1:]
        whole = named[-1].is_total or is_divided_anew(state, named[-1])
        parents.append(None if whole else named[-1])
        state.divided = parents[-1]
    elif introduces and mention.phrase is not None and mention.value is not None:
        introduce_total(state, mention, scope, mention.end)
    elif not given and _is_divided(state, mention):
        return introduce_total(state, mention, scope, mention.end) is not None
    return introduces


def _is_divided(state: SentenceState, mention: Mention) -> bool:
    """Return whether `The 74 victims authorities identified in 2023 included` begins a list."""
    if mention.phrase is None or not mention.phrase.is_person or mention.first > 2:
        return False
    stop = next_mention(state, mention.end)
    return stop is not None and any(
        state.word(at) in {"included", "comprised", "include"} for at in range(mention.end, stop)
    )


def is_of_all(state: SentenceState, mention: Mention) -> bool:
    """Return whether `The three victims were adult women` says of all of them what they are."""
    stop = clause_stop(state, mention.end)
    return (
        mention.phrase is not None
        and not mention.phrase.labels
        and state.word(mention.number - 1) == "the"
        and state.word(mention.end) in {"were", "was"}
        and bool(labels_in(state.tokens, mention.end, stop))
        and state.frame is not None
        and any(each.value == mention.value for each in state.frame.current)
    )


def set_earlier(state: SentenceState, row: Row) -> None:
    """`During the previous year, it identified 15 victims`: an earlier figure in its clause."""
    hosts = [
        each
        for frame in reversed(state.frames)
        for each in frame.current
        if each is not row and each.unit == row.unit
    ]
    if row.is_prior or not hosts or "headline-before" not in row.rules:
        return
    row.is_prior = True
    stage = row.predicate.stage if row.predicate else ""
    row.host = next(
        (
            each
            for each in hosts
            if each.path == row.path and each.predicate and stage in each.predicate.stage
        ),
        None,
    )
    row.period, row.period_from, row.note = "", "", "previous year"
    row.rules.append("earlier-headline")


def period_after_parentheses(state: SentenceState, at: int) -> Period | None:
    """The year after parentheses: `33 victims (20 women and 13 men) in 2016`."""
    close = state.closing.get(at)
    if close is None or state.word(at) != "(" or state.word(close + 1) not in {"in", "during"}:
        return None
    return state.periods.get(close + 2)


def fronted_year(state: SentenceState) -> Period | None:
    """The year at the head of a sentence that begins with parts: `In 2019, 24 were men; …`."""
    found = state.periods.get(1)
    is_fronted = found is not None and state.word(found.last + 1) == ","
    begins = found is not None and found.last + 2 in state.mentions
    return found if is_fronted and begins and state.word(0) == "in" else None
