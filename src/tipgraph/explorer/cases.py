"""The form for a case, and what one edition states for it.

A case is private. It comes in the body of a request, the answer is never stored, and no title,
address or message on standard error has any of it.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tipgraph.assess.case import facts as fact_labels
from tipgraph.assess.overview import list_facts
from tipgraph.assess.regime import Regime
from tipgraph.errors import TipgraphError, UsageError
from tipgraph.explorer.documents import check_is_one, edition_field, has_default
from tipgraph.explorer.fields import Field
from tipgraph.explorer.http import Content, FormError, PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import CODE, last_part
from tipgraph.text import capitalise

TITLE = "Assess a case"
ADDRESS = "/-/case"
# As a header of every answer about cases: no browser or proxy keeps it.
NO_STORE = {"Cache-Control": "no-store"}
FACT = "fact-"
# The fields that are text; those of an edition are checked with it.
TEXTS = ("edition", "citizenship", "age")
COMPANY = {
    "": "unknown",
    "true": "without a responsible adult",
    "false": "with one",
}
STATES = {"": "unknown", "met": "true", "not_met": "false"}


def page(site: Site, request: PageRequest) -> Content:
    """The empty form; in the files, which no server answers, the commands that assess a case."""
    if site.is_static:
        return site.page("case_command.html", TITLE, subject=ADDRESS)
    return _page(site, {"edition": request.parameters.get("edition", "")})


def answer(site: Site, entered: Mapping[str, str], is_own_origin: bool) -> Content:
    """The statements of an edition for the case that was entered, or the problem with it.

    It changes nothing, so a form of any origin may ask.
    """
    from tipgraph.assess.render import document

    edition = _edition(entered)
    try:
        _check(site, entered)
        check_is_one(site, site.private.engine, edition)
        if not edition and not has_default(site):
            raise UsageError("Choose an edition.")
        case = _case(entered)
        assessment = site.private.assess(case, edition or None)
        return _page(site, entered, document=document(assessment))
    except TipgraphError as error:
        return _page(site, entered, 400, problem=str(error))


def unreadable(site: Site, error: FormError) -> Content:
    """The form again, with why what was sent is none."""
    return _page(site, {}, error.status, problem=error.message)


def _check(site: Site, entered: Mapping[str, str]) -> None:
    """Raises UsageError for a field that no form has, and for a value that is no choice of it.

    The facts of all editions are fields, since an answer has the form of its edition, in which
    another one may be chosen.
    """
    facts = (FACT + last_part(iri) for iri in fact_labels(site.private.engine))
    choices = {"company": COMPANY, **dict.fromkeys(facts, STATES)}
    for name, value in entered.items():
        if name not in choices and name not in TEXTS:
            raise UsageError(f"the form has no field {name!r}")
        if name in choices and value not in choices[name]:
            raise UsageError(f"{name} cannot be {value!r}; choose one of the list")


def _edition(entered: Mapping[str, str]) -> str:
    return entered.get("edition", "").strip()


def _unused(regime: Regime, labels: Mapping[str, str], entered: Mapping[str, str]) -> list[str]:
    """The labels of the facts that were stated, and that matter to no norm of the edition."""
    stated = (CODE + name.removeprefix(FACT) for name, value in entered.items() if value)
    return [
        labels[fact]
        for fact in sorted(labels.keys() & stated)
        if not regime.members(fact) & regime.facts.keys()
    ]


def _case(entered: Mapping[str, str]) -> dict[str, Any]:
    """The document of a case. Raises UsageError for an age that is no number."""
    case: dict[str, Any] = {}
    citizenships = [each.strip() for each in entered.get("citizenship", "").split(",")]
    if any(citizenships):
        case["citizenship"] = [each for each in citizenships if each]
    age = entered.get("age", "").strip()
    if age and not re.fullmatch("[0-9]{1,3}", age):
        raise UsageError("the age is a number of completed years, such as 16")
    if age:
        case["age"] = int(age)
    if entered.get("company"):
        case["unaccompanied"] = entered["company"] == "true"
    for state in ("met", "not_met"):
        named = [name for name, value in entered.items() if value == state]
        case[state] = [name.removeprefix(FACT) for name in named if name.startswith(FACT)]
    return {key: value for key, value in case.items() if value != []}


def _regime(site: Site, edition: str) -> Regime | None:
    """The regime of an edition, else of the default one, if there is such."""
    for name in (edition or None, None):
        with suppress(UsageError):
            return site.private.regime(name)
    return None


def _page(site: Site, entered: Mapping[str, str], status: int = 200, **values: Any) -> Content:
    regime = _regime(site, _edition(entered))
    labels = fact_labels(site.private.engine)

    def value(name: str) -> str:
        return entered.get(name, "")

    edition = edition_field(site, value("edition"))
    person = [
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
        for each in (list_facts(regime) if regime else ())
    ]
    content = site.page(
        "case.html",
        TITLE,
        status,
        can_assess=regime is not None,
        edition=edition,
        person=person,
        facts=facts,
        unused=_unused(regime, labels, entered) if regime else [],
        subject=ADDRESS,
        **values,
    )
    return replace(content, headers=NO_STORE)
