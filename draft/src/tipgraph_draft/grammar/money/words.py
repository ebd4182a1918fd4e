"""Words of the grammar that several readings of an amount share."""

MONEY_NOUNS = {
    "budget", "funding", "allocation", "grant", "grants", "stipend", "stipends", "allowance",
    "compensation", "restitution", "damages", "fine", "fines", "contribution", "fund", "subsidy",
    "payment", "payments", "aid", "award", "awards", "salary", "fee", "fees", "expenditures",
    "spending", "appropriation", "allotment", "donation", "cost", "costs", "assistance",
    "benefits", "wages", "support",
}  # fmt: skip
COMPENSATION = {"compensation", "restitution", "damages"}
# Prepositions before whom or what an amount is for.
TARGET = {"to", "for", "toward", "towards", "on", "in"}
# Words at which that ends.
TARGET_END = {
    ",", ";", "(", ")", ":", "compared", "during", "while", "which", "who", "that", "—", "\u2013",
    "an", "from", "up", "down", "each", "after", "per", "annually", "where", "whom", "through",
}  # fmt: skip
