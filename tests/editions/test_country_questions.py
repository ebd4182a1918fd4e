"""Three questions for each country of countries.tsv, written before its facts were in the graph."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.facts import FACTS, Cells

TABLE = FACTS.with_name("countries.tsv")
ASSUMED = "period assumed"
# What decides an answer. Each is asked for at least three times.
ABOUT = {
    *("headline", "breakdown", "counter", "stage", "hedge", "money", "period", "revision"),
    *("zero", "non-report", "claim"),
}

Fact = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """A question on one country, and the facts that its answer contains."""

    country: str
    number: int
    asks: str
    about: list[str]
    trap: str
    facts: list[Fact]

    def __str__(self) -> str:
        return f"{self.country}-{self.number}"


def read() -> list[Question]:
    path = Path(__file__).with_name("country_questions.yaml")
    return [
        Question(country["country"], number, **question)
        for country in yaml.safe_load(path.read_text(encoding="utf-8"))
        for number, question in enumerate(country["questions"], start=1)
    ]


QUESTIONS = read()


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
