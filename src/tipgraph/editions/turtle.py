"""Turtle in the project's style: prefixes in one order, and aligned nodes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from os.path import abspath, basename, isdir, join

from pyoxigraph import Literal

from tipgraph.errors import InputError
from tipgraph.namespaces import ID, PREFIXES, last_part

# The order of the prefixes in a file; an edition's own prefix comes after `id`.
ORDER = (
    *("tip", "code", "id", "provision", "wording", "period", "country", "currency", "cv"),
    *("dcat", "dcterms", "oa", "org", "owl", "rdf", "rdfs", "xsd", "prov", "qb"),
    *("sdmx-attribute", "sdmx-dimension", "sdmx-measure", "sh", "skos"),
)
# The prefixes before an edition's own.
COMMON = ("tip", "code", "id")
# The prefixes of what several editions share.
SHARED = {name: f"{ID}{name}/" for name in ("provision", "wording", "period")}
USED_PREFIX = re.compile(r"(?<![\w:<-])([A-Za-z][\w-]*):")
DECLARED_PREFIX = re.compile(r"^@prefix[ \t]+([\w-]*):.*$", re.MULTILINE)
DECLARED_IRI = re.compile(r"^@prefix[ \t]+([\w-]*):[ \t]*<([^>]*)>", re.MULTILINE)
LOCAL_NAME = re.compile(r"[A-Za-z0-9_]([\w-]*[A-Za-z0-9_])?")

# A property as a prefixed name, and its values as Turtle.
PropertyValues = tuple[str, Sequence[str]]


class TurtleWriter:
    """Writes nodes with the prefixes of an edition."""

    def __init__(self, own: Mapping[str, str]) -> None:
        """`own` are the prefixes that only this edition uses."""
        self._own = own
        self._prefixes = {**PREFIXES, **SHARED, **own}

    def name(self, iri: str) -> str:
        """The IRI as a prefixed name, or in angle brackets if no prefix fits."""
        for prefix in sorted(self._prefixes, key=lambda each: -len(self._prefixes[each])):
            local = iri.removeprefix(self._prefixes[prefix])
            if local != iri and LOCAL_NAME.fullmatch(local):
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def node(self, iri: str, kind: str, properties: Iterable[PropertyValues]) -> str:
        """A node with its type and properties, aligned; a property without values is left out."""
        lines = [("a", [kind]), *((name, values) for name, values in properties if values)]
        width = max(len(name) for name, _ in lines)
        body = " ;\n".join(f"    {name:{width}} {' , '.join(values)}" for name, values in lines)
        return f"{self.name(iri)}\n{body} .\n"

    def compact(self, iri: str, kind: str, lines: Iterable[Sequence[tuple[str, str]]]) -> str:
        """Return a node with its type on its first line; each other line has these properties.

        A property without a value is left out.
        """
        stated = ([each for each in properties if each[1]] for properties in lines)
        known = [properties for properties in stated if properties]
        width = max(len(name) for (name, _), *_ in known)
        body = [
            " ; ".join([f"{name:{width}} {value}", *(" ".join(each) for each in others)])
            for (name, value), *others in known
        ]
        return " ;\n    ".join([f"{self.name(iri)} a {kind}", *body]) + " .\n"

    def compact_document(self, comment: str, nodes: Iterable[str]) -> str:
        """A complete file of such nodes, with the prefixes that it uses."""
        body = "\n".join(nodes)
        return f"# {comment}\n\n{declarations(body, self._own)}\n\n{body}"


def extend(text: str, nodes: str, own: Mapping[str, str]) -> str:
    """A Turtle file that begins with a comment, with more nodes at its end.

    What it has stays as it is, but for the prefixes, which are declared anew. `own` are prefixes
    that the project does not know and the nodes use.
    """
    declared = dict(DECLARED_IRI.findall(text))
    head, _, body = DECLARED_PREFIX.sub("", text).partition("\n\n")
    body = "\n\n".join(each for each in (body.strip("\n"), nodes.strip("\n")) if each)
    return f"{head.rstrip()}\n\n{declarations(body, {**own, **declared})}\n\n{body}\n"


def files_into(folder: str, turtle: Mapping[str, str], name: str) -> dict[str, str]:
    """The Turtle of sources by file: in the folder of the only one, or in a folder of such folders.

    `turtle` is by the short name of a source, and `name` is that of the files. Raises InputError
    when a source has no folder.
    """
    if [basename(abspath(folder))] == list(turtle):
        return {join(folder, name): text for text in turtle.values()}
    for source in turtle:
        if not isdir(join(folder, source)):
            raise InputError(
                f"{folder}: this is not the folder of {source}, and has no folder {source};"
                " 'tipgraph new' makes one"
            )
    return {join(folder, source, name): text for source, text in turtle.items()}


def english(text: str) -> str:
    """An English text as a Turtle literal; nothing for no text."""
    return str(Literal(text, language="en")) if text else ""


def plain(text: str) -> str:
    """A text without a language as a Turtle literal; nothing for no text."""
    return str(Literal(text)) if text else ""


def own_prefix(edition: str, country: str) -> str:
    """The prefix for an edition's own IRIs: the country's two letters.

    If these are a shared prefix already, it is the country's three letters. Both arguments are
    IRIs; `edition` may also be a short name.
    """
    letters = edition[-2:]
    return last_part(country).lower() if letters in PREFIXES else letters


def declarations(text: str, own: Mapping[str, str]) -> str:
    """The aligned `@prefix` lines for the prefixes that a text uses, known ones and `own`.

    An example that is still a comment uses some too.
    """
    known = {**PREFIXES, **SHARED, **own}
    names = sorted(set(USED_PREFIX.findall(text)) & known.keys(), key=_rank)
    width = max(map(len, names), default=0) + 1
    return "\n".join(f"@prefix {f'{name}:':{width}} <{known[name]}> ." for name in names)


def _rank(name: str) -> int:
    """The place of a prefix in the project's order; unknown ones are an edition's own."""
    if name in COMMON:
        return COMMON.index(name)
    return len(COMMON) + (ORDER.index(name) + 1 if name in ORDER else 0)
