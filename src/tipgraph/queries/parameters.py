"""Typed parameters of queries: the allowed values, and the RDF term of a given one."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from tipgraph import entities
from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import CODE, ID, TIP, XSD, expand, last_part, shorten
from tipgraph.rdf.sparql import Table, terms
from tipgraph.rdf.terms import Term, literal
from tipgraph.store.engine import Engine, Rows, matching
from tipgraph.text import did_you_mean, nearest

FEW = 12
# A rule derives the wider classes of each thing.
MEMBER, INSTANCE = "skos:inScheme", "a"
# By the code list of a parameter: the values that stand for several of its codes, and the path
# from a code to such a value. Where both have a name, it is that of the group.
GROUPS = {
    "code:indicators": ("?thing a tip:Notion", "^skos:exactMatch|^skos:closeMatch"),
    "code:parts": ("?thing skos:inScheme code:part-groups", "tip:partGroup"),
}
# One name, several, or none.
Names = str | Sequence[str] | None

LITERALS = {
    "string": (r".*", "a text"),
    "integer": (r"[+-]?\d+", "a whole number such as 2020"),
    "decimal": (r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number such as 12.5"),
    "boolean": (r"true|false", "true or false"),
    "date": (r"\d{4}-\d\d-\d\d", "a date such as 2020-12-31"),
    "dateTime": (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
        "a time such as 2020-12-31T00:00:00Z",
    ),
}


@dataclass(frozen=True)
class Parameter:
    """A variable of a query that callers can set.

    Its type is an XSD datatype, a class (`tip:Edition`), a code list (`code:indicators`), or two of
    these (`tip:Relation or code:connections`). Its default does not apply where the parameter that
    `unless` names is given. A `whole` parameter takes a group of codes as it is, and not as its
    members.
    """

    name: str
    type: str
    required: bool = False
    default: str | None = None
    unless: str | None = None
    whole: bool = False
    example: str | None = None
    description: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError when the type is unknown."""
        if expand(self.type) is None or self._datatype not in (None, *LITERALS):
            raise ValueError(
                f"parameter {self.name!r} has the unknown type {self.type!r}; it must be"
                f" a class, a code list or one of {', '.join(f'xsd:{kind}' for kind in LITERALS)}"
            )

    @property
    def _kinds(self) -> list[str]:
        return [expand(each) or "" for each in self.type.split(" or ")]

    @property
    def _datatype(self) -> str | None:
        iri = expand(self.type) or ""
        return iri.removeprefix(XSD) if iri.startswith(XSD) else None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def term(self, engine: Engine, given: object) -> Term:
        """Return the RDF term for a text or a Python value.

        Raises UsageError when there is none, or when it is not of the parameter's type.
        """
        if isinstance(given, NamedNode | BlankNode | Literal):
            return given
        text = text_of(given)
        if self._datatype:
            return self._literal(text, self._datatype)
        if found := self._named(engine, text):
            return NamedNode(found)
        allowed = self.allowed(engine)
        named = [iri for iri, name in allowed.items() if text in (name, iri)]
        if named:
            return NamedNode(named[0])
        # A label that a group shares with one of its codes is the group's.
        with suppress(UsageError):
            return NamedNode(entities.resolve(engine, text, self._groups(engine)))
        try:
            return NamedNode(entities.resolve(engine, text, allowed))
        except UsageError as error:
            end = "" if str(error).endswith("?") else "."
            raise UsageError(f"{self.name}: {error}{end}") from None

    def table(self, engine: Engine, given: object) -> Table:
        """Return the variables to bind for a value, or for several, with their rows.

        A period stands for every period that overlaps it, each with its relation to it, a group of
        codes for its members.
        """
        if self.type != PERIOD:
            given = given if isinstance(given, list | tuple) else [given]
            terms = (self.term(engine, each) for each in given)
            members = (each for term in terms for each in self._members(engine, term))
            return (self.name,), tuple((each,) for each in dict.fromkeys(members))
        rows = overlapping(engine, self.name, self.term(engine, given))
        return rows.columns, rows.terms

    def allowed(self, engine: Engine) -> dict[str, str]:
        """Return the allowed IRIs, each with its short name; empty for literals.

        Raises InputError when the graph has no such class or code list.
        """
        if self._datatype:
            return {}
        iris = sorted(matching(engine, f"{self._patterns} FILTER(isIRI(?thing))"))
        if not iris and not all(
            engine.ask(f"ASK {{ {NamedNode(each)} a ?class }}") for each in self._kinds
        ):
            raise InputError(self._unknown_type(engine))
        groups = self._groups(engine)
        taken = set(groups.values())
        # A code that shares its name with a group goes by its prefixed name.
        names = {
            iri: shorten(iri) if name in taken else name for iri, name in _short_names(iris).items()
        }
        return {**groups, **{iri: name for iri, name in names.items() if iri not in groups}}

    def _named(self, engine: Engine, text: str) -> str:
        """Return the allowed value with this IRI or slug, without a look at all; empty for none."""
        groups = self._groups(engine)
        named = [iri for iri, name in groups.items() if text in (name, iri)]
        iris = [
            each
            for each in (text, expand(text), *(base + text for base in (ID, CODE, TIP)))
            if each
        ]
        of_type = f"VALUES ?thing {{ {terms(iris)} }} {self._patterns}"
        found = [*named, *matching(engine, of_type)]
        return found[0] if named or len(found) == 1 else ""

    @property
    def _patterns(self) -> str:
        """The pattern of a ?thing that is of the parameter's type."""
        return " UNION ".join(
            f"{{ ?thing {MEMBER if each.startswith(CODE) else INSTANCE} {NamedNode(each)} }}"
            for each in self._kinds
        )

    def _groups(self, engine: Engine) -> dict[str, str]:
        """Return the values that stand for several codes, with their short names."""
        if self.type not in GROUPS:
            return {}
        pattern, _ = GROUPS[self.type]
        return _short_names(sorted(matching(engine, pattern)))

    def _members(self, engine: Engine, term: Term) -> Iterator[Term]:
        """Yield the codes that a value stands for: itself, or the members of its group."""
        if self.type not in GROUPS or self.whole:
            yield term
            return
        _, path = GROUPS[self.type]
        found = engine.select(f"SELECT ?code {{ ?code {path} {term} }} ORDER BY ?code")
        yield from (code for (code,) in found.terms if code is not None)
        if engine.ask(f"ASK {{ {term} skos:inScheme {self.type} }}"):
            yield term

    def with_groups(self, engine: Engine, codes: Iterable[str]) -> list[str]:
        """Return the groups that have one of the codes as a member, and then the codes."""
        found = list(codes)
        if self.type not in GROUPS:
            return found
        _, path = GROUPS[self.type]
        groups = engine.select(f"SELECT ?code ?group {{ ?code {path} ?group }}").grouped()
        return list(dict.fromkeys([g for each in found for g in groups.get(each, ())] + found))

    def expected(self, engine: Engine) -> str:
        """Return a description of the values that the parameter takes."""
        if self._datatype:
            return f"it takes {LITERALS[self._datatype][1]}"
        return self.wanted(engine, self.allowed(engine))

    def sample(self, engine: Engine) -> str:
        """Return a value to show in an example."""
        if self.example is not None:
            return self.example
        return next(iter(self.allowed(engine).values()), "…")

    def _literal(self, text: str, datatype: str) -> Literal:
        pattern, wanted = LITERALS[datatype]
        if not re.fullmatch(pattern, text, re.DOTALL):
            raise UsageError(f"{self.name}: {text!r} does not fit; it takes {wanted}")
        return Literal(text, datatype=NamedNode(XSD + datatype))

    def _unknown_type(self, engine: Engine) -> str:
        known = matching(engine, "?thing a ?type VALUES ?type { owl:Class skos:ConceptScheme }")
        near = nearest(self.type, map(shorten, known))
        return (
            f"parameter {self.name!r} has the type {self.type}, which is no class and no code list"
            f" of the graph; {did_you_mean(near) or 'see ontology/'}"
        )

    def wanted(self, engine: Engine, values: dict[str, str], areas: str = "") -> str:
        """Return the first of the values in words; those of classes are their labels."""
        if self._datatype:
            return ""
        kind = " or ".join(entities.label(engine, each) for each in self._kinds)
        first = dict(islice(values.items(), FEW))
        known = entities.labels(engine, (iri for iri in first if iri.startswith(TIP)))
        names = [known.get(iri, name) for iri, name in first.items()]
        some = f"{', '.join(names)}{', …' if len(values) > FEW else ''}" or "the graph has none"
        return f"it takes one of {kind}{f' for {areas}' if areas else ''}: {some}"


def text_of(given: object) -> str:
    """A given value as a user would type it: a term's IRI or lexical form, a number's digits."""
    if isinstance(given, str):
        return given
    term = given if isinstance(given, NamedNode | BlankNode | Literal) else literal(given)
    return term.value


def texts_of(given: object) -> tuple[str, ...]:
    """Return each of the given values as a user would type it; none for None."""
    if given is None:
        return ()
    each = given if isinstance(given, list | tuple) else [given]
    return tuple(map(text_of, each))


def _short_names(iris: list[str]) -> dict[str, str]:
    ends = [last_part(iri) for iri in iris]
    counts = Counter(ends)
    return {
        iri: end if counts[end] == 1 else entities.slug(iri)
        for iri, end in zip(iris, ends, strict=True)
    }


PERIOD = "tip:Period"


def overlapping(engine: Engine, name: str, asked: Term) -> Rows:
    """The periods that share time with a period, itself first.

    The columns are `name` and `name_relation`: `same`, `contains` (the asked period lies within the
    found one), `within`, or `overlaps`. Bounds are inclusive instants.
    """
    rows = engine.select(
        f"""SELECT ?period ?relation {{
          VALUES ?asked {{ {asked} }}
          ?asked  tip:start ?from  ; tip:end ?to .
          ?period tip:start ?start ; tip:end ?end .
          FILTER(?period != ?asked && ?start <= ?to && ?from <= ?end)
          BIND(IF(?start <= ?from && ?to <= ?end, "contains",
               IF(?from <= ?start && ?end <= ?to, "within", "overlaps")) AS ?relation)
        }} ORDER BY ?start ?period"""
    )
    return Rows((name, f"{name}_relation"), ((asked, Literal("same")), *rows.terms))
