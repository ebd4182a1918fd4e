"""Small sources in which a rule must not fire, each beside the one in which it must."""

import pytest
from pyoxigraph import Store

from .kit import run, select, small

PERIODS = """
period:2017 tip:start "2017-01-01T00:00:00Z"^^xsd:dateTime ; tip:end "2017-12-31T23:59:59Z"^^xsd:dateTime .
period:2018 tip:start "2018-01-01T00:00:00Z"^^xsd:dateTime ; tip:end "2018-12-31T23:59:59Z"^^xsd:dateTime .
period:2019 tip:start "2019-01-01T00:00:00Z"^^xsd:dateTime ; tip:end "2019-12-31T23:59:59Z"^^xsd:dateTime .
period:2017-2018 tip:start "2017-01-01T00:00:00Z"^^xsd:dateTime ; tip:end "2018-12-31T23:59:59Z"^^xsd:dateTime .
period:2018-12 tip:start "2018-12-01T00:00:00Z"^^xsd:dateTime ; tip:end "2018-12-31T23:59:59Z"^^xsd:dateTime .
"""  # noqa: E501

CURRENT = {
    "edition": "id:tip-2021-be",
    "area": "country:BEL",
    "period": "period:2019",
    "indicator": "code:residence-permits-issued",
    "part": "code:total",
    "speaker": "be:public",
    "counter": "be:police",
    "unit": "code:permits",
    "value": "150",
}
BASELINE = {**CURRENT, "period": "period:2018", "value": "200"}


def observation(name: str, facts: dict[str, str]) -> str:
    return """
        be:{name} a tip:Observation ; rdfs:label "{name}"@en ; tip:approximate false ;
            tip:edition {edition} ; sdmx-dimension:refArea {area} ;
            sdmx-dimension:refPeriod {period} ; tip:indicator {indicator} ; tip:part {part} ;
            tip:speaker {speaker} ; tip:countedBy {counter} ;
            sdmx-attribute:unitMeasure {unit} ; sdmx-measure:obsValue {value} .
    """.format(name=name, **facts)


def comparison(differently: bool) -> str:
    return f"""
        be:compared a tip:Comparison ; rdfs:label "Compared"@en ; tip:edition id:tip-2021-be ;
            tip:indicator code:residence-permits-issued ; tip:current be:current ;
            tip:baseline be:baseline ; tip:wordedDifferently {str(differently).lower()} .
    """


def changes(store: Store) -> set[tuple[str, ...]]:
    run(store)
    return select(
        store,
        """SELECT ?difference ?differently ?basis { ?change a tip:Change ; tip:basis ?basis ;
            tip:difference ?difference ; tip:wordedDifferently ?differently }""",
    )


def two_figures(**baseline: str) -> str:
    return PERIODS + observation("current", CURRENT) + observation("baseline", BASELINE | baseline)


def test_consecutive_years_of_one_indicator_are_compared() -> None:
    [change] = changes(small(two_figures()))

    assert (float(change[0]), change[1]) == (-50, "false")
    assert change[2].endswith("same-indicator")


@pytest.mark.parametrize(
    "baseline",
    [
        {"indicator": "code:residence-permits-received"},
        {"unit": "code:persons"},
        {"part": "code:labor-exploitation"},
        {"speaker": "be:experts"},
        {"counter": "be:shelters"},
        {"area": "country:NLD"},
        {"edition": "id:tip-2020-be"},
        {"period": "period:2017"},
        {"period": "period:2019"},
        {"period": "period:2017-2018"},
        {"period": "period:2018-12"},
        {"value": "0"},
    ],
    ids=str,
)
def test_other_figures_are_not_compared(baseline: dict[str, str]) -> None:
    assert changes(small(two_figures(**baseline))) == set()


def test_figures_that_the_source_compares_are_not_compared_again() -> None:
    [change] = changes(small(two_figures() + comparison(differently=False)))

    assert change[2].endswith("stated-comparison")


def test_change_keeps_that_the_wording_differs() -> None:
    differing = two_figures(indicator="code:residence-permits-received")
    [change] = changes(small(differing + comparison(differently=True)))

    assert change[1] == "true"


@pytest.mark.parametrize(
    ("words", "differently"),
    [
        ("", "false"),
        ('be:baseline tip:impliedWording "for trafficking victims" .', "true"),
        ('be:current tip:partWording "sex exploitation" .', "true"),
    ],
)
def test_change_over_a_year_states_that_the_wording_differs(words: str, differently: str) -> None:
    [change] = changes(small(two_figures() + words))

    assert change[1] == differently


@pytest.mark.parametrize("bounded", ["current", "baseline"])
def test_nothing_is_computed_from_a_floor(bounded: str) -> None:
    store = small(
        two_figures()
        + comparison(differently=False)
        + f"be:{bounded} tip:numberQualifier code:at-least ."
    )

    assert changes(store) == set()
    assert select(store, "SELECT ?why { ?change a tip:Change ; tip:notComputedText ?why }") == {
        ("a value is a floor or a ceiling",)
    }


def test_percentage_of_victims_found_comes_after_their_number() -> None:
    store = small(
        "code:residence-permits-issued tip:countedStage code:counted-identified ."
        + two_figures(unit="code:percent")
    )
    run(store)

    assert select(store, "SELECT ?figure ?place { ?figure tip:precedence ?place }") == {
        ("current", "0"),
        ("baseline", "2"),
    }


def test_comparison_in_words_gives_no_change() -> None:
    in_words = """be:more a tip:Comparison ; rdfs:label "More"@en ; tip:edition id:tip-2021-be ;
        tip:indicator code:residence-permits-issued ; tip:direction code:increase ."""

    assert changes(small(in_words)) == set()


ALLOCATION = """
    currency:EUR skos:notation "EUR" .
    be:count sdmx-measure:obsValue 3 ; sdmx-dimension:refPeriod period:2019 ;
        tip:approximate {counted} .
    be:money tip:amountValue 100.5 ; tip:currency currency:EUR ; tip:approximate {each_of} ;
        tip:converted {converted} .
    be:allocation a tip:Allocation ; rdfs:label "Allocation"@en ; tip:amount be:money {each} ;
        sdmx-dimension:refArea country:BEL ; sdmx-dimension:refPeriod {period} ;
        tip:indicator code:allocation-per-shelter ; tip:edition id:tip-2021-be .
"""
EXACT = {"each_of": "false", "counted": "false", "converted": "false", "period": "period:2019"}


@pytest.mark.parametrize(
    ("facts", "approximate"),
    [
        ({}, "false"),
        ({"each_of": "true"}, "true"),
        ({"counted": "true"}, "true"),
        ({"converted": "true"}, "false"),
        ({"period": "period:2018"}, "false"),
    ],
    ids=str,
)
def test_total_is_approximate_when_a_factor_is(facts: dict[str, str], approximate: str) -> None:
    store = small(ALLOCATION.format(**{**EXACT, "each": "; tip:unitCount be:count", **facts}))
    run(store)

    totals = "SELECT ?n ?a { ?x a tip:DerivedTotal ; tip:amountValue ?n ; tip:approximate ?a }"
    assert select(store, totals) == {("301.5", approximate)}


def test_amount_without_a_unit_has_no_total() -> None:
    store = small(ALLOCATION.format(**EXACT, each=""))
    run(store)

    assert select(store, "SELECT ?x { ?x a tip:DerivedTotal }") == set()


def relationship(relation: str) -> Store:
    return small(f"""
        tip:funds a tip:Relation .
        be:stated a tip:Relationship ; rdfs:label "Stated"@en ; tip:edition id:tip-2021-be ;
            tip:subject be:a ; tip:relation {relation} ; tip:object be:b .
    """)


def test_only_stated_relations_are_edges() -> None:
    stated, other = relationship("tip:funds"), relationship("rdf:type")
    run(stated)
    run(other)

    assert select(stated, "SELECT ?a ?b { ?a tip:funds ?b }") == {("a", "b")}
    assert select(other, "SELECT ?x { ?x a be:b }") == set()
    assert select(other, "SELECT ?x { ?x a tip:DirectEdge }") == set()


STAY = """
    code:permit skos:broader code:stay .
    code:day tip:orderingDays 1 . code:month tip:orderingDays 30 .
"""


def entitlement(name: str, grants: str, length: str, edition: str = "id:tip-2021-be") -> str:
    return f"""be:{name} a tip:Entitlement ; rdfs:label "{name}"@en ; tip:edition {edition} ;
        tip:grants {grants} {length} . """


def ladder(store: Store) -> set[tuple[str, ...]]:
    run(store)
    return select(
        store,
        """SELECT ?n ?e ?next { ?rung a tip:Rung ; tip:rungNumber ?n ; tip:entitlement ?e
            OPTIONAL { ?rung tip:nextRung/tip:entitlement ?next } }""",
    )


def test_rungs_of_the_same_length_share_a_number() -> None:
    store = small(
        STAY
        + entitlement("short", "code:permit", "; tip:durationValue 45 ; tip:durationUnit code:day")
        + entitlement("one", "code:permit", "; tip:durationValue 3 ; tip:durationUnit code:month")
        + entitlement("two", "code:permit", "; tip:durationValue 90 ; tip:durationUnit code:day")
    )

    assert ladder(store) == {
        ("1", "short", "one"),
        ("1", "short", "two"),
        ("2", "one", ""),
        ("2", "two", ""),
    }


def test_edition_has_its_own_ladder() -> None:
    length = "; tip:durationValue {} ; tip:durationUnit code:month"
    store = small(
        STAY
        + entitlement("here", "code:permit", length.format(3))
        + entitlement("there", "code:permit", length.format(6), "id:tip-2021-nl")
    )

    assert ladder(store) == {("1", "here", ""), ("1", "there", "")}


@pytest.mark.parametrize(
    ("grants", "length"),
    [
        ("code:shelter", "; tip:durationValue 3 ; tip:durationUnit code:month"),
        ("code:permit", ""),
    ],
)
def test_entitlement_without_a_length_of_stay_is_no_rung(grants: str, length: str) -> None:
    assert ladder(small(STAY + entitlement("other", grants, length))) == set()
