"""Each conclusion on a case has its status and its evidence, by the rules themselves."""

from dataclasses import replace
from graphlib import TopologicalSorter
from itertools import chain
from typing import Any

import pytest
from pyoxigraph import RdfFormat, Store

from tipgraph.assess.case import Case, read_case
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.namespaces import ID, PREFIXES, last_part
from tipgraph.store.engine import Embedded, Rows

CASES: dict[str, dict[str, Any]] = {
    "nobody": {},
    "child": {"citizenship": "NGA", "age": 17, "unaccompanied": True, "met": "potential"},
    "alone": {"citizenship": "NGA", "age": 18, "unaccompanied": True, "met": "identified"},
    "hungarian": {"citizenship": "HUN", "age": 30, "met": ["identified", "criminal-case-ended"],
                  "not_met": ["agrees-to-conditions", "under-physical-threat"]},
    "belgian": {"citizenship": "BEL", "met": "conviction-and-sentence"},
    "blocked": {"citizenship": "ALB", "age": 30, "met": ["identified", "able-to-bring-charges"],
                "not_met": ["assists-prosecution", "takes-part-in-proceedings", "conviction",
                            "under-physical-threat", "living-abroad", "criminal-case-ended"]},
    "over": {"citizenship": "ALB", "age": 30, "met": ["identified", "criminal-case-ended"],
             "not_met": ["conviction", "agrees-to-conditions"]},
}  # fmt: skip
READ = ("", "wider", "narrower")
HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
# A case as it was given, and not one that is read in one way.
GIVEN = "FILTER NOT EXISTS { ?case tip:readsOpenQuestions ?reading }"


def variants(regime: Regime, name: str) -> dict[str, Case]:
    """The case, and the same with all open questions read widely or narrowly."""
    case = read_case(CASES[name], regime.engine)
    return {f"{name}-{each}".rstrip("-"): replace(case, reading=each or None) for each in READ}


@pytest.fixture(scope="module")
def together(belgium: Regime) -> Embedded:
    """The conclusions on all cases, which were drawn together."""
    cases = [variants(belgium, name) for name in CASES]
    return belgium.conclude(dict(chain.from_iterable(each.items() for each in cases)))


def triples(engine: Embedded, name: str) -> set[str]:
    own = (f"<{ID}case/{name}>", f"<{ID}derived/conclusion/{name}/")
    return {str(each.triple) for each in engine.store if str(each.subject).startswith(own)}


def local_names(rows: Rows) -> set[tuple[str, ...]]:
    """The last part of each IRI of each row."""
    return {tuple(last_part(str(each)).rpartition("#")[2] for each in r.values()) for r in rows}


@pytest.mark.parametrize("name", CASES)
def test_conclusions_on_a_case_do_not_depend_on_other_cases(name, belgium, together):
    for variant, case in variants(belgium, name).items():
        alone = triples(belgium.conclude({variant: case}), variant)

        assert triples(together, variant) == alone, variant
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


def test_nothing_is_both_met_and_not_met(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?thing {"
        " ?one tip:ofCase ?case ; tip:concludesOn ?thing ; tip:state code:met ."
        " ?other tip:ofCase ?case ; tip:concludesOn ?thing ; tip:state code:not-met }"
    )

    assert list(rows) == []


def test_age_and_company_decide_who_is_an_unaccompanied_child(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?category ?state { ?it tip:ofCase ?case ; tip:concludesOn ?category ;"
        " tip:state ?state VALUES ?category { tip:Child tip:Adult tip:UnaccompaniedChild }"
        f" VALUES ?case {{ <{ID}case/child> <{ID}case/alone> <{ID}case/nobody> }} }}"
    )
    found = local_names(rows)

    assert found == {
        ("child", "Child", "met"), ("child", "Adult", "not-met"),
        ("child", "UnaccompaniedChild", "met"),
        ("alone", "Child", "not-met"), ("alone", "Adult", "met"),
        ("alone", "UnaccompaniedChild", "not-met"),
        *(("nobody", each, "unknown") for each in ("Child", "Adult", "UnaccompaniedChild")),
    }  # fmt: skip


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


def test_category_of_victims_by_citizenship_rests_on_the_victim(together: Embedded) -> None:
    rows = together.select(
        "SELECT DISTINCT ?premise { ?it tip:state code:met ; prov:wasDerivedFrom/tip:concludesOn"
        " ?premise FILTER(CONTAINS(STR(?it), '/citizenship/')) }"
    )

    assert [last_part(str(each)) for each in rows.column("premise")] == ["Victim"]


def test_norm_that_is_not_applicable_has_no_other_status(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?norm ?status { ?it a tip:NormConclusion ; tip:status code:not-applicable ;"
        " tip:ofCase ?case ; tip:concludesOn ?norm . ?other a tip:NormConclusion ;"
        " tip:ofCase ?case ; tip:concludesOn ?norm ; tip:status ?status }"
    )

    assert {last_part(str(row["status"])) for row in rows} == {"not-applicable"}


def test_category_of_one_citizenship(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?state { ?it a tip:TruthConclusion ; tip:concludesOn tip:HungarianVictim ;"
        " tip:ofCase ?case ; tip:state ?state ; prov:wasDerivedFrom ?victim ."
        f" {GIVEN}"
        " OPTIONAL { ?victim tip:concludesOn tip:Victim } } ORDER BY ?case ?state"
    )
    found = {(last_part(str(r["case"])), last_part(str(r["state"]))) for r in rows}

    assert found == {
        ("hungarian", "met"), ("child", "not-met"), ("alone", "not-met"), ("belgian", "not-met"),
        ("blocked", "not-met"), ("over", "not-met"),
    }  # fmt: skip


def test_citizenship_decides_who_is_foreign(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?category ?state { VALUES ?category { tip:Citizen tip:NonEUVictim }"
        " ?it tip:concludesOn ?category ; tip:ofCase ?case ; tip:state ?state ."
        f" {GIVEN} }}"
    )
    found = local_names(rows)

    assert found == {
        ("nobody", "Citizen", "unknown"), ("nobody", "NonEUVictim", "unknown"),
        ("belgian", "Citizen", "met"), ("belgian", "NonEUVictim", "not-met"),
        ("hungarian", "Citizen", "not-met"), ("hungarian", "NonEUVictim", "not-met"),
        *((name, category, state) for name in ("child", "alone", "blocked", "over")
          for category, state in (("Citizen", "not-met"), ("NonEUVictim", "met"))),
    }  # fmt: skip


def test_fact_blocks_a_norm_only_if_it_is_so(together: Embedded) -> None:
    """S31: the end of the case ends video testimony; a case that goes on does not."""
    rows = together.select(
        "SELECT DISTINCT ?case ?norm { ?it tip:blockedBy code:criminal-case-ended ;"
        f" tip:ofCase ?case ; tip:concludesOn ?norm . {GIVEN} }}"
    )

    assert {last_part(str(row["case"])) for row in rows} == {"hungarian", "over"}
    assert {"video-testimony", "restitution"} <= {last_part(str(row["norm"])) for row in rows}


def test_fact_is_settled_only_by_an_event_that_happened(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?case ?fact { ?it tip:state code:not-met-for-good ; tip:concludesOn ?fact ;"
        f" tip:ofCase ?case . ?fact skos:inScheme code:facts . {GIVEN} }}"
    )
    settled = {(last_part(str(r["case"])), last_part(str(r["fact"]))) for r in rows}

    assert ("over", "conviction") in settled
    assert {name for name, _ in settled} <= {"over", "hungarian"}, "the case of blocked goes on"


@pytest.mark.parametrize(
    ("case", "status"),
    [
        # S23: foreign victims who did not agree were repatriated.
        ({"citizenship": "ALB", "not_met": "agrees-to-conditions"}, "reported-to-follow"),
        ({"citizenship": "ALB"}, "undetermined"),
        ({"citizenship": "ALB", "met": "agrees-to-conditions"}, "does-not-follow"),
        # It is open whether a citizen of another member state is foreign.
        ({"citizenship": "ROU", "not_met": "agrees-to-conditions"}, "undetermined"),
        ({"citizenship": "ROU"}, "undetermined"),
        ({"citizenship": "ROU", "met": "agrees-to-conditions"}, "does-not-follow"),
        ({"not_met": "agrees-to-conditions"}, "undetermined"),
        # A citizen is not foreign.
        ({"citizenship": "BEL", "not_met": "agrees-to-conditions"}, None),
    ],
)
def test_consequence_follows_from_category_and_requirement(case, status, belgium):
    read = read_case({"age": 30, "met": [], **case}, belgium.engine)

    found = Conclusions(belgium.conclude({"case": read}), "case").norms

    assert found.get(f"{belgium.edition}/repatriation") == status


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
    belgium.rules.concluding.apply(store, Store(), belgium.edition)
    found = Embedded(store).select("SELECT ?best { id:it tip:bestStatus ?best }").column("best")

    assert list(map(last_part, map(str, found))) == [status]


@pytest.mark.parametrize(
    ("dates", "is_member"),
    [
        ("tip:joinedEU '2020-07-01'^^xsd:date", True),
        ("tip:joinedEU '2021-01-01'^^xsd:date", True),
        ("tip:joinedEU '2021-01-02'^^xsd:date", False),
        ("tip:joinedEU '2021-07-01'^^xsd:date", False),
        ("tip:joinedEU '2022-01-01'^^xsd:date", False),
        ("tip:joinedEU '1973-01-01'^^xsd:date ; tip:leftEU '2020-02-01'^^xsd:date", False),
        ("tip:joinedEU '1973-01-01'^^xsd:date ; tip:leftEU '2021-01-01'^^xsd:date", False),
        ("tip:joinedEU '1973-01-01'^^xsd:date ; tip:leftEU '2021-01-02'^^xsd:date", True),
        ("tip:joinedEU '1973-01-01'^^xsd:date ; tip:leftEU '2021-02-01'^^xsd:date", True),
        ("tip:joinedEU '1973-01-01'^^xsd:date ; tip:leftEU '2022-01-01'^^xsd:date", True),
    ],
)
def test_country_is_a_member_at_the_beginning_of_the_year(dates, is_member, belgium):
    turtle = f"id:case tip:assessedUnder id:it . id:it tip:year 2021 . id:country {dates} ."
    store = Store()
    store.load((HEAD + turtle).encode(), RdfFormat.TURTLE)
    belgium.rules.concluding.apply(store, Store(), belgium.edition)

    assert Embedded(store).ask("ASK { id:country a tip:EUMemberState }") is is_member


def test_no_conclusion_rests_on_itself(together: Embedded) -> None:
    rows = together.select(
        "SELECT ?it ?source { ?it tip:ofCase ?case ; prov:wasDerivedFrom ?source }"
    )

    order = TopologicalSorter(rows.grouped())
    order.prepare()  # It raises CycleError where there is a circle.

    assert order.is_active()


def test_requirement_depends_on_its_event_only_where_its_parts_agree(belgium: Regime) -> None:
    """S27: whether the trial is pending matters once charges and conviction are known."""

    def depends_on(**stated: list[str]) -> set[str]:
        document = {"citizenship": "ALB", "age": 30, **stated}
        read = read_case(document, belgium.engine)
        found = Conclusions(belgium.conclude({"case": read}), "case")
        return set(map(last_part, found.depends_on(f"{belgium.edition}/indefinite-permit")))

    others = ["under-physical-threat", "living-abroad"]
    assert depends_on(met=["identified"], not_met=others) == {"able-to-bring-charges", "conviction"}
    known = depends_on(met=["identified", "able-to-bring-charges"], not_met=[*others, "conviction"])
    assert known == {"criminal-case-ended"}
    pending = depends_on(
        met=["identified", "able-to-bring-charges"],
        not_met=[*others, "conviction", "criminal-case-ended"],
    )
    assert pending == set(), "nothing but the reading leaves it open"


def test_category_depends_on_the_traits_that_decide_it(together: Embedded) -> None:
    rows = together.select(
        f"SELECT ?category ?what {{ ?it a tip:OpenConclusion ; tip:ofCase <{ID}case/nobody> ;"
        " tip:concludesOn ?category ; tip:dependsOn ?what VALUES ?category { tip:Child tip:Adult"
        " tip:UnaccompaniedChild tip:Citizen tip:HungarianVictim tip:LaborTraffickingVictim } }"
    )
    found: dict[str, set[str]] = {}
    for category, what in (map(str, row.values()) for row in rows):
        found.setdefault(last_part(category), set()).add(last_part(what))

    assert found == {
        "Child": {"age"}, "Adult": {"age"}, "UnaccompaniedChild": {"age", "unaccompanied"},
        "Citizen": {"citizenship"}, "HungarianVictim": {"citizenship"},
    }  # fmt: skip
