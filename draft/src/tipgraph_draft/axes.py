"""The axes of parts in the words of a draft, and in those of the graph.

A draft has the outer axis first, `exploitation / sex and age`; the graph has it last, `by sex and
age within form of exploitation`.
"""

JOINER, WITHIN = " / ", " within "
BY = "by "
# Axes that the graph words otherwise, as the outer axis and within others.
OUTER = {"exploitation": "form of exploitation", "other": "other feature"}
INNER = {"exploitation": "form", "other": "other feature"}
DRAFTED = {graph: draft for words in (OUTER, INNER) for draft, graph in words.items()}


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
