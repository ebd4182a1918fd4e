"""Each check finds a fault that is planted in a small graph, and nothing else.

So does the query for norms that require cooperation, which reads requirements in the same way. The
shipped graph has no faults on which engines could differ, so each engine gets the planted ones.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

import tipgraph
from tests.servers import STORES
from tipgraph.endpoint.client import open_store
from tipgraph.endpoint.settings import Endpoint, resolve_endpoint
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Rows
from tipgraph.store.remote import Remote

from .cells import table
from .files import CHECKS

PREFIXES = """
@prefix tip:     <https://w3id.org/tipgraph/ns#> .
@prefix code:    <https://w3id.org/tipgraph/code/> .
@prefix id:      <https://w3id.org/tipgraph/id/> .
@prefix cv:      <http://data.europa.eu/m8g/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl:     <http://www.w3.org/2002/07/owl#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .

id:tip-2020-be a tip:Edition ; dcterms:spatial country:BEL .
"""

Planted = Callable[[str], LocalGraph]


@pytest.fixture
def planted(tmp_path: Path) -> Planted:
    """A graph of this Turtle, beside the ontology."""

    def planted(turtle: str) -> LocalGraph:
        own = tmp_path / "own.ttl"
        own.write_text(PREFIXES + turtle, encoding="utf-8")
        return tipgraph.open(own, bundled=False)

    return planted


@pytest.fixture
def requirements(planted: Planted) -> LocalGraph:
    """All norms and requirements below, with different names."""
    norms = [*(turtle for turtle, _ in UNREACHABLE.values()), *SOUND.values()]
    many = [
        turtle.replace("id:", f"id:c{place}-").replace("id/", f"id/c{place}-")
        for place, (turtle, _) in enumerate(COOPERATION.values())
    ]
    edition = "".join(
        f"id:c{place}-tip-2020-be a tip:Edition ; dcterms:spatial country:BEL .\n"
        for place in range(len(many))
    )
    return planted("".join([CATEGORIES, *norms, edition, *many, UNUSED]))


def selected(rows: Rows, *columns: str) -> set[tuple[str, ...]]:
    places = [rows.columns.index(column) for column in columns]
    return {tuple(row[place] for place in places) for row in table(rows)}


# ── Requirements in few words ───────────────────────────────────────────────────────────────────

# The name of a condition, or a connective and its parts.
Requirement = str | tuple[object, ...]

# A condition is named after its fact; a number after it distinguishes two conditions on one fact.
CONTACT, COUNSELLING, CHARGES = "contact-broken-off", "counselling-accepted", "charges-brought"
ABROAD, THREAT = "living-abroad", "under-physical-threat"
ASSISTS, TAKES_PART = "assists-prosecution", "takes-part-in-proceedings"
CONFIRMED = "prosecutor-confirmed"


def all_of(*parts: Requirement) -> Requirement:
    return "AllOf", *parts


def any_of(*parts: Requirement) -> Requirement:
    return "AnyOf", *parts


def none_of(*parts: Requirement) -> Requirement:
    return "NoneOf", *parts


def norm(name: str, requirement: Requirement | None, *more: str) -> str:
    """An entitlement of this name in Turtle, its other properties, and its requirement."""
    lines_of_norm = [
        "a tip:Entitlement",
        "tip:edition id:tip-2020-be",
        "tip:speaker id:speaker",
        *more,
    ]
    if not any("tip:beneficiary" in each or "tip:inFavourOf" in each for each in more):
        lines_of_norm.append("tip:beneficiary tip:Victim")
    if requirement is None:
        return f"id:{name} {' ; '.join(lines_of_norm)} .\n"
    node, lines = tree(name, requirement)
    lines_of_norm += ["tip:conditionality code:necessary", f"cv:holdsRequirement {node}"]
    return f"id:{name} {' ; '.join(lines_of_norm)} .\n{lines}"


def tree(name: str, requirement: Requirement) -> tuple[str, str]:
    """The node of the requirement of this name, and the Turtle of the whole.

    Conditions of one name are one node within a norm.
    """
    if isinstance(requirement, str):
        node = f"id:{name.split('.')[0]}-{requirement.replace(' ', '-')}"
        fact = f"a tip:Condition ; tip:fact code:{requirement.split()[0]} ; tip:evidence id:S01"
        often = " ; tip:frequency code:often" if requirement.endswith(" often") else ""
        return node, f"{node} {fact}{often} .\n"
    connective, *parts = requirement
    nodes, lines = [], ""
    for place, part in enumerate(parts):
        node, below = tree(f"{name}.{place}", part)  # type: ignore[arg-type]
        nodes.append(node)
        lines += below
    whole = f"<https://w3id.org/tipgraph/id/{name}.>"
    return whole, f"{whole} a tip:{connective} ; cv:hasRequirement {' , '.join(nodes)} .\n{lines}"


# ── Entitlements that no situation can reach ────────────────────────────────────────────────────

IDENTIFIED, POTENTIAL = (
    "tip:beneficiary tip:IdentifiedVictim",
    "tip:beneficiary tip:PotentialVictim",
)
BOTH = {"identified", "potential"}
CATEGORIES = """
id:grown-up-child rdfs:subClassOf tip:ChildVictim , tip:AdultVictim .
id:found-or-not   rdfs:subClassOf tip:IdentifiedVictim , tip:PotentialVictim .
id:found-child    rdfs:subClassOf tip:ChildVictim , tip:IdentifiedVictim .
id:grown-up-child a tip:PersonCategory .
id:found-or-not   a tip:PersonCategory .
id:found-child    a tip:PersonCategory .
"""

# The conflicting facts; none where it is the beneficiary.
UNREACHABLE: dict[str, tuple[str, set[str]]] = {}


def unreachable(name: str, facts: set[str], requirement: Requirement | None, *more: str) -> None:
    UNREACHABLE[name] = (norm(name, requirement, *more), facts)


unreachable("one-condition-twice", {CONTACT}, all_of(CONTACT, none_of(CONTACT)))
unreachable("two-conditions", {CONTACT}, all_of(CONTACT, none_of(f"{CONTACT} 2", CHARGES)))
unreachable("deep", {ABROAD}, all_of(CONTACT, all_of(CHARGES, all_of(ABROAD, none_of(ABROAD)))))
unreachable("two-trees", {ABROAD}, all_of(all_of(ABROAD, THREAT), all_of(CONTACT, none_of(ABROAD))))
unreachable("none-of-any-of", {ABROAD}, all_of(ABROAD, none_of(any_of(ABROAD, THREAT))))
unreachable("several", {ABROAD, THREAT}, all_of(ABROAD, THREAT, none_of(ABROAD, THREAT)))
unreachable("beside", {CONTACT}, all_of(any_of(ABROAD, THREAT), CONTACT, none_of(CONTACT)))
unreachable("both", BOTH, all_of("identified", "potential"))
unreachable("identified-potential", BOTH, "potential", IDENTIFIED)
unreachable("potential-identified", BOTH, all_of(CONTACT, "identified"), POTENTIAL)
unreachable("potential-not-so", {"potential"}, none_of("potential"), POTENTIAL)
unreachable("narrower", {"identified"}, none_of("identified"), "tip:beneficiary id:found-child")
unreachable("grown-up-child", {""}, None, "tip:beneficiary id:grown-up-child")
unreachable("found-or-not", {"", *BOTH}, CONTACT, "tip:beneficiary id:found-or-not")
unreachable("power", {ABROAD}, all_of(ABROAD, none_of(ABROAD)), "tip:inFavourOf tip:ChildVictim")

SOUND = {
    "nothing-asked": norm("nothing-asked", None),
    "one-fact": norm("one-fact", CONTACT),
    "all": norm("all", all_of(CONTACT, CHARGES, none_of(ABROAD, any_of(THREAT, TAKES_PART)))),
    "either-way": norm("either-way", any_of(CONTACT, none_of(CONTACT))),
    "either-status": norm("either-status", any_of("identified", "potential")),
    "neither-status": norm("neither-status", none_of("identified", "potential")),
    "one-will-do": norm("one-will-do", all_of(none_of(ABROAD), any_of(ABROAD, THREAT))),
    "not-both": norm("not-both", all_of(ABROAD, none_of(all_of(ABROAD, THREAT)))),
    "not-neither": norm("not-neither", all_of(ABROAD, none_of(none_of(ABROAD, THREAT)))),
    "as-is": norm("as-is", all_of("identified", none_of("potential")), IDENTIFIED),
    "as-was": norm("as-was", all_of("potential", none_of("identified")), POTENTIAL),
    "all-ages": norm("all-ages", ABROAD, "tip:beneficiary tip:ChildVictim , tip:AdultVictim"),
}


def test_unreachable_norms_are_found_and_no_others(requirements: LocalGraph) -> None:
    rows = requirements.rows("unreachable-entitlements")

    assert selected(rows, "entitlement", "fact") == {
        (name, fact) for name, (_, facts) in UNREACHABLE.items() for fact in facts
    }


def test_each_beneficiary_is_checked_separately(planted: Planted) -> None:
    whom = "tip:beneficiary tip:PotentialVictim , tip:IdentifiedVictim"
    rows = planted(norm("support", "identified", whom)).rows("unreachable-entitlements")

    assert selected(rows, "beneficiary") == {("PotentialVictim",)}


# ── Entitlements that hang on cooperation ───────────────────────────────────────────────────────

COOPERATION: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "a single condition": (norm("stay", ASSISTS), {("stay", ASSISTS)}),
    "one of all, at any depth": (
        norm("stay", all_of(CONTACT, all_of(CHARGES, ASSISTS))),
        {("stay", ASSISTS)},
    ),
    "each of any": (
        norm("stay", any_of(all_of(CONTACT, ASSISTS), TAKES_PART)),
        {("stay", ASSISTS), ("stay", TAKES_PART)},
    ),
    "one of any": (norm("stay", any_of(ASSISTS, CONTACT)), set()),
    "one of any in each of any": (
        norm("stay", any_of(TAKES_PART, all_of(CONTACT, any_of(ASSISTS, THREAT)))),
        set(),
    ),
    "beside a choice without it": (
        norm("stay", all_of(any_of(ASSISTS, CONTACT), TAKES_PART)),
        {("stay", ASSISTS), ("stay", TAKES_PART)},
    ),
    "not to cooperate": (norm("stay", none_of(ASSISTS)), set()),
    "often, not always": (norm("stay", f"{ASSISTS} often"), set()),
    "a decision of authorities": (norm("stay", all_of(CONFIRMED, CHARGES)), set()),
    "nothing asked": (norm("stay", None), set()),
    "a second norm without it": (
        norm("stay", ASSISTS) + norm("other", CONFIRMED, "tip:presentedUnder id:stay"),
        set(),
    ),
    "a first norm without it": (
        norm("stay", any_of(ASSISTS, THREAT))
        + norm("other", ASSISTS, "tip:presentedUnder id:stay"),
        set(),
    ),
    "a second norm that asks for nothing": (
        norm("stay", ASSISTS)
        + "id:p a tip:Power ; tip:inFavourOf tip:Victim ; tip:presentedUnder id:stay .",
        set(),
    ),
    "a second norm with it": (
        norm("stay", ASSISTS) + norm("other", TAKES_PART, "tip:presentedUnder id:stay"),
        {("stay", ASSISTS), ("other", TAKES_PART)},
    ),
}


def test_norms_that_require_cooperation_are_listed(requirements: LocalGraph) -> None:
    rows = requirements.rows("cooperation-required")

    by_case: dict[str, set[tuple[str, str]]] = {case: set() for case in COOPERATION}
    for entitlement, fact in selected(rows, "entitlement", "fact"):
        place, _, name = entitlement.removeprefix("c").partition("-")
        by_case[list(COOPERATION)[int(place)]].add((name, fact))
    assert by_case == {case: wanted for case, (_, wanted) in COOPERATION.items()}


# ── Requirements, actors, passages, sentences, topics ───────────────────────────────────────────

UNUSED = """
id:norm        a tip:Entitlement ; cv:holdsRequirement id:all .
id:consequence a tip:Consequence ; tip:ifNotMet id:agreement ; tip:about id:unused .
id:finding     a tip:Finding     ; tip:contingentOn id:cooperation .
id:reading     a tip:OpenReading ; tip:leavesOpen id:unused-alone .

id:all         a tip:AllOf       ; cv:hasRequirement id:none , id:shared .
id:none        a tip:NoneOf      ; cv:hasRequirement id:conviction .
id:shared      a tip:Condition .
id:conviction  a tip:Condition .
id:agreement   a tip:Condition .
id:cooperation a tip:Condition .

id:unused       a tip:AllOf ; cv:hasRequirement id:unused-any , id:unused-fact , id:shared .
id:unused-any   a tip:AnyOf ; cv:hasRequirement id:unused-part , id:unused-other .
id:unused-fact  a tip:Condition .
id:unused-part  a tip:Condition .
id:unused-other a tip:Condition .
id:unused-alone a tip:Condition .
"""
UNUSED_NODES = (
    "unused",
    "unused-any",
    "unused-fact",
    "unused-part",
    "unused-other",
    "unused-alone",
)

FAULTS = {
    "actors-without-statement": (
        """
        id:idle  a tip:Ministry .
        id:named a tip:Ministry .
        id:asked a tip:AuthorityGroup .
        id:norm  a tip:Power ; tip:holder id:named .
        id:fact  a tip:Condition ; tip:performedBy id:asked .
        """,
        {("idle",)},
    ),
    "passages-without-statement": (
        """
        id:S01-idle a tip:Passage .
        id:S01-used a tip:Passage .
        id:S01-read a tip:Passage .
        id:norm     a tip:Power       ; tip:evidence id:S01-used .
        id:reading  a tip:OpenReading ; tip:evidence id:S01-read .
        """,
        {("S01-idle",)},
    ),
    "requirements-without-norm": (UNUSED, {(node,) for node in UNUSED_NODES}),
    "sentences-without-statement": (
        """
        id:tip-2020-be   tip:coverage code:complete .
        id:text          tip:edition  id:tip-2020-be .
        id:S01           tip:ofText   id:text .
        id:S02           tip:ofText   id:text .
        id:S01-quote     tip:sentence id:S01 .
        id:S02-quote     tip:sentence id:S02 .
        id:norm          a tip:Power     ; tip:evidence id:S01-quote ; tip:speaker id:author .
        id:fact          a tip:Condition ; tip:evidence id:S02-quote .
        id:other-text    tip:edition  id:tip-2019-be .
        id:S03           tip:ofText   id:other-text .
        """,
        {("tip-2020-be", "S02")},
    ),
    "uncovered-topics": (
        "id:criterion tip:coversTopic code:restitution , code:no-topic .",
        {("criterion", "no-topic")},
    ),
    "unreachable-entitlements": (
        UNREACHABLE["beside"][0] + SOUND["one-will-do"],
        {("tip-2020-be", "beside", "Victim", CONTACT)},
    ),
}


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_check_finds_the_planted_fault(check: str, planted: Planted) -> None:
    turtle, wanted = FAULTS[check]

    assert set(map(tuple, table(planted(turtle).rows(check)))) == wanted


# ── Covered sentences ───────────────────────────────────────────────────────────────────────────

# A node that rests on a passage of each sentence, and whether it covers the sentence.
COVERING = {
    "S01": ("a tip:Power ; tip:speaker id:author", True),
    "S02": ("a tip:Power", False),
    "S03": ("a tip:Condition", False),
    "S04": ("a tip:OpenReading ; tip:speaker id:author", False),
    "S05": ("a tip:Observation ; tip:speaker id:author", True),
    "S06": ("a tip:Power ; tip:speaker id:tipgraph", False),
}
TEXT = """
@prefix oa:      <http://www.w3.org/ns/oa#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .
id:tip-2020-be      tip:coverage code:complete .
id:tip-2020-be\\/text a tip:SourceText ; tip:edition id:tip-2020-be ; tip:codePoints 100 ;
                    tip:sha256 "00" .
id:S07 a tip:Sentence ; rdfs:label "S07" ; tip:ofText id:tip-2020-be\\/text ;
       oa:start 70 ; oa:end 80 .
"""


@pytest.mark.slow(reason="checks a folder with all shapes")
def test_query_command_and_shape_agree_which_sentences_are_covered(planted):
    turtle = TEXT + "".join(
        f"""
        id:{name} a tip:Sentence ; rdfs:label "{name}" ; tip:ofText id:tip-2020-be\\/text ;
                  oa:start {number * 10} ; oa:end {number * 10 + 9} .
        id:{name}-quote tip:sentence id:{name} .
        id:{name}-node {node} ; rdfs:label "{name}"@en ; tip:evidence id:{name}-quote .
        """
        for number, (name, (node, _)) in enumerate(COVERING.items())
    )
    graph = planted(turtle)
    uncovered = {name for name, (_, covers) in COVERING.items() if not covers} | {"S07"}
    (coverage,) = graph.coverage()
    found = graph.validate().findings

    assert selected(graph.rows("sentences-without-statement"), "sentence") == {
        (name,) for name in uncovered
    }
    assert {sentence.name for sentence in coverage.uncovered} == uncovered
    assert {
        last_part(finding.value)
        for finding in found
        if last_part(finding.shape) in ("Coverage", "Coverage-select")
    } == uncovered


# ── The same on another engine ───────────────────────────────────────────────────────────────────

QUERIES = ("requirements-without-norm", "unreachable-entitlements", "cooperation-required")


@pytest.mark.store
def test_virtuoso_finds_the_same(requirements: LocalGraph, server_of, tmp_path, monkeypatch):
    for name, value in STORES["virtuoso"].environment.items():
        monkeypatch.setenv(name, value)
    server = server_of("virtuoso")
    whole, graph = tmp_path / "whole.nt", "https://example.org/planted"
    lines = [f"{quad.triple} .\n" for quad in requirements.engine.store]
    whole.write_text("".join(lines), encoding="utf-8")

    tipgraph.load(server, whole, graph=graph)
    store = open_store(resolve_endpoint(Endpoint(url=server)), for_queries=True)
    other = Remote(store, [graph], 60)

    for name in QUERIES:
        rows = requirements.rows(name)
        assert sorted(table(rows)) == sorted(table(other.select(requirements.queries[name].text)))
