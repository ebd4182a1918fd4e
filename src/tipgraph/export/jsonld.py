"""JSON-LD under the shipped context: short keys, values without their types, and the same quads."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from os.path import join
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from tipgraph.errors import InputError
from tipgraph.namespaces import RDF, XSD
from tipgraph.render.results import dumps
from tipgraph.resources.folders import Resources

FILE = "context.jsonld"
TYPE, FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))


class Key(NamedTuple):
    """What a property is called, and what its values are taken for when they are bare."""

    name: str
    type: str = ""
    language: str = ""


class Context:
    """A context of prefixes, a vocabulary, and terms that have a type or a language."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self._vocabulary = content.get("@vocab", "")
        simple = {name: iri for name, iri in content.items() if isinstance(iri, str)}
        self._prefixes = {
            name: iri for name, iri in simple.items() if name[0] != "@" and iri[-1] in "/#"
        }
        names = [name for name in content if name[0] != "@" and name not in self._prefixes]
        self._keys = {self._expanded(name): self._key(name) for name in names}
        self._iris: dict[str, str] = {}

    def key(self, iri: str) -> Key:
        """How the property is written."""
        return self._keys.get(iri) or Key(self.name(iri))

    def name(self, iri: str) -> str:
        """How a class is written: bare when it is of the vocabulary, else as any IRI."""
        local = iri.removeprefix(self._vocabulary)
        bare = local != iri and re.fullmatch(r"\w[\w-]*", local) and local not in self.content
        return local if bare else self.iri(iri)

    def iri(self, iri: str) -> str:
        """The IRI under the longest prefix that fits, or whole.

        Raises InputError for an IRI that the context would take for a prefixed name.
        """
        if iri not in self._iris:
            self._iris[iri] = self._compact(iri)
        return self._iris[iri]

    def _compact(self, iri: str) -> str:
        fitting = [name for name, start in self._prefixes.items() if iri.startswith(start)]
        for name in sorted(fitting, key=lambda name: -len(self._prefixes[name])):
            local = iri.removeprefix(self._prefixes[name])
            if not local.startswith("//"):
                return f"{name}:{local}"
        scheme, _, rest = iri.partition(":")
        if scheme in self.content and not rest.startswith("//"):
            raise InputError(
                f"<{iri}> cannot be written as JSON-LD, where {scheme}: is a prefix;"
                " declare the prefix where the IRI comes from, or choose another format"
            )
        return iri

    def _key(self, name: str) -> Key:
        definition = self.content[name]
        if isinstance(definition, str):
            return Key(name)
        kind = definition.get("@type", "")
        typed = kind if kind in ("", "@id") else self._expanded(kind)
        return Key(name, typed, definition.get("@language", ""))

    def _expanded(self, name: str) -> str:
        definition = self.content.get(name, name)
        written = definition if isinstance(definition, str) else definition.get("@id", name)
        prefix, colon, local = written.partition(":")
        return self._prefixes[prefix] + local if colon else self._vocabulary + written


def context(resources: Resources) -> Context:
    """The context that the resources ships. Raises InputError when it cannot be read."""
    path = join(resources.root, "ontology", FILE)
    try:
        with open(path, "rb") as opened:
            return Context(json.loads(opened.read())["@context"])
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, KeyError):
        raise InputError(f"{path}: not a JSON-LD context") from None


def jsonld(quads: Sequence[Quad], context: Context) -> str:
    """The quads, which are sorted by graph, subject and predicate, as a document of their nodes.

    Raises InputError for what JSON-LD cannot hold.
    """
    writer = _Writer(context, _Lists(quads))
    content: list[object] = []
    for name, members in groupby(quads, key=lambda quad: quad.graph_name):
        nodes = writer.nodes(members)
        content += nodes if name == DefaultGraph() else [writer.graph(name, nodes)]
    return dumps({"@context": context.content, "@graph": content})


class _Lists:
    """The well-formed lists: the items of each by its head, and the cells that they are made of."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        self.items: dict[Any, list[Any]] = {}
        self.cells: set[Any] = set()
        cells = _cells(quads)
        for head, cell in cells.items():
            if not cell.inner:
                self._follow(head, cells)

    def _follow(self, head: BlankNode, cells: "Mapping[Any, _Cell]") -> None:
        walked, node = [], head
        while node in cells:
            walked.append(node)
            node = cells[node].rest
        if node == NIL:
            self.items[head] = [cells[each].first for each in walked]
            self.cells.update(walked)


class _Cell(NamedTuple):
    """A node that has a first and a rest and nothing else; an inner one belongs to another cell."""

    first: Any
    rest: Any
    inner: bool


def _cells(quads: Sequence[Quad]) -> dict[Any, _Cell]:
    """The cells that could be written as parts of lists: those that are spoken of just once."""
    said, uses = defaultdict(list), Counter[Any](quad.graph_name for quad in quads)
    user = {}
    for quad in quads:
        uses[quad.object] += 1
        user[quad.object] = quad
        if isinstance(quad.subject, BlankNode):
            said[quad.subject].append(quad)
    cells = {}
    for node, own in said.items():
        if uses[node] == 1 and [quad.predicate for quad in own] == [FIRST, REST]:
            graphs = {quad.graph_name for quad in (*own, user[node])}
            first, rest = (quad.object for quad in own)
            if len(graphs) == 1:
                cells[node] = _Cell(first, rest, user[node].predicate in (FIRST, REST))
    return cells


class _Writer:
    """Nodes and values as JSON-LD has them."""

    def __init__(self, context: Context, lists: _Lists) -> None:
        self._context = context
        self._lists = lists

    def graph(self, name: Any, nodes: list[object]) -> object:
        """A named graph."""
        return {"@id": self._reference(name), "@graph": nodes}

    def nodes(self, quads: Iterable[Quad]) -> list[object]:
        """The nodes that the quads of one graph speak of."""
        return [
            self._node(subject, said)
            for subject, said in groupby(quads, key=lambda quad: quad.subject)
            if subject not in self._lists.cells
        ]

    def _node(self, subject: Any, quads: Iterable[Quad]) -> object:
        node: dict[str, object] = {"@id": self._reference(subject)}
        for predicate, said in groupby(quads, key=lambda quad: quad.predicate):
            objects = [quad.object for quad in said]
            names = [each.value for each in objects if isinstance(each, NamedNode)]
            if predicate == TYPE and len(names) == len(objects):
                node["@type"] = _one(list(map(self._context.name, names)))
            else:
                key = self._context.key(predicate.value)
                node[key.name] = _one([self._value(each, key) for each in objects])
        return node

    def _value(self, term: Any, key: Key) -> object:
        if term in self._lists.items:
            return {"@list": [self._value(item, key) for item in self._lists.items[term]]}
        if isinstance(term, Literal):
            return self._literal(term, key)
        reference = self._reference(term)
        return reference if key.type == "@id" else {"@id": reference}

    def _literal(self, literal: Literal, key: Key) -> object:
        if literal.direction:
            raise InputError(f"JSON-LD cannot hold {literal}, which has a direction")
        text, kind, native = literal.value, literal.datatype.value, _native(literal)
        if literal.language:
            tagged = {"@value": text, "@language": literal.language}
            return text if literal.language == key.language else tagged
        if kind == key.type:
            return text if native is None else native
        bare = not key.type and not key.language
        if kind == XSD + "string":
            return text if bare else {"@value": text}
        if native is not None:
            return native if bare else {"@value": native}
        return {"@value": text, "@type": self._context.iri(kind)}

    def _reference(self, term: Any) -> str:
        if isinstance(term, NamedNode):
            return self._context.iri(term.value)
        if isinstance(term, BlankNode):
            return str(term)
        raise InputError(f"JSON-LD cannot hold {term}, which is a triple in the place of a term")


def _native(literal: Literal) -> bool | int | None:
    """The value of JSON that is read back as just this literal, if there is one."""
    text, kind = literal.value, literal.datatype.value
    if kind == XSD + "boolean":
        return {"true": True, "false": False}.get(text)
    if kind == XSD + "integer" and re.fullmatch(r"0|-?[1-9]\d{0,14}", text):
        return int(text)
    return None


def _one(values: list[Any]) -> object:
    """A value by itself where there is only one."""
    return values[0] if len(values) == 1 else values
