"""Order the rows that match a question, by criteria that are applied one after the other."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from tipgraph.search.index import HEADCOUNT, INFERENCE, KINDS, OTHER_STAGE, REMARK, SHARE, Standing
from tipgraph.search.matching import Matches, Row
from tipgraph.search.question import Question
from tipgraph.store.engine import grouped

# Stored queries, and codes, that come before statements by a part of their names; of a code's name
# it is at least this part.
AHEAD, PART = 3, 0.5
# Kinds that answer by their names.
NAMED = (
    *("query", "topic", "indicator", "sentence", "edition", "actor", "category", "provision"),
    "country",
)
# Kinds that precede statements by a whole name where a search is limited to a country.
PLACED = ("edition", "document", "provision")
KIND_ORDER = {kind: place for place, kind in enumerate(KINDS)}
# The rows of a series; the first stands for the others.
Series = Sequence[Row]
# Returns a number or a tuple that is less for a row that comes first.
Criterion = Callable[[Row, Question], int | tuple[int, ...]]


# Each criterion applies to the rows that are equal by those before it.
ON_ALL: Sequence[Criterion] = (
    # Statements of the speaker who is named come first.
    lambda row, question: bool(question.stated) and not row.is_by_speaker,
    # Fewer missing words come first.
    lambda row, question: len(row.lacks),
    # Our inferences come last.
    lambda row, question: row.standing.form == INFERENCE,
    # Whole names come first, then the best stored queries and codes.
    lambda row, question: not (row.has_name and row.kind in NAMED),
    lambda row, question: not row.is_leading,
    # Statements, and names with the words, come before the texts of other things.
    lambda row, question: not (row.is_stated or row.in_name),
    # A word as it is written comes before others of its stem.
    lambda row, question: 0 if row.is_leading else -row.as_written,
    # Names with the words come before texts, and statements before other things.
    lambda row, question: not row.in_name,
    lambda row, question: not row.is_stated,
    # Better matches come first.
    lambda row, question: -row.level,
    lambda row, question: KIND_ORDER[row.kind],
    # The newest comes first.
    lambda row, question: tuple(-each for each in row.standing.newest),
    lambda row, question: order(row.standing),
)
ON_COUNTRIES: Sequence[Criterion] = (
    # Statements, and a source that is named, come before terms.
    lambda row, question: not (row.is_stated or _is_named_source(row)),
    # Statements of the speaker who is named come first.
    lambda row, question: bool(question.stated) and not row.is_by_speaker,
    # Fewer missing words come first.
    lambda row, question: len(row.lacks),
    # Our inferences come last.
    lambda row, question: row.standing.form == INFERENCE,
    # A source that is named comes first; terms with the words in their names come before others.
    lambda row, question: not _is_named_source(row),
    lambda row, question: not (row.is_stated or row.in_name),
    # Amounts come first where money is asked for, and last where it is not.
    lambda row, question: row.standing.is_figure and row.is_amount != bool(question.on_money),
    # Figures that have the words outside their labels alone count something else.
    lambda row, question: row.standing.is_figure and not (row.is_about or row.is_of_part),
    # Figures on the years, and on the part, that are asked for come first.
    lambda row, question: bool(question.years) and row.year not in question.years,
    lambda row, question: bool(question.parts) and not row.is_of_part,
    # Figures in the unit that is asked for, such as shelters, come first.
    lambda row, question: bool(question.units) and not row.is_of_unit,
    # A word as it is written comes before others of its stem.
    lambda row, question: not row.as_written,
    # Figures come first, those with the words that are preferred, then those of the newest edition.
    lambda row, question: _form(row.standing, bool(question.parts), _is_aside(row)),
    lambda row, question: bool(row.lacks_preferred),
    lambda row, question: order(row.standing, bool(question.parts), _is_aside(row)),
    # Words in the label come before those elsewhere, and better matches before others.
    lambda row, question: not row.is_about,
    lambda row, question: -row.level,
    lambda row, question: KIND_ORDER[row.kind],
)


def _is_named_source(row: Row) -> bool:
    return row.has_name and row.kind in PLACED


def _is_aside(row: Row) -> bool:
    """Return whether it counts things that no word asks for, such as countries of origin."""
    is_of_share = row.standing.counts == SHARE and row.is_of_part
    return row.standing.counts != HEADCOUNT and not (row.is_of_unit or is_of_share)


def order(standing: Standing, is_on_part: bool = False, is_aside: bool = False) -> tuple[int, ...]:
    """Return the order of what editions on a country state.

    Figures come before other statements, totals before parts and parts with nobody last, then the
    newest edition, the stage and the counter, the plainest indicator, the newest period and the
    largest number. A search that `is_on_part`, such as children, has victims found before other
    counts instead, and narrow parts after others of a stage. A figure that `is_aside` counts what
    no word asks for, such as countries that victims come from, and follows those of persons; in a
    search on a part, remarks too.
    """
    return (
        _form(standing, is_on_part, is_aside),
        standing.is_part and not (is_on_part or standing.value),
        -standing.edition,
        standing.is_of_one_agency,
        standing.counts,
        standing.stage,
        is_on_part and standing.is_narrow,
        standing.wordiness,
        standing.is_part,
        -standing.period,
        -standing.value,
    )


def _form(standing: Standing, is_on_part: bool, is_aside: bool) -> int:
    """The place of a statement: totals, parts, what no word asks for, remarks, inferences."""
    if not standing.is_figure:
        return 3 if standing.form == REMARK else 4
    if is_aside:
        return 4 if is_on_part else 2
    if is_on_part:
        return standing.stage >= OTHER_STAGE
    return (1 if standing.value else 2) if standing.is_part else 0


def ranked(matches: Matches, on_each: Sequence[Collection[int]] = ()) -> list[Series]:
    """The rows that match in the order of the criteria, those of a series as one.

    The first row on a year that is asked for stands for its series, else the first of all. With the
    rows `on_each` country, the countries follow in turn.
    """
    question, rows = matches.question, matches.rows
    criteria = ON_COUNTRIES if question.is_on_countries else ON_ALL
    leading = _leading(rows, question)
    marked = [r._replace(is_leading=True) if r.number in leading else r for r in rows]
    marked.sort(key=lambda row: [*(each(row, question) for each in criteria), row.number])
    found: list[Series] = []
    for series in grouped((row.group, row) for row in marked).values():
        first = next((row for row in series if row.year in question.years), series[0])
        found.append([first, *(row for row in series if row is not first)])
    return _in_turn(found, on_each) if len(on_each) > 1 else found


def _leading(rows: Iterable[Row], question: Question) -> set[int]:
    """The rows of the best stored queries and codes with all words in their names."""
    # The name of a body is no form of another word.
    named = (r for r in rows if r.in_name and (r.as_written or r.kind != "actor"))
    best = sorted((r for r in named if r.kind in NAMED), key=lambda row: row.score)
    queries = [row.number for row in best if row.kind == "query"]
    codes = [row.number for row in best if question.names.parts[row.number] >= PART]
    return {*queries[:AHEAD], *codes[:AHEAD]}


def _in_turn(found: Sequence[Series], on_each: Sequence[Collection[int]]) -> list[Series]:
    numbers = Counter[int]()

    def turn(series: Series) -> int:
        number = series[0].number
        on = next((at for at, known in enumerate(on_each) if number in known), None)
        if on is None:
            return len(found) if numbers else 0
        numbers[on] += 1
        return numbers[on]

    return sorted(found, key=turn)
