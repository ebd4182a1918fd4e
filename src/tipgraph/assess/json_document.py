"""An assessment as a JSON document, for other programs."""

from collections.abc import Iterable
from typing import Any

from tipgraph.assess.evaluate import Assessment, Change
from tipgraph.assess.model import (
    NOT_STATED,
    Alternative,
    Answer,
    Benefit,
    ByReading,
    Consequence,
    OpenReading,
    Practice,
    Step,
)
from tipgraph.assess.wording import COOPERATION, notice, premise
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import last_part
from tipgraph.render.results import dumps


def json(assessment: Assessment) -> str:
    """The assessment as JSON text."""
    return dumps(document(assessment))


def document(assessment: Assessment) -> dict[str, Any]:
    """The assessment as a dictionary."""
    answer = assessment.answer
    content = {
        **heading(answer),
        "benefits": list(map(_benefit, answer.benefits)),
        "next_rung": _next_rung(answer),
        "next_steps": [_step(each) for each in answer.next_steps],
        "protections": list(map(_protection, answer.by_cooperation("not-needed"))),
        "by_cooperation": {
            each: [benefit.name for benefit in answer.by_cooperation(each)] for each in COOPERATION
        },
        "consequences": list(map(_consequence, answer.consequences)),
        "practice": list(map(_practice, answer.practice)),
        "open_readings": list(map(_open_reading, answer.open_readings)),
        "similar_facts": [
            {
                "fact": each.fact,
                "similar_fact": each.similar_fact,
                "if_met": _changes(each.if_met),
                "if_not_met": _changes(each.if_not_met),
            }
            for each in assessment.similar_facts
        ],
    }
    if assessment.what_if:
        content["what_if"] = {
            "facts": dict(assessment.what_if.facts),
            "changes": _changes(assessment.what_if.changes),
        }
    return content


def heading(answer: Answer) -> dict[str, Any]:
    """The source and the case."""
    return {
        **source_heading(answer),
        "premise": premise(answer) or None,
        "case": {**answer.case.as_dict(), "categories": list(answer.categories)},
    }


def source_heading(answer: Answer) -> dict[str, Any]:
    """The source, and what an answer is and is not."""
    source = answer.source
    return {
        "regime": source.country,
        "edition": last_part(source.edition),
        "period": source.period,
        "notice": notice(answer),
        "source": {"label": source.label, "publisher": source.publisher, "page": source.page},
    }


def _benefit(benefit: Benefit) -> dict[str, Any]:
    return {
        "name": benefit.name,
        "label": benefit.label,
        "short_name": benefit.short_name,
        "status": benefit.status,
        "final": benefit.final,
        "strength": benefit.strength,
        "conditionality": benefit.conditionality,
        "conditions": [each._asdict() for each in benefit.conditions],
        "blocked_by": list(benefit.blocked_by),
        "depends_on": list(benefit.depends_on),
        "grants": list(benefit.grants),
        "duration": benefit.duration,
        "renewable_until": benefit.renewable_until,
        "renewable": benefit.renewable,
        "ended_by": benefit.ended_by,
        "over_after": list(benefit.over_after),
        "decided_by": ", ".join(benefit.decided_by) or NOT_STATED,
        "basis": "ladder" if benefit.rung_number else "stated",
        "rung_number": benefit.rung_number,
        "open_readings": list(benefit.open_readings),
        "by_reading": _by_reading(benefit.by_reading),
        "cooperation": benefit.cooperation,
        "alternatives": list(map(_alternative, benefit.alternatives)),
        "at_least": _alternative(benefit.at_least) if benefit.at_least else None,
        "notes": list(benefit.notes),
        "passages": _passages(benefit.passages),
    }


def _alternative(alternative: Alternative) -> dict[str, Any]:
    return {**alternative._asdict(), "passages": _passages(alternative.passages)}


def _next_rung(answer: Answer) -> dict[str, Any] | None:
    benefit = answer.next_rung
    if benefit is None:
        return None
    deciding = {*benefit.blocked_by, *benefit.depends_on}
    return {
        "name": benefit.name,
        "blocked_by": list(benefit.blocked_by),
        "depends_on": list(benefit.depends_on),
        "must_not_be": sorted(benefit.must_not_be & deciding),
    }


def _step(step: Step) -> dict[str, Any]:
    return {"kind": step.kind, "facts": list(step.facts), "benefits": list(step.benefits)}


def _protection(benefit: Benefit) -> dict[str, Any]:
    return {
        "name": benefit.name,
        "label": benefit.label,
        "short_name": benefit.short_name,
        "status": benefit.status,
        "depends_on": list(benefit.depends_on),
        "passages": _passages(benefit.passages),
    }


def _consequence(consequence: Consequence) -> dict[str, Any]:
    return {
        "name": consequence.name,
        "label": consequence.label,
        "short_name": consequence.short_name,
        "status": consequence.status,
        "depends_on": list(consequence.depends_on),
        "open_readings": list(consequence.open_readings),
        "by_reading": _by_reading(consequence.by_reading),
        "no_exception_for": list(consequence.no_exception_for),
        "notes": list(consequence.notes),
        "passages": _passages(consequence.passages),
    }


def _practice(practice: Practice) -> dict[str, Any]:
    return {
        "name": practice.name,
        "label": practice.label,
        "benefits": list(practice.benefits),
        "speaker": ", ".join(practice.speakers),
        "speech_act": practice.speech_act or None,
        "passages": _passages(practice.passages),
    }


def _open_reading(reading: OpenReading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "question": reading.question,
        "wider": reading.wider,
        "narrower": reading.narrower,
        "concerns": list(reading.concerns),
        "passages": _passages(reading.passages),
    }


def _by_reading(statuses: ByReading | None) -> dict[str, str] | None:
    return statuses._asdict() if statuses else None


def _changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "aspect": each.aspect, "from": each.before, "to": each.after}
        for each in changes
    ]


def _passages(passages: Iterable[Passage]) -> list[dict[str, str]]:
    return [{"sentence": each.place, "quote": each.exact, "link": each.link} for each in passages]
