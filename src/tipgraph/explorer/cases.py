"""The form for a case, and what one edition states for it.

A case is private. It comes in the body of a request, the answer is never stored, and no title,
address or message on standard error has any of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tipgraph.assess.matrix import list_facts
from tipgraph.assess.parse_case import facts as fact_labels
from tipgraph.errors import TipgraphError, UsageError
from tipgraph.explorer.asked import Asked, Content
from tipgraph.explorer.documents import edition_field
from tipgraph.explorer.fields import Field
from tipgraph.explorer.site import Site
from tipgraph.namespaces import CODE
from tipgraph.text import capitalise

TITLE = "Assess a case"
ADDRESS = "/-/case"
# As a header of every answer about cases: no browser or proxy keeps it.
NO_STORE = {"Cache-Control": "no-store"}
FACT = "fact-"
COMPANY = {"": "unknown", "true": "without a responsible adult", "false": "with one"}
STATES = {"": "unknown", "met": "true", "not_met": "false"}


def command(site: Site, asked: Asked) -> Content:
    """The page in place of the form where there is no server: the commands that assess a case."""
    return site.page("case_command.html", TITLE, subject=ADDRESS)


def form(site: Site, asked: Asked) -> Content:
    """The empty form."""
    return _page(site, {"edition": asked.parameters.get("edition", "")})


def answer(site: Site, entered: Mapping[str, str]) -> Content:
    """What an edition states for the case that was entered, or what is wrong with it."""
    from tipgraph.assess.render import document

    try:
        assessment = site.private.assess(_case(entered), entered.get("edition", "").strip() or None)
        return _page(site, entered, document=document(assessment))
    except TipgraphError as error:
        return _page(site, entered, 400, problem=str(error))


def _case(entered: Mapping[str, str]) -> dict[str, Any]:
    """The document of a case. Raises UsageError for an age that is no number."""
    case: dict[str, Any] = {}
    citizenships = [each.strip() for each in entered.get("citizenship", "").split(",")]
    if any(citizenships):
        case["citizenship"] = [each for each in citizenships if each]
    age = entered.get("age", "").strip()
    if age and not (age.isdecimal() and age.isascii()):
        raise UsageError("the age is a number of completed years, such as 16")
    if age:
        case["age"] = int(age)
    if entered.get("company") in ("true", "false"):
        case["unaccompanied"] = entered["company"] == "true"
    for state in ("met", "not_met"):
        named = [name for name, value in entered.items() if value == state]
        case[state] = [name.removeprefix(FACT) for name in named if name.startswith(FACT)]
    return {key: value for key, value in case.items() if value != []}


def _page(site: Site, entered: Mapping[str, str], status: int = 200, **values: Any) -> Content:
    try:
        regime = site.private.regime(entered.get("edition", "").strip() or None)
    except UsageError:
        regime = site.private.regime()
    labels = fact_labels(regime.engine)

    def value(name: str) -> str:
        return entered.get(name, "")

    fields = [
        edition_field(site, value("edition")),
        Field(
            "citizenship", "Citizenship", value("citizenship"),
            "codes of countries such as ALB, with commas between several, or stateless",
        ),
        Field("age", "Age", value("age"), "completed years"),
        Field("company", "Company", value("company"), choices=COMPANY),
    ]  # fmt: skip
    facts = [
        Field(
            FACT + each.fact,
            capitalise(labels.get(CODE + each.fact, each.fact)),
            value(FACT + each.fact),
            each.meaning,
            STATES,
        )
        for each in list_facts(regime)
    ]
    filled = {"problem": "", "document": None} | values
    content = site.page(
        "case.html", TITLE, status, fields=fields, facts=facts, subject=ADDRESS, **filled
    )
    return replace(content, headers=NO_STORE)
