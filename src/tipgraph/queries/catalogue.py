"""Stored queries: `.rq` files whose header describes their rows, parameters and columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from os.path import basename, dirname, isfile, relpath, splitext
from shlex import quote
from typing import Any

from pyoxigraph import NamedNode

from tipgraph.entities.editions import ALL, NEWEST, Choice, Scope, are_many, scope
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_text
from tipgraph.front_matter import front_matter, mapping
from tipgraph.namespaces import TIP, expand
from tipgraph.queries.parameters import Parameter, texts_of
from tipgraph.rdf import sparql
from tipgraph.rdf.binding import bind
from tipgraph.resources.cache import prepared
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Engine, grouped
from tipgraph.text import capitalise, did_you_mean, join, nearest

# The keys of a header: lists of texts, texts, and others.
LISTS = ("tags", "key", "shown", "aliases", "incomplete_on")
TEXTS = ("summary", "question", "description", "tables", "editions", "beside")
KEYS = {*LISTS, *TEXTS, "refused", "params", "columns"}
# Values of the key `editions`. NONE is for a query that cannot be limited to editions.
NONE = "none"
DEFAULTS = (NEWEST, ALL, NONE)
# The most columns that are shown by default.
MOST_SHOWN = 8
# The parameters that decide which editions a query draws on, with their types.
EDITION, AREA = "edition", "area"
FLAGS = ("required", "whole")
PARAMETER_KEYS = {"name", "type", *FLAGS, "default", "unless", "example", "description"}
INDEX = "queries.json"
SHARED = "queries/shared.yaml"
# The folder of queries whose rows are faults; they look at everything.
CHECKS = "checks"


class SharedTexts:
    """The parameters and columns that several queries share, read from a file on first use.

    A header that names a parameter, or a query that selects a column, without describing it has
    the description of this file.
    """

    def __init__(self, file: str) -> None:
        self.file = file

    @cached_property
    def _content(self) -> dict[str, Any]:
        if not isfile(self.file):
            return {}
        return mapping(read_text(self.file), self.file, {"params", "columns"})

    @cached_property
    def params(self) -> dict[str, dict[str, Any]]:
        """The keys of each parameter. Raises InputError when the file is broken."""
        return {each["name"]: each for each in _described(self._content.get("params"), self.file)}

    @cached_property
    def columns(self) -> dict[str, str]:
        """The description of each column. Raises InputError when the file is broken."""
        return _named(self._content.get("columns"))


@dataclass(frozen=True)
class StoredQuery:
    """A query and its header.

    `text` is the complete SPARQL text, `form` its kind (SELECT, ASK, …), `origin` its file.
    `question` is what the query answers, as people ask it. `aliases` are words that people type
    for the query; they lead to suggestions only. `key` names the columns that identify a row,
    `shown` the few that are shown by default,
    `tables` the column whose values are tables of their own, if any. `editions` is the default:
    `newest`, `all`, or `none` where the query cannot be limited to editions. `refused` has what
    the query does not do, as names of parameters that it lacks, each with the reason. `beside` is
    the query that has figures of other publishers on the same, if any. `incomplete_on` names the
    kinds of stores that may leave out rows of it.
    """

    name: str
    text: str
    origin: str
    form: str
    summary: str = ""
    question: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    tables: str = ""
    aliases: tuple[str, ...] = ()
    incomplete_on: tuple[str, ...] = ()
    editions: str = ""
    beside: str = ""
    refused: dict[str, str] = field(default_factory=dict)
    params: tuple[Parameter, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """The question that it answers, else what its rows are."""
        return self.question or self.summary

    def bind(self, engine: Engine, given: Mapping[str, object]) -> "BoundQuery":
        """Return the query with its parameters bound to the given values or their defaults.

        A query over editions is limited to those that `edition` and `area` select, each one name
        or several, else to those of its header. Raises UsageError when a parameter is unknown,
        missing or not of its type.
        """
        known = {parameter.name: parameter for parameter in self.params}
        for name in given:
            if name not in known:
                raise UsageError(self._unknown(name))
        values = {
            name: given.get(name, None if parameter.unless in given else parameter.default)
            for name, parameter in known.items()
        }
        tables: list[sparql.Table] = []
        for name, parameter in known.items():
            if values[name] is None and parameter.required:
                raise UsageError(self._missing(engine, parameter))
            if values[name] is not None and not (self.has_editions and name in (EDITION, AREA)):
                tables.append(self._table(engine, parameter, values))
        drawn_on = None
        if self.has_editions:
            drawn_on = self._scope(engine, values, tables)
            # Countries too are named by their editions, with which queries begin (bench/scale.py).
            if drawn_on.is_bound or drawn_on.areas:
                tables.append(((EDITION,), [(NamedNode(each.iri),) for each in drawn_on.editions]))
            # Before others: pyoxigraph begins a join at the first table (bench/scale.py).
            if drawn_on.areas:
                tables.insert(0, ((AREA,), [(NamedNode(each),) for each in drawn_on.areas]))
        return BoundQuery(self, bind(self.text, tables), given, drawn_on, tuple(tables))

    def bound(self, engine: Engine, given: Mapping[str, object]) -> str:
        """Return the text that `bind` gives. Raises as `bind`."""
        return self.bind(engine, given).text

    @property
    def has_editions(self) -> bool:
        """Return whether the query can be limited to editions: it has the parameter `edition`."""
        return any(
            each.name == EDITION and expand(each.type) == TIP + "Edition" for each in self.params
        )

    def _scope(
        self, engine: Engine, values: Mapping[str, object], tables: Iterable[sparql.Table]
    ) -> Scope:
        names, areas = (texts_of(values.get(each)) for each in (EDITION, AREA))
        terms = (term for _, rows in tables for row in rows for term in row)
        things = [term.value for term in terms if isinstance(term, NamedNode)]
        return scope(engine, self.editions, names, areas, things)

    def _table(
        self, engine: Engine, parameter: Parameter, values: Mapping[str, object]
    ) -> sparql.Table:
        """Return the rows that bind a parameter. A UsageError lists the values with rows."""
        try:
            return parameter.table(engine, values[parameter.name])
        except UsageError as error:
            areas = texts_of(values.get(AREA)) if self.has_editions else ()
            within = Choice(engine).on_areas(areas)
            iris = dict.fromkeys(each.area for each in within) if areas else ()
            found = self.values(engine, parameter, [*iris])
            wanted = parameter.wanted(engine, found, join(areas, "or"))
            raise UsageError(f"{error} {capitalise(wanted)}".strip()) from None

    def values(
        self, engine: Engine, parameter: Parameter, areas: Sequence[str] = ()
    ) -> dict[str, str]:
        """Return the values of a parameter for which the query has rows, with their short names.

        Those with the most rows come first; `areas` are the IRIs of the countries to look at. Other
        parameters have their defaults. Where its rows do not show the value, and for all countries
        of many editions, these are all that are allowed.
        """
        allowed = parameter.allowed(engine)
        bounds: list[sparql.Table] = []
        if areas:
            bounds.append(((AREA,), [(NamedNode(each),) for each in areas]))
        for other in self.params:
            if other.default is not None and parameter.name not in (other.name, other.unless):
                bounds.append(other.table(engine, other.default))
        text = bind(self.text, bounds)
        select = sparql.values_of(text, parameter.name) if self.form == "SELECT" else None
        if not allowed or select is None or (not areas and are_many(engine)):
            return allowed
        rows = engine.select(select).column(parameter.name)
        found = parameter.with_groups(engine, map(str, rows))
        return {iri: allowed[iri] for iri in found if iri in allowed} or allowed

    def example(self, engine: Engine) -> str:
        """Return a command that runs the query."""
        parts = [f"tipgraph query {self.name}"]
        for parameter in self.params:
            if parameter.required or parameter.example is not None:
                sample = parameter.sample(engine)
                quoted = f"'{sample}'" if " " in sample else sample
                parts.append(f"-p {parameter.name}={quoted}")
        return " ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return the header and the name, without the text."""
        return {name: value for name, value in asdict(self).items() if name != "text"}

    def _unknown(self, name: str) -> str:
        if name in self.refused:
            return f"{self.name} has no {name}: {self.refused[name]}"
        names = [parameter.name for parameter in self.params]
        if not names:
            return f"{self.name} has no parameters; leave out {name!r}"
        near = nearest(name, names)
        hint = f"did you mean {near[0]!r}? It has" if near else "it has"
        return f"{self.name} has no parameter {name!r}; {hint}: {', '.join(names)}"

    def _missing(self, engine: Engine, parameter: Parameter) -> str:
        return (
            f"{self.name} needs the parameter {parameter.name!r}: {parameter.expected(engine)};"
            f" for example -p {parameter.name}={parameter.sample(engine)}"
        )


@dataclass(frozen=True)
class BoundQuery:
    """A stored query as a SPARQL text to run.

    `parameters` are the given ones, and `scope` has the editions that it draws on, if any.
    `tables` are what its variables are bound to.
    """

    query: StoredQuery
    text: str
    parameters: Mapping[str, object]
    scope: Scope | None = None
    tables: tuple[sparql.Table, ...] = ()

    def by_country(self) -> "list[BoundQuery]":
        """Return queries for the editions of one country each, whose rows follow each other.

        None where the query sorts its rows by something else first, and where another table has
        fewer rows: an engine begins with that and reads all that it selects for each country.
        """
        if self.scope is None or sparql.first_key(self.query.text) != AREA:
            return []
        others = [table for table in self.tables if EDITION not in table[0]]
        countries = grouped((each.area, NamedNode(each.iri)) for each in self.scope.editions)
        most = max(map(len, countries.values()), default=0)
        if any(len(tuple(rows)) < most for _, rows in others):
            return []
        tables = (((EDITION,), [(each,) for each in countries[area]]) for area in sorted(countries))
        return [replace(self, text=bind(self.query.text, [*others, each])) for each in tables]


class Catalogue(Mapping[str, StoredQuery]):
    """The stored queries of a resources folder by name, in the order of the names."""

    def __init__(self, resources: Resources) -> None:
        """Raises InputError when a query is invalid or two have the same name."""
        self._entries = json.loads(prepared(resources, INDEX, lambda: make_index(resources)))
        self._made: dict[str, StoredQuery] = {}

    def __getitem__(self, name: str) -> StoredQuery:
        if name not in self._made:
            self._made[name] = self._query(name)
        return self._made[name]

    def _query(self, name: str) -> StoredQuery:
        entry = dict(self._entries[name])
        entry |= {key: tuple(entry[key]) for key in LISTS}
        entry["params"] = tuple(Parameter(**each) for each in entry["params"])
        return StoredQuery(**entry)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def make_index(resources: Resources) -> bytes:
    """Return all stored queries as JSON, which is parsed faster than their headers.

    A query without tags has one: its folder.
    """
    queries: dict[str, StoredQuery] = {}
    shared = SharedTexts(resources.shared_texts())
    for path in resources.queries():
        origin = relpath(path, resources.root)
        query = parse(read_text(path), origin, splitext(basename(path))[0], shared)
        if query.name in queries:
            other = queries[query.name].origin
            raise InputError(f"{other} and {origin} have the same name; rename one of them")
        if not query.summary:
            raise InputError(f"{origin}: the header needs a 'summary'")
        theme = basename(dirname(path))
        if not query.editions and theme != CHECKS:
            raise InputError(f"{origin}: the header needs 'editions': {join(DEFAULTS, last='or')}")
        undescribed = [name for name, text in query.columns.items() if not text]
        if undescribed:
            raise InputError(f"{origin}: {_undescribed(undescribed)}")
        queries[query.name] = query if query.tags else replace(query, tags=(theme,))
    entries = {name: asdict(queries[name]) for name in sorted(queries)}
    return json.dumps(entries, ensure_ascii=False).encode()


def find(queries: Mapping[str, StoredQuery], name: str) -> StoredQuery:
    """Return the query of that name. Raises UsageError with suggestions when there is none."""
    if name in queries:
        return queries[name]
    hint = did_you_mean(suggestions(queries, name)) or "'tipgraph queries' lists them"
    raise UsageError(f"unknown query {name!r}; {hint}")


def command(name: str, parameters: Mapping[str, object]) -> str:
    """The line that runs a stored query in a shell."""
    given = (
        f" -p {quote(f'{key}={value}')}"
        for key, values in parameters.items()
        for value in texts_of(values)
    )
    return f"tipgraph query {name}{''.join(given)}"


def on_areas(line: str, areas: Iterable[str]) -> str:
    """The line of a command, limited to countries by their codes."""
    return " ".join((line, *(f"--area {each}" for each in areas)))


def suggestions(queries: Mapping[str, StoredQuery], name: str) -> list[str]:
    """Return the names of queries to suggest for an unknown name, the nearest first.

    When the name is an alias, only the queries with that alias are suggested.
    """
    meanings: dict[str, list[str]] = {each: [each] for each in queries}
    for query in queries.values():
        for alias in query.aliases:
            meanings.setdefault(alias, []).append(query.name)
    near = [name] if name in meanings else nearest(name, meanings)
    return list(dict.fromkeys(query for each in near for query in meanings[each]))


def parse(text: str, origin: str, name: str, shared: SharedTexts | None = None) -> StoredQuery:
    """Return the query of a text, with its header if it has one.

    What the header names without describing it is described by the shared texts. Raises InputError
    when text or header is invalid, or when the header contradicts the query.
    """
    try:
        sparql.check(text)
    except InputError as error:
        raise InputError(str(error).replace("query", origin, 1)) from None
    content = front_matter(text, origin, KEYS)
    form = sparql.form(text)
    projected = sparql.projection(text) if form == "SELECT" and content else []
    lists: dict[str, Any] = {key: tuple(map(str, _listed(content.get(key)))) for key in LISTS}
    texts: dict[str, Any] = {key: str(content.get(key, "")).strip() for key in TEXTS}
    query = StoredQuery(
        name=name,
        text=text,
        origin=origin,
        form=form,
        **lists,
        **texts,
        refused=_named(content.get("refused")),
        params=tuple(_parameters(content.get("params"), origin, shared)),
        columns=_columns(_named(content.get("columns")), projected, origin, shared),
    )
    _check_agreement(query)
    return query


def _check_agreement(query: StoredQuery) -> None:
    unknown = [name for name in query.key if name not in query.columns]
    if unknown:
        raise InputError(
            f"{query.origin}: the header has no column {unknown[0]!r}, which is in its key"
        )
    absent = [name for name in query.shown if name not in query.columns]
    if absent:
        raise InputError(f"{query.origin}: the header has no column {absent[0]!r}, which is shown")
    if len(query.shown) > MOST_SHOWN:
        raise InputError(f"{query.origin}: 'shown' has over {MOST_SHOWN} columns; take one out")
    if query.tables and query.tables not in query.columns:
        raise InputError(
            f"{query.origin}: the header has no column {query.tables!r}, which makes its tables"
        )
    unused = [each.name for each in query.params if each.name not in sparql.variables(query.text)]
    if unused:
        raise InputError(f"{query.origin}: the query has no ?{unused[0]}, which is a parameter")
    if query.editions and query.editions not in DEFAULTS:
        raise InputError(
            f"{query.origin}: 'editions' is {join(DEFAULTS, last='or')}, not {query.editions!r}"
        )
    if query.editions and query.has_editions == (query.editions == NONE):
        needed = "has" if query.has_editions else "needs"
        raise InputError(
            f"{query.origin}: 'editions: {query.editions}' does not fit; the query {needed} the"
            " parameter 'edition' of type tip:Edition"
        )


def _columns(
    described: dict[str, str],
    projected: list[str] | None,
    origin: str,
    shared: SharedTexts | None,
) -> dict[str, str]:
    """Return the columns of a query in order, each with its own description or the shared one."""
    if projected is None:
        if described:
            raise InputError(
                f"{origin}: the header describes columns, so the query must name them instead of"
                " SELECT *"
            )
        return {}
    unselected = [name for name in described if name not in projected]
    if unselected:
        raise InputError(
            f"{origin}: the header describes the column {join(unselected)}, which the query does"
            " not select"
        )
    default = shared.columns if shared else {}
    columns = {name: described.get(name) or default.get(name, "") for name in projected}
    missing = [name for name, text in columns.items() if not text]
    if missing and described:
        raise InputError(f"{origin}: {_undescribed(missing)}")
    return columns


def _undescribed(columns: Iterable[str]) -> str:
    names = join(f"?{name}" for name in columns)
    return f"the query selects {names}; describe it in the header's columns, or in {SHARED}"


def _parameters(content: object, origin: str, shared: SharedTexts | None) -> Iterable[Parameter]:
    for own in _described(content, origin):
        each = {**(shared.params.get(str(own.get("name")), {}) if shared else {}), **own}
        unknown = set(map(str, each)) - PARAMETER_KEYS
        if unknown:
            raise InputError(f"{origin}: unknown key {min(unknown)!r} in a parameter")
        if "name" not in each or "type" not in each:
            raise InputError(f"{origin}: {_undescribed_parameter(each)}")
        texts = {key: _plain(value) for key, value in each.items() if key not in FLAGS}
        try:
            required, whole = (bool(each.get(key, False)) for key in FLAGS)
            yield Parameter(**texts, required=required, whole=whole)
        except ValueError as error:
            raise InputError(f"{origin}: {error}") from None


def _undescribed_parameter(stated: Mapping[str, object]) -> str:
    if set(stated) == {"name"}:
        return f"the parameter {stated['name']!r} has no type; describe it here, or in {SHARED}"
    return "each parameter needs a 'name' and a 'type'"


def _described(content: object, origin: str) -> Iterator[dict[str, Any]]:
    """Yield the parameters of a list of names or mappings, or of a mapping from their names."""
    is_named = isinstance(content, dict)
    pairs = content.items() if isinstance(content, dict) else enumerate(_listed(content))
    for name, stated in pairs:
        if isinstance(stated, str) and not is_named:
            yield {"name": stated}
            continue
        each = {} if stated is None else stated
        if not isinstance(each, dict):
            raise InputError(
                f"{origin}: a parameter needs a 'name' and a 'type', as in"
                " 'params: { area: { type: code:countries } }'"
            )
        yield {"name": name, **each} if is_named else each


def _plain(value: object) -> str:
    """Return a boolean, number or date of YAML as a user would type it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(content: object) -> list[Any]:
    if content is None:
        return []
    return content if isinstance(content, list) else [content]


def _named(content: object) -> dict[str, str]:
    if isinstance(content, dict):
        return {str(name): str(text or "") for name, text in content.items()}
    return {str(name): "" for name in _listed(content)}
