"""Columns and words of the table of figures, which `export` writes and `import-figures` reads."""

import re

# The columns that a table of figures must have.
TABLE = (
    *("country", "edition", "page", "indicator", "reference_period"),
    *("part", "value", "unit", "counted_by", "note"),
)
# The axis of a part, where the part alone is ambiguous; the source's word that qualifies the
# number; what to know before adding or comparing it; the part that a percentage is of.
AXIS, NUMBER_QUALIFIER, CAUTION = "axis", "number_qualifier", "caution"
PERCENTAGE_OF = "percentage_of"
# More columns where the text is pinned: the name of the sentence, and words that give the figure.
WORDS = ("place", "quote")
# The name of a sentence of a pinned text; other places are on a page.
SENTENCE = re.compile(r"S\d+")
# The recipient of an amount, where its indicator does not say so; the speaker of a figure, where
# that is not the report.
RECIPIENT, SPEAKER, SPEECH_ACT = "recipient", "speaker", "speech_act"
# Marks of a number, where neither its qualifier nor its note has them.
APPROXIMATE, CONVERTED = "approximate", "converted"
# The column that marks a reference period which the edition does not state.
PERIOD_INFERRED = "period_inferred"
# All columns of an exported table; `import-figures` accepts any of them.
COLUMNS = (
    *TABLE,
    *(AXIS, NUMBER_QUALIFIER, CAUTION, PERCENTAGE_OF),
    *("stage", "per_unit", APPROXIMATE, CONVERTED, "population", "caveat", "hedge"),
    *("direction", "compared_with", "worded_differently"),
    *("part_id", "breakdown", "part_of", "included_in"),
    *("funder", RECIPIENT, PERIOD_INFERRED, "period_start", "period_end"),
    *(SPEAKER, SPEECH_ACT, "reporter", "coverage", "edition_id"),
    *("statement", "statement_label", "place", "quote", "link"),
)
# The part of an amount that each of several recipients gets.
EACH = "each"
# The reference period of a figure about the edition's own reporting period.
REPORTING_PERIOD = "reporting period"
# Reference periods whose year the edition does not state, and the last parts of their IRIs.
UNSTATED_PERIODS = {
    "year not stated": "year-not-stated",
    "earlier period, year not stated": "earlier-year-not-stated",
    "period before the earlier, year not stated": "year-before-the-earlier-not-stated",
}


def is_noted(note: str, words: str) -> bool:
    """Return whether a note has these words at the start, after a semicolon, or before `at`."""
    return any(re.search(rf"^{words}\b|\b{words} at\b", each.strip()) for each in note.split(";"))
