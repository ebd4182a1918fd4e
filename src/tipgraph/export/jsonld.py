"""JSON-LD under the shipped context: short keys, plain values, and exactly the same quads.

PyLD does the same, but takes 15 times as long and changes some IRIs and JSON literals.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from os.path import join
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from tipgraph.errors import InputError
from tipgraph.namespaces import RDF, XSD
from tipgraph.resources.folders import Resources

FILE = "context.jsonld"
TYPE = NamedNode(RDF + "type")
INTEGER, NON_NEGATIVE = (NamedNode(XSD + name) for name in ("integer", "nonNegativeInteger"))
_line = json.JSONEncoder(ensure_ascii=False).encode


class ContextTerm(NamedTuple):
    """The key of a property, and the type or language that its plain values have."""

    key: str
    type: str = ""
    language: str = ""


class Context:
    """A context of prefixes, a vocabulary, and terms with a type or a language."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """`content` is the value of `@context`."""
        self.content = content
        self._vocabulary = content.get("@vocab", "")
        strings = {name: iri for name, iri in content.items() if isinstance(iri, str)}
        self._prefixes = {
            name: iri for name, iri in strings.items() if name[0] != "@" and iri[-1] in "/#"
        }
        names = [name for name in content if name[0] != "@" and name not in self._prefixes]
        self._terms = {self._expand(name): self._term(name) for name in names}
        self._compacted: dict[str, str] = {}

    def term(self, iri: str) -> ContextTerm:
        """The term of a property; without a type or language where the context has none."""
        return self._terms.get(iri) or ContextTerm(self.class_name(iri))

    def class_name(self, iri: str) -> str:
        """A class: its local name in the vocabulary, else as any other IRI."""
        local = iri.removeprefix(self._vocabulary)
        is_local = local != iri and re.fullmatch(r"\w[\w-]*", local) and local not in self.content
        return local if is_local else self.compact(iri)

    def compact(self, iri: str) -> str:
        """The IRI with the longest prefix that fits, or in full.

        Raises InputError for an IRI that would be read as a prefixed name.
        """
        if iri not in self._compacted:
            self._compacted[iri] = self._compact(iri)
        return self._compacted[iri]

    def _compact(self, iri: str) -> str:
        fitting = [name for name, start in self._prefixes.items() if iri.startswith(start)]
        for name in sorted(fitting, key=lambda name: -len(self._prefixes[name])):
            local = iri.removeprefix(self._prefixes[name])
            if not local.startswith("//"):  # `id://x` is read as an IRI, not as a prefixed name.
                return f"{name}:{local}"
        scheme, _, rest = iri.partition(":")
        if scheme in self.content and not rest.startswith("//"):
            raise InputError(
                f"<{iri}> cannot be written as JSON-LD, where {scheme}: is a prefix;"
                " declare the prefix where the IRI comes from, or choose another format"
            )
        return iri

    def _term(self, name: str) -> ContextTerm:
        definition = self.content[name]
        if isinstance(definition, str):
            return ContextTerm(name)
        type_ = definition.get("@type", "")
        expanded = type_ if type_ in ("", "@id") else self._expand(type_)
        return ContextTerm(name, expanded, definition.get("@language", ""))

    def _expand(self, name: str) -> str:
        definition = self.content.get(name, name)
        written = definition if isinstance(definition, str) else definition.get("@id", name)
        prefix, colon, local = written.partition(":")
        return self._prefixes[prefix] + local if colon else self._vocabulary + written


@cache
def context(resources: Resources) -> Context:
    """The shipped context. Raises InputError when it cannot be read."""
    path = join(resources.root, "ontology", FILE)
    try:
        with open(path, "rb") as opened:
            return Context(json.loads(opened.read())["@context"])
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, KeyError):
        raise InputError(f"{path}: not a JSON-LD context") from None


def jsonld(quads: Sequence[Quad], context: Context, context_address: str = "") -> str:
    """A JSON-LD 1.1 document of quads that are sorted by graph, subject and predicate.

    Each node of the default graph has a line, and each named graph; a list is written as its cells.
    The document has the context in it, or leads to it at `context_address`. Raises InputError for
    quads that JSON-LD cannot express.
    """
    writer = _Writer(context)
    content: list[str] = []
    for name, members in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = writer.nodes(members)
        content += map(_line, nodes if name == DefaultGraph() else [writer.graph(name, nodes)])
    lines = ",\n".join(content)
    known = _line(context_address or context.content)
    return f'{{"@context": {known},\n"@graph": [\n{lines}\n]}}\n'


class _Writer:
    """Nodes and values as JSON-LD objects."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def graph(self, name: Any, nodes: list[object]) -> object:
        """A named graph."""
        return {"@id": self._reference(name), "@graph": nodes}

    def nodes(self, quads: Iterable[Quad]) -> list[object]:
        """The node objects of the quads of one graph."""
        return [
            self._node(subject, own)
            for subject, own in groupby(quads, key=lambda quad: quad.subject)
        ]

    def _node(self, subject: Any, quads: Iterable[Quad]) -> object:
        node: dict[str, object] = {"@id": self._reference(subject)}
        for predicate, own in groupby(quads, key=lambda quad: quad.predicate):
            objects = [quad.object for quad in own]
            iris = [each.value for each in objects if isinstance(each, NamedNode)]
            if predicate == TYPE and len(iris) == len(objects):
                node["@type"] = _unwrap(list(map(self._context.class_name, iris)))
            else:
                term = self._context.term(predicate.value)
                node[term.key] = _unwrap([self._value(each, term) for each in objects])
        return node

    def _value(self, value: Any, term: ContextTerm) -> object:
        if isinstance(value, Literal):
            return self._literal(value, term)
        reference = self._reference(value)
        return reference if term.type == "@id" else {"@id": reference}

    def _literal(self, literal: Literal, term: ContextTerm) -> object:
        if literal.direction:
            raise InputError(f"JSON-LD cannot express {literal}, which has a direction")
        text, datatype, native = literal.value, literal.datatype.value, _native(literal)
        if literal.language:
            tagged = {"@value": text, "@language": literal.language}
            return text if literal.language == term.language else tagged
        if datatype == term.type:
            return text if native is None else native
        untyped = not term.type and not term.language
        if datatype == XSD + "string":
            return text if untyped else {"@value": text}
        if native is not None and literal.datatype != NON_NEGATIVE:
            return native if untyped else {"@value": native}
        return {"@value": text, "@type": self._context.compact(datatype)}

    def _reference(self, term: Any) -> str:
        if isinstance(term, NamedNode):
            return self._context.compact(term.value)
        if isinstance(term, BlankNode):
            return str(term)
        raise InputError(f"JSON-LD cannot express {term}, a triple as subject or object")


def _native(literal: Literal) -> bool | int | None:
    """The JSON value that is parsed as exactly this literal, if there is one.

    A number is parsed as an integer, or as the datatype of its term.
    Integers have at most 15 digits, which every JSON parser reads exactly.
    """
    text, datatype = literal.value, literal.datatype.value
    if datatype == XSD + "boolean":
        return {"true": True, "false": False}.get(text)
    if datatype in (INTEGER.value, NON_NEGATIVE.value) and re.fullmatch(r"0|-?[1-9]\d{0,14}", text):
        return int(text)
    return None


def _unwrap(values: list[Any]) -> object:
    """A single value without its list."""
    return values[0] if len(values) == 1 else values
