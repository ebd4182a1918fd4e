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


PARTS = """SELECT ?part ?name ?axis ?group {
    ?part skos:inScheme code:parts ; skos:prefLabel|skos:altLabel ?name ; tip:axis ?axis
    OPTIONAL { ?part tip:partGroup ?group } }"""
SEXES = {"female": "female-part", "male": "male-part"}


def groups(row: Cells, axis: str) -> set[str]:
    """Return the groups of a part by its row; on an axis of sex alone, women may be girls."""
    ages = {"yes": {"children"}, "no": {"adults"}}.get(row["child"], set())
    is_of_sex = axis.startswith("by-sex") and not axis.startswith("by-sex-and-age")
    if is_of_sex and row["part"].endswith("men"):
        ages = set()
    forms = row["exploitation"].replace(" ", "-").split("+")
    is_open = row["exploitation"].startswith("open")
    return {
        *ages,
        *(SEXES[each] for each in [row["sex"]] if each in SEXES),
        *(f"form-{each}" for each in forms if each != "unknown" and not is_open),
    }


def test_parts_have_the_groups_that_both_readers_saw(everything: LocalGraph) -> None:
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in everything.rows(PARTS):
        part, axis = (last_part(str(row[name])) for name in ("part", "axis"))
        of_part = found.setdefault((str(row["name"]), axis), {}).setdefault(part, set())
        group = last_part(str(row["group"]))
        of_part.update([group] if row["group"] and group != "foreign" else [])
    read = {row["part"]: row for row in table("parts.tsv")}

    checked = {name for name, _ in found}
    assert set(read) - checked == {"total", "each"}, "parts that the graph does not have"
    for (name, axis), parts in found.items():
        if name in read:
            assert all(own == groups(read[name], axis) for own in parts.values()), (name, parts)


NOTIONS = """SELECT ?notion ?wording ?relation {
    { ?of skos:exactMatch ?indicator BIND("same" AS ?relation) }
    UNION { ?of skos:closeMatch ?indicator BIND("close" AS ?relation) }
    ?of a tip:Notion ; skos:prefLabel ?notion . ?indicator skos:prefLabel ?wording }"""
# The graph has no figure in these words, so that the notion would have one wording alone.
NOT_IN_GRAPH = {"victims sheltered"}


def test_notions_join_the_wordings_that_both_readers_joined(everything: LocalGraph) -> None:
    read = {
        (row["notion"], row["wording"], row["relation"])
        for row in table("notions.tsv")
        if row["notion"] and row["notion"] not in NOT_IN_GRAPH
    }
    found = {tuple(map(str, row.values())) for row in everything.rows(NOTIONS)}
    assert found == read


BREAKS = """SELECT ?country ?period { ?break a tip:MethodBreak ; tip:firstYear ?period ;
    dcterms:spatial ?country }"""


def test_declared_breaks_have_those_that_both_readers_saw(everything: LocalGraph) -> None:
    read = {(row["country"], row["period"]) for row in table("breaks.tsv")}
    found = {
        (last_part(str(row["country"])), str(row["period"])) for row in everything.rows(BREAKS)
    }
    assert read <= found


COMPUTED = """SELECT ?change ?counter ?counter_before ?method ?method_before ?inexact {
    ?change a tip:Change ; tip:difference ?difference ; tip:current ?now ; tip:baseline ?then ;
      tip:approximate ?inexact ; tip:basis ?basis .
    OPTIONAL { ?now tip:methodText ?method } OPTIONAL { ?then tip:methodText ?method_before }
    OPTIONAL { ?now tip:countedBy ?counter } OPTIONAL { ?then tip:countedBy ?counter_before }
    FILTER(?basis = code:same-indicator) }"""
SAME = """SELECT ?method ?method_before ?counter ?counter_before ?alike {
    ?now tip:continues ?then ; tip:countedBy ?counter ; tip:indicator ?indicator .
    ?then tip:countedBy ?counter_before ; tip:indicator ?indicator_before .
    BIND(EXISTS { ?indicator tip:sameWordingAs ?indicator_before } AS ?alike)
    OPTIONAL { ?now tip:methodText ?method } OPTIONAL { ?then tip:methodText ?method_before } }"""


def test_nothing_is_computed_or_called_the_same_across_a_break(everything: LocalGraph) -> None:
    computed, same = everything.rows(COMPUTED), everything.rows(SAME)

    assert len(computed) > 100
    assert len(same) > 50
    for row in (*computed, *same):
        assert row["method"] == row["method_before"], row
        assert row["counter"] == row["counter_before"], row
    assert not any(row["inexact"] for row in computed)
    assert all(row["alike"] for row in same)
