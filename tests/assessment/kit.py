"""Cases asked as people do, and their answers as JSON has them."""

from collections.abc import Mapping
from typing import Any

from tipgraph.assess.evaluate import assess
from tipgraph.assess.formats.json import document
from tipgraph.assess.parse_case import read_case
from tipgraph.assess.regime import Regime

# Facts that the Belgian edition turns on.
FACTS = (
    *("identified", "potential"),
    *("contact-broken-off", "counselling-accepted", "agrees-to-conditions"),
    *("assists-prosecution", "takes-part-in-proceedings", "prosecutor-confirmed"),
    *("charges-brought", "conviction-and-sentence", "criminal-case-ended"),
    *("under-physical-threat", "living-abroad", "intentional-violence-proved"),
)
RUNGS = {
    *("assistance", "reflection-period", "social-services"),
    *("specialised-shelter", "child-shelter"),
    *("three-month-permit", "six-month-permit", "permanent-residency", "indefinite-permit"),
    *("relief-from-deportation", "relief-from-other-penalties"),
    *("video-testimony", "compensation-in-court", "commission-assistance", "restitution"),
}
STATUSES = {
    *("available", "discretionary", "condition-met", "blocked"),
    *("undetermined", "not-stated", "not-applicable"),
}


def ask(regime: Regime, case: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a case, as JSON has it."""
    return document(assess(regime, read_case(case, regime.engine, regime.resources)))


def statuses(answer: Mapping[str, Any]) -> dict[str, str]:
    """The status of each rung, and of each consequence that may follow."""
    told = {each["entitlement"]: each["status"] for each in answer["rungs"]}
    return told | {each["consequence"]: each["status"] for each in answer["consequences"]}
