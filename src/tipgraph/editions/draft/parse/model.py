"""The model of spaCy that parses sentences: its name is a setting, and it is loaded once."""

import os
from functools import cache
from typing import TYPE_CHECKING

from tipgraph.errors import UsageError

if TYPE_CHECKING:
    from spacy.language import Language

VARIABLE = "TIPGRAPH_SPACY_MODEL"
DEFAULT = "en_core_web_sm"
# Parts of a model that the reader has no use for.
EXCLUDED = ("ner", "lemmatizer", "attribute_ruler", "senter", "textcat")


def model() -> "Language":
    """The model that the environment names, or the default.

    Raises UsageError, which says what to install, when spaCy or the model is missing, and when the
    model does not parse.
    """
    return _loaded(os.environ.get(VARIABLE) or DEFAULT)


@cache
def _loaded(name: str) -> "Language":
    try:
        import spacy
    except ImportError:
        raise UsageError(
            "the reader 'parse' needs spaCy; run pip install '.[parse]' in the checkout,"
            " or pip install spacy"
        ) from None
    try:
        loaded = spacy.load(name, exclude=EXCLUDED)
    except OSError:
        raise UsageError(
            f"spaCy has no model {name!r}; run python -m spacy download {name},"
            f" or set {VARIABLE} to the name of one that is installed"
        ) from None
    if "parser" not in loaded.pipe_names:
        raise UsageError(
            f"the model {name!r} has no dependency parser; set {VARIABLE} to one that has"
        )
    return loaded
