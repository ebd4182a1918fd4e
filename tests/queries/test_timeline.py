"""The steps of a case are in our order, which settings, conditions, topics and rungs give."""

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part

EDITION = "tip-2021-be"


def steps(graph: LocalGraph) -> list[tuple[object, str]]:
    rows = graph.rows("timeline", edition=EDITION)
    return [(row["step"], last_part(str(row["statement"]))) for row in rows]


def test_steps_go_from_identification_to_the_end_of_the_case(shipped: LocalGraph) -> None:
    found = steps(shipped)
    numbers = [int(str(number)) for number, _ in found]
    place = {name: position for position, (_, name) in enumerate(found)}

    assert numbers == sorted(numbers)
    assert set(numbers) == {1, 2, 3, 4, 5, 6}
    ordered = [
        "duty-to-notify-child-protection",
        "reflection-period",
        "social-services",
        "assistance",
        "three-month-permit",
        "six-month-permit",
        "video-testimony",
        "permanent-residency",
    ]
    assert [place[name] for name in ordered] == sorted(place[name] for name in ordered)


def test_rungs_of_the_ladder_do_not_go_back_a_stage(shipped: LocalGraph) -> None:
    rows = [row for row in shipped.rows("timeline", edition=EDITION) if row["rung"]]

    assert [row["rung"] for row in rows] == [1, 2, 3, 4, 4]


def test_every_norm_service_and_consequence_is_a_step(shipped: LocalGraph) -> None:
    pattern = (
        "?x tip:edition id:tip-2021-be ; a ?kind FILTER(?kind IN"
        " (tip:Norm, tip:ServiceProvision, tip:Placement, tip:Consequence, tip:Conduct))"
    )
    rows = shipped.engine.select(f"SELECT DISTINCT ?x {{ {pattern} }}")
    stated = {last_part(str(each)) for each in rows.column("x")}

    # The power is the indefinite permit, from the side of those who may grant it.
    assert stated - {name for _, name in steps(shipped)} == {"power-to-grant-indefinite-permit"}


def test_criticism_names_what_falls_short_and_the_norms_it_touches(shipped: LocalGraph) -> None:
    rows = list(shipped.rows("criticism", edition=EDITION))
    shortcomings = shipped.engine.select(
        "SELECT DISTINCT ?x { ?x a tip:Finding ; tip:edition id:tip-2021-be ;"
        " tip:outcome/skos:broader* code:shortcoming }"
    )
    kinds = {last_part(str(row["criticised"])): row["criticised_kind"] for row in rows}

    assert {row["finding"] for row in rows} == set(shortcomings.column("x"))
    assert kinds["three-month-permit"] == "norm"
    assert kinds["victim-referral-protocol"] == "instrument"
    assert kinds["assistance-criteria"] == "requirement"
    assert kinds["child-safety-services"] == "body"
    assert kinds["stay"] == "topic"
    touched = {last_part(str(row["criticised"])): str(row["norms"]) for row in rows}
    assert "Permanent residency" in touched["stay"]
    assert touched["victim-referral-protocol"].startswith("Authorities are to follow")


def test_stages_are_numbered_and_nothing_else_is_a_stage(shipped: LocalGraph) -> None:
    stages = shipped.engine.select(
        "SELECT ?number { ?x skos:inScheme code:stages ; tip:stageNumber ?number } ORDER BY ?number"
    )
    others = shipped.engine.select(
        "SELECT ?x { ?x tip:stage ?stage FILTER NOT EXISTS { ?stage skos:inScheme code:stages } }"
    )

    assert stages.column("number") == [1, 2, 3, 4, 5, 6]
    assert not others
