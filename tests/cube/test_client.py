"""A client that follows the standard alone adds what may be added, and nothing else."""

from collections import Counter

import pytest
from pyoxigraph import Store

from .client import Cube, Slice, cubes

pytestmark = [
    pytest.mark.slow(reason="normalises the cube, which takes an engine seconds"),
    pytest.mark.parametrize("cube", ["everything"], indirect=True),
]


@pytest.fixture(scope="module")
def data_sets(cube: Store) -> list[Cube]:
    """The figures of each edition."""
    return cubes(cube)


@pytest.fixture(scope="module")
def slices(data_sets: list[Cube]) -> list[tuple[Cube, Slice]]:
    """Each slice, with its cube."""
    return [(each, part) for each in data_sets for part in each.slices()]


def test_each_slice_is_complete_or_not_to_be_added(slices: list[tuple[Cube, Slice]]) -> None:
    marks = Counter(tuple(part.marks) for _, part in slices)

    assert set(marks) == {("complete",), ("do not add",)}
    assert min(marks.values()) > 10


def test_complete_slices_sum_to_their_total(slices: list[tuple[Cube, Slice]]) -> None:
    for cube, part in slices:
        if "complete" in part.marks:
            values, total = [each.value for each in part.observations], cube.total(part)
            assert total, part.iri
            assert sum(values) == total.value, part.iri


def test_sum_that_is_not_the_total_is_not_to_be_added(slices: list[tuple[Cube, Slice]]) -> None:
    others = [
        part
        for cube, part in slices
        for total in [cube.total(part)]
        if total is None or sum(each.value for each in part.observations) != total.value
    ]

    assert len(others) > 10
    assert {tuple(part.marks) for part in others} == {("do not add",)}


def test_who_counted_is_a_dimension(data_sets: list[Cube]) -> None:
    counter = "https://w3id.org/tipgraph/ns#countedBy"

    assert all(counter in cube.dimensions for cube in data_sets)
    assert all(each.place[counter] for cube in data_sets for each in cube.observations.values())


def test_observations_of_a_slice_have_what_it_fixes(slices: list[tuple[Cube, Slice]]) -> None:
    for _, part in slices:
        assert part.observations
        assert all(part.place.items() <= each.place.items() for each in part.observations)


def test_each_observation_is_the_total_or_in_one_slice(data_sets: list[Cube]) -> None:
    for cube in data_sets:
        members = Counter(each.iri for part in cube.slices() for each in part.observations)
        others = cube.observations.keys() - members.keys()
        assert set(members.values()) <= {1}
        assert all(
            any(value.endswith("/total") for value in cube.observations[iri].place.values())
            for iri in others
        )
