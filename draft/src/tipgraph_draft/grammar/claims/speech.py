"""A speech: the parts of a sentence that a claim is made of, and the words between them."""

from dataclasses import dataclass

NOBODY = "unnamed"
# Marks and words at which a clause ends.
CLAUSE = {
    ",", ";", ":", "(", ")", "—", "\u2013", "while", "but", "although", "where", "however",
    "whereas",
}  # fmt: skip
# Words between a subject and its verb, besides auxiliaries and what ends in -ly.
ADVERBIALS = {
    "also", "again", "previously", "repeatedly", "continued", "to", "further", "both", "often",
    "have", "has", "had", "never", "still", "once", "publicly", "jointly",
}  # fmt: skip


@dataclass(frozen=True)
class Speech:
    """A verb of speech: its token, the first of the speaker, and the content from there."""

    verb: int
    start: int
    content: int
    speaker: str
    act: str
    rule: str
