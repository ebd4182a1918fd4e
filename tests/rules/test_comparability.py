"""The rule that states with which figures each one may not be compared, and why."""

from tipgraph.resources.folders import shipped
from tipgraph.store.rules import read_rule

from .kit import run, select, small

COMPARABILITY = [read_rule(path) for path in shipped().rules() if path.endswith("comparability.rq")]
PERIODS = """
be:year rdfs:label "2020" ; tip:start "2020-01-01T00:00:00Z"^^xsd:dateTime ;
    tip:end "2020-12-31T23:59:59Z"^^xsd:dateTime .
be:spring rdfs:label "spring 2020" ; tip:start "2020-03-01T00:00:00Z"^^xsd:dateTime ;
    tip:end "2020-05-31T23:59:59Z"^^xsd:dateTime .
be:sometime rdfs:label "year not stated" .
be:joint tip:countedStage code:identified-or-assisted .
code:identified-or-assisted skos:related code:counted-identified .
code:at-least skos:prefLabel "at least"@en .
"""
USUAL = {
    "sdmx-attribute:unitMeasure": "code:units-persons",
    "sdmx-dimension:refPeriod": "be:year",
    "tip:indicator": "code:victims-identified",
    "tip:countedBy": "be:police",
    "tip:approximate": "false",
}


def texts(**figures: dict[str, str]) -> set[tuple[str, ...]]:
    """The limits and the reason for leaving out of each figure, given by what is unusual of it."""
    turtle = PERIODS + "".join(
        f"be:{name} {' ; '.join(map(' '.join, {**USUAL, **figure}.items()))} .\n"
        for name, figure in figures.items()
    )
    store = small(turtle)
    run(store, COMPARABILITY)
    return select(
        store,
        "SELECT ?figure ?limits ?left_out { ?figure tip:approximate ?any"
        " OPTIONAL { ?figure tip:notComparableText ?limits }"
        " OPTIONAL { ?figure tip:leftOutText ?left_out } }",
    )


def test_each_limit_of_a_figure_is_stated() -> None:
    assert texts(
        usual={},
        joint={"tip:indicator": "be:joint"},
        unknown={"tip:countedBy": "id:unidentified-actor"},
        inferred={"tip:periodInferred": "true"},
        spring={"sdmx-dimension:refPeriod": "be:spring"},
        rough={"tip:approximate": "true"},
        least={"tip:approximate": "true", "tip:numberQualifier": "code:at-least"},
        broken={"tip:breakText": '"another method"'},
        otherwise={"tip:methodText": '"cases, not persons"'},
        unknown_and_rough={"tip:countedBy": "id:unidentified-actor", "tip:approximate": "true"},
    ) == {
        ("usual", "", ""),
        ("joint", "cells of one of its stages alone: it counts them in one", ""),
        ("unknown", "any other cell: who counted is not stated", ""),
        ("inferred", "any other cell, for certain: the year is inferred", ""),
        ("spring", "cells of another period: spring 2020 is no calendar year", ""),
        ("rough", "any other cell, more than roughly: the value is approximate", ""),
        ("least", "any other cell, more than roughly: the value is at least", ""),
        ("broken", "the country’s cells of the year before: see breaks", ""),  # noqa: RUF001
        (
            "otherwise",
            "the country’s cells that were counted otherwise: cases, not persons",  # noqa: RUF001
            "",
        ),
        (
            "unknown_and_rough",
            "any other cell: who counted is not stated"
            " | any other cell, more than roughly: the value is approximate",
            "",
        ),
    }


def test_figure_without_a_year_and_percentage_are_left_out() -> None:
    assert texts(
        undated={"sdmx-dimension:refPeriod": "be:sometime"},
        share={"sdmx-attribute:unitMeasure": "code:percent"},
    ) == {("undated", "", "without a stated year"), ("share", "", "in per cent")}
