"""Slices gather the parts of one axis; only those that add up to their total are complete."""

import pytest

from .kit import run, select, small

CODES = """
code:women tip:axis code:by-sex . code:men tip:axis code:by-sex .
code:girls tip:axis code:by-age-within-sex ; skos:broader code:women .
code:by-sex skos:prefLabel "by sex"@en .
code:by-age-within-sex skos:prefLabel "by age within sex"@en .
code:officers tip:axis code:by-agent . code:helpers tip:axis code:by-agent .
code:by-agent skos:prefLabel "by agent"@en .
country:BEL skos:prefLabel "Belgium"@en . period:2020 rdfs:label "2020" .
code:victims skos:prefLabel "victims"@en . id:tip-2021-be rdfs:label "Belgium 2021"@en .
id:police rdfs:label "police"@en . id:shelters rdfs:label "shelters"@en .
"""
BY_SEX, WITHIN_SEX = "by-sex", "by-age-within-sex"
ADDS_UP, DO_NOT_ADD = "adds-up", "do-not-add"


def observation(
    part: str,
    speaker: str = "police",
    of: str = "",
    completeness: str = "",
    counter: str = "police",
) -> str:
    """An observation, of the whole that another one of the speaker `of` counts."""
    breakdown = f"; tip:breakdownOf be:{of} ; tip:breakdown code:{completeness}" if of else ""
    return f"""
be:{part}-{speaker} a tip:Observation ; tip:part code:{part} ; tip:indicator code:victims ;
    tip:speaker id:{speaker} ; tip:countedBy id:{counter} ; qb:dataSet be:figures ;
    tip:edition id:tip-2021-be ;
    sdmx-dimension:refArea country:BEL ; sdmx-dimension:refPeriod period:2020 {breakdown} .
"""


def parts(
    *names: str, of: str = "total-police", by: str = "police", how: str = "incomplete"
) -> str:
    return "".join(observation(name, by, of, how) for name in names)


TOTAL = observation("total")


def slices(turtle: str) -> set[tuple[str, ...]]:
    """The axis, an observation and the additivity of each slice."""
    store = small(CODES + turtle)
    run(store)
    rows = select(
        store,
        "SELECT ?axis ?observation ?additivity { ?slice a tip:BreakdownSlice ; tip:axis ?axis ;"
        " qb:observation ?observation ; tip:additivity ?additivity }",
    )
    return {tuple(cell.rpartition("/")[2] for cell in row) for row in rows}


@pytest.mark.parametrize(
    ("completeness", "additivity"),
    [
        ("complete-by-sum", ADDS_UP),
        ("complete-by-source", ADDS_UP),
        ("incomplete", DO_NOT_ADD),
        ("overlapping", DO_NOT_ADD),
    ],
)
def test_slice_is_complete_where_its_breakdown_is(completeness: str, additivity: str) -> None:
    assert slices(TOTAL + parts("women", "men", how=completeness)) == {
        (BY_SEX, "women-police", additivity),
        (BY_SEX, "men-police", additivity),
    }


def test_total_is_in_no_slice() -> None:
    assert slices(TOTAL) == set()


def test_part_without_a_total_is_not_to_be_added() -> None:
    assert slices(observation("women")) == {(BY_SEX, "women-police", DO_NOT_ADD)}
    beside = TOTAL + parts("women", how="complete-by-sum") + observation("men")
    assert {mark for _, _, mark in slices(beside)} == {DO_NOT_ADD}


def test_part_of_a_part_has_a_slice_that_is_not_to_be_added() -> None:
    nested = parts("girls", of="women-police", how="complete-by-sum")

    assert slices(TOTAL + parts("women", how="complete-by-sum") + nested) == {
        (BY_SEX, "women-police", ADDS_UP),
        (WITHIN_SEX, "girls-police", DO_NOT_ADD),
    }


def test_each_speaker_has_slices_of_its_own() -> None:
    both = TOTAL + parts("women", "men", how="complete-by-sum") + observation("total", "shelters")
    others = parts("women", of="total-shelters", by="shelters")

    assert slices(both + others) == {
        (BY_SEX, "women-police", ADDS_UP),
        (BY_SEX, "men-police", ADDS_UP),
        (BY_SEX, "women-shelters", DO_NOT_ADD),
    }


def test_slice_that_lacks_the_part_of_another_speaker_is_not_to_be_added() -> None:
    women, men = (
        parts("women", how="complete-by-sum"),
        parts("men", by="shelters", how="complete-by-sum"),
    )

    assert slices(TOTAL + women + men) == {
        (BY_SEX, "women-police", DO_NOT_ADD),
        (BY_SEX, "men-shelters", DO_NOT_ADD),
    }


@pytest.mark.parametrize(
    ("first", "second", "number"), [("women", "men", 2), ("officers", "helpers", 1)]
)
def test_each_counter_has_a_slice_of_its_own_unless_the_parts_are_counters(first, second, number):
    store = small(CODES + observation(first) + observation(second, counter="shelters"))
    run(store)

    assert len(select(store, "SELECT ?slice { ?slice a tip:BreakdownSlice }")) == number
