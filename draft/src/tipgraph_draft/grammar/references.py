"""Numbers in parentheses, numbers given before, and earlier figures."""

from tipgraph_draft.grammar.counts import introduce_total
from tipgraph_draft.grammar.mentions import next_mention
from tipgraph_draft.grammar.predicates import Predicate, predicate_after
from tipgraph_draft.grammar.rows import (
    Mention,
    Row,
    Scope,
    SentenceState,
    cover_label,
    is_divided_anew,
    keep_row,
    labels_of,
    leading_period,
    make_row,
    part_row,
    set_period,
)
from tipgraph_draft.numerals import COUNT, OTHER, REPEATED
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import Label, NounPhrase, labels_in, same_parts
from tipgraph_draft.words import word_set

# The most words from a name to its number.
MAX_NAME = 12
# Words for a share, whose name stands after the number: `the majority (60) were women`.
SHARES = word_set("shares")
# Words for victims who are not confirmed.
NOT_CONFIRMED = {"potential", "presumed", "suspected", "possible"}
WORDED_UNLIKE = "worded unlike the figure it is compared with"


# ── Parentheses ─────────────────────────────────────────────────────────────────────────────────


def parenthesis_hosts(
    state: SentenceState, inner: list[int], outer: Scope, last: Row | None
) -> list[Row]:
    """The current figures that the earlier ones in parentheses belong to, by place."""
    count = len(inner)
    recent = [each for each in outer.clause if not each.prior and not each.is_derived]
    first = state.mentions[inner[0]]
    total = state.frame.total if state.frame is not None else None
    is_whole = first.phrase is not None and not first.phrase.labels
    around = (end for start, end in state.closing.items() if start < inner[0] < end)
    words = state.words((first.end, min(around, default=len(state.tokens))))
    is_whole = is_whole and words[:1] not in (["of"], ["to"])
    is_here = total is not None and total.sentence is state.sentence
    if total is not None and is_here and is_whole and {"including", ":"} & {*words}:
        return [total]
    if count > 1 and len(recent) >= count:
        return recent[-count:]
    return [last] if last else []


def read_named_number(
    state: SentenceState, index: int, inner: list[int], outer: Scope, parent: Row | None
) -> bool:
    """Read `Germany (131)`, `UK citizens (3,560)`: a number named by what is before it."""
    end = state.closing[index]
    if len(inner) != 1 or state.frame is None or not _is_alone(state, index, inner[0]):
        return False
    start = _name_start(state, index)
    after = labels_in(state.tokens, end + 1, state.stop(end + 1))
    labels = labels_in(state.tokens, start, index) or _name_before(state, start, index)
    if not labels and SHARES & {*state.words((start, index))}:
        labels = after
    if not labels:
        return False
    mention = state.mentions[inner[0]]
    row = part_row(state, mention, [labels[-1]], outer, parent, state.frame)
    row.rules.append("part-before-parenthesis")
    keep_row(state, row, mention, outer)
    return True


def _is_alone(state: SentenceState, index: int, at: int) -> bool:
    """Return whether parentheses have a number, which is no year, and no other words."""
    mention, inside = state.mentions[at], range(index + 1, state.closing[index])
    covered = all(mention.first <= each < mention.after for each in inside)
    return mention.value is not None and at not in state.periods and covered


def _name_start(state: SentenceState, index: int) -> int:
    """Return where the words before a parenthesis begin that may name its number."""
    start = index
    while start > 0 and index - start < MAX_NAME:
        word = state.word(start - 1)
        is_number = start - 1 in state.numeral_at and word != "half"
        if is_number or word in {",", ";", "(", ")", ":"}:
            break
        start -= 1
    return start


def _name_before(state: SentenceState, start: int, index: int) -> list[Label]:
    """The name of a country before a parenthesis: `from Germany (131) and Romania (68)`."""
    at = index
    while at > start and state.tokens[at - 1].is_word and state.tokens[at - 1].is_capitalised:
        at -= 1
    name = " ".join(each.text for each in state.tokens[at:index])
    return [Label(name, "nationality")] if name else []


def period_after_parentheses(state: SentenceState, at: int) -> Period | None:
    """The year after parentheses: `33 victims (20 women and 13 men) in 2016`."""
    close = state.closing.get(at)
    if close is None or state.word(at) != "(" or state.word(close + 1) not in {"in", "during"}:
        return None
    return state.periods.get(close + 2)


# ── Given before ────────────────────────────────────────────────────────────────────────────────


def set_reference(state: SentenceState, mention: Mention, scope: Scope) -> bool:
    """Read a number that was given before; parts that follow are parts of it.

    Returns whether nothing else of the mention is left to read.
    """
    numeral = state.numeral_at.get(mention.number)
    if numeral is not None and numeral.kind.name == COUNT:
        ends = {".", ",", ";", "were", "was"}
        if mention.phrase is not None or state.word(mention.after) in ends:
            state.classify(mention.number, REPEATED)
        else:
            state.classify(mention.number, OTHER, "counts something else")
    places = (mention.before[1] - 1, mention.number - 2)
    introduces = any(state.word(place) in {"of", "among"} for place in places)
    if introduces:
        state.return_to_frame(mention.value)
    # `All of the victims were women` repeats the total, and divides nothing.
    named = [each for each in state.current if each.value == mention.value and not each.is_derived]
    if introduces and named:
        is_whole = named[-1].is_total or is_divided_anew(state, named[-1])
        state.divided = None if is_whole else named[-1]
        scope.parents[1:] = [state.divided]
    elif introduces and mention.phrase is not None and mention.value is not None:
        introduce_total(state, mention, scope)
    elif not state.current and _is_divided(state, mention):
        return introduce_total(state, mention, scope)
    return introduces


def _is_divided(state: SentenceState, mention: Mention) -> bool:
    """Return whether `The 74 victims authorities identified in 2023 included` begins a list."""
    if mention.phrase is None or not mention.phrase.is_person or mention.first > 2:
        return False
    stop = next_mention(state, mention.end)
    words = state.words((mention.end, stop)) if stop is not None else []
    return bool({"included", "comprised", "include"} & {*words})


def is_of_all(state: SentenceState, mention: Mention) -> bool:
    """Return whether `The three victims were adult women` says of all of them what they are."""
    is_whole = mention.phrase is not None and not mention.phrase.labels
    is_subject = is_whole and state.word(mention.end) in {"were", "was"}
    is_part = is_subject and labels_in(state.tokens, mention.end, state.stop(mention.end))
    return bool(is_part) and any(each.value == mention.value for each in state.current)


def fronted_year(state: SentenceState) -> Period | None:
    """The year at the head of a sentence that begins with parts: `In 2019, 24 were men; …`."""
    found = state.periods.get(1)
    if found is None or state.word(0) != "in" or state.word(found.last + 1) != ",":
        return None
    return found if found.last + 2 in state.mentions else None


# ── Earlier figures ──────────────────────────────────────────────────────────────────────────────


def earlier_row(
    state: SentenceState, mention: Mention, own: Period | None, scope: Scope
) -> Row | None:
    """An earlier figure: it has the part of its own label, else that of the figure by place."""
    frame, phrase = state.frame, mention.phrase
    if frame is None or mention.kind in {"all", "rest", "half", "all but some"}:
        return None
    labels = labels_of(state, mention) if mention.kind != "any" else []
    trailing = predicate_after(state.tokens, *mention.following)
    is_other = phrase is not None and not phrase.is_person and phrase.noun != frame.noun
    if is_other and state.has_money and all(each.prior for each in state.rows):
        # `compared to €9,000 to support 24 salaries` is for another thing than money.
        return None
    parent = scope.parents[-1] if len(scope.parents) > 1 else None
    if parent is None and scope.kind != "main" and scope.parent is not None:
        parent = scope.parent if scope.parent.prior else None
    host = _host(state, labels, parent, scope)
    is_plain = not labels and parent is None
    if is_plain:
        host = _of_same_noun(state, phrase, host)
    path = _prior_path(labels, parent, host)
    if is_plain and phrase is not None and host is not None and host.is_headline:
        # `65 sex trafficking victims, compared with 31 victims in 2019`: 31 are all.
        is_whole = phrase.noun == host.noun == "victims" and host.parent is None
        path = [] if is_whole else path
    row = make_row(state, mention, path, frame)
    cover_label(row, mention)
    row.prior, row.host = True, host
    row.rules.append("prior-by-label" if labels else "prior-by-place")
    if host is not None:
        row.predicate, row.words = host.predicate, host.words
        row.counted_by, row.noun = host.counted_by, host.noun
        row.unit = row.unit if mention.unit or phrase else host.unit
        _set_own_wording(row, trailing, phrase, host)
    period = own or (scope.year if scope.kind != "main" else None)
    period = period or leading_period(state, mention) or _shared_period(state, mention)
    if period is None and parent is not None:
        row.period, row.period_from = parent.period, parent.period_from
    else:
        set_period(row, period)
    frame.rows.append(row)
    return row


def _set_own_wording(
    row: Row, predicate: Predicate | None, phrase: NounPhrase | None, host: Row
) -> None:
    """Give an earlier figure its own verb or population, which a person should see."""
    own = host.predicate
    is_person = phrase is not None and phrase.is_person
    if predicate is not None:
        if own is not None and own.participle == predicate.participle:
            return
        if is_person and phrase is not None:
            row.words = phrase.text
        is_within = own is not None and predicate.participle in own.participle
        row.predicate = Predicate.worded(predicate, own) if is_within and own else predicate
        row.doubts.append(WORDED_UNLIKE)
        return
    is_presumed = bool(NOT_CONFIRMED & {*host.words.split()})
    if phrase is not None and phrase.noun == "victims" and phrase.is_presumed != is_presumed:
        row.words = phrase.text
        row.doubts.append(WORDED_UNLIKE)


def _host(
    state: SentenceState, labels: list[Label], parent: Row | None, scope: Scope
) -> Row | None:
    """The current figure that an earlier one is compared with."""
    hosts = [each for each in scope.hosts if not each.prior]
    if labels:
        pool = [*hosts, *reversed(state.current)]
        path = [*(parent.path if parent else []), *labels]
        same = (each for each in pool if same_parts(each.path, path))
        ends = (each for each in pool if same_parts(each.path[-len(labels) :], labels))
        return next(same, None) or next(ends, None)
    if hosts and parent is None:
        position = len([each for each in scope.clause if each.prior])
        return hosts[min(position, len(hosts) - 1)]
    return None


def _prior_path(labels: list[Label], parent: Row | None, host: Row | None) -> list[Label]:
    if not labels:
        return list(host.path) if host is not None else []
    own_words = host is not None and (host.parent is None or host.parent.is_total)
    if own_words and parent is None:
        # `68 adult sex trafficking victims, compared with 98 sex trafficking victims`
        return labels
    return [*(parent.path if parent else []), *labels]


def _of_same_noun(state: SentenceState, phrase: NounPhrase | None, host: Row | None) -> Row | None:
    """The figure of the sentence with the noun of an earlier one, if the host has another.

    `screened 12 persons and identified two victims, compared with 20 persons and one victim`
    """
    if phrase is None or host is None or phrase.noun == host.noun:
        return host
    current = [each for each in state.rows if each.is_total and not each.prior]
    same = [each for each in current if each.noun == phrase.noun]
    return same[0] if len(same) == 1 else host


def _shared_period(state: SentenceState, mention: Mention) -> Period | None:
    """The next year of the clause, which closes a list: `30 adults and 16 children in 2016`."""
    end = mention.following[1]
    at = next((at for at in sorted(state.periods) if at >= end), None)
    if at is None or {";", "(", ")"} & {*state.words((end, at))}:
        return None
    return state.periods[at]
