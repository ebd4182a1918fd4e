"""An assessment as a JSON document, for other programs. Each text is in it once."""

from collections.abc import Iterable
from typing import Any

from tipgraph.assess.evaluate import Assessment, Change
from tipgraph.assess.model import (
    NOT_STATED,
    Answer,
    Benefit,
    ByReading,
    Consequence,
    OpenReading,
    Practice,
)
from tipgraph.assess.wording import notice, premise
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
        "consequences": list(map(_consequence, answer.consequences)),
        "next_steps": [
            {
                "kind": each.kind,
                "facts": list(each.facts),
                "benefits": list(each.benefits),
                "concerns": list(each.concerns),
            }
            for each in answer.next_steps
        ],
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
        "facts": _facts(answer),
        "notes": _notes(answer),
        "passages": _passages(answer),
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
        "conditions": [
            {
                "name": each.name,
                "required_state": each.required_state,
                "connective": each.connective,
                "requirement": each.requirement,
                "performed_by": each.performed_by,
            }
            for each in benefit.conditions
        ],
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
        "alternatives": [
            {
                "name": each.name,
                "label": each.label,
                "status": each.status,
                "passages": _names(each.passages),
            }
            for each in benefit.alternatives
        ],
        "at_least": (
            {"name": benefit.at_least.name, "status": benefit.at_least.status}
            if benefit.at_least
            else None
        ),
        "passages": _names(benefit.passages),
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
        "passages": _names(consequence.passages),
    }


def _practice(practice: Practice) -> dict[str, Any]:
    return {
        "name": practice.name,
        "label": practice.label,
        "benefits": list(practice.benefits),
        "speaker": ", ".join(practice.speakers),
        "speech_act": practice.speech_act or None,
        "passages": _names(practice.passages),
    }


def _open_reading(reading: OpenReading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "question": reading.question,
        "wider": reading.wider,
        "narrower": reading.narrower,
        "concerns": list(reading.concerns),
        "passages": _names(reading.passages),
    }


def _facts(answer: Answer) -> dict[str, dict[str, str]]:
    """The label and state of each fact that a benefit or a consequence turns on."""
    named = {each.name for benefit in answer.benefits for each in benefit.conditions}
    for outcome in answer.outcomes:
        named.update(outcome.depends_on)
    for benefit in answer.benefits:
        named.update(benefit.blocked_by, benefit.over_after)
    return {
        name: {"label": answer.labels[name], "state": answer.states[name]}
        for name in sorted(named & answer.states.keys())
    }


def _notes(answer: Answer) -> list[dict[str, Any]]:
    """The notes on how sentences were read, with the benefits and consequences that they are on."""
    concerned: dict[str, list[str]] = {}
    for outcome in answer.outcomes:
        for note in outcome.notes:
            concerned.setdefault(note, []).append(outcome.name)
    return [{"note": note, "concerns": names} for note, names in concerned.items()]


def _passages(answer: Answer) -> dict[str, dict[str, str]]:
    """The passages that anything rests on, by name."""
    every = [
        *answer.on_potential_victims,
        *answer.on_living_abroad,
        *(p for each in answer.outcomes for p in each.passages),
        *(p for each in answer.practice for p in each.passages),
        *(p for each in answer.open_readings for p in each.passages),
    ]
    return {
        _name(each): {"place": each.place, "quote": each.exact, "link": each.link} for each in every
    }


def _names(passages: Iterable[Passage]) -> list[str]:
    return list(map(_name, passages))


def _name(passage: Passage) -> str:
    return passage.iri.removeprefix(f"{passage.edition}/")


def _by_reading(statuses: ByReading | None) -> dict[str, str] | None:
    return statuses._asdict() if statuses else None


def _changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "aspect": each.aspect, "from": each.before, "to": each.after}
        for each in changes
    ]
