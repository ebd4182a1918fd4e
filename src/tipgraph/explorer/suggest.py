"""Suggestions for a field whose values are too many for a list, as JSON."""

import json

from tipgraph.errors import UsageError
from tipgraph.escape import printable
from tipgraph.explorer.asked import Asked, Content
from tipgraph.explorer.site import Site
from tipgraph.text import join

MOST = 20


def suggest(site: Site, asked: Asked) -> Content:
    """The values of a type that have all words of `q` in their name or label.

    Those that begin with the words come first. Raises UsageError for a type that no query has.
    """
    kind = asked.parameters.get("type", "")
    types = sorted({each.type for query in site.graph.queries.values() for each in query.params})
    if kind not in types:
        raise UsageError(f"unknown type {kind!r}; the types of parameters are {join(types)}")
    text = asked.parameters.get("q", "").casefold().strip()
    words = text.split()
    found = [
        (name, label)
        for name, label in site.values(kind).items()
        if words and all(word in f"{name} {label}".casefold() for word in words)
    ]
    # The sort is stable: among equals the order of the labels stays.
    found.sort(key=lambda each: not any(part.casefold().startswith(text) for part in each))
    chosen = [{"value": name, "label": printable(label)} for name, label in found[:MOST]]
    return Content(json.dumps(chosen, ensure_ascii=False).encode(), "application/json")
