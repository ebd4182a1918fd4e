"""An assessment as JSON, for other programs."""

from collections.abc import Iterable
from typing import Any

from tipgraph.assess.evaluate import Assessment, Change
from tipgraph.assess.formats.wording import notice
from tipgraph.assess.model import (
    NOT_STATED,
    Answer,
    Benefit,
    Consequence,
    Practice,
    Reading,
)
from tipgraph.lookup.passages import Passage
from tipgraph.namespaces import last_part
from tipgraph.render.results import dumps


def json(assessment: Assessment) -> str:
    """The whole assessment."""
    return dumps(document(assessment))


def document(assessment: Assessment) -> dict[str, Any]:
    """The whole assessment as a dictionary."""
    answer = assessment.answer
    told = {
        **heading(answer),
        "rungs": list(map(_rung, answer.rungs)),
        "next": _next(answer),
        "protections": list(map(_protection, answer.protections)),
        "consequences": list(map(_consequence, answer.consequences)),
        "practice": list(map(_practice, answer.practice)),
        "openReadings": list(map(_reading, answer.readings)),
        "wordedApart": [
            {
                "told": each.told,
                "other": each.other,
                "ifMet": _changes(each.if_met),
                "ifNotMet": _changes(each.if_not_met),
            }
            for each in assessment.apart
        ],
    }
    if assessment.what_if:
        told["whatIf"] = {
            "facts": dict(assessment.what_if.facts),
            "changes": _changes(assessment.what_if.changes),
        }
    return told


def heading(answer: Answer) -> dict[str, Any]:
    """Whose norms were held against which case."""
    source = answer.source
    return {
        "regime": source.country,
        "edition": last_part(source.edition),
        "period": source.period,
        "notice": notice(answer),
        "source": {"label": source.label, "publisher": source.publisher, "page": source.page},
        "case": {**answer.case.as_dict(), "categories": list(answer.categories)},
    }


def _rung(rung: Benefit) -> dict[str, Any]:
    return {
        "entitlement": rung.name,
        "label": rung.label,
        "status": rung.status,
        "final": rung.final,
        "strength": rung.strength,
        "conditionality": rung.conditionality,
        "conditions": [each._asdict() for each in rung.conditions],
        "blockedBy": list(rung.blocked_by),
        "needs": list(rung.needs),
        "grants": list(rung.grants),
        "duration": rung.duration,
        "renewableUntil": rung.renewable_until,
        "renewable": rung.renewable,
        "endedBy": rung.ended_by,
        "decidedBy": ", ".join(rung.decided_by) or NOT_STATED,
        "reading": "ladder" if rung.number else "stated",
        "rung": rung.number,
        "openReadings": list(rung.readings),
        "leftOpenBy": list(rung.left_open),
        "ways": [each._asdict() for each in rung.ways],
        "notes": list(rung.notes),
        "passages": _passages(rung.passages),
    }


def _next(answer: Answer) -> dict[str, Any] | None:
    rung = answer.next_rung
    if rung is None:
        return None
    return {
        "entitlement": rung.name,
        "blockedBy": list(rung.blocked_by),
        "needs": list(rung.needs),
        "mustNotBe": sorted(rung.unwanted & {*rung.blocked_by, *rung.needs}),
    }


def _protection(rung: Benefit) -> dict[str, Any]:
    return {
        "entitlement": rung.name,
        "label": rung.label,
        "status": rung.status,
        "needs": list(rung.needs),
        "passages": _passages(rung.passages),
    }


def _consequence(each: Consequence) -> dict[str, Any]:
    return {
        "consequence": each.name,
        "label": each.label,
        "status": each.status,
        "needs": list(each.needs),
        "openReadings": list(each.readings),
        "notes": list(each.notes),
        "passages": _passages(each.passages),
    }


def _practice(each: Practice) -> dict[str, Any]:
    return {
        "statement": each.name,
        "label": each.label,
        "on": list(each.on),
        "speaker": ", ".join(each.speakers),
        "speechAct": each.speech_act or None,
        "passages": _passages(each.passages),
    }


def _reading(each: Reading) -> dict[str, Any]:
    return {
        "reading": each.name,
        "question": each.question,
        "readings": [each.taken, each.left],
        "concerns": list(each.concerns),
        "passages": _passages(each.passages),
    }


def _changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {
            "entitlement": each.name,
            "aspect": each.aspect,
            "from": each.before,
            "to": each.after,
        }
        for each in changes
    ]


def _passages(passages: Iterable[Passage]) -> list[dict[str, str]]:
    return [{"sentence": each.place, "quote": each.exact, "link": each.link} for each in passages]
