"""Terms and paths as people read them: prefixed names where a prefix of the files fits."""

import re
from collections.abc import Mapping

from tipgraph.namespaces import PREFIXES

LOCAL = re.compile(r"[\w](?:[\w.-]*[\w-])?\Z|\Z")
LOOSE = re.compile(r"<(\w+:[^<>\s]+)>|(\bhttps?://[^\s<>\"(),;]*[\w/#])")
INSIDE = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]+>')


def known(prefixes: Mapping[str, str]) -> dict[str, str]:
    """These prefixes and, where they leave room, our own; longer namespaces come first."""
    ours = {name: iri for name, iri in PREFIXES.items() if name not in prefixes}
    both = [(name, iri) for name, iri in [*prefixes.items(), *ours.items()] if iri]
    return dict(sorted(both, key=lambda each: -len(each[1])))


def shortened(term: str, prefixes: Mapping[str, str]) -> str:
    """An IRI, a literal or a path, with each IRI shortened where that can be read back.

    `prefixes` are as `known` gives them.
    """
    if term.startswith("_:") or not term:
        return term
    if not term.startswith('"') and "<" not in term:
        return _name(term, prefixes) or term
    return INSIDE.sub(lambda found: _inside(found[0], prefixes), term)


def readable(text: str, prefixes: Mapping[str, str]) -> str:
    """A sentence, with each IRI in it shortened."""
    return LOOSE.sub(lambda found: _name(found[1] or found[2], prefixes) or found[0], text)


def _inside(part: str, prefixes: Mapping[str, str]) -> str:
    return part if part.startswith('"') else _name(part[1:-1], prefixes) or part


def _name(iri: str, prefixes: Mapping[str, str]) -> str:
    """The prefixed name with the longest namespace; nothing where none fits."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and LOCAL.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return ""
