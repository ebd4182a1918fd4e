"""Lists of years, or of who acts, that belong to a list of figures."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tipgraph_draft.grammar.rows import Row, last_year
from tipgraph_draft.periods import Period
from tipgraph_draft.tokens import Token

BY_PLACE = "by-place-in-list"


def pair_with_years(rows: list[Row], tokens: Sequence[Token], stated: list[Period]) -> None:
    """Give each of several figures the year of its place: `90 and 104 in 2020 and 2021`."""
    for run in _runs_of_years(tokens, stated):
        before = [each for each in rows if each.place < tokens[run[0].first].start]
        before.sort(key=lambda each: each.place)
        own = _figures_of_run(before, tokens, run)
        if len(own) == 1 and tokens[run[0].first - 1].lower == "both":
            _repeat(rows, own[0], run)
        elif len(own) == len(run):
            for row, period in zip(own, run, strict=True):
                row.period, row.period_from = period.text, "sentence"
                row.rules.append(BY_PLACE)
            _set_priors_of_list(own)


def _runs_of_years(tokens: Sequence[Token], stated: list[Period]) -> Iterator[list[Period]]:
    """Years that only commas and conjunctions divide."""
    run: list[Period] = []
    for period in [each for each in stated if each.year is not None]:
        between = tokens[run[-1].last + 1 : period.first] if run else []
        if run and between and all(each.lower in {",", "and"} for each in between):
            run.append(period)
            continue
        if len(run) > 1:
            yield run
        run = [period]
    if len(run) > 1:
        yield run


def _figures_of_run(before: list[Row], tokens: Sequence[Token], run: list[Period]) -> list[Row]:
    """The figures right before a list of years, which no other period divides."""
    own: list[Row] = []
    end = tokens[run[0].first].start
    for row in reversed(before):
        between = [each for each in tokens if row.place < each.start < end]
        if any(each.text in {";", "(", ")"} or each.lower in {"compared"} for each in between):
            break
        if any(each.text.isdigit() and len(each.text) == 4 for each in between):
            break
        own.insert(0, row)
    return own


def _repeat(rows: list[Row], row: Row, run: list[Period]) -> None:
    """One figure for each of two years: `17 in both 2020 and 2019`."""
    row.period, row.period_from = run[0].text, "sentence"
    for period in run[1:]:
        other = replace(row, period=period.text, rules=[*row.rules, BY_PLACE],
                        doubts=list(row.doubts))  # fmt: skip
        rows.insert(rows.index(row) + 1, other)


def _set_priors_of_list(own: list[Row]) -> None:
    """Of figures that were all current, those of earlier years are the ones to compare."""
    by_mark = {"prior-by-label", "prior-by-place"}
    if any(each.is_prior and by_mark & set(each.rules) for each in own):
        return
    for row in own:
        row.is_prior, row.host = False, None
    newest = max(own, key=lambda each: last_year(each.period) or 0)
    for row in own:
        if row is not newest and row.path == newest.path:
            row.is_prior, row.host = True, newest


def pair_with_agents(rows: list[Row], tokens: Sequence[Token]) -> None:
    """Give each of several figures the agent of its place, where a list of years has none.

    `Police and prosecutors identified 12 and 20 victims, respectively`.
    """
    if not any(each.lower == "respectively" for each in tokens):
        return
    if any(BY_PLACE in each.rules for each in rows):
        return
    own = [each for each in rows if not each.is_prior and not each.path]
    if not own or len({each.words for each in own}) > 1:
        return
    joined = own[0].counted_by.replace(", and ", " and ").replace(", ", " and ")
    agents = joined.split(" and ")
    if len(agents) == len(own) > 1:
        for row, agent in zip(own, agents, strict=True):
            row.counted_by = agent
            row.rules.append(BY_PLACE)
