"""Every stored query gives the rows in expected/, all of them and no others.

A change in data or query shows here as a difference. When the new answer is right by the text,
copy it over as the message says; read it first.
"""

from pathlib import Path

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.render.results import tsv

from .cells import table
from .files import CHECKS, NAMES

EXPECTED = Path(__file__).parent / "expected"

# Queries that need a parameter, or whose whole answer nobody could read, with the cases looked at.
CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "evidence-by-criterion": {"scheme": ("scheme-3p", "scheme-ecat", "scheme-checklist")},
    "benefits": {"category": ("ChildVictim", "ForeignVictim")},
    "series": {
        "indicator": (
            "victims-identified-and-assisted",
            "victims-registered",
            "allocation-per-shelter",
            "residence-permits-issued",
        )
    },
    "compare-countries": {"indicator": ("victims-identified",)},
    "mentions": {"actor": ("greta", "belgium-public-prosecutors", "traffickers")},
}
ALL = [
    (name, parameters)
    for name in NAMES
    for parameters in (
        [{key: value} for key, values in CASES[name].items() for value in values]
        if name in CASES
        else [{}]
    )
]


def expected(name: str, parameters: dict[str, str]) -> Path:
    return EXPECTED / (".".join([name, *parameters.values()]) + ".tsv")


@pytest.mark.parametrize(("name", "parameters"), ALL, ids=[expected(*case).stem for case in ALL])
def test_that_a_query_gives_the_expected_rows(
    name: str, parameters: dict[str, str], shipped: LocalGraph, tmp_path: Path
) -> None:
    rows = shipped.rows(name, **parameters)
    found = tmp_path / f"{name}.tsv"
    found.write_text(tsv(rows.columns, table(rows)), encoding="utf-8")
    wanted = expected(name, parameters)

    assert wanted.exists(), f"read the answer; if it is right: cp {found} {wanted}"
    told, said = (sorted(path.read_text(encoding="utf-8").split("\n")) for path in (found, wanted))
    assert told == said, f"if the answer is right: cp {found} {wanted}"


@pytest.mark.parametrize("name", NAMES)
def test_that_a_check_finds_nothing_and_any_other_query_something(
    name: str, shipped: LocalGraph
) -> None:
    parameters = {key: values[0] for key, values in CASES.get(name, {}).items()}
    found = len(shipped.rows(name, **parameters)) > 0

    assert found != (name in CHECKS)


def test_that_nothing_is_expected_of_a_query_that_is_gone() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == {expected(*case).name for case in ALL}
