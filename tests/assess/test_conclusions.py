"""What each conclusion on a case has and rests on, by the rules themselves."""

from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from tipgraph.assess.parse_case import read_case
from tipgraph.assess.regime import Regime
from tipgraph.namespaces import ID, PREFIXES, last_part
from tipgraph.store.engine import Embedded

CASES: dict[str, dict[str, Any]] = {
    "nobody": {},
    "child": {"citizenship": "NGA", "age": 17, "unaccompanied": True, "met": "potential"},
    "alone": {"citizenship": "NGA", "age": 18, "unaccompanied": True, "met": "identified"},
    "hungarian": {"citizenship": "HUN", "age": 30, "met": ["identified", "criminal-case-ended"],
                  "not_met": ["agrees-to-conditions", "under-physical-threat"]},
    "belgian": {"citizenship": "BEL", "met": "conviction-and-sentence"},
    "blocked": {"citizenship": "ALB", "age": 30, "met": ["identified", "charges-brought"],
                "not_met": ["assists-prosecution", "takes-part-in-proceedings", "conviction"]},
}  # fmt: skip
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def concluded_on(regime: Regime, *names: str) -> Embedded:
    cases = {n: read_case(CASES[n], regime.engine, regime.resources) for n in names}
    return regime.conclude(cases)


@pytest.fixture(scope="module")
def together(belgium: Regime) -> Embedded:
    """The conclusions on all cases, which were drawn together."""
    return concluded_on(belgium, *CASES)


def triples(engine: Embedded, name: str) -> set[str]:
    own = (f"<{ID}case/{name}>", f"<{ID}derived/conclusion/{name}/")
    return {str(each.triple) for each in engine.store if str(each.subject).startswith(own)}


@pytest.mark.parametrize("name", CASES)
def test_conclusions_on_a_case_do_not_depend_on_other_cases(
    name: str, belgium: Regime, together: Embedded
) -> None:
    alone = triples(concluded_on(belgium, name), name)

    assert triples(together, name) == alone
    assert len(alone) > 500


def test_each_conclusion_has_one_thing_and_one_state_or_status(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?conclusion (COUNT(DISTINCT ?thing) AS ?things) (COUNT(DISTINCT ?found) AS ?states)"
        " { ?conclusion tip:ofCase ?case OPTIONAL { ?conclusion tip:concludesOn ?thing }"
        " OPTIONAL { ?conclusion tip:state|tip:partialState|tip:status ?found } }"
        " GROUP BY ?conclusion"
    )

    assert len(rows) > 500
    assert {(row["things"], row["states"]) for row in rows} == {(1, 1)}


def test_nothing_is_both_met_and_unknown(together: Embedded) -> None:
    assert not together.ask(
        "ASK { ?open a tip:OpenConclusion ; tip:ofCase ?case ; tip:concludesOn ?thing ."
        " ?truth a tip:TruthConclusion ; tip:ofCase ?case ; tip:concludesOn ?thing ;"
        " tip:state ?state }"
    )


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        # The norm that decides on a benefit answers it.
        ("BenefitConclusion", "prov:wasDerivedFrom/tip:answers"),
        # A norm or consequence rests on itself, as the source states it.
        ("NormConclusion", "prov:wasDerivedFrom"),
    ],
)
def test_conclusion_rests_on_what_it_is_about(kind: str, path: str, together: Embedded) -> None:
    rows = together.select(
        f"SELECT ?conclusion ?thing ?source {{ ?conclusion a tip:{kind} ; tip:concludesOn ?thing ;"
        f" {path} ?source }}"
    )
    if kind == "BenefitConclusion":
        assert all(row["thing"] == row["source"] for row in rows)
    about = {row["conclusion"] for row in rows if row["thing"] == row["source"]}

    assert about == set(together.select(f"SELECT ?it {{ ?it a tip:{kind} }}").column("it"))


def test_category_of_one_citizenship(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?state { ?it a tip:TruthConclusion ; tip:concludesOn tip:HungarianVictim ;"
        " tip:ofCase ?case ; tip:state ?state ; prov:wasDerivedFrom ?victim ."
        " OPTIONAL { ?victim tip:concludesOn tip:Victim } } ORDER BY ?case ?state"
    )
    found = {(last_part(str(r["case"])), last_part(str(r["state"]))) for r in rows}

    assert found == {
        ("hungarian", "met"), ("child", "not-met"), ("alone", "not-met"), ("belgian", "not-met"),
        ("blocked", "not-met"),
    }  # fmt: skip


def test_citizenship_decides_who_is_foreign(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?category ?state { VALUES ?category { tip:Citizen tip:NonEUVictim }"
        " ?it tip:concludesOn ?category ; tip:ofCase ?case ; tip:state ?state }"
    )
    found = {tuple(last_part(str(each)).rpartition("#")[2] for each in r.values()) for r in rows}

    assert found == {
        ("nobody", "Citizen", "unknown"), ("nobody", "NonEUVictim", "unknown"),
        ("belgian", "Citizen", "met"), ("belgian", "NonEUVictim", "not-met"),
        ("hungarian", "Citizen", "not-met"), ("hungarian", "NonEUVictim", "not-met"),
        *((name, category, state) for name in ("child", "alone", "blocked")
          for category, state in (("Citizen", "not-met"), ("NonEUVictim", "met"))),
    }  # fmt: skip


def test_fact_blocks_a_norm_only_if_it_is_so(together: Embedded) -> None:
    """S31: the end of the case ends video testimony; a case that goes on does not."""
    rows = together.select(
        "SELECT DISTINCT ?case ?norm { ?it tip:blockedBy code:criminal-case-ended ;"
        " tip:ofCase ?case ; tip:concludesOn ?norm }"
    )

    assert {last_part(str(row["case"])) for row in rows} == {"hungarian"}
    assert {"video-testimony", "restitution"} <= {last_part(str(row["norm"])) for row in rows}


@pytest.mark.parametrize(
    ("stated", "status"),
    [
        ("a tip:Entitlement ; tip:conditionality code:necessary", "condition-met"),
        (
            "a tip:Entitlement ; tip:conditionality code:necessary ; tip:strength code:granted",
            "condition-met",
        ),
        (
            "a tip:Entitlement ; tip:conditionality code:sufficient ; tip:strength code:granted",
            "available",
        ),
        ("a tip:Entitlement ; tip:strength code:eligible", "available"),
        ("a tip:Entitlement ; tip:strength code:could", "discretionary"),
        ("a tip:Entitlement ; tip:strength code:strength-not-stated", "condition-met"),
        (
            "a tip:Entitlement ; tip:conditionality code:necessary ; tip:strength code:eligible ;"
            " cv:holdsRequirement [ tip:frequency code:often ]",
            "available",
        ),
        ("a tip:Power ; tip:conditionality code:necessary ; tip:strength code:granted",
         "discretionary"),
        ("a tip:Placement", "available"),
        ("a tip:ServiceProvision", "available"),
    ],
)  # fmt: skip
def test_best_status_follows_the_wording(stated: str, status: str, belgium: Regime) -> None:
    store = Store()
    store.load(f"{HEAD} id:it {stated} .".encode(), RdfFormat.TURTLE)
    belgium.rules.concluding.apply(store, Store())
    found = Embedded(store).select("SELECT ?best { id:it tip:bestStatus ?best }").column("best")

    assert list(map(last_part, map(str, found))) == [status]
