"""Every stored query gives exactly the rows in expected/, over all editions.

A change in data or query shows here as a difference. Read the new rows; when they are right by the
text, copy them as the message shows.
"""

from pathlib import Path

import pytest

from tipgraph.graph import LocalGraph
from tipgraph.lookup import editions
from tipgraph.render.results import tsv

from .cells import table
from .files import CHECKS, NAMES

EXPECTED = Path(__file__).parent / "expected"

# Queries that need a parameter, or that have too many rows to read, with the cases compared.
CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "evidence-by-criterion": {
        "scheme": (
            "scheme-3p",
            "scheme-ecat",
            "scheme-dir-2004-81",
            "scheme-dir-2011-36",
            "scheme-checklist",
        )
    },
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
def test_query_gives_the_expected_rows(
    name: str, parameters: dict[str, str], shipped: LocalGraph, tmp_path: Path
) -> None:
    of_all = {"edition": editions.ALL} if shipped.queries[name].has_editions else {}
    rows = shipped.rows(name, **parameters, **of_all)
    found = tmp_path / f"{name}.tsv"
    found.write_text(tsv(rows.columns, table(rows)), encoding="utf-8")
    wanted = expected(name, parameters)

    assert wanted.exists(), f"read the answer; if it is right: cp {found} {wanted}"
    actual, recorded = (
        sorted(path.read_text(encoding="utf-8").split("\n")) for path in (found, wanted)
    )
    assert actual == recorded, f"if the answer is right: cp {found} {wanted}"


@pytest.mark.parametrize("name", NAMES)
def test_checks_give_no_rows_and_other_queries_some(name: str, shipped: LocalGraph) -> None:
    parameters = {key: values[0] for key, values in CASES.get(name, {}).items()}
    found = len(shipped.rows(name, **parameters)) > 0

    assert found != (name in CHECKS)


def test_expected_rows_belong_to_existing_queries() -> None:
    assert {path.name for path in EXPECTED.iterdir()} == {expected(*case).name for case in ALL}
