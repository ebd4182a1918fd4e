"""A speech: the parts of a sentence that a claim is made of, and the words between them."""

from dataclasses import dataclass

from tipgraph_draft.words import word_set

NOBODY = "unnamed"
CLAUSE = word_set("speech_clause")
ADVERBIALS = word_set("speech_adverbials")


@dataclass(frozen=True)
class Speech:
    """A verb of speech: its token, the first of the speaker, and the content from there."""

    verb: int
    start: int
    content: int
    speaker: str
    act: str
    rule: str
