"""An assessment as JSON, for other programs: each text is in it once."""

from typing import Any

from tipgraph.assess.evaluate import Assessment, Change
from tipgraph.assess.model import NOT_STATED, Answer, Benefit, Practice
from tipgraph.assess.wording import notice, premise
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import last_part
from tipgraph.render.formats import dumps
from tipgraph.store.engine import grouped

# Fields that are no part of the document, or that another part of it has.
OMITTED = ("iri", "notes", "hint", "is_about_persons")


def json(assessment: Assessment) -> str:
    """The assessment as JSON text."""
    return dumps(as_dict(assessment))


def as_dict(assessment: Assessment) -> dict[str, Any]:
    """The assessment as a dictionary."""
    answer = assessment.answer
    content = {
        **heading(answer),
        "benefits": list(map(_benefit, answer.benefits)),
        "consequences": _value(answer.consequences),
        "next_steps": _value(answer.next_steps),
        "practice": list(map(_practice_fields, answer.practice)),
        "open_readings": _value(answer.open_readings),
        "similar_facts": _value(assessment.similar_facts),
        "facts": _facts(answer),
        "notes": _notes(answer),
        "passages": _passages(answer),
    }
    if assessment.what_if:
        content["what_if"] = _value(assessment.what_if)
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
        "period": source.period or None,
        "notice": notice(answer),
        "source": {"label": source.label, "publisher": source.publisher, "page": source.page},
    }


def _value(value: Any) -> Any:
    """A part of an answer for JSON: a dictionary of its fields, and a passage as its name."""
    if isinstance(value, Passage):
        return _name(value)
    if isinstance(value, Change):
        return {**_fields(value, "before", "after"), "from": value.before, "to": value.after}
    if hasattr(value, "_asdict"):
        named = {"name": value.name} if hasattr(value, "iri") else {}
        return named | _fields(value, *OMITTED)
    return list(map(_value, value)) if isinstance(value, tuple) else value


def _fields(value: Any, *omitted: str) -> dict[str, Any]:
    return {name: _value(each) for name, each in value._asdict().items() if name not in omitted}


def _benefit(benefit: Benefit) -> dict[str, Any]:
    found: dict[str, Any] = _value(benefit)
    least = benefit.at_least
    return found | {
        # Their labels and states are those of `facts`.
        "conditions": [_fields(each, "label", "state") for each in benefit.conditions],
        "decided_by": ", ".join(benefit.decided_by) or NOT_STATED,
        "basis": "ladder" if benefit.rung_number else "stated",
        "at_least": {"name": least.name, "status": least.status} if least else None,
    }


def _practice_fields(practice: Practice) -> dict[str, Any]:
    return _fields(practice, "iri", "speakers") | {
        "name": practice.name,
        "speaker": ", ".join(practice.speakers),
        "speech_act": practice.speech_act or None,
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
    concerned = grouped((note, each.name) for each in answer.outcomes for note in each.notes)
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


def _name(passage: Passage) -> str:
    return passage.iri.removeprefix(f"{passage.edition}/")
