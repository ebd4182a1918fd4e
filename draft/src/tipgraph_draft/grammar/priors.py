"""Earlier figures: each belongs to a current one by its label, its place or its agent."""

from dataclasses import replace

from tipgraph_draft.grammar.builder import labels_of, leading_period, make_row, set_period
from tipgraph_draft.grammar.marks import PERSONS
from tipgraph_draft.grammar.predicates import Predicate, predicate_after
from tipgraph_draft.grammar.rows import Mention, Row, Scope, Surroundings, normal, unique
from tipgraph_draft.grammar.state import SentenceState
from tipgraph_draft.grammar.subjects import agent_after
from tipgraph_draft.labels import Label
from tipgraph_draft.noun_phrases import NounPhrase
from tipgraph_draft.number_classes import CONVERTED, FIGURE, MONEY, NumberClass
from tipgraph_draft.periods import Period


def earlier_row(state: SentenceState, mention: Mention, around: Surroundings) -> Row | None:
    """An earlier figure: it has the part of its own label, else that of the figure by place."""
    before, after, own, scope, parents = around
    frame = state.frame
    if frame is None:
        return None
    position = len([each for each in scope.clause if each.is_prior])
    labels = labels_of(state, mention, after) if mention.kind != "any" else []
    phrase = mention.phrase
    trailing = predicate_after(state.tokens, *after)
    if mention.kind in {"all", "rest", "half", "all but some", "same"}:
        return None
    if mention.kind == "no" and trailing is None and phrase is None:
        return None
    is_other = phrase is not None and (not phrase.is_person or phrase.noun == "staff")
    if is_other and phrase is not None and phrase.noun != frame.noun and (
        not any(not each.is_prior for each in state.rows)
        and any(each.name in {MONEY, CONVERTED} for each in state.classes)
    ):  # fmt: skip
        # `compared to €9,000 to support 24 salaries` is for another thing than money.
        return None
    parent = parents[-1] if len(parents) > 1 else None
    if parent is None and scope.kind != "main" and scope.parent is not None:
        parent = scope.parent if scope.parent.is_prior else None
    host = _host(state, labels, parent, scope, position)
    host = _of_same_noun(state, phrase, host) if not labels and parent is None else host
    path = _prior_path(state, labels, parent, host)
    if (
        not labels
        and parent is None
        and host is not None
        and _counts_the_whole(state, phrase, host)
    ):
        path = []
    row = make_row(state, mention, path, frame, after)
    row.is_prior, row.host = True, host
    if host is not None:
        row.predicate, row.words = host.predicate, host.words
        row.counted_by, row.noun = host.counted_by, host.noun
        row.unit = row.unit if mention.unit or phrase else host.unit
        if phrase is not None and not phrase.is_person and phrase.noun != host.noun:
            row.unit = host.unit if host.unit != PERSONS else phrase.noun
    row.rules.append("prior-by-label" if labels else "prior-by-place")
    if trailing is not None and host is not None:
        _own_wording(state, row, trailing, mention, host)
    elif phrase is not None and host is not None and phrase.is_person:
        _own_words(state, row, phrase, host)
    period = (
        own
        or (scope.year if scope.kind != "main" else None)
        or leading_period(state, before)
        or _shared_period(state, after)
    )
    agent = agent_after(state.tokens, *after)
    twin = _row_of_agent(state, agent, path) if agent else None
    if twin is not None:
        row.host, row.counted_by = twin, agent
        row.words, row.predicate, row.path = twin.words, twin.predicate, list(twin.path)
        row.doubts = [each for each in row.doubts if not each.startswith("worded")]
    if period is None and parent is not None:
        row.period, row.period_from = parent.period, parent.period_from
    elif period is None and scope.kind != "main" and scope.hosts and scope.hosts[0].is_prior:
        row.period, row.period_from = scope.hosts[0].period, scope.hosts[0].period_from
    else:
        set_period(state, row, period)
    frame.rows.append(row)
    _earlier_base(state, mention, row)
    return row


def _earlier_base(state: SentenceState, mention: Mention, row: Row) -> None:
    """The 273 of `214 of 266 requests, compared with 195 of 273 in 2017`."""
    base = next((each for each in state.rows if "base-of-a-part" in each.rules), None)
    if mention.partitive != "base" or mention.of_phrase is not None or base is None:
        return
    value = mention.partitive_value
    at = next(
        at
        for at, each in enumerate(state.found)
        if each.value == value and each.first > mention.number
    )
    numeral = state.found[at]
    state.classes[at] = NumberClass(FIGURE)
    assert value is not None
    other = replace(row, first=numeral.first, last=numeral.last, place=numeral.start,
                    value=value, words=base.words, predicate=base.predicate, unit=base.unit,
                    noun=base.noun, host=base, rules=["base-of-a-part"], doubts=[])  # fmt: skip
    state.rows.append(other)


def _row_of_agent(state: SentenceState, agent: str, path: list[Label]) -> Row | None:
    """The current figure of the same agent: `488 by state officials`."""
    for frame in reversed(state.frames):
        for each in frame.current:
            if each.counted_by == agent and each.path == path:
                return each
    return None


def _own_wording(
    state: SentenceState, row: Row, predicate: Predicate, mention: Mention, host: Row
) -> None:
    """An earlier figure with a verb of its own is worded by it."""
    own = host.predicate
    if own is not None and own.participle == predicate.participle:
        return
    phrase = mention.phrase
    if phrase is not None and phrase.is_person:
        row.words = phrase.text
    if own is not None and predicate.participle in own.participle:
        row.predicate = Predicate.worded(predicate, own)
    else:
        row.predicate = predicate
    if not row.path:
        row.counted_by = host.counted_by
    row.doubts.append("worded unlike the figure it is compared with")


def _own_words(state: SentenceState, row: Row, phrase: NounPhrase, host: Row) -> None:
    """An earlier figure of another population keeps its words, which a person should see."""
    host_presumed = any(each in {"potential", "presumed", "suspected", "possible"}
                        for each in host.words.split())  # fmt: skip
    if phrase.is_presumed != host_presumed and phrase.noun == "victims":
        row.words = phrase.text
        row.doubts.append("worded unlike the figure it is compared with")


def _host(
    state: SentenceState, labels: list[Label], parent: Row | None, scope: Scope, position: int
) -> Row | None:
    """The current figure that an earlier one is compared with."""
    frame = state.frame
    assert frame is not None
    hosts = [each for each in scope.hosts if not each.is_prior]
    if labels:
        wanted = [normal(each) for each in labels]
        pool = [*hosts, *reversed(frame.current)]
        parent_path = [normal(each) for each in parent.path] if parent else []
        for each in pool:
            if [normal(label) for label in each.path] == [*parent_path, *wanted]:
                return each
        for each in pool:
            if [normal(label) for label in each.path[-len(wanted) :]] == wanted:
                return each
        return None
    if parent is not None:
        return None
    if len(hosts) > 1:
        return hosts[min(position, len(hosts) - 1)] if position < len(hosts) else hosts[-1]
    if hosts:
        return hosts[0]
    if scope.hosts and scope.hosts[0].is_prior:
        return scope.hosts[0].host
    return frame.total or (frame.current[-1] if frame.current else None)


def _prior_path(
    state: SentenceState, labels: list[Label], parent: Row | None, host: Row | None
) -> list[Label]:
    own_words = host is not None and (host.parent is None or host.parent.is_total)
    if labels and own_words and parent is None:
        # `68 adult sex trafficking victims, compared with 98 sex trafficking victims`
        return labels
    if labels and host is not None:
        own = [*host.path[: len(host.path) - len(labels)], *labels]
        return unique(own)
    if labels:
        return unique([*(parent.path if parent else []), *labels])
    return list(host.path) if host is not None else []


def _of_same_noun(state: SentenceState, phrase: NounPhrase | None, host: Row | None) -> Row | None:
    """The figure of the sentence with the noun of an earlier one, if the host has another.

    `screened 12 persons and identified two victims, compared with 20 persons and one victim`
    """
    if phrase is None or host is None or phrase.noun == host.noun:
        return host
    same = [
        each
        for each in state.rows
        if each.noun == phrase.noun and each.is_total and not each.is_prior
    ]
    return same[0] if len(same) == 1 else host


def _counts_the_whole(state: SentenceState, phrase: NounPhrase | None, host: Row) -> bool:
    """Return whether an earlier figure counts all, and the current one only a part of its noun.

    `65 sex trafficking victims, compared with 31 victims in 2019`
    """
    is_headline = any(rule.startswith("headline") for rule in host.rules)
    return (
        phrase is not None
        and phrase.noun == host.noun == "victims"
        and host.parent is None
        and is_headline
    )


def _shared_period(state: SentenceState, after: tuple[int, int]) -> Period | None:
    """The next year of the clause, which closes a list: `30 adults and 16 children in 2016`."""
    for at in sorted(state.periods):
        if at >= after[1]:
            between = {state.word(each) for each in range(after[1], at)}
            return state.periods[at] if not between & {";", "(", ")"} else None
    return None
