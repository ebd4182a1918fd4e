"""Reads a case from a document of JSON-LD, and refuses what no case can be."""

import json
from collections.abc import Iterable, Mapping
from os.path import join
from typing import Any
from urllib.parse import quote, unquote

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tipgraph.assess.case import KEYS, Case
from tipgraph.errors import InputError
from tipgraph.lookup.entities import nearest
from tipgraph.namespaces import CODE, ID, RDF, TIP, last_part
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Engine

CONTEXT = "case.jsonld"
STATES = {key: state for state, key in KEYS.items()}
TRAITS = ("citizenship", "age", "unaccompanied")
# The option's spelling is read too.
ALSO = ("not-met",)
# What is told by names: of countries and of facts.
NAMING = ("citizenship", *STATES, *ALSO)
STATELESS = CODE + "stateless"
OLDEST = 130
NODE = NamedNode(ID + "case/told")


def read_case(
    document: str | bytes | Mapping[str, Any], engine: Engine, resources: Resources
) -> Case:
    """The case that a JSON document tells: JSON-LD, under the context that the resources ships.

    Raises InputError for what is no JSON, for names, texts and anything else that a case does not
    hold, for unknown countries and facts, and for contradictions.
    """
    return _Reader(engine).case(_triples(loaded(document), resources))


def fact_named(engine: Engine, name: str) -> str:
    """The IRI of the fact that is so called. Raises InputError when there is none."""
    reader = _Reader(engine)
    fact = reader.fact(CODE + quote(name.strip(), safe=""))
    reader.check()
    return fact


def loaded(document: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    """The object of JSON that a document is. Raises InputError when it is none."""
    try:
        content = document if isinstance(document, Mapping) else _parsed(document)
    except UnicodeDecodeError:
        raise InputError("the case is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"the case is no JSON: {error}") from None
    if not isinstance(content, Mapping):
        raise InputError('the case must be an object of JSON, such as {"age": 16}')
    return content


def _parsed(document: str | bytes) -> Any:
    text = document.decode("utf-8-sig") if isinstance(document, bytes) else document
    return json.loads(
        text.removeprefix("\ufeff"),
        object_pairs_hook=_each_key_once,
        parse_constant=_no_constant,
    )


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise InputError(f"the case has {twice!r} twice; give its values as one list")
    return dict(pairs)


def _triples(content: Mapping[str, Any], resources: Resources) -> list[Quad]:
    """The document's triples. The shipped context comes first; one of its own may add to it."""
    with open(join(resources.root, "ontology", CONTEXT), "rb") as opened:
        shipped = json.loads(opened.read())["@context"]
    own = content.get("@context", [])
    contexts = [shipped, *(own if isinstance(own, list) else [own])]
    if "@id" in content:
        raise InputError("a case has no name of its own; leave out @id")
    if any(isinstance(each, str) for each in contexts):
        raise InputError("the case names a context elsewhere; leave it out, nothing is fetched")
    told = {key: value for key, value in content.items() if key != "@context"}
    if not own:
        _check_keys(told)
    try:
        named = {key: _named(value) if key in NAMING else value for key, value in told.items()}
        text = json.dumps({**named, "@id": NODE.value, "@context": contexts}).encode()
        triples = list(parse(input=text, format=RdfFormat.JSON_LD))
    except (SyntaxError, ValueError, TypeError) as error:
        raise InputError(f"the case is no JSON-LD: {error}") from None
    _check_whole(told, triples)
    return triples


def _check_keys(told: Mapping[str, Any]) -> None:
    """What JSON-LD would pass over in silence, such as an empty value, is told too."""
    for key in told:
        if key not in (*TRAITS, *STATES, *ALSO, "@type"):
            raise InputError(_no_place_for(key))


def _check_whole(told: Mapping[str, Any], triples: list[Quad]) -> None:
    """JSON-LD leaves out what it cannot name; a case must not lose anything."""
    values = [each for value in told.values() for each in _listed(value) if each is not None]
    if any(isinstance(each, list) for each in values):
        raise InputError("the case has a list within a list; give one list of names")
    if len(triples) < len(values):
        raise InputError(
            "some of the case has no meaning under its context; tell it as"
            " ontology/case.schema.json has it, without a context of its own"
        )


def _named(value: Any) -> list[Any]:
    """The names in a form that can be a part of an IRI, so that none is lost: they may have blanks.

    Raises InputError for an empty one.
    """
    return [quote(_not_empty(each), safe=":/#") if isinstance(each, str) else each
            for each in _listed(value)]  # fmt: skip


def _not_empty(name: str) -> str:
    if not name.strip():
        raise InputError("a country or a fact has an empty name; leave it out")
    return name.strip()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _no_place_for(key: str) -> str:
    return (
        f"a case holds no {key!r}, and neither names nor other texts;"
        f" it takes {', '.join((*TRAITS, *STATES))}"
    )


class _Reader:
    """Reads the triples of a case, and gathers what is wrong with them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._wrong: list[str] = []

    def case(self, triples: Iterable[Quad]) -> Case:
        told: dict[str, list[Any]] = {}
        nodes = set()
        for quad in triples:
            nodes.add(quad.subject)
            if quad.predicate.value != RDF + "type":
                told.setdefault(quad.predicate.value, []).append(quad.object)
            elif quad.object != NamedNode(TIP + "Case"):
                self._wrong.append(f"a case has no other type than Case, not {_name(quad.object)}")
        self._check_vocabulary(told, len(nodes))
        case = Case(
            self._citizenships(told.get(TIP + "citizenship", [])),
            self._age(told.get(TIP + "age", [])),
            self._company(told.get(TIP + "unaccompanied", [])),
            self._facts({state: told.get(TIP + key, []) for key, state in STATES.items()}),
        )
        self.check()
        return case

    def check(self) -> None:
        if self._wrong:
            raise InputError("; ".join(dict.fromkeys(self._wrong)))

    def fact(self, iri: str) -> str:
        """The fact with this IRI, or whose label ends it."""
        known = facts(self._engine)
        if iri in known:
            return iri
        name = unquote(last_part(iri))
        named = {label.casefold(): fact for fact, label in known.items()}
        if name.casefold() in named:
            return named[name.casefold()]
        near = nearest(name, map(last_part, known))
        hint = f"nearest: {', '.join(near)}; " if near else ""
        self._wrong.append(
            f"no fact is called {name!r}; {hint}'tipgraph assess --facts' lists them"
        )
        return iri

    def _check_vocabulary(self, told: Mapping[str, Any], nodes: int) -> None:
        known = {TIP + key for key in (*TRAITS, *STATES)}
        for predicate in told:
            if predicate not in known:
                self._wrong.append(_no_place_for(last_part(predicate)))
        if nodes > 1:
            self._wrong.append("a case is one object, with no others in it")

    def _citizenships(self, objects: list[Any]) -> frozenset[str]:
        found = frozenset(self._country(each) for each in objects)
        if STATELESS in found and len(found) > 1:
            others = ", ".join(sorted(last_part(each) for each in found - {STATELESS}))
            self._wrong.append(f"the person is said to be stateless and a citizen of {others}")
        return found

    def _country(self, term: Any) -> str:
        iri = term.value
        if iri == STATELESS or (isinstance(term, NamedNode) and self._is_country(iri)):
            return str(iri)
        wanted = unquote(last_part(iri))
        named = {name.casefold(): country for name, country in self._countries}
        if wanted.casefold() in named:
            return named[wanted.casefold()]
        near = nearest(wanted, (name for name, _ in self._countries))
        hint = f"nearest: {', '.join(near)}" if near else "codes are such as NGA, or stateless"
        self._wrong.append(f"no country is called {wanted!r}; {hint}")
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
            told = ", ".join(f"{age} ({'a child' if age < 18 else 'an adult'})" for age in ages)
            self._wrong.append(f"the person is said to be of several ages: {told}")
        return ages[0] if ages else None

    def _years(self, term: Any) -> Any:
        try:
            age = int(term.value)
        except ValueError:
            age = -1
        if not 0 <= age <= OLDEST:
            self._wrong.append(f"age {_plain(term.value)}: give whole years, from 0 to {OLDEST}")
            return None
        return age

    def _company(self, objects: list[Any]) -> bool | None:
        values = {getattr(each, "value", None) for each in objects}
        if values - {"true", "false"}:
            odd = ", ".join(map(str, values - {"true", "false"}))
            self._wrong.append(f"unaccompanied {odd}: give true or false")
        if {"true", "false"} <= values:
            self._wrong.append("the person is said to be both unaccompanied and not")
        return "true" in values if values else None

    def _facts(self, objects: Mapping[str, list[Any]]) -> dict[str, str]:
        states: dict[str, str] = {}
        for state, terms in objects.items():
            for term in terms:
                fact = self.fact(term.value)
                if states.setdefault(fact, state) != state:
                    said = f"{_words(states[fact])} and {_words(state)}"
                    self._wrong.append(f"{last_part(fact)} is said to be {said}")
        known = {fact: state for fact, state in states.items() if state != "unknown"}
        if known.get(CODE + "identified") == known.get(CODE + "potential") == "met":
            self._wrong.append(
                "a victim is identified or potential, not both: keep one of identified, potential"
            )
        return known


def facts(engine: Engine) -> dict[str, str]:
    """The label of each fact that can be told of a case, by its IRI."""
    rows = engine.select(
        "SELECT ?fact ?label { ?fact skos:inScheme code:facts ; skos:prefLabel ?label ;"
        " skos:broader ?kind } ORDER BY ?fact"
    )
    return {str(row["fact"]): str(row["label"]) for row in rows}


def _plain(number: str) -> str:
    """A number as people write it: 16.5 for 1.65E1."""
    try:
        return f"{float(number):g}"
    except ValueError:
        return number


def _words(state: str) -> str:
    return state.replace("-", " ")


def _name(term: Any) -> str:
    return last_part(str(getattr(term, "value", term)))
