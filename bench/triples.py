"""Triples by the million, the same each time, with all that a store has to deal with."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

# Larger than the number of things in any run, so that multiples of it reach each of them once.
PRIME = 15_485_863
XSD = "http://www.w3.org/2001/XMLSchema#"
THINGS = (
    "https://example.org/id/{}",
    "https://data.example.org/2021/enquête#no-{}",
    "urn:example:case:{}",
    "http://www.example.com/a/rather/long/path/with%20spaces/{}?edition=2021",
)
PREDICATES = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2000/01/rdf-schema#comment",
    "https://example.org/ns#knows",
    "https://example.org/ns#date",
    "https://example.org/ns#time",
    "https://example.org/ns#count",
    "https://example.org/ns#share",
    "https://example.org/ns#estimate",
    "https://example.org/ns#isOpen",
)
LANGUAGES = ("en", "fr", "nl-BE", "de", "zh-Hans")
WORDS = (
    *("shelter", "victim", "permit", "referral", "police", "court", "prosecutor", "training"),
    *(
        "état",
        "minderjährig",
        "人身",
        "\U0001f3e0",
        r"\"so-called\"",
        r"either\\or",
        r"line\nbreak",
    ),
)


def write(triples: int, file: Path) -> None:
    """So many triples as N-Triples, no two of them alike, in no order."""
    with file.open("w", encoding="utf-8") as opened:
        opened.writelines(islice(_lines(-(-triples // len(PREDICATES))), triples))


def _lines(things: int) -> Iterator[str]:
    chance = Random(things)
    for each in range(things):
        number = each * PRIME % things
        known = _thing(chance.randrange(things))
        for predicate, value in zip(PREDICATES, _values(number, known, chance), strict=True):
            yield f"{_thing(number)} <{predicate}> {value} .\n"


def _thing(number: int) -> str:
    return f"<{THINGS[number % len(THINGS)].format(number)}>"


def _values(number: int, known: str, chance: Random) -> tuple[str, ...]:
    """Return the value of each predicate for a thing."""
    date = f"{number % 90 + 1930}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return (
        f"<https://example.org/ns#Class{number % 50}>",
        f'"{_text(6, chance)}"@{LANGUAGES[number % len(LANGUAGES)]}',
        f'"{_text(20, chance)}"',
        known,
        _typed(date, "date"),
        _typed(f"{date}T{number % 24:02}:30:00Z", "dateTime"),
        _typed(chance.randrange(1_000_000), "integer"),
        _typed(f"{chance.randrange(1000)}.{number % 9 + 1}", "decimal"),
        _typed(f"{number % 9 + 1}.5E{number % 20}", "double"),
        _typed("true" if number % 3 else "false", "boolean"),
    )


def _text(words: int, chance: Random) -> str:
    return " ".join(chance.choices(WORDS, k=words))


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<{XSD}{datatype}>'
