"""A case: what matters for a person's entitlements, and nothing that identifies the person."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from os.path import join
from typing import Any
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from tipgraph.errors import InputError
from tipgraph.namespaces import CODE, ID, RDF, TIP, last_part
from tipgraph.rdf.limits import check_nesting, too_long
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Engine
from tipgraph.text import did_you_mean, nearest

# The key of a case document for each state of a fact, and the property in RDF.
KEYS = {"met": "met", "not-met": "not_met", "unknown": "unknown"}
PROPERTIES = {"met": TIP + "met", "not-met": TIP + "notMet", "unknown": TIP + "unknown"}


@dataclass(frozen=True)
class Case:
    """The situation of a person.

    `citizenships` are IRIs of countries (all that the person has), or that of `code:stateless`;
    `facts` maps the IRI of each known fact to its state (`met`, `not-met`). Whatever is None, empty
    or missing is unknown. `reading` is set in variants that read all open questions of the source
    alike: `wider` or `narrower`.
    """

    citizenships: frozenset[str] = frozenset()
    age: int | None = None
    unaccompanied: bool | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    reading: str | None = None

    def with_facts(self, facts: Mapping[str, str]) -> "Case":
        """The case with these states of facts in place of its own; `unknown` removes a fact."""
        merged = {**self.facts, **facts}
        return replace(self, facts={f: s for f, s in merged.items() if s != "unknown"})

    def quads(self, name: str, edition: str) -> Iterable[Quad]:
        """The case as RDF, under a name, to be assessed under an edition."""
        node = NamedNode(f"{ID}case/{name}")

        def quad(predicate: str, value: NamedNode | Literal) -> Quad:
            return Quad(node, NamedNode(predicate), value)

        yield quad(RDF + "type", NamedNode(TIP + "Case"))
        yield quad(TIP + "assessedUnder", NamedNode(edition))
        for citizenship in sorted(self.citizenships):
            yield quad(TIP + "citizenship", NamedNode(citizenship))
        if self.age is not None:
            yield quad(TIP + "age", Literal(self.age))
        if self.unaccompanied is not None:
            yield quad(TIP + "unaccompanied", Literal(self.unaccompanied))
        for fact, state in sorted(self.facts.items()):
            yield quad(PROPERTIES[state], NamedNode(fact))
        if self.reading is not None:
            yield quad(TIP + "readsOpenQuestions", NamedNode(CODE + self.reading))

    def as_dict(self) -> dict[str, Any]:
        """The case as a document that `read_case` reads."""
        document = {
            "citizenship": sorted(map(last_part, self.citizenships)),
            "age": self.age,
            "unaccompanied": self.unaccompanied,
            **{key: self._facts_in_state(state) for state, key in KEYS.items()},
        }
        return {key: value for key, value in document.items() if value not in (None, [])}

    def _facts_in_state(self, state: str) -> list[str]:
        return sorted(last_part(fact) for fact, each in self.facts.items() if each == state)


CONTEXT = "case.jsonld"
TRAITS = ("citizenship", "age", "unaccompanied")
FACT_KEYS = tuple(KEYS.values())
KNOWN_KEYS = (*TRAITS, *FACT_KEYS)
# The keys whose values are names: of countries and of facts.
NAME_KEYS = ("citizenship", *FACT_KEYS)
STATELESS = CODE + "stateless"
MAX_AGE = 130
# The name of the case that a user gives, as opposed to its variants.
GIVEN = "given"
NODE = NamedNode(f"{ID}case/{GIVEN}")


def read_case(
    document: str | bytes | Mapping[str, Any], engine: Engine, resources: Resources
) -> Case:
    """The case in a JSON document, which may be parsed already.

    Raises InputError for invalid JSON, for names, texts and anything else that a case does not
    contain, for unknown countries and facts, and for contradictions.
    """
    return _CaseReader(engine).case(_triples(load_document(document), resources))


def resolve_facts(engine: Engine, states: Mapping[str, str]) -> dict[str, str]:
    """The IRIs of facts that are given by name or label, with their states.

    A name that is short for several facts stands for all of them. Raises InputError for an unknown
    fact, and for one that is given in two states.
    """
    reader = _CaseReader(engine)
    iris = ((CODE + quote(name.strip(), safe=""), state) for name, state in states.items())
    found = reader.states(iris)
    reader.check()
    return found


def facts(engine: Engine) -> dict[str, str]:
    """The label of each fact that a case can state, by its IRI."""
    rows = engine.select(
        "SELECT ?fact ?label { ?fact skos:inScheme code:facts ; skos:prefLabel ?label ;"
        " skos:broader ?kind } ORDER BY ?fact"
    )
    return {str(row["fact"]): str(row["label"]) for row in rows}


def load_document(document: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON object in a document. Raises InputError when it is none."""
    try:
        content = document if isinstance(document, Mapping) else _parse_json(document)
    except UnicodeDecodeError:
        raise InputError("the case is not UTF-8; save it in that encoding") from None
    except SyntaxError as error:
        place = f"line {error.lineno} column {error.offset}"
        raise InputError(f"the case is not valid JSON: {error.msg}: {place}") from None
    except ValueError as error:
        raise InputError(f"the case is not valid JSON: {error}") from None
    if not isinstance(content, Mapping):
        raise InputError('the case must be a JSON object, such as {"age": 16}')
    return content


def _parse_json(document: str | bytes) -> Any:
    text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
    check_nesting(text)
    return json.loads(
        text.removeprefix("\ufeff"),
        object_pairs_hook=_unique_keys,
        parse_constant=_reject_constant,
    )


def _reject_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"duplicate key {key!r} in the case; give its values as one list")
        found[key] = value
    return found


def _triples(document: Mapping[str, Any], resources: Resources) -> list[Quad]:
    """The document's triples. The shipped context comes first; its own context may add to it."""
    with open(join(resources.root, "ontology", CONTEXT), "rb") as opened:
        shipped = json.loads(opened.read())["@context"]
    own = document.get("@context", [])
    contexts = [shipped, *(own if isinstance(own, list) else [own])]
    if "@id" in document:
        raise InputError("a case has no identifier; remove '@id'")
    if any(isinstance(each, str) for each in contexts):
        raise InputError("the case refers to a remote context; remove it, nothing is fetched")
    content = {key: value for key, value in document.items() if key != "@context"}
    if not own:
        _check_keys(content)
    try:
        quoted = {k: _quoted(value) if k in NAME_KEYS else value for k, value in content.items()}
        text = json.dumps({**quoted, "@id": NODE.value, "@context": contexts})
        check_nesting(text)
        triples = list(parse(input=text.encode(), format=RdfFormat.JSON_LD))
    except MemoryError as error:
        raise InputError(f"the case: {too_long(error)}") from None
    except (SyntaxError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"the case is not valid JSON-LD: {error}") from None
    _check_complete(content, triples)
    return triples


def _check_keys(content: Mapping[str, Any]) -> None:
    """Reject unknown keys, also those that JSON-LD ignores because their values are empty."""
    for key in content:
        if key not in (*KNOWN_KEYS, "@type"):
            raise InputError(_unknown_key(key))


def _check_complete(content: Mapping[str, Any], triples: list[Quad]) -> None:
    """Reject a document that JSON-LD ignores in part, so that no fact is lost."""
    values = [each for value in content.values() for each in _as_list(value) if each is not None]
    if any(isinstance(each, list) for each in values):
        raise InputError("the case contains nested lists; give one list of names")
    if len(triples) < len(values):
        raise InputError(
            "the case's context leaves some of its keys without a meaning; remove '@context' and"
            " use the keys of ontology/case.schema.json"
        )


def _quoted(value: Any) -> list[Any]:
    """The names percent-encoded, since JSON-LD ignores those that cannot be part of an IRI.

    Raises InputError for an empty name.
    """
    return [
        quote(_not_empty(each), safe=":/#") if isinstance(each, str) else each
        for each in _as_list(value)
    ]


def _not_empty(name: str) -> str:
    if not name.strip():
        raise InputError("empty name of a country or a fact in the case; remove it")
    return name.strip()


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _unknown_key(key: str) -> str:
    return (
        f"unknown key {key!r} in the case{_suggestion(key, KNOWN_KEYS) or ';'}"
        f" a case contains no names or other texts, only {', '.join(KNOWN_KEYS)}"
    )


def _facts_outside_norms(engine: Engine) -> set[str]:
    """The facts of conditions that no norm and no open reading requires, so that none decides."""
    required = "?any (cv:holdsRequirement|tip:ifNotMet|tip:narrowerRequires)/cv:hasRequirement*"
    # Two fast queries: one with FILTER NOT EXISTS takes a second for each country.
    conditions = engine.select("SELECT DISTINCT ?fact { ?condition tip:fact ?fact }")
    decisive = engine.select(
        f"SELECT DISTINCT ?fact {{ {required} ?condition . ?condition tip:fact ?fact }}"
    )
    return set(map(str, conditions.column("fact"))) - set(map(str, decisive.column("fact")))


def _suggestion(name: str, known: Iterable[str]) -> str:
    question = did_you_mean(nearest(name, known))
    return f"; {question}" if question else ""


class _CaseReader:
    """Reads the triples of a case, and collects the errors in them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._errors: list[str] = []

    def case(self, triples: Iterable[Quad]) -> Case:
        values: dict[str, list[Any]] = {}
        nodes = set()
        for quad in triples:
            nodes.add(quad.subject)
            if quad.predicate.value != RDF + "type":
                values.setdefault(quad.predicate.value, []).append(quad.object)
            elif quad.object != NamedNode(TIP + "Case"):
                name = last_part(str(getattr(quad.object, "value", quad.object)))
                self._errors.append(f"unknown type {name!r} of the case; the only type is Case")
        self._check_vocabulary(values, len(nodes))
        case = Case(
            self._citizenships(values.get(TIP + "citizenship", [])),
            self._age(values.get(TIP + "age", [])),
            self._unaccompanied(values.get(TIP + "unaccompanied", [])),
            self._facts({state: values.get(iri, []) for state, iri in PROPERTIES.items()}),
        )
        self.check()
        return case

    def check(self) -> None:
        if self._errors:
            raise InputError("; ".join(dict.fromkeys(self._errors)))

    def fact(self, iri: str) -> str:
        """The fact with this IRI, or with the label that the IRI ends with."""
        known = facts(self._engine)
        if iri in known:
            return iri
        name = unquote(last_part(iri))
        by_label = {label.casefold(): fact for fact, label in known.items()}
        if name.casefold() in by_label:
            return by_label[name.casefold()]
        decisive = known.keys() - _facts_outside_norms(self._engine)
        suggestion = _suggestion(name, map(last_part, decisive))
        self._errors.append(
            f"unknown fact {name!r}{suggestion or ';'} 'tipgraph assess --facts' lists the facts"
        )
        return iri

    def _check_vocabulary(self, values: Mapping[str, Any], nodes: int) -> None:
        known = {*(TIP + key for key in TRAITS), *PROPERTIES.values()}
        for predicate in values:
            if predicate not in known:
                self._errors.append(_unknown_key(last_part(predicate)))
        if nodes > 1:
            self._errors.append("the case contains another object; a case is one object")

    def _citizenships(self, objects: list[Any]) -> frozenset[str]:
        found = frozenset(self._country(each) for each in objects)
        if STATELESS in found and len(found) > 1:
            others = ", ".join(sorted(last_part(each) for each in found - {STATELESS}))
            self._errors.append(f"contradiction: stateless and a citizen of {others}")
        return found

    def _country(self, term: Any) -> str:
        iri = term.value
        if iri == STATELESS or (isinstance(term, NamedNode) and self._is_country(iri)):
            return str(iri)
        name = unquote(last_part(iri))
        by_name = {name.casefold(): country for name, country in self._countries}
        if name.casefold() in by_name:
            return by_name[name.casefold()]
        suggestion = _suggestion(name, (name for name, _ in self._countries))
        hint = suggestion or "; use a code such as NGA, or stateless"
        self._errors.append(f"unknown country {name!r}{hint}")
        return str(iri)

    def _is_country(self, iri: str) -> bool:
        return self._engine.ask(f"ASK {{ {NamedNode(iri)} a tip:Country }}")

    @property
    def _countries(self) -> list[tuple[str, str]]:
        """Each country under all its names."""
        rows = self._engine.select(
            "SELECT DISTINCT ?name ?country { ?country a tip:Country ;"
            " skos:prefLabel|skos:altLabel|skos:notation ?name }"
        )
        by_label = [(str(row["name"]), str(row["country"])) for row in rows]
        by_code = [(last_part(country), country) for _, country in by_label]
        return [("stateless", STATELESS), *by_code, *by_label]

    def _age(self, objects: list[Any]) -> int | None:
        ages = sorted({self._years(each) for each in objects} - {None}, key=str)
        if len(ages) > 1:
            listed = ", ".join(f"{age} ({'a child' if age < 18 else 'an adult'})" for age in ages)
            self._errors.append(f"contradiction: several ages: {listed}")
        return ages[0] if ages else None

    def _years(self, term: Any) -> Any:
        try:
            age = int(term.value)
        except ValueError:
            age = -1
        if not 0 <= age <= MAX_AGE:
            self._errors.append(
                f"invalid age {_number(term.value)}; give whole years from 0 to {MAX_AGE}"
            )
            return None
        return age

    def _unaccompanied(self, objects: list[Any]) -> bool | None:
        values = {getattr(each, "value", None) for each in objects}
        if invalid := values - {"true", "false"}:
            listed = ", ".join(sorted(map(str, invalid)))
            self._errors.append(f"invalid value {listed} of unaccompanied; give true or false")
        if {"true", "false"} <= values:
            self._errors.append("contradiction: both unaccompanied and accompanied")
        return "true" in values if values else None

    def states(self, facts: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The state of each of the facts, which are given by IRIs that may be short for several."""
        states: dict[str, str] = {}
        for iri, state in facts:
            for fact in self._members(self.fact(iri)):
                if states.setdefault(fact, state) != state:
                    both = f"{states[fact]} and {state}".replace("-", " ")
                    self._errors.append(f"contradiction: {last_part(fact)} is both {both}")
        return states

    def _facts(self, objects: Mapping[str, list[Any]]) -> dict[str, str]:
        given = ((term.value, state) for state, terms in objects.items() for term in terms)
        return {fact: state for fact, state in self.states(given).items() if state != "unknown"}

    def _members(self, fact: str) -> list[str]:
        """The facts that one is short for, or itself."""
        rows = self._engine.select(
            f"SELECT ?member {{ {NamedNode(fact)} tip:isShortFor ?member }} ORDER BY ?member"
        )
        return list(map(str, rows.column("member"))) or [fact]


def _number(literal: str) -> str:
    """A number in plain notation: 16.5 for 1.65E1."""
    try:
        return f"{float(literal):g}"
    except ValueError:
        return repr(literal)
