"""The tables of facts on further editions, and where our figures deliberately differ from them."""

import csv
from collections.abc import Iterator
from pathlib import Path

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "further-editions.tsv"

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


def corrected() -> Iterator[Cells]:
    """The facts as our tables have them: with inferred periods marked, and their cautions noted."""
    with FACTS.open(encoding="utf-8", newline="") as opened:
        for fact in csv.DictReader(opened, dialect="excel-tab"):
            marks = {"period_inferred": _is_inferred(fact), "number_qualifier": ""}
            yield _qualified({**fact, **_corrections(fact), **marks})


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
