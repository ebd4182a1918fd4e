"""The prefixes of a Turtle file: which it uses, in which order, and how they are declared."""

import re
from collections.abc import Iterable, Mapping

from tipgraph.namespaces import ID, PREFIXES, last_part

# The order in which prefixes stand; those of an edition come behind `id`.
ORDER = (
    *("tip", "code", "id", "provision", "wording", "period", "country", "currency", "cv"),
    *("dcat", "dcterms", "oa", "org", "owl", "rdf", "rdfs", "xsd", "prov", "qb"),
    *("sdmx-attribute", "sdmx-dimension", "sdmx-measure", "sh", "skos"),
)
# What several editions share has prefixes of its own.
SHARED = {name: f"{ID}{name}/" for name in ("provision", "wording", "period")}
# Behind these stands what is an edition's own.
COMMON = ("tip", "code", "id")
USED = re.compile(r"(?<![\w:<-])([A-Za-z][\w-]*):")


def own_prefix(edition: str, country: str) -> str:
    """The prefix of what is an edition's own: the country's two letters, if they are free."""
    letters = edition[-2:]
    return last_part(country).lower() if letters in PREFIXES else letters


def ordered(names: Iterable[str]) -> list[str]:
    """The names in the order of the house; those that it does not know are an edition's own."""
    return sorted(names, key=_rank)


def used(text: str) -> set[str]:
    """The prefixes that a text of Turtle may use, be it in a comment that is yet to be one."""
    return set(USED.findall(text))


def declarations(text: str, own: Mapping[str, str]) -> str:
    """The `@prefix` lines for what a text uses of the known prefixes and of `own`, aligned."""
    known = {**PREFIXES, **SHARED, **own}
    names = ordered(used(text) & known.keys())
    width = max(map(len, names), default=0) + 1
    return "\n".join(f"@prefix {f'{name}:':{width}} <{known[name]}> ." for name in names)


def _rank(name: str) -> int:
    if name in COMMON:
        return COMMON.index(name)
    return len(COMMON) + (ORDER.index(name) + 1 if name in ORDER else 0)
