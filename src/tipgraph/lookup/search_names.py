"""The things whose names have the words of a search."""

import re
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tipgraph.lookup.search_index import EDGE, KINDS, WORD
from tipgraph.lookup.search_terms import Term, content_terms, content_words, name_key


@dataclass(frozen=True)
class Names:
    """The rows with all terms in their names.

    Of those in `whole` the terms are a whole name; `parts` has how much of a name they are.
    """

    whole: frozenset[int]
    parts: dict[int, float]


def matching_names(
    index: sqlite3.Connection, terms: Sequence[Term], kinds: Collection[str] = KINDS.keys()
) -> Names:
    """The rows of some kinds that have all terms in their names."""
    content = content_terms(terms)
    wanted = {name_key(" ".join(each.text for each in some)) for some in (terms, content)}
    size = sum(len(re.findall(WORD, each.text)) for each in content)
    whole, parts = set(), {}
    expression = " AND ".join(each.expression for each in content)
    rows = index.execute(
        "SELECT id, names FROM text JOIN thing ON id = text.rowid"
        f" WHERE text MATCH ? AND kind IN ({', '.join('?' * len(kinds))})",
        (f"names : ({expression})", *kinds),
    )
    for number, names in rows:
        sizes = {name: len(content_words(name)) for name in names.split(EDGE) if name.strip()}
        parts[number] = size / min(sizes.values())
        if any(abs(sizes[name] - size) <= 1 and name_key(name) in wanted for name in sizes):
            whole.add(number)
    return Names(frozenset(whole), parts)
