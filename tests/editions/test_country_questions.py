"""Three questions for each country of countries.tsv, and the stored queries that answer them.

The questions were written from the table before its facts were in the graph. Where the graph has
other words than the table is in `COLUMNS`, `ALIASES` and `period`, and nowhere else.
"""

import csv
from calendar import month_name
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.editions.test_countries_table import REMARK
from tests.facts import FACTS, Cells
from tests.yaml_files import read_yaml
from tipgraph import LocalGraph

TABLE = FACTS.with_name("countries.tsv")
ASSUMED = "period assumed"
# Subjects of questions. Each occurs at least three times.
ABOUT = {
    *("headline", "breakdown", "counter", "stage", "hedge", "money", "period", "revision"),
    *("zero", "non-report", "claim"),
}

Fact = dict[str, Any]
Row = Mapping[str, object]

# The columns of each query that may show what a fact states under a key; one has to. Of money, who
# counted is who paid. A statement that is not a figure is about what its label names.
COLUMNS = {
    "figures": {
        "indicator": ["indicator"],
        "period": ["period"],
        "part": ["part", "part_wording"],
        "value": ["value"],
        "unit": ["unit"],
        "counted_by": ["counted_by"],
        "hedge": ["number_qualifier"],
        "speaker": ["speaker"],
        "also": ["caveat"],
        "assumed": ["caveat"],
    },
    "funding": {
        "indicator": ["statement"],
        "period": ["period"],
        "value": ["amount"],
        "unit": ["currency"],
        "counted_by": ["funder"],
        "hedge": ["number_qualifier"],
        "speaker": ["speaker"],
        "also": ["caveat"],
        "assumed": ["caveat"],
    },
    "not-reported": {
        "indicator": ["statement"],
        "period": ["period"],
        "part": ["statement"],
        "counted_by": ["non_reporter"],
        "speaker": ["speaker"],
        "also": ["note"],
    },
    "statements": {
        "indicator": ["statement"],
        "note": ["statement"],
        "speaker": ["speaker"],
    },
}
QUERY = {
    "figure": "figures",
    "amount": "funding",
    "non-report": "not-reported",
    "claim": "statements",
}
INFERRED = "the period is inferred"
# The beginning of the label of a period whose year is not stated, by what it is compared with.
UNSTATED = {
    "current": "year not stated",
    "prior": "earlier period, year not stated",
    "before prior": "period before the earlier, year not stated",
}
# Labels of the graph, without the country, for what the table names otherwise.
ALIASES = {
    "US Department of State": "report",
    "somebody (not stated who)": "not stated",
    "national registration centre and assistance coordinator": (
        "national victim registration center and assistance coordinator"
    ),
}

# Words of the labels of non-reports for parts of the table.
NATIONALS = {"Ireland": "Irish nationals", "Malta": "Maltese nationals"}


@dataclass(frozen=True)
class Question:
    """A question on one country, the facts that its answer contains, and the stored queries."""

    country: str
    name: str
    number: int
    asks: str
    about: list[str]
    trap: str
    facts: list[Fact]
    answers: dict[str, dict[str, str]]
    shows: dict[str, list[Fact]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.country}-{self.number}"


def read() -> list[Question]:
    path = Path(__file__).with_name("country_questions.yaml")
    return [
        Question(country["country"], country["name"], number, **question)
        for country in read_yaml(path)
        for number, question in enumerate(country["questions"], start=1)
    ]


QUESTIONS = read()

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=str)


# The questions and the table


@cache
def rows() -> list[Cells]:
    """The rows of the table, which is not part of the repository."""
    if not TABLE.exists():
        pytest.skip(f"{TABLE} is not here")
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, dialect="excel-tab", quoting=csv.QUOTE_NONE))


def cells(country: str, fact: Fact) -> Cells:
    """The cells of the table's row for a fact, except those that the question leaves open."""
    given = {name: str(value) for name, value in fact.items() if name != "assumed"}
    empty = ["hedge", "also"]
    if fact["kind"] != "claim":
        empty += ["part", "value", "unit"]
    return {**dict.fromkeys(empty, ""), "country": country, "speaker": "report", **given}


def test_each_country_has_three_questions() -> None:
    asked = Counter(question.country for question in QUESTIONS)

    assert set(asked) == {row["country"] for row in rows()}
    assert set(asked.values()) == {3}


def test_questions_cover_what_decides_an_answer() -> None:
    decides = Counter(topic for question in QUESTIONS for topic in question.about)

    assert set(decides) == ABOUT
    assert min(decides.values()) >= 3


def test_each_fact_is_one_row_of_the_table() -> None:
    table: dict[tuple[str, str], list[Cells]] = defaultdict(list)
    for row in rows():
        table[row["country"], row["edition"]].append(row)
    wrong = []
    for question in QUESTIONS:
        assert 1 <= len(question.facts) <= 6, question
        for fact in question.facts:
            wanted = cells(question.country, fact).items()
            page = table[question.country, str(fact["edition"])]
            found = [row for row in page if wanted <= row.items()]
            assumed = [ASSUMED in row["note"] and row["kind"] != "claim" for row in found]
            if assumed != [fact.get("assumed", False)]:
                wrong.append((str(question), fact, len(found)))

    assert not wrong


# The questions and the graph


def point(time: str) -> str:
    """A year, or a month in words: "2020", "June 2020"."""
    year, _, month = time.partition("-")
    return f"{month_name[int(month)]} {year}" if month else year


def period(fact: Fact) -> str:
    """The label of the fact's period in the graph, or the beginning of it."""
    time = str(fact["period"])
    if time == "not stated":
        return UNSTATED[fact["comparison"]]
    start, _, end = time.partition("/")
    if not end:
        return point(start)
    if "-" not in time:
        return f"{start}\N{EN DASH}{end}"
    same_year = start[:4] == end[:4]
    return f"{point(start).split()[0] if same_year else point(start)} to {point(end)}"


def name(label: object, question: Question) -> str:
    """The table's name for who counts, pays, speaks or does not report."""
    plain = str(label).removesuffix(f" ({question.name})")
    if plain == f"Government of {question.name}":
        return "government"
    return ALIASES.get(plain, plain)


def is_shown(row: Row, column: str, key: str, fact: Fact, question: Question) -> bool:
    """Return whether the column shows the value of the fact under the key."""
    cell, wanted = row[column], str(fact[key])
    text = str(cell)
    if cell is None:
        # Only a figure has to have a period.
        return wanted == "" or (key == "period" and fact["kind"] == "non-report")
    match key:
        case "counted_by" | "speaker":
            return name(cell, question) == wanted
        case "period":
            return text.startswith(period(fact))
        case "unit":
            return wanted == (f"{text} (converted)" if row["converted"] else text)
        case "also":
            return wanted in text or bool(REMARK.search(wanted))
        case "assumed":
            return INFERRED in text
        case "value":
            return bool(cell == fact["value"])
    if column == "statement":
        words = NATIONALS.get(wanted, wanted)
        return wanted == "total" or words.lower() in text.lower()
    return text == wanted


def differences(row: Row, fact: Fact, query: str, question: Question) -> dict[str, object]:
    """Return values of the fact that the row does not show, with the cells of the row."""
    full = {"speaker": "report", "hedge": "", **fact}
    different: dict[str, object] = {}
    for key, columns in COLUMNS[query].items():
        if key not in full:
            continue
        present = [column for column in columns if column in row]
        if not present and full[key]:
            different[key] = f"{query} has no column {columns[0]}"
        elif present and not any(is_shown(row, column, key, full, question) for column in present):
            different[key] = [row[column] for column in present]
    return different


def lacking(answer: Iterable[Row], query: str, question: Question) -> list[str]:
    """The facts that no row of the answer shows, each with the row that comes nearest."""
    missing = []
    for fact in question.facts:
        if QUERY[fact["kind"]] != query:
            continue
        edition = f"TIP Report {fact['edition']}, {question.name}"
        near = [
            differences(row, fact, query, question) for row in answer if row["edition"] == edition
        ]
        if {} not in near:
            least = min(near, key=lambda found: ("value" in found, len(found)), default="no rows")
            missing.append(f"{fact}\n    nearest row differs in: {least}")
    return missing


Answers = Callable[[str, Question], list[Row]]


@pytest.fixture(scope="session")
def answers(everything: LocalGraph) -> Answers:
    """The rows of a query on the country of a question, in all editions; each query is run once."""

    @cache
    def by_area(query: str) -> dict[object, list[Row]]:
        edition = {"edition": "all"} if query in COLUMNS else {}
        areas: dict[object, list[Row]] = defaultdict(list)
        for row in everything.labelled(everything.rows(query, **edition)):
            areas[row["area"]].append(row)
        return areas

    return lambda query, question: by_area(query)[question.name]


@each_question
def test_stored_queries_answer_the_question(question, answers, everything: LocalGraph):
    assert set(question.answers) == {QUERY[fact["kind"]] for fact in question.facts}
    missing: list[object] = []
    for query, given in question.answers.items():
        found = everything.labelled(everything.rows(query, area=question.country, **given))
        missing += lacking(list(found), query, question)
    for query, rows in question.shows.items():
        answer = answers(query, question)
        for wanted in rows:
            cells = {column: str(cell) for column, cell in wanted.items()}
            if not any(
                cells.items() <= {k: str(v) for k, v in row.items()}.items() for row in answer
            ):
                missing.append(f"{query} has no row with {wanted}")

    if missing:
        pytest.fail("\n".join([question.asks, *map(str, missing)]), pytrace=False)
