"""Columns and words of the table of figures, which `export` writes and `import-figures` reads."""

# The columns that a table of figures must have.
TABLE = (
    *("country", "edition", "page", "indicator", "reference_period"),
    *("part", "value", "unit", "counted_by", "note"),
)
# The axis of a part, where the part alone is ambiguous; the source's word that qualifies the
# number; what to know before adding or comparing it; the part that a percentage is of.
AXIS, NUMBER_QUALIFIER, CAUTION = "axis", "number_qualifier", "caution"
PERCENTAGE_OF = "percentage_of"
# More columns where the text is pinned: the sentence, and its words that give the figure.
WORDS = ("sentence", "quote")
# The column that marks a reference period which the edition does not state.
PERIOD_INFERRED = "period_inferred"
# What an author of a table of figures from a page in part may need besides `TABLE`.
AUTHORED = (
    *(AXIS, NUMBER_QUALIFIER, CAUTION, PERCENTAGE_OF),
    *("converted", PERIOD_INFERRED, "recipient", "speaker", "quote"),
)
# All columns of an exported table; `import-figures` accepts any of them.
COLUMNS = (
    *TABLE,
    *(AXIS, NUMBER_QUALIFIER, CAUTION, PERCENTAGE_OF),
    *("per_unit", "approximate", "converted", "population", "caveat", "hedge"),
    *("direction", "compared_with", "worded_differently"),
    *("part_id", "breakdown", "part_of", "included_in"),
    *("funder", "recipient", PERIOD_INFERRED, "period_start", "period_end"),
    *("speaker", "speech_act", "reporter", "coverage", "edition_id"),
    *("statement", "statement_label", "sentence", "quote", "link"),
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
