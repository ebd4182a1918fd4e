"""Turtle as people write it here: grouped under comments, aligned, prefixes in one order."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from tipgraph.vocabulary import ID, PREFIXES

# The order in which prefixes stand; those of an edition come behind `id`.
ORDER = (
    *("tip", "code", "id", "provision", "wording", "period", "country", "currency", "cv"),
    *("dcat", "dcterms", "oa", "org", "owl", "rdf", "rdfs", "xsd", "prov", "qb"),
    *("sdmx-attribute", "sdmx-dimension", "sdmx-measure", "sh", "skos"),
)
# What several editions share has prefixes of its own.
SHARED = {name: f"{ID}{name}/" for name in ("provision", "wording", "period")}
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
        self._prefixes = {**PREFIXES, **SHARED, **own}
        self._own = tuple(own)
        self._used: set[str] = set()

    def name(self, iri: str) -> str:
        """The IRI as a prefixed name, or in angle brackets where it cannot be one."""
        for prefix in sorted(self._prefixes, key=lambda each: -len(self._prefixes[each])):
            local = iri.removeprefix(self._prefixes[prefix])
            if local != iri and LOCAL.fullmatch(local):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def node(self, iri: str, kind: str, said: Iterable[Said]) -> str:
        """A node, its type and what is said of it, aligned; a property without values is left out."""
        lines = [("a", [kind]), *((name, values) for name, values in said if values)]
        for name, values in lines:
            self._note(name, *values)
        width = max(len(name) for name, _ in lines)
        body = " ;\n".join(f"    {name:{width}} {' , '.join(values)}" for name, values in lines)
        return f"{self.name(iri)}\n{body} .\n"

    def document(self, comment: str, groups: Iterable[Group]) -> str:
        """The whole file, with the prefixes that it uses."""
        body = "\n".join(f"# {each.comment}\n\n" + "\n".join(each.nodes) for each in groups)
        order = [*ORDER[:3], *self._own, *ORDER[3:]]
        used = [prefix for prefix in order if prefix in self._used]
        width = max(map(len, used), default=0) + 1
        head = "".join(f"@prefix {f'{p}:':{width}} <{self._prefixes[p]}> .\n" for p in used)
        return f"# {comment}\n\n{head}\n{body}"

    def _note(self, *names: str) -> None:
        self._used.update(name.partition(":")[0] for name in names if re.match(r"[\w-]+:", name))


def english(text: str) -> str:
    """A text in English, as it is written."""
    return str(Literal(text, language="en"))


def plain(text: str) -> str:
    """A text without a language, as it is written."""
    return str(Literal(text))
