"""Helpers that assess a case document and return the answer as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from tipgraph.assess import render
from tipgraph.assess.as_json import as_dict
from tipgraph.assess.case import read_case
from tipgraph.assess.evaluate import Assessment, assess
from tipgraph.assess.regime import Regime
from tipgraph.render import document as documents

# The facts that matter under the Belgian edition.
FACTS = (
    *("identified", "potential"),
    *("contact-broken-off", "counselling-accepted", "agrees-to-conditions"),
    *("assists-prosecution", "takes-part-in-investigations", "takes-part-in-prosecutions"),
    *("prosecutor-confirmed", "able-to-bring-charges", "charges-brought"),
    *("conviction", "conviction-and-sentence"),
    *("acquittal", "case-dropped", "criminal-case-ended", "reflection-period-ended"),
    *("under-physical-threat", "living-abroad", "intentional-violence-proved"),
)
BENEFITS = {
    *("assistance", "reflection-period", "social-services"),
    *("specialised-shelter", "care-in-specialised-shelters"),
    *("child-shelter", "mentors-for-children"),
    *(
        "three-month-permit",
        "protective-services",
        "six-month-permit",
        "permanent-residency",
        "indefinite-permit",
    ),
    *("relief-from-deportation", "relief-from-other-penalties"),
    *("video-testimony", "restitution"),
    *("compensation-claim", "compensation-in-court", "commission-assistance"),
}
STATUSES = {
    *("available", "discretionary", "condition-met", "blocked", "condition-not-met"),
    *("undetermined", "not-stated", "not-applicable"),
}


_ASSESSED: dict[tuple[int, str], Assessment] = {}


def assessed(regime: Regime, case: Mapping[str, Any]) -> Assessment:
    """The assessment of a case; tests of the same case share it."""
    key = id(regime), json.dumps(case, sort_keys=True)
    if key not in _ASSESSED:
        read = read_case(case, regime.engine)
        _ASSESSED[key] = assess(regime, read)
    return _ASSESSED[key]


def answer_to(regime: Regime, case: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a case, as a JSON document."""
    return as_dict(assessed(regime, case))


def markdown(assessment: Assessment, is_brief: bool = False) -> str:
    """The assessment as the file that `tipgraph assess --format markdown` writes."""
    return documents.markdown(render.document(assessment, is_brief))


def sentences(answer: Mapping[str, Any], entry: Mapping[str, Any]) -> list[str]:
    """The sentences of the passages that an entry of the answer rests on."""
    return [answer["passages"][name]["place"] for name in entry["passages"]]


def statuses(answer: Mapping[str, Any]) -> dict[str, str]:
    """The status of each benefit, and of each consequence that may follow."""
    found = {each["name"]: each["status"] for each in answer["benefits"]}
    return found | {each["name"]: each["status"] for each in answer["consequences"]}
