"""Turtle as people write it here: grouped under comments, aligned, prefixes in one order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from tipgraph.editions.prefixes import SHARED, declarations
from tipgraph.namespaces import PREFIXES

LOCAL = re.compile(r"[A-Za-z0-9_]([\w-]*[A-Za-z0-9_])?")

# A property with its values, all as they are written.
Said = tuple[str, Sequence[str]]


@dataclass(frozen=True)
class Group:
    """Nodes, as they are written, under a line of comment."""

    comment: str
    nodes: Sequence[str]


class Writer:
    """Writes nodes by the prefixes of an edition."""

    def __init__(self, own: Mapping[str, str]) -> None:
        """`own` are the prefixes beside those that all share."""
        self._own = own
        self._prefixes = {**PREFIXES, **SHARED, **own}

    def name(self, iri: str) -> str:
        """The IRI as a prefixed name, or in angle brackets where it cannot be one."""
        for prefix in sorted(self._prefixes, key=lambda each: -len(self._prefixes[each])):
            local = iri.removeprefix(self._prefixes[prefix])
            if local != iri and LOCAL.fullmatch(local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def node(self, iri: str, kind: str, said: Iterable[Said]) -> str:
        """A node, its type and what is said of it, aligned; properties without values stay out."""
        lines = [("a", [kind]), *((name, values) for name, values in said if values)]
        width = max(len(name) for name, _ in lines)
        body = " ;\n".join(f"    {name:{width}} {' , '.join(values)}" for name, values in lines)
        return f"{self.name(iri)}\n{body} .\n"

    def document(self, comment: str, groups: Iterable[Group]) -> str:
        """The whole file, with the prefixes that it uses."""
        body = "\n".join(f"# {each.comment}\n\n" + "\n".join(each.nodes) for each in groups)
        return f"# {comment}\n\n{declarations(body, self._own)}\n\n{body}"


def english(text: str) -> str:
    """A text in English, as it is written."""
    return str(Literal(text, language="en"))


def plain(text: str) -> str:
    """A text without a language, as it is written."""
    return str(Literal(text))
