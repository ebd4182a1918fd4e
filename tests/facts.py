"""The tables of facts on further editions, and where our figures deliberately differ from them."""

import csv
from collections.abc import Iterator
from pathlib import Path

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "further-editions.tsv"
# Figures of the same editions, without their pages.
MORE = FACTS.with_name("more-figures.tsv")

Cells = dict[str, str]

POLICE = (
    "the source says authorities; that they are the police is our inference, since the police alone"
    " may officially identify victims"
)
IMPLIED = "that the government paid is implied, not stated"
PRESUMED = "presumed victims not identified"
JOINT = "victims identified in a joint investigation"
SHELTERS = "allocation to each of the three specialised shelters"
# The periods of the current figures that their edition does not state.
INFERRED = {
    ("BEL", "2017", "victims identified and assisted", "2016"),
    ("BEL", "2017", SHELTERS, "2016"),
    ("LUX", "2021", "victims identified", "2020"),
    ("LUX", "2021", PRESUMED, "2020"),
    ("HUN", "2021", "victims registered", "2020"),
    ("HUN", "2022", "victims identified", "2021"),
}


# Names that our tables have for parts, indicators and periods of the other figures.
NAMES = {
    "from Portugal": "foreign citizens / Portugal",
    "from Nigeria": "Nigeria",
    "from the Netherlands": "the Netherlands",
    "from Uganda": "Uganda",
    "from Poland": "Poland",
    "from The Gambia": "The Gambia",
    "victims identified, by body": "victims identified",
    "not stated": "year not stated",
    "beginning of 2021": "2021",
    "registration centre and assistance coordinator": (
        "national registration centre and assistance coordinator"
    ),
}
NOTES = {
    "all seven": "all seven victims",
    "within the seven": "of the seven victims",
}
LARGEST = "the report names the five largest groups only"
MORE_THAN_REGISTERED = "the four bodies sum to 708, more than the 668 registered, without a reason"
BODIES = {
    ("2020", "2017"): "prior-year figure",
    ("2020", "2018"): MORE_THAN_REGISTERED,
    ("2021", "2018"): f"prior-year figure; {MORE_THAN_REGISTERED}",
    ("2021", "2019"): "other organizations identified the rest, whose number is not stated",
}
# Stated otherwise: a finding on one case, and the name of an actor, the three shelters.
NO_FIGURES = {
    "possible child case with delayed arrest and protection",
    "specialised NGO-run shelters",
}


def corrected() -> Iterator[Cells]:
    """The facts as our tables have them: with inferred periods marked, and their cautions noted."""
    with (
        FACTS.open(encoding="utf-8", newline="") as opened,
        MORE.open(encoding="utf-8", newline="") as more,
    ):
        facts = list(csv.DictReader(opened, dialect="excel-tab"))
        pages = {(fact["country"], fact["edition"]): fact["page"] for fact in facts}
        others = csv.DictReader(more, dialect="excel-tab")
        for fact in (*facts, *(_of_page(fact, pages) for fact in others)):
            marks = {"period_inferred": _is_inferred(fact), "number_qualifier": ""}
            if fact["indicator"] not in NO_FIGURES:
                yield _qualified({**fact, **_corrections(fact), **marks})


def _of_page(fact: Cells, pages: dict[tuple[str, str], str]) -> Cells:
    """The figure with the page of its edition, and under the names and notes of our tables."""
    note = NOTES.get(fact["note"], fact["note"])
    if fact["part"].startswith("from ") and fact["country"] == "NLD":
        note = LARGEST
    elif fact["indicator"].endswith("by body"):
        note = BODIES[fact["edition"], fact["reference_period"]]
    elif fact["reference_period"].startswith("beginning"):
        note = "at the beginning of 2021"
    names = {
        name: NAMES.get(fact[name], fact[name])
        for name in ("indicator", "reference_period", "part", "counted_by")
    }
    return {**fact, **names, "page": pages[fact["country"], fact["edition"]], "note": note}


def _qualified(fact: Cells) -> Cells:
    """The fact with the word `approximate` of an amount's note as the qualifier of the number."""
    first, _, rest = fact["note"].partition("; ")
    if fact["unit"] != "EUR" or first != "approximate" or fact["edition"] not in ("2018", "2019"):
        return fact
    return {**fact, "note": rest, "number_qualifier": "approximately"}


def _is_inferred(fact: Cells) -> str:
    names = ("country", "edition", "indicator", "reference_period")
    return "true" if tuple(fact[name] for name in names) in INFERRED else ""


def _corrections(fact: Cells) -> Cells:
    edition, indicator = (fact["country"], fact["edition"]), fact["indicator"]
    if edition == ("BEL", "2018") and fact["unit"] == "EUR":
        return {"note": f"{fact['note']}; {IMPLIED}"}
    if edition != ("LUX", "2021"):
        return {}
    if indicator == "victims identified":
        note = "; ".join(filter(None, [fact["note"], POLICE]))
        return {"counted_by": "authorities", "note": note if fact["part"] == "total" else ""}
    if indicator == PRESUMED:
        return {
            "note": "foreign nationals, of labor trafficking; declined to take part in an"
            " investigation and neither asked for nor accepted assistance; that they were not"
            " identified is our inference"
        }
    if indicator == JOINT:
        return {
            "counted_by": "",
            "note": "September and October 2020; who identified them is not stated; that labor"
            " inspectorate and police made the investigation is our inference from the sentence"
            " before; whether others took part is not clear",
        }
    return {}
