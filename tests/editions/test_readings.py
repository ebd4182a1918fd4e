"""The graph has what two readers decided of tones, notions, parts and breaks, each on its own."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part

FACTS = Path(__file__).parents[3] / "shared" / "facts"

Cells = dict[str, str]

pytestmark = pytest.mark.slow(reason="reads all countries")


def table(name: str) -> list[Cells]:
    """Return the rows of a table of readings; skip the test where it is absent."""
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"{path} is not here")
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, dialect="excel-tab"))


REMARKS = """SELECT ?country ?edition ?label ?anchor ?tone {
    ?remark a tip:Remark ; tip:edition ?of ; rdfs:label ?label ; tip:tone ?tone ;
      tip:quote ?anchor .
    ?of tip:year ?edition ; dcterms:spatial ?country }"""


def test_remarks_have_the_tone_that_both_readers_saw(everything: LocalGraph) -> None:
    undecided = dict.fromkeys(("open", "unclear"), "undecided")
    read = Counter(
        (
            *(row["country"], row["edition"], row["topic"].casefold(), row["anchor"]),
            undecided.get(row["tone"], row["tone"]),
        )
        for row in table("tone.tsv")
    )
    found = Counter(
        (
            *(last_part(str(row["country"])), str(row["edition"])),
            *(str(row["label"]).partition(":")[0].casefold(), str(row["anchor"])),
            last_part(str(row["tone"])),
        )
        for row in everything.rows(REMARKS)
    )
    assert found == read


def test_every_finding_has_a_tone(everything: LocalGraph) -> None:
    without = "?finding a tip:Finding FILTER NOT EXISTS { ?finding tip:tone ?any }"
    assert not everything.rows(f"SELECT ?finding {{ {without} }}")
