"""Questions that analysts ask, and the answers that the text supports.

competency.yaml has those of ../shared/competency-questions.md, further.yaml more of them; both are
written by hand from the text, never copied from an answer.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.yaml_files import read_yaml
from tipgraph.graph import LocalGraph

from .cells import plain, table
from .files import ROOT

HERE = Path(__file__).parent
LIST = ROOT.parent / "shared" / "competency-questions.md"

# The questions are about this one, unless they say otherwise.
EDITION = "tip-2021-be"

Row = Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One stored query that answers a question, or a part of it."""

    id: str
    asks: str
    query: str
    rows: Sequence[Mapping[str, object]]
    params: Mapping[str, object] = field(default_factory=dict)
    where: Mapping[str, object] = field(default_factory=dict)
    contains: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.id}-{self.query}"

    def looked_at(self, answer: Iterable[Row]) -> list[Row]:
        """The rows of the answer that the question is about."""
        return [row for row in answer if all(row[k] == plain(v) for k, v in self.where.items())]


def read(name: str) -> list[Question]:
    entries: list[dict[str, Any]] = read_yaml(HERE / name)
    return [Question(**entry) for entry in entries]


COMPETENCY, FURTHER = read("competency.yaml"), read("further.yaml")


def answer(graph: LocalGraph, question: Question) -> list[Row]:
    """The rows that the question looks at; a passage stands as its sentence."""
    given = {k: plain(v) for k, v in question.params.items()}
    if "edition" in {parameter.name for parameter in graph.queries[question.query].params}:
        given.setdefault("edition", EDITION)
    rows = graph.rows(question.query, **given)
    dictionaries = [dict(zip(rows.columns, row, strict=True)) for row in table(rows)]
    for row in dictionaries:
        row.update({k: v.split("-")[0] for k, v in row.items() if k.endswith(("passage", "place"))})
    return question.looked_at(dictionaries)


@pytest.mark.parametrize("question", COMPETENCY + FURTHER, ids=str)
def test_graph_answers_the_question(question: Question, shipped: LocalGraph) -> None:
    found = answer(shipped, question)

    columns = list(question.rows[0]) if question.rows else []
    assert columns or not found
    actual = {tuple(row[column] for column in columns) for row in found}
    wanted = {tuple(plain(row[column]) for column in columns) for row in question.rows}
    assert actual == wanted, question.asks
    for column, phrase in question.contains.items():
        assert found
        for row in found:
            assert phrase in row[column], question.asks


def test_every_question_of_the_list_is_asked() -> None:
    if not LIST.exists():
        pytest.skip(f"{LIST} is not here")
    listed = re.findall(r"^\| (\d+\.\d+) \|", LIST.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(listed) > 70
    assert set(listed) == {question.id for question in COMPETENCY}
