"""The graph's names for the words of candidates: indicators, parts, speech acts and axes.

A draft has the outer axis first, `exploitation / sex and age`; the graph has it last, `by sex and
age within form of exploitation`.
"""

from dataclasses import dataclass, field

from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine

NEW = "new: "
# Kinds whose indicator has a code.
COUNTED = ("figure", "amount")
JOINER, WITHIN = " / ", " within "
BY = "by "
# Axes that the graph words otherwise, as the outer axis and within others.
OUTER = {"exploitation": "form of exploitation", "other": "other feature"}
INNER = {"exploitation": "form", "other": "other feature"}
DRAFTED = {graph: draft for words in (OUTER, INNER) for draft, graph in words.items()}


@dataclass(frozen=True)
class Codes:
    """Local names by their words, in lower case; empty where no graph is at hand."""

    indicators: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    acts: dict[str, str] = field(default_factory=dict)

    def indicator(self, words: str) -> str:
        """The code of an indicator, or `new: words`."""
        return _code(self.indicators, words)

    def act(self, words: str) -> str:
        """The code of a speech act, or `new: words`; one that exists keeps its plain name."""
        return _code(self.acts, words)

    def knows_part(self, part: str) -> bool:
        """Return whether the graph has the part, or there is no graph to ask."""
        return not self.parts or part.casefold() in self.parts


def codes_of(engine: Engine) -> Codes:
    """The names in a graph."""
    return Codes(
        _labels(engine, "indicators"), _labels(engine, "parts"), _labels(engine, "speech-acts")
    )


def _labels(engine: Engine, scheme: str) -> dict[str, str]:
    rows = engine.select(
        f"SELECT ?code ?label {{ ?code skos:inScheme code:{scheme} ; skos:prefLabel|skos:altLabel"
        " ?label } ORDER BY ?code"
    )
    return {str(row["label"]).casefold(): last_part(str(row["code"])) for row in rows}


def _code(known: dict[str, str], words: str) -> str:
    return known.get(words.casefold(), f"{NEW}{words}") if words else ""


def graph_axis(axis: str) -> str:
    """The graph's name for an axis of a draft."""
    outer, *inner = axis.split(JOINER)
    words = [*(INNER.get(each, each) for each in reversed(inner)), OUTER.get(outer, outer)]
    return f"{BY}{WITHIN.join(words)}"


def drafted_axis(name: str) -> str:
    """The words of a draft for the graph's name of an axis; other words stay as they are."""
    words = name.casefold()
    if not words.startswith(BY):
        return name
    path = reversed(words.removeprefix(BY).split(WITHIN))
    return JOINER.join(DRAFTED.get(each, each) for each in path)
