"""The columns of a table of figures: `export figures` writes them, `import-figures` reads them.

Neither feature imports the other, so what they share is here.
"""

# The columns that `import-figures` needs.
TABLE = (
    *("country", "edition", "page", "indicator", "reference_period"),
    *("part", "value", "unit", "counted_by", "note"),
)
# The columns that point at the words, in an edition whose text is pinned.
WORDS = ("sentence", "quote")
# All the columns that `export figures` writes.
COLUMNS = (
    *TABLE,
    *("per_unit", "approximate", "converted", "population", "caveat", "hedge"),
    *("direction", "compared_with", "worded_differently"),
    *("breakdown", "part_of", "included_in"),
    *("funder", "recipient", "period_start", "period_end"),
    *("speaker", "speech_act", "reporter", "coverage", "edition_id"),
    *("statement", "statement_label", "sentence", "quote", "link"),
)
