"""A case: what matters for a person's entitlements, and nothing that identifies the person."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph.errors import InputError
from tipgraph.namespaces import CODE, ID, RDF, TIP, expand, last_part
from tipgraph.rdf.limits import check_nesting
from tipgraph.rdf.terms import is_iri
from tipgraph.store.engine import Engine, matching
from tipgraph.text import did_you_mean, nearest

# The key of a case document for each state of a fact, and the property in RDF.
KEYS = {"met": "met", "not-met": "not_met", "unknown": "unknown"}
PROPERTIES = {"met": TIP + "met", "not-met": TIP + "notMet", "unknown": TIP + "unknown"}
TRAITS = ("citizenship", "age", "unaccompanied")
FACT_KEYS = tuple(KEYS.values())
KNOWN_KEYS = (*TRAITS, *FACT_KEYS)
# The keys whose values are names: of countries and of facts.
NAME_KEYS = ("citizenship", *FACT_KEYS)
STATELESS = CODE + "stateless"
MAX_AGE = 130
# The most citizenships of a person: each unknown name is compared with those of all countries.
MOST_CITIZENSHIPS = 50
# The most errors of a case: each unknown name is compared with those of all facts.
MOST_ERRORS = 50
# The name of the case that a user gives, as opposed to its variants.
GIVEN = "given"


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

    @property
    def unknown_traits(self) -> tuple[str, ...]:
        """The unknown ones of the traits on which most of an answer depends."""
        stated = self.as_dict()
        return tuple(name for name in ("age", "citizenship") if name not in stated)

    def as_dict(self) -> dict[str, Any]:
        """The case as a document that `read_case` reads."""
        document = {
            "citizenship": sorted(map(last_part, self.citizenships)),
            "age": self.age,
            "unaccompanied": self.unaccompanied,
            **{
                key: sorted(last_part(fact) for fact, each in self.facts.items() if each == state)
                for state, key in KEYS.items()
            },
        }
        return {key: value for key, value in document.items() if value not in (None, [])}


def read_case(document: str | bytes | Mapping[str, Any], engine: Engine) -> Case:
    """The case in a JSON document, which may be parsed already.

    Raises InputError for invalid JSON, for names, texts and anything else that a case does not
    contain, for unknown countries and facts, and for contradictions.
    """
    return _CaseReader(engine).case(load_document(document))


def resolve_facts(engine: Engine, states: Mapping[str, str]) -> dict[str, str]:
    """The IRIs of facts that are given by name or label, with their states.

    A name that is short for several facts stands for all of them. Raises InputError for an unknown
    fact, and for one that is given in two states.
    """
    reader = _CaseReader(engine)
    found = reader.states(states.items())
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


def _check_keys(content: Mapping[str, Any]) -> None:
    if "@id" in content:
        raise InputError("a case has no identifier; remove '@id'")
    if "@context" in content:
        raise InputError("the case has a context of its own; remove '@context', nothing is fetched")
    if content.get("@type", "Case") != "Case":
        raise InputError(f"unknown type {content['@type']!r} of the case; the only type is Case")
    for key in content:
        if key not in (*KNOWN_KEYS, "@type"):
            raise InputError(_unknown_key(key))


def _values(content: Mapping[str, Any], key: str) -> list[Any]:
    """The values of a key; names as text."""
    value = content.get(key)
    values = [each for each in (value if isinstance(value, list) else [value]) if each is not None]
    if any(isinstance(each, list) for each in values):
        raise InputError("the case contains nested lists; give one list of names")
    if any(isinstance(each, Mapping) for each in values):
        raise InputError("the case contains another object; a case is one object")
    if key not in NAME_KEYS:
        return values
    names = [str(each).strip() for each in values]
    if "" in names:
        raise InputError("empty name of a country or a fact in the case; remove it")
    return names


def _unknown_key(key: str) -> str:
    return (
        f"unknown key {key!r} in the case{_suggestion(key, KNOWN_KEYS) or ';'}"
        f" a case contains no names or other texts, only {', '.join(KNOWN_KEYS)}"
    )


def _facts_outside_norms(engine: Engine) -> set[str]:
    """The facts of conditions that no norm and no open reading requires, so that none decides."""
    required = "?any (cv:holdsRequirement|tip:ifNotMet|tip:narrowerRequires)/cv:hasRequirement*"
    # Two fast queries: one with FILTER NOT EXISTS takes a second for each country.
    decisive = matching(engine, f"{required} ?condition . ?condition tip:fact ?thing")
    return {*matching(engine, "?condition tip:fact ?thing")}.difference(decisive)


def _suggestion(name: str, known: Iterable[str]) -> str:
    question = did_you_mean(nearest(name, known))
    return f"; {question}" if question else ""


class _CaseReader:
    """Reads a case, and collects the errors in it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._errors: list[str] = []

    def case(self, document: Mapping[str, Any]) -> Case:
        _check_keys(document)
        values = {key: _values(document, key) for key in KNOWN_KEYS}
        given = ((name, state) for state, key in KEYS.items() for name in values[key])
        case = Case(
            self._citizenships(values["citizenship"]),
            self._age(values["age"]),
            self._unaccompanied(values["unaccompanied"]),
            {fact: state for fact, state in self.states(given).items() if state != "unknown"},
        )
        self.check()
        return case

    def check(self) -> None:
        if self._errors:
            raise InputError("; ".join(dict.fromkeys(self._errors)))

    def fact(self, name: str) -> str:
        """The fact with this name, label or IRI; the name itself if there is none."""
        by_label = {label.casefold(): fact for fact, label in self._facts.items()}
        for iri in (CODE + name, expand(name), name, by_label.get(name.casefold())):
            if iri in self._facts:
                return str(iri)
        suggestion = _suggestion(name, self._decisive)
        self._errors.append(
            f"unknown fact {name!r}{suggestion or ';'} 'tipgraph assess --facts' lists the facts"
        )
        return name

    def _citizenships(self, names: list[str]) -> frozenset[str]:
        different = dict.fromkeys(names)
        if len(different) > MOST_CITIZENSHIPS:
            self._errors.append(f"more than {MOST_CITIZENSHIPS} citizenships")
            return frozenset()
        found = frozenset(map(self._country, different))
        if STATELESS in found and len(found) > 1:
            others = ", ".join(sorted(last_part(each) for each in found - {STATELESS}))
            self._errors.append(f"contradiction: stateless and a citizen of {others}")
        return found

    def _country(self, name: str) -> str:
        by_name = {known.casefold(): country for known, country in self._countries}
        iri = expand(name) or name
        if iri in by_name.values():
            return iri
        if name.casefold() in by_name:
            return by_name[name.casefold()]
        suggestion = _suggestion(name, (known for known, _ in self._countries))
        hint = suggestion or "; use a code such as NGA, or stateless"
        self._errors.append(f"unknown country {name!r}{hint}")
        return name

    @cached_property
    def _facts(self) -> dict[str, str]:
        return facts(self._engine)

    @cached_property
    def _decisive(self) -> list[str]:
        return [*map(last_part, self._facts.keys() - _facts_outside_norms(self._engine))]

    @cached_property
    def _countries(self) -> list[tuple[str, str]]:
        """Each country under all its names."""
        rows = self._engine.select(
            "SELECT DISTINCT ?name ?country { ?country a tip:Country ;"
            " skos:prefLabel|skos:altLabel|skos:notation ?name }"
        )
        by_label = [(str(row["name"]), str(row["country"])) for row in rows]
        by_code = [(last_part(country), country) for _, country in by_label]
        return [("stateless", STATELESS), *by_code, *by_label]

    def _age(self, values: list[Any]) -> int | None:
        ages = sorted({self._years(each) for each in values} - {None}, key=str)
        if len(ages) > 1:
            listed = ", ".join(f"{age} ({'a child' if age < 18 else 'an adult'})" for age in ages)
            self._errors.append(f"contradiction: several ages: {listed}")
        return ages[0] if ages else None

    def _years(self, value: Any) -> Any:
        text = f"{value:.17g}" if isinstance(value, float) else str(value).strip()
        if re.fullmatch("[0-9]{1,3}", text) and int(text) <= MAX_AGE:
            return int(text)
        self._errors.append(f"invalid age {value!r}; give whole years from 0 to {MAX_AGE}")
        return None

    def _unaccompanied(self, values: list[Any]) -> bool | None:
        texts = {json.dumps(each) if isinstance(each, bool) else str(each) for each in values}
        if invalid := texts - {"true", "false"}:
            listed = ", ".join(sorted(invalid))
            self._errors.append(f"invalid value {listed} of unaccompanied; give true or false")
        if {"true", "false"} <= texts:
            self._errors.append("contradiction: both unaccompanied and accompanied")
        return "true" in texts if texts else None

    def states(self, facts: Iterable[tuple[str, str]]) -> dict[str, str]:
        """The state of each of the facts; one that is given may be short for several."""
        states: dict[str, str] = {}
        for name, state in dict.fromkeys(facts):
            if len(self._errors) >= MOST_ERRORS:
                break
            for fact in self._members(self.fact(name.strip())):
                if states.setdefault(fact, state) != state:
                    both = f"{states[fact]} and {state}".replace("-", " ")
                    self._errors.append(f"contradiction: {last_part(fact)} is both {both}")
        return states

    def _members(self, fact: str) -> list[str]:
        """The facts that one is short for, or itself."""
        if not (fact.startswith(CODE) and is_iri(fact)):
            return [fact]
        members = matching(self._engine, f"{NamedNode(fact)} tip:isShortFor ?thing")
        return sorted(members) or [fact]
