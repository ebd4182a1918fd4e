"""The reading of one sentence from left to right, with the scopes within it."""

from tipgraph_draft.grammar.builder import (
    is_earlier,
    is_prior_mark,
    keep_row,
    later_period,
    leading_period,
    period_in,
    set_period,
)
from tipgraph_draft.grammar.currents import current_row, is_actor
from tipgraph_draft.grammar.derived import divide_zero, read_apposition
from tipgraph_draft.grammar.marks import (
    INCLUSION,
    OVERLAPS,
    PERCENT,
    PLAIN_MARKS,
    PRIOR_MARKS,
    ZERO_VERBS,
)
from tipgraph_draft.grammar.mentions import next_mention
from tipgraph_draft.grammar.parallel_lists import pair_with_agents, pair_with_years
from tipgraph_draft.grammar.parentheses import parenthesis_hosts, read_named_number
from tipgraph_draft.grammar.predicates import predicate_before
from tipgraph_draft.grammar.priors import earlier_row
from tipgraph_draft.grammar.references import (
    fronted_year,
    is_of_all,
    period_after_parentheses,
    set_earlier,
    set_reference,
)
from tipgraph_draft.grammar.rows import Mention, Row, Scope, Surroundings
from tipgraph_draft.grammar.sentence_forms import read_change, read_numbers_of
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import actor_text
from tipgraph_draft.labels import labels_in
from tipgraph_draft.periods import Period
from tipgraph_draft.tokens import place_of
from tipgraph_draft.words import FINITE_VERBS, VERBS


def read_figures(state: SentenceState) -> list[Row]:
    """The figures in the order in which they are read."""
    main = Scope("main", len(state.tokens), is_prior=False, parent=None)
    begin = _end_of_leading_comparison(state)
    if begin:
        # `Compared with 77 victims in 2020, authorities identified 69`: the main clause first.
        _read_scope(state, begin, main)
        if state.frame is not None and main.rows:
            earlier = Scope("main", begin, True, None, hosts=[main.rows[0]])
            _read_scope(state, 2, earlier)
    elif not read_change(state, main) and not read_numbers_of(state, main):
        _read_scope(state, 0, main)
    pair_with_years(state.rows, state.tokens, list(state.periods.values()))
    pair_with_agents(state.rows, state.tokens)
    _add_doubts(state)
    _add_speaker(state)
    return state.rows


def _end_of_leading_comparison(state: SentenceState) -> int:
    """Return where the main clause begins after `Compared with … ,`; 0 if nothing is before it."""
    if (state.word(0), state.word(1)) not in {("compared", "with"), ("compared", "to")}:
        return 0
    commas = [at for at in range(2, len(state.tokens)) if state.word(at) == ","]
    return next((at + 1 for at in commas if any(each < at for each in state.mentions)), 0)


def _add_doubts(state: SentenceState) -> None:
    """Add what the sentence as a whole says against its figures."""
    words = " ".join(each.lower for each in state.tokens)
    if any(each in words for each in OVERLAPS):
        for row in state.rows:
            if row.path:
                row.doubts.append("categories overlap")
    for row in state.rows:
        row.doubts += [f"typing error in the source: {each}" for each in state.errors]


def _add_speaker(state: SentenceState) -> None:
    """Let those after `According to` say the figures of the sentence."""
    at = next((at for at in range(len(state.tokens)) if state.word(at) == "according"), None)
    if at is None or state.word(at + 1) != "to":
        return
    stop = place_of(state.tokens, {",", ";", "."}, at + 2)
    speaker = actor_text(state.tokens, at + 2, stop)
    for row in state.rows:
        if speaker and not row.speaker:
            row.speaker, row.act = speaker, "reports"


def _read_scope(state: SentenceState, start: int, scope: Scope) -> None:
    """Read the mentions from a place to the scope's end, with the scopes within it."""
    index = prefix = start
    base_prior = scope.is_prior
    parents: list[Row | None] = [scope.parent]
    while index < scope.end:
        if index in state.closing:
            has_mentions = _read_inner(state, index, scope, parents[-1])
            index = state.closing[index] + 1
            prefix = index if has_mentions else prefix
            continue
        word = state.word(index)
        if word in {";", ":"}:
            scope.is_prior, scope.hosts, scope.clause = base_prior, [], []
            scope.base_labels = []
            parents = [scope.parent]
            if word == ";" and state.divided is not None:
                parents.append(state.divided)
            if word == ":" and scope.rows:
                parents = [scope.rows[-1]]
            index = prefix = index + 1
            scope.year = fronted_year(state) if word == ";" else scope.year
            continue
        mention = state.mentions.get(index)
        if mention is not None and mention.number < scope.end:
            split = _read_mention(state, mention, prefix, scope, parents)
            index, prefix = max(mention.end, index + 1), split
            continue
        size = _prior_mark(state, index, scope)
        if size:
            _begin_prior(state, scope, parents)
            index = prefix = index + size
            continue
        size = _inclusion(state, index, scope)
        if size:
            last = scope.rows[-1] if scope.rows else None
            if state.word(index) in {"of", "among"} and state.word(index + 1) in {
                "these", "those"
            }:  # fmt: skip
                parents = [None]
            elif last is not None:
                parents = [*parents, last]
            index = prefix = index + size
            continue
        index += 1


def _read_inner(state: SentenceState, index: int, outer: Scope, parent: Row | None) -> bool:
    """Read a scope in parentheses or between dashes; false if there is no figure in it."""
    end = state.closing[index]
    inner = [at for at in state.mentions if index < at < end]
    if not inner:
        return False
    last = outer.rows[-1] if outer.rows and _adjoins(state, outer.rows[-1], index) else None
    is_paren = state.word(index) == "("
    stated = [each for at, each in state.periods.items() if index < at < end]
    earlier = any(is_earlier(state, each, last) for each in stated)
    outside = next((each for each in state.periods.values() if each.last == index - 1), None)
    if (
        len(inner) == 1
        and not stated
        and outside is not None
        and is_earlier(state, outside, last)
        and (
            state.word(outside.first - 1) == "in"
            and state.word(outside.first - 2) in {"than", "as"}
        )
    ):
        # `fewer than in 2018 (22)`
        earlier, stated = True, [outside]
    if is_paren and read_named_number(state, index, end, inner, outer, parent):
        return True
    kind = "paren" if is_paren else "dash"
    scope = Scope(kind, end, outer.is_prior or (earlier and is_paren), last or parent)
    if scope.is_prior and not outer.is_prior:
        scope.hosts = parenthesis_hosts(state, inner, outer, last)
        scope.parent = None
    if outer.is_prior:
        scope.hosts = [last] if last else outer.hosts
    trailing = [each for each in stated if not each.is_earlier]
    scope.year = trailing[-1] if len(trailing) == 1 and scope.is_prior else None
    _read_scope(state, index + 1, scope)
    if kind == "dash" and not scope.is_prior:
        outer.rows.extend(scope.rows)
    return True


def _adjoins(state: SentenceState, row: Row, index: int) -> bool:
    """Return whether nothing but the words of the row stands before an opening mark."""
    return not any(each.text in {";"} for each in state.tokens[max(row.last, 0) : index])


def _prior_mark(state: SentenceState, index: int, scope: Scope) -> int:
    """The number of words of a mark at this place after which earlier figures follow."""
    if not scope.rows and not (state.frame and state.frame.rows and scope.kind == "main"):
        return 0
    for mark in PRIOR_MARKS:
        if tuple(state.word(index + at) for at in range(len(mark))) != mark:
            continue
        following = next_mention(state, index + len(mark))
        if following is None:
            return 0
        gap = following - index - len(mark)
        if mark in PLAIN_MARKS:
            if not _is_plain_prior(state, index, index + len(mark), following, scope):
                return 0
        elif gap > 14:
            return 0
        return len(mark)
    return 0


def _is_plain_prior(
    state: SentenceState, index: int, after: int, following: int, scope: Scope
) -> bool:
    """Return whether `from 12 in 2019`, `than the 12 victims in 2019` gives an earlier figure."""
    mention = state.mentions[following]
    near = 1 if state.word(index) == "from" else 4
    if following - after > near or mention.unit == PERCENT or not scope.rows:
        return False
    stated = [each for at, each in state.periods.items() if following < at < following + 12]
    last = scope.rows[-1]
    if not any(is_earlier(state, each, last) for each in stated):
        return False
    words = {state.word(at) for at in range(max(0, index - 6), index)}
    change = {"increase", "decrease", "increased", "decreased", "up", "down", "rise", "drop",
              "decline", "more", "fewer", "less", "higher", "lower", "compared", ",",
              "reduction"}  # fmt: skip
    return bool(words & change) or state.word(index) in {"double", "twice", "triple"}


def _begin_prior(state: SentenceState, scope: Scope, parents: list[Row | None]) -> None:
    """The figures that earlier ones after this mark are compared with."""
    scope.is_prior = True
    current = [each for each in scope.clause if not each.is_prior]
    if not current and state.frame is not None:
        current = state.frame.current
    heads = [each for each in current if each.host is None]
    total = next((each for each in reversed(heads) if each.is_total), None)
    if total is not None:
        scope.hosts = [total]
    elif heads and all(each is heads[0] or _is_within(each, heads[0]) for each in heads):
        # `860 foreign victims, including 843 adults, compared with 196`
        scope.hosts = [heads[0]]
    else:
        scope.hosts = current
    del parents[1:]


def _inclusion(state: SentenceState, index: int, scope: Scope) -> int:
    for words in INCLUSION:
        if tuple(state.word(index + at) for at in range(len(words))) == words:
            following = next_mention(state, index + len(words))
            if following is None or not (scope.rows or state.frame):
                return 0
            gap = following - index - len(words)
            if words in {("with",), ("included",), ("involving",)} and gap > 0:
                return 0
            if words == ("with",) and not _is_with_list(state, index, following):
                return 0
            if words[0] in {"of", "among"} and (gap > 3 or state.word(index + 2) in VERBS):
                return 0
            return len(words) if gap <= 6 else 0
    return 0


def _is_with_list(state: SentenceState, index: int, following: int) -> bool:
    """Return whether `, with 583 in 2020` or `, with five children` adds a part."""
    mention = state.mentions[following]
    if state.word(index - 1) != ",":
        return False
    return mention.phrase is None or bool(mention.phrase.labels)


def _read_mention(
    state: SentenceState, mention: Mention, prefix: int, scope: Scope, parents: list[Row | None]
) -> int:
    """Make the row of a mention; returns where the words before the next one begin."""
    stop = _next_event(state, mention.end, scope)
    split = _split(state, mention.end, stop, scope)
    number = mention.number + (1 if state.word(mention.number) in ZERO_VERBS else 0)
    before = (prefix, number if mention.kind == "any" else mention.first)
    after = (mention.end, split)
    own = period_in(state, *after) or period_after_parentheses(state, split)
    leading = leading_period(state, before)
    if leading is not None:
        scope.year = leading
    if mention.is_reference and not scope.is_prior and is_of_all(state, mention):
        mention.kind, mention.is_reference = "all", False
    if mention.is_reference and not scope.is_prior:
        if set_reference(state, mention, parents, scope, before):
            return mention.end
        return mention.phrase.first if mention.phrase else mention.end
    if is_actor(state, mention):
        return mention.first
    restart = (
        scope.is_prior and scope.kind == "main" and _restarts(state, mention, before, after, own)
    )
    if restart:
        scope.is_prior, scope.hosts, scope.clause = False, [], []
        del parents[1:]
    around = Surroundings(before, after, own, scope, parents)
    row = (
        earlier_row(state, mention, around)
        if scope.is_prior
        else current_row(state, mention, around)
    )
    if row is not None and leading is not None and leading.is_earlier:
        set_earlier(state, row)
    if row is not None:
        keep_row(state, row, mention, scope)
        read_apposition(state, mention, row, scope)
        divide_zero(state, mention, row, scope)
        if not row.period and not row.is_prior and scope.kind == "main":
            set_period(state, row, later_period(state, split))
    return split


def _next_event(state: SentenceState, at: int, scope: Scope) -> int:
    """The next place at which something else begins."""
    while at < scope.end:
        if at in state.mentions or at in state.closing or state.word(at) in {";", ":", ")"}:
            return at
        if is_prior_mark(state, at) or _inclusion_ahead(state, at):
            return at
        at += 1
    return scope.end


def _inclusion_ahead(state: SentenceState, at: int) -> bool:
    words = (state.word(at), state.word(at + 1))
    return words[0] in {"including", "namely", "comprising"} or words in {
        ("of", "whom"), ("of", "which"), ("among", "whom"), ("consisting", "of"),
    }  # fmt: skip


def _split(state: SentenceState, start: int, stop: int, scope: Scope) -> int:
    """Return where the words after a mention end and those before the next one begin."""
    if stop not in state.mentions or stop >= scope.end:
        return stop
    limit = stop
    # `and, in 2019, 30 victims`: the year belongs to what follows.
    leading = _leading_start(state, start, stop)
    if leading is not None:
        limit = leading
    candidates = [
        at for at in range(start, limit)
        if state.word(at) == "," or state.word(at) in {"and", "while", "but", "or"}
    ]  # fmt: skip
    verbs = [
        at for at in range(start, limit)
        if state.word(at) in FINITE_VERBS
        and state.word(at - 1) not in {"was", "were", "been", "be"} and at > start
    ]  # fmt: skip
    if verbs:
        earlier = [at for at in candidates if at < verbs[-1]]
        if len(earlier) > 1 and _joins_subjects(state, *earlier[-2:]):
            earlier.pop()
        if earlier:
            return _with_comma(state, earlier[-1], start)
        return limit if not candidates else _with_comma(state, candidates[-1], start)
    if not candidates:
        return limit
    return _with_comma(state, candidates[-1], start)


def _joins_subjects(state: SentenceState, first: int, second: int) -> bool:
    """Return whether the second `and` of `.

    And police and prosecutors identified` is in a subject.
    """
    opens = state.word(first) in {"while", "but"} or (
        state.word(first) == "and" and state.word(first - 1) == ","
    )
    return (
        opens
        and state.word(second) == "and"
        and 1 < second - first < 6
        and all(
            each.is_word and each.lower not in VERBS for each in state.tokens[first + 1 : second]
        )
    )


def _with_comma(state: SentenceState, at: int, start: int) -> int:
    """The place of a conjunction, or of the comma before it."""
    return at - 1 if at > start and state.word(at - 1) == "," and state.word(at) != "," else at


def _leading_start(state: SentenceState, start: int, stop: int) -> int | None:
    """Return where `in 2019,` begins, right before a mention."""
    for at, period in state.periods.items():
        adjoins = period.last + 1 == stop or (
            period.last + 1 == stop - 1 and state.word(stop - 1) == ","
        )
        leads = state.word(at - 1) in {"in", "during"} and state.word(at - 2) in {",", "and"}
        if start <= at < stop and adjoins and leads:
            return at - 2
    return None


def _restarts(
    state: SentenceState,
    mention: Mention,
    before: tuple[int, int],
    after: tuple[int, int],
    own: Period | None,
) -> bool:
    """Return whether a new statement on the current period begins after earlier figures."""
    if own is not None and own.year is not None and is_earlier(state, own, _last_current(state)):
        return False
    words = [state.word(at) for at in range(*before)]
    leading = leading_period(state, before)
    if leading is not None and is_earlier(state, leading, _last_current(state)):
        return False
    has_conjunction = bool(words) and words[0] in {",", "and", "while", "but"}
    predicate = predicate_before(state.tokens, *before, mention.phrase, state.subject)
    if has_conjunction and predicate is not None:
        return True
    following = state.word(mention.end)
    if not has_conjunction:
        return False
    if _shared_prior_year(state, after):
        return False
    labels = list(mention.phrase.labels) if mention.phrase else []
    labels += labels_in(state.tokens, *after)
    same_label = {each.part for row in state.rows if row.is_prior for each in row.path}
    return following in {"were", "was"} and not (
        own is not None or any(each.part in same_label for each in labels)
    )


def _shared_prior_year(state: SentenceState, after: tuple[int, int]) -> bool:
    """Return whether a later year of this clause covers the mention: `30 adults and 16 in 2016`."""
    for at in sorted(state.periods):
        if at >= after[1]:
            stop = any(state.word(each) in {";"} for each in range(after[1], at))
            return (
                not stop
                and is_earlier(state, state.periods[at], _last_current(state))
                and (at - after[1] < 14)
            )
    return False


def _last_current(state: SentenceState) -> Row | None:
    rows = [each for each in state.rows if not each.is_prior]
    return rows[-1] if rows else None


def _is_within(row: Row, whole: Row) -> bool:
    """Return whether a row is a part of another."""
    return len(row.path) > len(whole.path) and row.path[: len(whole.path)] == whole.path
