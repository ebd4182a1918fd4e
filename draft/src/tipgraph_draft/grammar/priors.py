"""Earlier figures: each belongs to a current one by its label, its place or its agent."""

from tipgraph_draft.grammar.builder import (
    cover_label,
    labels_of,
    leading_period,
    make_row,
    set_period,
)
from tipgraph_draft.grammar.predicates import Predicate, predicate_after
from tipgraph_draft.grammar.state import Mention, Row, Scope, SentenceState
from tipgraph_draft.labels import Label, same_parts
from tipgraph_draft.periods import Period
from tipgraph_draft.phrases import NounPhrase

# Words for victims who are not confirmed.
NOT_CONFIRMED = {"potential", "presumed", "suspected", "possible"}
WORDED_UNLIKE = "worded unlike the figure it is compared with"


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
    if not labels and parent is None:
        host = _of_same_noun(state, phrase, host)
    path = _prior_path(labels, parent, host)
    if not labels and parent is None and _counts_the_whole(phrase, host):
        path = []
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


def _counts_the_whole(phrase: NounPhrase | None, host: Row | None) -> bool:
    """Return whether an earlier figure counts all, and the current one only a part of its noun.

    `65 sex trafficking victims, compared with 31 victims in 2019`
    """
    if phrase is None or host is None:
        return False
    return phrase.noun == host.noun == "victims" and host.parent is None and host.is_headline


def _shared_period(state: SentenceState, mention: Mention) -> Period | None:
    """The next year of the clause, which closes a list: `30 adults and 16 children in 2016`."""
    end = mention.following[1]
    at = next((at for at in sorted(state.periods) if at >= end), None)
    if at is None or {";", "(", ")"} & {*state.words((end, at))}:
        return None
    return state.periods[at]
