"""The export keeps each integrity constraint of the Data Cube recommendation, and each can fail."""

import pytest
from pyoxigraph import RdfFormat, Store

from tipgraph.namespaces import PREFIXES

from .constraints import CONSTRAINTS, HERE, is_violated, normalize

VALID = (HERE / "valid.ttl").read_bytes()

# The hierarchical code list, read from the narrower code to the broader one
INVERTED = (
    "DELETE DATA { :towns qb:parentChildProperty skos:narrower } ;"
    " INSERT DATA { :towns qb:parentChildProperty [ owl:inverseOf skos:broader ] }"
)
# Triples that break the two valid cubes, for each constraint; some break others too.
DAMAGE = {
    "IC-1": "DELETE DATA { :two qb:dataSet :data }",
    "IC-2": "DELETE DATA { :measured qb:structure :measured-structure }",
    "IC-3": "DELETE DATA { :structure qb:component :of-value }",
    "IC-4": "DELETE DATA { :year rdfs:range xsd:gYear }",
    "IC-5": "DELETE DATA { :sex qb:codeList :sexes }",
    "IC-6": "INSERT DATA { :of-year qb:componentRequired false }",
    "IC-7": "DELETE DATA { :structure qb:sliceKey :key }",
    "IC-8": "INSERT DATA { :key qb:componentProperty :length . :slice :length 5 }",
    "IC-9": "DELETE DATA { :slice qb:sliceStructure :key }",
    "IC-10": "DELETE DATA { :slice :town :capital } ;"
    " INSERT DATA { :one :town :capital . :two :town :capital }",
    "IC-11": "DELETE DATA { :one :sex :women }",
    "IC-12": "DELETE DATA { :two :sex :men } ; INSERT DATA { :two :sex :women }",
    "IC-13": "DELETE DATA { :one :unit :persons }",
    "IC-14": "DELETE DATA { :one :value 1 }",
    "IC-15": "DELETE DATA { :of-length :length 3 }",
    "IC-16": "INSERT DATA { :of-length :weight 5 }",
    "IC-17": "DELETE WHERE { :of-weight ?property ?value }",
    "IC-18": "INSERT DATA { :other a qb:DataSet ; qb:structure :structure ; qb:slice :slice }",
    "IC-19": "DELETE DATA { :men skos:inScheme :sexes }",
    "IC-20": "DELETE DATA { :country skos:narrower :capital }",
    "IC-21": f"{INVERTED} ; DELETE DATA {{ :capital skos:broader :country }}",
}
HEAD = "PREFIX : <https://example.org/>\n" + "".join(
    f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items()
)


def valid() -> Store:
    store = Store()
    store.load(VALID, format=RdfFormat.TURTLE)
    return store


def test_there_are_twenty_one_constraints() -> None:
    assert list(CONSTRAINTS) == list(DAMAGE) == [f"IC-{number}" for number in range(1, 22)]


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_export_keeps_the_constraint(constraint: str, cube: Store) -> None:
    assert not is_violated(cube, constraint)


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_valid_cubes_keep_the_constraint(constraint: str) -> None:
    assert not is_violated(normalize(valid()), constraint)


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_damaged_cube_violates_the_constraint(constraint: str) -> None:
    damaged = valid()
    damaged.update(HEAD + DAMAGE[constraint])

    assert is_violated(normalize(damaged), constraint)


def test_inverted_hierarchy_keeps_the_constraint() -> None:
    inverted = valid()
    inverted.update(HEAD + INVERTED)

    assert not is_violated(normalize(inverted), "IC-21")


@pytest.mark.parametrize(
    "damage",
    [
        # Two data sets, two structures, two slice keys; a code that is not in its collection
        ("IC-1", "INSERT DATA { :two qb:dataSet :measured }"),
        ("IC-2", "INSERT DATA { :data qb:structure :measured-structure }"),
        ("IC-9", "INSERT DATA { :slice qb:sliceStructure :other-key }"),
        ("IC-19", "DELETE DATA { :forms skos:member :labor }"),
    ],
    ids=lambda damage: damage[0],
)
def test_second_half_of_a_constraint_can_fail(damage: tuple[str, str]) -> None:
    constraint, update = damage
    damaged = valid()
    damaged.update(HEAD + update)

    assert is_violated(normalize(damaged), constraint)
