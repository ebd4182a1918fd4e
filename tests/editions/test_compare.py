"""Norms, claims and non-reports of two small editions, compared."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tipgraph import LocalGraph
from tipgraph import open as open_graph
from tipgraph.editions.compare import Difference, document
from tipgraph.editions.compare.statements import Aspect, Claims, Statement
from tipgraph.render import document as documents

PREFIXES = """
@prefix tip:     <https://w3id.org/tipgraph/ns#> .
@prefix code:    <https://w3id.org/tipgraph/code/> .
@prefix id:      <https://w3id.org/tipgraph/id/> .
@prefix old:     <https://w3id.org/tipgraph/id/tip-2021-be/> .
@prefix new:     <https://w3id.org/tipgraph/id/tip-2022-be/> .
@prefix country: <http://publications.europa.eu/resource/authority/country/> .
@prefix cv:      <http://data.europa.eu/m8g/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix oa:      <http://www.w3.org/ns/oa#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .

id:tip-2021-be a tip:Edition ; rdfs:label "Report 2021" ; dcterms:identifier "tip-2021-be" ;
    tip:year 2021 ; dcterms:spatial country:BEL ; tip:coverage code:complete .
id:tip-2022-be a tip:Edition ; rdfs:label "Report 2022" ; dcterms:identifier "tip-2022-be" ;
    tip:year 2022 ; dcterms:spatial country:BEL ; tip:coverage code:complete .
id:some a tip:Provision ; rdfs:label "some provision" .
id:other a tip:Provision ; rdfs:label "other provision" .
"""
LINK = """
id:link a tip:WordingLink ; rdfs:label "one after the other" ; skos:scopeNote "As we read it." ;
    tip:earlier id:some ; tip:later id:other .
"""
CONDITIONS = """
id:both a tip:AllOf ; cv:hasRequirement id:one .
id:one a tip:AnyOf ; cv:hasRequirement id:counselling , id:contact .
id:counselling a tip:Condition ; tip:fact code:counselling-accepted .
id:contact a tip:Condition ; tip:fact code:contact-broken-off .
"""


def compared(folder: Path, turtle: str, backwards: bool = False) -> Difference:
    (folder / "data.ttl").write_text(PREFIXES + turtle, encoding="utf-8")
    graph = open_graph(folder, bundled=False)
    names = ("tip-2022-be", "tip-2021-be") if backwards else ("tip-2021-be", "tip-2022-be")
    return graph.diff(*names)


def each_compared(folder: Path, cases: Iterable[str]) -> list[Difference]:
    """The same for each case, with two editions of its own in one graph."""
    texts = [(PREFIXES + case).replace("-be", f"-x{n}") for n, case in enumerate(cases)]
    (folder / "data.ttl").write_text("".join(texts), encoding="utf-8")
    graph = open_graph(folder, bundled=False)
    return [graph.diff(f"tip-2021-x{n}", f"tip-2022-x{n}") for n in range(len(texts))]


def of(edition: str, name: str, kind: str, properties: str = "") -> str:
    year = {"old": 2021, "new": 2022}[edition]
    rest = f" ; {properties}" if properties else ""
    return f"{edition}:{name} a tip:{kind} ; tip:edition id:tip-{year}-be{rest} .\n"


def names(statements: tuple[Statement, ...]) -> list[str]:
    return [each.iri.rpartition("/")[2] for each in statements]


def pairs(found: tuple[tuple[Statement, Statement], ...]) -> list[tuple[str, ...]]:
    return [tuple(names(pair)) for pair in found]


def two(kind: str, old: str, new: str, later_kind: str = "") -> str:
    """A statement of each edition with these properties."""
    return of("old", "a", kind, old) + of("new", "b", later_kind or kind, new)


def test_norms_that_state_one_provision_are_matched(tmp_path: Path) -> None:
    same = "tip:states id:some"
    cases = [two(kind, same, same) for kind in ("Entitlement", "Obligation", "Power")]

    for difference in each_compared(tmp_path, cases):
        found = difference.norms
        assert pairs(found.unchanged) == [("a", "b")]
        assert (found.changed, found.only_earlier, found.only_later) == ((), (), ())


def test_norms_that_state_no_common_provision_are_not_matched(tmp_path: Path) -> None:
    cases = [
        two("Entitlement", "tip:states id:some", "tip:states id:other"),
        two("Entitlement", "tip:states id:some", ""),
        two("Entitlement", "", ""),
        two("Entitlement", "tip:states id:some , id:other", ""),
    ]

    for difference in each_compared(tmp_path, cases):
        found = difference.norms
        assert (found.changed, found.unchanged) == ((), ())
        assert (names(found.only_earlier), names(found.only_later)) == (["a"], ["b"])


@pytest.mark.parametrize("backwards", [False, True])
def test_norms_of_linked_provisions_are_matched_with_the_link(
    tmp_path: Path, backwards: bool
) -> None:
    turtle = of("old", "a", "Power", "tip:states id:some ; tip:grants code:shelter")
    turtle += of("new", "b", "Power", "tip:states id:other") + LINK

    (change,) = compared(tmp_path, turtle, backwards).norms.changed

    assert names((change.earlier, change.later)) == (["b", "a"] if backwards else ["a", "b"])
    assert (change.link, change.note) == ("one after the other", "As we read it.")


def test_link_between_indicators_matches_no_norms(tmp_path: Path) -> None:
    untyped = "id:one rdfs:label 'one' . id:two rdfs:label 'two' . " + LINK.replace(
        "id:some", "id:one"
    ).replace("id:other", "id:two")

    turtle = two("Entitlement", "tip:states id:one", "tip:states id:two") + untyped
    found = compared(tmp_path, turtle).norms

    assert (found.changed, found.unchanged) == ((), ())


ASPECTS = [
    ("tip:grants code:shelter", "", Aspect("benefit", ("shelter",), ())),
    ("", "tip:grants code:shelter", Aspect("benefit", (), ("shelter",))),
    (
        "tip:beneficiary tip:ChildVictim , tip:Victim",
        "tip:beneficiary tip:ForeignVictim , tip:Victim",
        Aspect("beneficiary", ("child victim",), ("foreign victim",)),
    ),
    (
        "tip:durationValue 3 ; tip:durationUnit code:month",
        "tip:durationUnit code:permanent",
        Aspect("duration", ("3 month",), ("permanent",)),
    ),
    (
        "cv:holdsRequirement id:contact",
        "cv:holdsRequirement id:both",
        Aspect("condition", (), ("counselling accepted",)),
    ),
]


def test_norm_changes_in_the_values_that_one_of_the_two_has(tmp_path: Path) -> None:
    def stating(properties: str) -> str:
        return f"tip:states id:some{f' ; {properties}' if properties else ''}"

    cases = [two("Entitlement", stating(old), stating(new)) for old, new, _ in ASPECTS]
    cases[0] += CONDITIONS

    found = [difference.norms for difference in each_compared(tmp_path, cases)]

    changes = [change for norms in found for change in norms.changed]
    assert [change.aspects for change in changes] == [(aspect,) for *_, aspect in ASPECTS]
    assert {(change.link, change.note) for change in changes} == {("", "")}
    others = {
        each for norms in found for each in (norms.unchanged, norms.only_earlier, norms.only_later)
    }
    assert others == {()}


def test_statement_has_label_kind_speakers_note_and_passages(tmp_path: Path) -> None:
    turtle = of(
        "old",
        "a",
        "Finding",
        "rdfs:label 'Shelters were full' ; tip:speaker id:x , id:y ;"
        " skos:scopeNote 'Read so.' , 'Or not.' ;"
        " tip:evidence old:page ; tip:outcome code:work-limited ; tip:topic code:shelter",
    )
    turtle += of("old", "c", "Finding", "tip:evidence old:page-2 ; tip:topic code:shelter")
    for name in ("page", "page-2"):
        turtle += of("old", name, "PageReference", f"rdfs:label '{name}' ; oa:hasSource <urn:p>")
    turtle += "id:x rdfs:label 'experts' . id:y rdfs:label 'officials' ."

    statement, bare = compared(tmp_path, turtle).claims.only_earlier

    assert statement.label == "Shelters were full"
    assert statement.kind == "finding"
    assert statement.speakers == ("experts", "officials")
    assert statement.note == "Or not. Read so."
    assert [(each.place, each.page) for each in statement.passages] == [("page", "urn:p")]
    assert (bare.label, bare.speakers, bare.note) == (bare.iri, (), "")
    assert [each.place for each in bare.passages] == ["page-2"]


TOPIC = "tip:topic code:child-victims"
NARROWER = "tip:topic code:training-of-law-enforcement"
OUTCOME = "tip:outcome code:challenging"
CAUSE = "tip:cause code:broad-definition"
PERSONS = "tip:affects tip:ChildVictim"
SAME = "both"
SIMILAR = "similar"
ABSENT = "absent"


def relation(claims: Claims) -> str:
    """Return the comparison of one statement of each edition."""
    found = {SAME: claims.both, SIMILAR: claims.similar}
    (name, *rest) = [name for name, pairs in found.items() if pairs] or [ABSENT]
    assert not rest
    assert len(claims.only_earlier) == len(claims.only_later) == (name == ABSENT)
    return name


FINDINGS = [
    # all the same
    (f"{TOPIC} ; {OUTCOME} ; {PERSONS}", f"{TOPIC} ; {OUTCOME} ; {PERSONS}", SAME),
    # nobody affected
    (f"{TOPIC} ; {OUTCOME}", f"{TOPIC} ; {OUTCOME}", SAME),
    # other persons
    (f"{TOPIC} ; {OUTCOME} ; {PERSONS}", f"{TOPIC} ; {OUTCOME}", SIMILAR),
    # narrower verdict
    (f"{TOPIC} ; {OUTCOME}", f"{TOPIC} ; tip:outcome code:particularly-challenging", SAME),
    # only both shortcomings
    (f"{TOPIC} ; {OUTCOME}", f"{TOPIC} ; tip:outcome code:not-followed", ABSENT),
    # other topic
    (f"{TOPIC} ; {OUTCOME}", f"tip:topic code:shelter-funding ; {OUTCOME}", ABSENT),
    # a topic more
    (f"{TOPIC} ; {OUTCOME}", f"{TOPIC} , code:shelter-funding ; {OUTCOME}", SAME),
    # broader topic
    (f"{NARROWER} ; {OUTCOME}", f"tip:topic code:training ; {OUTCOME}", SIMILAR),
    # topic that is not broader
    (f"{NARROWER} ; {OUTCOME}", f"tip:topic code:referral ; {OUTCOME}", ABSENT),
    # no verdict
    (TOPIC, TOPIC, ABSENT),
    # one verdict
    (f"{TOPIC} ; {OUTCOME}", TOPIC, ABSENT),
]


CAVEATS = [
    (f"{TOPIC} ; {CAUSE}", f"{TOPIC} ; {CAUSE}", SAME),
    (f"{TOPIC} ; {CAUSE} ; {PERSONS}", f"{TOPIC} ; {CAUSE}", SAME),
    (f"{TOPIC} ; {CAUSE}", f"{TOPIC} , code:shelter-funding ; {CAUSE}", SAME),
    (TOPIC, TOPIC, SAME),
    (TOPIC, f"{TOPIC} , code:shelter-funding", SIMILAR),
    (TOPIC, f"{TOPIC} ; {CAUSE}", ABSENT),
    (f"{TOPIC} ; {CAUSE}", TOPIC, ABSENT),
]


@pytest.mark.slow(reason="makes a graph with files of its own")
@pytest.mark.parametrize(("kind", "claims"), [("Finding", FINDINGS), ("Caveat", CAVEATS)])
def test_claims_match_by_verdict_topic_and_persons(
    kind: str, claims: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    cases = [two(kind, old, new) for old, new, _ in claims]

    found = [relation(each.claims) for each in each_compared(tmp_path, cases)]
    assert found == [expected for *_, expected in claims]


NON_REPORTS = [
    ("code:training", "code:training", ("NonReport", "NonReport"), SAME),
    ("code:training", "code:training", ("AbsenceOfReports", "AbsenceOfReports"), SAME),
    ("code:training", "code:training", ("NonReport", "AbsenceOfReports"), ABSENT),
    (
        "code:training",
        "code:training , code:shelter-funding",
        ("NonReport", "NonReport"),
        SIMILAR,
    ),
    (
        "code:training , code:shelter-funding",
        "code:shelter-funding",
        ("NonReport", "NonReport"),
        SIMILAR,
    ),
    ("code:training", "code:shelter-funding", ("NonReport", "NonReport"), ABSENT),
    ("code:training", "code:training-of-law-enforcement", ("NonReport", "NonReport"), SIMILAR),
]


def test_non_reports_match_by_kind_and_topics(tmp_path: Path) -> None:
    cases = [
        two(kinds[0], f"tip:topic {old}", f"tip:topic {new}", later_kind=kinds[1])
        for old, new, kinds, _ in NON_REPORTS
    ]

    differences = each_compared(tmp_path, cases)
    assert [relation(each.non_reports) for each in differences] == [e for *_, e in NON_REPORTS]
    assert {each.claims for each in differences} == {Claims((), (), (), ())}


def test_pair_is_similar_only_where_one_of_the_two_has_no_match(tmp_path: Path) -> None:
    turtle = of("old", "a", "NonReport", "tip:topic code:training")
    turtle += of("old", "c", "NonReport", "tip:topic code:training , code:shelter-funding")
    turtle += of("new", "b", "NonReport", "tip:topic code:training")
    turtle += of("new", "d", "NonReport", "tip:topic code:shelter-funding , code:training")

    found = compared(tmp_path, turtle).non_reports
    assert pairs(found.both) == [("a", "b"), ("c", "d")]
    assert found.similar == ()

    turtle += of("new", "e", "NonReport", "tip:topic code:shelter-funding")
    found = compared(tmp_path, turtle).non_reports
    assert pairs(found.both) == [("a", "b"), ("c", "d")]
    assert pairs(found.similar) == [("c", "e")]
    assert (found.only_earlier, found.only_later) == ((), ())


def test_remarks_match_by_topic_speaker_and_gist(tmp_path: Path) -> None:
    def remark(edition: str, name: str, gist: str, speaker: str = "id:experts") -> str:
        properties = f'rdfs:label "{gist}"@en ; tip:topic code:shelter ; tip:speaker {speaker}'
        return of(edition, name, "Remark", properties)

    found = compared(
        tmp_path,
        remark("old", "a", "Gaps: no child victims were found.")
        + remark("new", "b", "Gaps: no child victims were found")
        + remark("old", "c", "Staff: few were trained")
        + remark("new", "d", "Staff: most were trained")
        + remark("old", "e", "Shelter: full")
        + remark("new", "f", "Shelter: full", "id:observers"),
    ).claims

    assert pairs(found.both) == [("a", "b")]
    assert found.similar == (), "a common topic shows nothing"
    assert (names(found.only_earlier), names(found.only_later)) == (["c", "e"], ["d", "f"])


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("tip-2017-pl", "tip-2018-pl"),
        ("tip-2019-mx", "tip-2020-mx"),
        ("tip-2021-si", "tip-2022-si"),
    ],
)
def test_figures_change_only_between_known_years_of_one_counter(
    earlier: str, later: str, everything: LocalGraph
) -> None:
    figures = everything.diff(earlier, later).figures
    undated = {each.iri for each in (*figures.undated_earlier, *figures.undated_later)}
    compared = [each for change in figures.changes for each in (change.earlier, change.later)]

    assert undated
    assert all("not stated" in iri.replace("-", " ") for iri in undated)
    assert undated.isdisjoint(each.iri for each in compared)
    assert undated.isdisjoint(each.iri for each in (*figures.only_earlier, *figures.only_later))
    assert all(each.earlier.counted_by == each.later.counted_by for each in figures.changes)


def test_difference_of_figures_shows_counters_qualifiers_and_unstated_years(
    everything: LocalGraph,
) -> None:
    text = documents.text(document(everything.diff("tip-2021-si", "tip-2022-si")))

    assert "145,520 EUR (2020), then 119,208 EUR (2021); -26,312, -18.1%" in text
    assert "additional victims identified, 2020: 12 persons, counted by NGOs (Slovenia)" in text
    assert "Figures whose year TIP Report 2022, Slovenia does not state, not compared" in text


@pytest.mark.parametrize(
    ("area", "years", "line"),
    [
        (
            "AUT",
            ("2020", "2021"),
            "REVISION 2019: 0 persons (victims identified, Austria), then 34",
        ),
        ("GRC", ("2020", "2021"), "68 cases (2019), then 94 persons (2020); not comparable"),
        ("IRL", ("2018", "2019"), "103 persons (2017), then 64 persons (2018); not comparable"),
        ("MEX", ("2018", "2019"), "; not comparable Not computed: a value is not exact."),
    ],
)
def test_difference_is_computed_of_exact_values_in_one_unit_counted_alike(
    area: str, years: tuple[str, str], line: str, everything: LocalGraph
) -> None:
    difference = everything.diff(*years, area=area)
    shown = " ".join(documents.text(document(difference)).split())

    assert line in shown
    for change in difference.figures.changes:
        one, other = change.earlier, change.later
        if change.percent is not None:
            assert not {one.approximate, other.approximate} - {False}
            assert (one.unit, one.method) == (other.unit, other.method)
        assert one.period != other.period or one.value == other.value
