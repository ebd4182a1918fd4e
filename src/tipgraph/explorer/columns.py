"""The order of the columns of an answer on a page, where a reader sees some eight at once."""

from collections.abc import Collection

# A figure or an amount is read with what it counts, its evidence and its caveats.
NUMBER = ("value", "amount", "percent")
FIRST = (
    *("area", "indicator", "funder", "recipient", "period", "part", "per_unit", *NUMBER),
    *("unit", "currency", "sentence", "speaker", "caveat"),
)
# Where there is none, its evidence follows what a row is about.
EVIDENCE = ("speaker", "sentence", "caveat")
SUBJECT = 4


def for_reading(columns: Collection[str]) -> list[str]:
    """The columns, first those without which a row would be misread."""
    if {*columns} & {*NUMBER}:
        first = [each for each in FIRST if each in columns]
    else:
        subject = [each for each in columns if each not in EVIDENCE][:SUBJECT]
        first = [*subject, *(each for each in EVIDENCE if each in columns)]
    return [*first, *(each for each in columns if each not in first)]
