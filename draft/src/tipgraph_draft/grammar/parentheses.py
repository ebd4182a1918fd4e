"""Numbers in parentheses: what earlier ones belong to, and what names one before it."""

from tipgraph_draft.grammar.builder import part_row
from tipgraph_draft.grammar.marks import PERCENT
from tipgraph_draft.grammar.mentions import clause_stop
from tipgraph_draft.grammar.rows import Row, Scope
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.labels import Label, labels_in

# The most words from a name to its number.
MAX_NAME = 12
# Words for a share, whose name stands after the number: `the majority (60) were women`.
SHARES = {"majority", "most", "half", "many", "few", "some", "all", "quarter", "third"}


def parenthesis_hosts(
    state: SentenceState, inner: list[int], outer: Scope, last: Row | None
) -> list[Row]:
    """The current figures that the earlier ones in parentheses belong to, by place."""
    count = len(inner)
    recent = [each for each in outer.clause if not each.is_prior and not each.is_derived]
    if last is not None and last.is_derived and last.parent is not None:
        last = last.parent
    first = state.mentions[inner[0]]
    total = state.frame.total if state.frame is not None else None
    whole = (
        first.phrase is not None
        and not first.phrase.labels
        and state.word(first.end) not in {"of", "to"}
    )
    divided = any(
        state.word(at) in {"including", ":"} for at in range(first.end, _close_of(state, inner[0]))
    )
    if total is not None and whole and divided and total.sentence is state.sentence:
        return [total]
    if count > 1 and len(recent) >= count and not _have_own_years(state, inner):
        return recent[-count:]
    return [last] if last else []


def _have_own_years(state: SentenceState, inner: list[int]) -> bool:
    """Return whether each number in parentheses has a year of its own.

    One figure's earlier years.
    """
    ends = [*inner[1:], _close_of(state, inner[0])]
    years = [
        next((state.periods[at].text for at in sorted(state.periods) if start < at < end), "")
        for start, end in zip(inner, ends, strict=True)
    ]
    return all(years) and len(set(years)) == len(years)


def _close_of(state: SentenceState, at: int) -> int:
    """The end of the parentheses around a place."""
    return min(
        (end for start, end in state.closing.items() if start < at < end), default=len(state.tokens)
    )


def read_named_number(
    state: SentenceState, index: int, end: int, inner: list[int], outer: Scope, parent: Row | None
) -> bool:
    """Read `Germany (131)`, `UK citizens (3,560)`: a number named by what is before it."""
    frame = state.frame
    if len(inner) != 1 or frame is None or not _is_number_alone(state, index, end, inner[0]):
        return False
    start = _name_start(state, index)
    after = labels_in(state.tokens, end + 1, clause_stop(state, end + 1))
    labels = labels_in(state.tokens, start, index) or _names_before(state, start, index)
    if not labels and any(state.word(at) in SHARES for at in range(start, index)):
        labels = after
    if not labels:
        return False
    mention = state.mentions[inner[0]]
    clause = max((at + 1 for at in range(start) if state.word(at) == ";"), default=0)
    subject: list[Label] = []
    if len(labels) > 1 and labels != after and labels[-1].axis == "nationality":
        labels = labels[-1:]
    if not any(clause <= at < start for at in state.mentions if state.word(at - 1) != "("):
        subject = [each for each in labels_in(state.tokens, clause, index) if each not in labels
                   and each.axis != "nationality"]  # fmt: skip
    if mention.unit == PERCENT and len(labels) > 1 and labels == after:
        subject, labels = labels[:-1], labels[-1:]
        outer.base_labels = subject
    if outer.rows and outer.rows[-1].last >= start and not outer.rows[-1].is_total:
        return False
    row = part_row(state, mention, [*subject, labels[-1]], outer, parent, frame)
    row.rules.append("part-before-parenthesis")
    return True


def _is_number_alone(state: SentenceState, index: int, end: int, at: int) -> bool:
    """Return whether parentheses have a number, which is no year, and no other words."""
    mention = state.mentions[at]
    return (
        mention.value is not None
        and at not in state.periods
        and all(mention.first <= each < mention.after for each in range(index + 1, end))
    )


def _name_start(state: SentenceState, index: int) -> int:
    """Return where the words before a parenthesis begin that may name its number."""
    start = index
    while start > 0 and index - start < MAX_NAME:
        word = state.word(start - 1)
        is_number = start - 1 in state.by_token and word != "half"
        if is_number or word in {",", ";", "(", ")", ":"}:
            break
        start -= 1
    return start


def _names_before(state: SentenceState, start: int, index: int) -> list[Label]:
    """Names of countries before a parenthesis: `from Germany (131) and Romania (68)`."""
    at = index
    while at > start and state.tokens[at - 1].is_word and state.tokens[at - 1].is_capitalised:
        at -= 1
    if at == index:
        return []
    name = " ".join(each.text for each in state.tokens[at:index])
    return [Label(name, "nationality")]
