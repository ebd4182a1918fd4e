"""The reading of one sentence from left to right, with the scopes within it."""

from collections.abc import Iterator, Sequence

from tipgraph_draft.grammar.currents import current_row, is_actor
from tipgraph_draft.grammar.mentions import next_mention
from tipgraph_draft.grammar.predicates import predicate_before
from tipgraph_draft.grammar.references import (
    earlier_row,
    fronted_year,
    is_of_all,
    parenthesis_hosts,
    period_after_parentheses,
    read_named_number,
    set_reference,
)
from tipgraph_draft.grammar.rows import (
    PERCENT,
    PREVIOUS_YEAR,
    Mention,
    Row,
    Scope,
    SentenceState,
    is_earlier,
    keep_row,
    last_year,
    later_period,
    leading_period,
    period_in,
    set_period,
)
from tipgraph_draft.grammar.subjects import actor_text
from tipgraph_draft.periods import Period
from tipgraph_draft.tokens import place_of
from tipgraph_draft.words import BE, FINITE_VERBS, VERBS, word_phrases, word_set

# Words that say that a person is in several parts.
OVERLAPS = tuple(" ".join(each) for each in word_phrases("overlaps"))
# Marks that set an earlier figure beside the current one, and how near it is at most.
PRIOR_MARKS = word_phrases("marks_prior_marks")
MAX_PRIOR = 14
# Marks of these that do so only right before it, in words of a change.
PLAIN_MARKS = {*word_phrases("plain_marks")}
CHANGE = word_set("change")
INCLUSION = word_phrases("marks_inclusion")
MAX_INCLUSION = 6
INCLUSION_AHEAD = {("of", "whom"), ("of", "which"), ("among", "whom"), ("consisting", "of")}
# Verbs of a change that have both its figures after them.
CHANGES = {"rose", "increased", "decreased", "fell", "dropped", "declined", "grew"}
BY_PLACE = "by-place-in-list"


def read_figures(state: SentenceState) -> list[Row]:
    """The figures in the order in which they are read."""
    main = Scope("main", len(state.tokens))
    # A person reads counts that change: `The number of victims rose from 26 to 45`.
    first = min(state.mentions, default=0)
    is_change = state.word(first - 2) in CHANGES and state.word(first - 1) in {"from", "to"}
    is_comparison = state.words((0, 2)) in (["compared", "with"], ["compared", "to"])
    commas = [at for at in range(2, len(state.tokens)) if state.word(at) == ","]
    begin = next((at + 1 for at in commas if any(each < at for each in state.mentions)), 0)
    if is_comparison and begin:
        # `Compared with 77 victims in 2020, authorities identified 69`: the main clause first.
        _read_scope(state, begin, main)
        if state.frame is not None and main.rows:
            _read_scope(state, 2, Scope("main", begin, is_prior=True, hosts=[main.rows[0]]))
    elif not is_change:
        _read_scope(state, 0, main)
    _pair_with_years(state)
    if _is_shared(state):
        # Nothing later belongs to them either.
        state.frame = None
        state.frames[:] = [each for each in state.frames if not {*each.rows} & {*state.rows}]
        return []
    words = " ".join(each.lower for each in state.tokens)
    # `According to the ministry,` says who gives the figures.
    at = place_of(state.tokens, {"according"}, 0) + 2
    speaker = actor_text(state.tokens, at, place_of(state.tokens, {",", ";", "."}, at))
    for row in state.rows:
        if row.path and any(each in words for each in OVERLAPS):
            row.doubts.append("categories overlap")
        row.doubts += [f"typing error in the source: {each}" for each in state.errors]
        if speaker and not row.speaker:
            row.speaker, row.act = speaker, "reports"
    return state.rows


def _is_shared(state: SentenceState) -> bool:
    """Return whether several actors share counts, each one, which a person reads.

    `Police and prosecutors identified 12 and 20 victims, respectively`.
    """
    is_listed = any(each.lower == "respectively" for each in state.tokens)
    if not is_listed or any(BY_PLACE in each.rules for each in state.rows):
        return False
    current = [each for each in state.rows if not each.prior]
    whole = [each for each in current if not each.path]
    is_one_thing = len(whole) > 1 and len({each.words for each in whole}) == 1
    # Of different things, `respectively` may be of the earlier counts.
    has_earlier = len(current) < len(state.rows)
    are_several = len(current) > 1 and (is_one_thing or not has_earlier)
    return are_several and " and " in current[0].counted_by


# ── Scopes ──────────────────────────────────────────────────────────────────────────────────────


def _read_scope(state: SentenceState, start: int, scope: Scope) -> None:
    """Read the mentions from a place to the scope's end, with the scopes within it."""
    index = prefix = start
    base_prior = scope.is_prior
    scope.parents = [scope.parent]
    while index < scope.end:
        word = state.word(index)
        mention = state.mentions.get(index)
        if index in state.closing:
            has_mentions = _read_inner(state, index, scope)
            index = state.closing[index] + 1
            prefix = index if has_mentions else prefix
        elif word in {";", ":"}:
            _begin_clause(state, word, scope, base_prior)
            index = prefix = index + 1
        elif mention is not None and mention.number < scope.end:
            prefix = _read_mention(state, mention, prefix, scope)
            index = max(mention.end, index + 1)
        elif size := _prior_mark(state, index, scope):
            _begin_prior(state, scope)
            index = prefix = index + size
        elif size := _inclusion(state, index, scope):
            if word in {"of", "among"} and state.word(index + 1) in {"these", "those"}:
                scope.parents = [None]
            elif scope.rows:
                scope.parents.append(scope.rows[-1])
            index = prefix = index + size
        else:
            index += 1


def _begin_clause(state: SentenceState, mark: str, scope: Scope, is_prior: bool) -> None:
    """Begin another clause of a scope after a semicolon, or the parts after a colon."""
    scope.is_prior, scope.hosts, scope.clause = is_prior, [], []
    scope.parents = [scope.parent]
    if mark == ";":
        scope.year = fronted_year(state)
        if state.divided is not None:
            scope.parents.append(state.divided)


def _read_inner(state: SentenceState, index: int, outer: Scope) -> bool:
    """Read a scope in parentheses or between dashes; false if there is no figure in it."""
    end, parent = state.closing[index], outer.parents[-1]
    inner = [at for at in state.mentions if index < at < end]
    if not inner:
        return False
    last = outer.rows[-1] if outer.rows else None
    is_paren = state.word(index) == "("
    stated = [each for at, each in state.periods.items() if index < at < end]
    if is_paren and read_named_number(state, index, inner, outer, parent):
        return True
    is_prior = is_paren and any(is_earlier(state, each, last) for each in stated)
    scope = Scope("paren" if is_paren else "dash", end, outer.is_prior or is_prior, last or parent)
    if scope.is_prior and not outer.is_prior:
        scope.hosts, scope.parent = parenthesis_hosts(state, inner, outer, last), None
    trailing = [each for each in stated if not each.is_earlier]
    scope.year = trailing[-1] if len(trailing) == 1 and scope.is_prior else None
    _read_scope(state, index + 1, scope)
    if not is_paren and not scope.is_prior:
        outer.rows.extend(scope.rows)
    return True


def _prior_mark(state: SentenceState, index: int, scope: Scope) -> int:
    """The number of words of a mark at this place after which earlier figures follow."""
    has_rows = state.frame is not None and bool(state.frame.rows) and scope.kind == "main"
    if not scope.rows and not has_rows:
        return 0
    for mark in PRIOR_MARKS:
        after = index + len(mark)
        if tuple(state.words((index, after))) == mark:
            following = next_mention(state, after)
            if following is None:
                return 0
            if mark in PLAIN_MARKS:
                is_mark = _is_plain_prior(state, index, after, following, scope)
            else:
                is_mark = following - after <= MAX_PRIOR
            return len(mark) if is_mark else 0
    return 0


def _is_plain_prior(
    state: SentenceState, index: int, after: int, following: int, scope: Scope
) -> bool:
    """Return whether `from 12 in 2019`, `than the 12 victims in 2019` gives an earlier figure."""
    near = 1 if state.word(index) == "from" else 4
    is_share = state.mentions[following].unit == PERCENT
    if following - after > near or is_share or not scope.rows:
        return False
    stated = [each for at, each in state.periods.items() if following < at < following + 12]
    if not any(is_earlier(state, each, scope.rows[-1]) for each in stated):
        return False
    is_change = bool(CHANGE & {*state.words((max(0, index - 6), index))})
    return is_change or state.word(index) in {"double", "twice", "triple"}


def _begin_prior(state: SentenceState, scope: Scope) -> None:
    """Find the figures that earlier ones after this mark are compared with."""
    scope.is_prior = True
    current = [each for each in scope.clause if not each.prior] or state.current
    heads = [each for each in current if each.host is None]
    total = next((each for each in reversed(heads) if each.is_total), None)
    scope.hosts = current if total is None else [total]
    del scope.parents[1:]


def _inclusion(state: SentenceState, index: int, scope: Scope) -> int:
    """The number of words of `including` or the like at a place, if parts follow."""
    for words in INCLUSION:
        after = index + len(words)
        if tuple(state.words((index, after))) == words:
            following = next_mention(state, after)
            if following is None or not (scope.rows or state.frame):
                return 0
            gap, longest = following - after, MAX_INCLUSION
            if words in {("included",), ("involving",)}:
                longest = 0
            if words[0] in {"of", "among"}:
                longest = 3 if state.word(index + 2) not in VERBS else -1
            if words == ("with",):
                # `, with 583 in 2020` or `, with five children` adds a part.
                phrase = state.mentions[following].phrase
                is_part = phrase is None or bool(phrase.labels)
                longest = 0 if state.word(index - 1) == "," and is_part else -1
            return len(words) if gap <= longest else 0
    return 0


# ── Mentions ────────────────────────────────────────────────────────────────────────────────────


def _read_mention(state: SentenceState, mention: Mention, prefix: int, scope: Scope) -> int:
    """Make the row of a mention; returns where the words before the next one begin."""
    split = _split(state, mention.end, _next_event(state, mention.end, scope), scope)
    mention.before = (prefix, mention.number if mention.kind == "any" else mention.first)
    mention.following = (mention.end, split)
    own = period_in(state, mention.following) or period_after_parentheses(state, split)
    leading = leading_period(state, mention)
    scope.year = leading or scope.year
    if mention.is_reference and not scope.is_prior:
        if is_of_all(state, mention):
            mention.kind = "all"
        elif set_reference(state, mention, scope) or mention.phrase is None:
            return mention.end
        else:
            return mention.phrase.first
    if is_actor(state, mention):
        return mention.first
    if scope.is_prior and scope.kind == "main" and _restarts(state, mention, own):
        scope.is_prior, scope.hosts, scope.clause = False, [], []
        del scope.parents[1:]
    read = earlier_row if scope.is_prior else current_row
    row = read(state, mention, own, scope)
    if row is not None:
        if leading is not None and leading.is_earlier:
            # `During the previous year, it identified 15 victims`
            row.prior = True
            row.period, row.period_from, row.note = "", "", PREVIOUS_YEAR
        keep_row(state, row, mention, scope)
        if not row.period and not row.prior and scope.kind == "main":
            set_period(row, later_period(state, split))
    return split


def _next_event(state: SentenceState, at: int, scope: Scope) -> int:
    """The next place at which something else begins."""
    while at < scope.end:
        if at in state.mentions or at in state.closing or state.word(at) in {";", ":", ")"}:
            return at
        if state.word(at) in {"including", "namely", "comprising"}:
            return at
        if tuple(state.words((at, at + 2))) in INCLUSION_AHEAD:
            return at
        at += 1
    return scope.end


def _split(state: SentenceState, start: int, stop: int, scope: Scope) -> int:
    """Return where the words after a mention end and those before the next one begin."""
    if stop not in state.mentions or stop >= scope.end:
        return stop
    places = range(start, stop)
    joints = [at for at in places if state.word(at) in {",", "and", "while", "but", "or"}]
    finite = [at for at in places if state.word(at) in FINITE_VERBS]
    verbs = [at for at in finite if state.word(at - 1) not in BE]
    if verbs:
        earlier = [at for at in joints if at < verbs[-1]]
        if len(earlier) > 1 and earlier[-1] - earlier[-2] < 6 and state.word(earlier[-2]) != ",":
            # The second `and` of `, and police and courts identified` is in a subject.
            earlier.pop()
        joints = earlier or joints
    if not joints:
        return stop
    at = joints[-1]
    # The comma before a conjunction belongs to it.
    return at - 1 if at > start and state.word(at - 1) == "," and state.word(at) != "," else at


# ── Parallel lists ──────────────────────────────────────────────────────────────────────────────


def _pair_with_years(state: SentenceState) -> None:
    """Give each of several figures the year of its place: `90 and 104 in 2020 and 2021`."""
    for run in _runs_of_years(state):
        own = _figures_of_run(state, run)
        if len(own) == len(run):
            for row, period in zip(own, run, strict=True):
                row.period, row.period_from = period.text, "sentence"
                row.rules.append(BY_PLACE)
            _set_priors_of_list(own)


def _runs_of_years(state: SentenceState) -> Iterator[Sequence[Period]]:
    """Years that only commas and conjunctions divide."""
    run: list[Period] = []
    for period in [each for each in state.periods.values() if each.year is not None]:
        between = state.words((run[-1].last + 1, period.first)) if run else []
        if between and {*between} <= {",", "and"}:
            run.append(period)
            continue
        if len(run) > 1:
            yield run
        run = [period]
    if len(run) > 1:
        yield run


def _figures_of_run(state: SentenceState, run: Sequence[Period]) -> list[Row]:
    """The figures right before a list of years, which no other period divides."""
    own: list[Row] = []
    end = state.tokens[run[0].first].start
    before = sorted((each for each in state.rows if each.place < end), key=lambda each: each.place)
    for row in reversed(before):
        between = {each.lower for each in state.tokens if row.place < each.start < end}
        has_year = any(each.isdigit() and len(each) == 4 for each in between)
        if has_year or between & {";", "(", ")", "compared"}:
            break
        own.insert(0, row)
    return own


def _set_priors_of_list(own: list[Row]) -> None:
    """Of figures that were all current, those of earlier years are the ones to compare."""
    by_mark = {"prior-by-label", "prior-by-place"}
    if any(each.prior and by_mark & set(each.rules) for each in own):
        return
    newest = max(own, key=lambda each: last_year(each.period) or 0)
    for row in own:
        row.prior = row is not newest and row.path == newest.path
        row.host = newest if row.prior else None


def _restarts(state: SentenceState, mention: Mention, own: Period | None) -> bool:
    """Return whether a new statement on the current period begins after earlier figures."""
    last = next((each for each in reversed(state.rows) if not each.prior), None)
    stated = [own if own is None or own.year is not None else None, leading_period(state, mention)]
    if any(each is not None and is_earlier(state, each, last) for each in stated):
        return False
    has_conjunction = state.word(mention.before[0]) in {",", "and", "while", "but"}
    has_words = mention.before[0] < mention.before[1]
    predicate = predicate_before(state.tokens, *mention.before, mention.phrase, state.subject)
    return has_words and has_conjunction and predicate is not None
