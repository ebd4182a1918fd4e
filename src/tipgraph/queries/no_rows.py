"""Countries with rows, and why a query has none: what is not stated, and what is instead."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from pyoxigraph import NamedNode

from tipgraph import entities
from tipgraph.entities import labels
from tipgraph.entities.absence import Absence, absences, related_codes, stating
from tipgraph.entities.editions import ALL, Scope, are_many, editions
from tipgraph.namespaces import CODE, TIP, expand, last_part, shorten
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery, command
from tipgraph.queries.parameters import PERIOD
from tipgraph.rdf import sparql
from tipgraph.rdf.binding import bind
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine, matching
from tipgraph.text import did_you_mean, join, nearest, plural

# The name of the file in a wheel and in the cache.
FILE = "query-areas.json"
# The most countries that are named, the most queries that are offered instead, and the least number
# of columns in common with one.
NAMED, OFFERED, LEAST = 5, 3, 3
# The query that has all statements on a country.
STATEMENTS = "statements"
# The queries that have all statements on a code, by the parameter that names it.
ALL_OF = {"indicator": "figures", "topic": STATEMENTS}
# Returns the countries of a query, or the one of these that is named, as `areas` does.
AreasOf = Callable[..., Sequence[str] | None]
# Columns that say nothing about the subject of a query.
COMMON = {AREA, EDITION, "statement", "speaker", "reporter", "place", "caveat", "kind", "note"}


def areas(engine: Engine, query: StoredQuery, area: str = "") -> list[str] | None:
    """Return the countries for which a query has rows in some edition, as sorted IRIs.

    With `area`, only this one is looked at. None for a query that no country limits, or whose rows
    are made of several countries, and for all countries of many editions.
    """
    takes_area = any(each.name == AREA for each in query.params)
    text = bind(query.text, [((AREA,), [(NamedNode(area),)])] if area else [])
    select = sparql.values_of(text, AREA) if takes_area and query.form == "SELECT" else None
    if select is None or (not area and are_many(engine)):
        return None
    return sorted({str(each) for each in engine.select(select).column(AREA) if each is not None})


def make_index(engine: Engine, queries: Mapping[str, StoredQuery]) -> bytes:
    """Return the countries of all queries as JSON."""
    return json.dumps({name: areas(engine, query) for name, query in queries.items()}).encode()


def in_words(engine: Engine, found: Sequence[str]) -> str:
    """Return the countries as text: all of them, a few by name, or their number and codes."""
    every = {each.area for each in editions(engine).values()}
    if every.issubset(found) and found[1:]:
        return f"all {len(found)} countries"
    if not found:
        return "no country"
    known = labels(engine, found)
    if len(found) == 1:
        return f"{known.get(found[0], last_part(found[0]))} alone"
    if len(found) <= NAMED:
        return join(known.get(each, last_part(each)) for each in found)
    return f"{len(found)} countries: {', '.join(map(last_part, found))}"


def instead(
    query: StoredQuery, queries: Mapping[str, StoredQuery], area: str, areas_of: AreasOf
) -> list[StoredQuery]:
    """Return the queries nearest to one without rows for a country that have some, nearest first.

    Near are queries of the same theme, and those with several of its columns beside common ones.
    Without any, it is the query of all statements.
    """

    def likeness(other: StoredQuery) -> int:
        columns = (query.columns.keys() & other.columns.keys()) - COMMON
        return len(columns) + LEAST * len({*query.tags} & {*other.tags})

    def answers(other: StoredQuery) -> bool:
        return area in (areas_of(other, area) or ())

    others = (each for each in queries.values() if not any(p.required for p in each.params))
    near = sorted(others, key=lambda other: (-likeness(other), other.name))
    found = [*islice((e for e in near if likeness(e) >= LEAST and answers(e)), OFFERED)]
    return found or [each for each in near if each.name == STATEMENTS and answers(each)]


@dataclass(frozen=True)
class Code:
    """A code among the parameters, and the editions without a statement on it.

    `stated` counts the others of the editions that the other parameters select.
    """

    name: str
    label: str
    stated: int
    absences: tuple[Absence, ...]


@dataclass(frozen=True)
class RelatedParameters:
    """Parameters with which a query has rows: for all editions, or with a related code.

    It is the same query, or the one that has all statements on a code.
    """

    query: str
    parameters: Mapping[str, object]
    label: str
    relation: str
    rows: int


@dataclass(frozen=True)
class Elsewhere:
    """A country for which a query has no rows in any edition, and the countries with rows.

    `areas` is empty where these are not known. `instead` has the summaries of queries with rows for
    the country, by their names, and `words` are those of a search for statements.
    """

    area: str
    code: str
    words: str
    areas: str
    instead: Mapping[str, str]


@dataclass(frozen=True)
class NoRows:
    """The explanation of a query without rows."""

    query: str
    codes: tuple[Code, ...]
    alternatives: tuple[RelatedParameters, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    too_late: tuple[str, ...] = ()


def no_rows(
    engine: Engine,
    query: StoredQuery,
    given: Mapping[str, object],
    queries: Mapping[str, StoredQuery],
    areas_of: AreasOf | None = None,
) -> NoRows:
    """Explain a result without rows by the codes among the parameters of the query.

    The editions are those that the query draws on. Of the other `queries`, those with rows for the
    country are offered. `areas_of` gives the countries of a query where they are known.
    """
    scope = query.bind(engine, given).scope
    among = None if scope is None else [each.iri for each in scope.editions]
    codes = {
        each.name: each.term(engine, given[each.name]).value
        for each in query.params
        if each.name in given and each.name != AREA and (expand(each.type) or "").startswith(CODE)
    }
    return NoRows(
        query.name,
        tuple(_code(engine, iri, among) for iri in codes.values()),
        (
            *_all_editions(engine, query, given, scope),
            *_all_statements(engine, query, given, codes, queries),
            *(each for name in codes for each in _others(engine, query, given, name, codes, among)),
        ),
        tuple(_elsewhere(engine, query, scope, queries, areas_of or partial(areas, engine))),
        tuple(_too_late(engine, query, given, scope)),
    )


def _all_editions(
    engine: Engine, query: StoredQuery, given: Mapping[str, object], scope: Scope | None
) -> Iterator[RelatedParameters]:
    """Yield the parameters for all editions, if the query left some out and these have rows."""
    if scope is not None and scope.is_default:
        wider = {**given, EDITION: ALL}
        rows = len(engine.select(query.bound(engine, wider)))
        if rows:
            yield RelatedParameters(query.name, wider, "all editions", "these are the newest", rows)


def _all_statements(
    engine: Engine,
    query: StoredQuery,
    given: Mapping[str, object],
    codes: Mapping[str, str],
    queries: Mapping[str, StoredQuery],
) -> Iterator[RelatedParameters]:
    """Yield the query that has all statements on a code, such as figures of parts, if it has rows.

    It gets those of the parameters that it knows.
    """
    for name, iri in codes.items():
        other = queries.get(ALL_OF.get(name, ""))
        if other is not None and other.name != query.name:
            known = {each.name for each in other.params}
            parameters = {key: value for key, value in given.items() if key in known}
            rows = len(engine.select(other.bound(engine, parameters)))
            if rows:
                label = entities.label(engine, iri)
                yield RelatedParameters(
                    other.name, parameters, label, "all that is stated on it", rows
                )


def _too_late(
    engine: Engine, query: StoredQuery, given: Mapping[str, object], scope: Scope | None
) -> Iterator[str]:
    """Yield why the editions cannot have a period that begins after the year of the newest one."""
    newest = max((each.year for each in scope.editions), default=0) if scope else 0
    for parameter in query.params:
        if newest and parameter.type == PERIOD and parameter.name in given:
            period = parameter.term(engine, given[parameter.name]).value
            rows = engine.select(f"SELECT ?start {{ <{period}> tip:start ?start }}")
            if any(int(str(each)[:4]) > newest for each in rows.column("start")):
                label = entities.label(engine, period)
                yield f"edition {newest} cannot have {label}, which is later"


def _elsewhere(
    engine: Engine,
    query: StoredQuery,
    scope: Scope | None,
    queries: Mapping[str, StoredQuery],
    areas_of: AreasOf,
) -> Iterator[Elsewhere]:
    asked = () if scope is None else scope.areas
    known = entities.labels(engine, asked)
    for area in asked:
        # All rows are read to know all countries, so only for one without any.
        if area not in (areas_of(query, area) or ()):
            near, found = instead(query, queries, area, areas_of), areas_of(query)
            code = last_part(area)
            yield Elsewhere(
                known.get(area, code),
                code,
                f"{query.name.replace('-', ' ')} {known.get(area, code)}",
                "" if found is None else in_words(engine, found),
                {each.name: each.summary for each in near},
            )


def _code(engine: Engine, iri: str, among: list[str] | None) -> Code:
    stated = [each for each in stating(engine, [iri])[iri] if among is None or each in among]
    label, lacking = entities.label(engine, iri), absences(engine, [iri], among)[iri]
    return Code(entities.slug(iri), label, len(stated), lacking)


def _others(
    engine: Engine,
    query: StoredQuery,
    given: Mapping[str, object],
    name: str,
    codes: Mapping[str, str],
    among: list[str] | None,
) -> list[RelatedParameters]:
    parameter = next(each for each in query.params if each.name == name)
    allowed = parameter.allowed(engine)
    near = related_codes(engine, [codes[name]])[codes[name]]
    related = {iri: how for iri, how in near.items() if iri in allowed}
    unmeasured = _unmeasured(
        engine, related, {key: iri for key, iri in codes.items() if key != name}, among
    )
    related = {iri: how for iri, how in related.items() if iri not in unmeasured}
    known = entities.labels(engine, related)
    found = []
    for iri, how in related.items():
        rows = engine.select(query.bound(engine, {**given, name: iri}))
        if rows:
            parameters = {**given, name: allowed[iri]}
            label = known.get(iri, iri)
            found.append(RelatedParameters(query.name, parameters, label, how, len(rows)))
    return found


def _unmeasured(
    engine: Engine, related: Iterable[str], codes: Mapping[str, str], among: list[str] | None
) -> set[str]:
    """The indicators and parts that no figure in the editions has with the other codes."""
    figure = "".join(
        f" ; tip:{name} {terms([codes[name]])}" for name in ("indicator", "part") if name in codes
    )
    within = "" if among is None else f"VALUES ?edition {{ {terms(among)} }}"
    # The measured ones are asked for: a FILTER NOT EXISTS reads all figures of each code.
    code = f"VALUES ?thing {{ {terms(related)} }}"
    measured = matching(
        engine,
        f"{within} {code} ?figure tip:indicator|tip:part ?thing ; tip:edition ?edition{figure}",
    )
    return {*matching(engine, f"{code} ?thing tip:facets|tip:axis ?any")}.difference(measured)


NOT_ZERO = "no rows; that is not zero"
# The whole explanation where nothing more is known.
GENERAL = f"{NOT_ZERO} (see the queries not-reported and unmentioned-topics)"


def explanation(found: NoRows, has_commands: bool = True) -> list[str]:
    """The explanation, a line each; the first says that no rows is not zero.

    Without commands, the caller has links to queries with rows.
    """
    rest = [
        *found.too_late,
        *(_alternatives(found.alternatives) if has_commands else ()),
        *(
            line
            for each in found.elsewhere
            for line in _lines_elsewhere(found.query, each, has_commands)
        ),
        *(line for code in found.codes for line in _lines_of(code)),
    ]
    return [NOT_ZERO, *rest] if rest else [GENERAL]


def _alternatives(found: Iterable[RelatedParameters]) -> Iterator[str]:
    for each in found:
        line = command(each.query, each.parameters)
        yield f"{plural(each.rows, 'row')} for {each.label} ({each.relation}): {line}"


def _lines_elsewhere(query: str, found: Elsewhere, has_commands: bool) -> Iterator[str]:
    rest = f" for {found.areas}, and none" if found.areas else ""
    yield f"{query} has {'' if rest else 'no '}rows{rest} for {found.area}"
    if not has_commands:
        return
    # It may be stated in a form that the query does not read, such as a figure.
    yield f"statements with these words: tipgraph find {found.words}"
    for name, summary in found.instead.items():
        yield f"for {found.area}: {command(name, {AREA: found.code})} ({summary})"


def _lines_of(code: Code) -> Iterator[str]:
    for absence in code.absences:
        if absence.read_in_full:
            yield f"{code.label}: not stated in {absence.place}, read in full"
            yield from _nearest(absence)
    partial = [entities.slug(each.edition) for each in code.absences if not each.read_in_full]
    if partial:
        yield f"{code.label}: not extracted from {join(partial)}, read in part"
    if code.stated:
        editions = plural(code.stated, "edition")
        yield f"{code.label}: stated in {editions}, but in no row: tipgraph show {code.name}"


def _nearest(absence: Absence) -> Iterator[str]:
    for near in absence.nearest:
        places = " ".join(dict.fromkeys(each.place for each in near.passages))
        yield f"  nearest: {places} {near.label} ({'; '.join(near.reasons)})"


def unknown_terms(engine: Engine, query: str) -> Iterator[str]:
    """A warning for each `tip:` and `code:` term of a valid query that nothing describes or uses.

    Namespaces themselves, which a query may compare with, are not terms.
    """
    used = [iri for iri in sorted(sparql.iris(query)) if iri.startswith((TIP, CODE))]
    for iri in used:
        node = sparql.terms([iri])
        if iri in (TIP, CODE) or engine.ask(
            f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s {node} ?o }} }}"
        ):
            continue
        name = shorten(iri)
        namespace = TIP if iri.startswith(TIP) else CODE
        hint = did_you_mean(nearest(name, _names(engine, namespace), likeness=0.7))
        yield f"the graph has no {name}, so nothing matches it" + (f"; {hint}" if hint else "")


def _names(engine: Engine, namespace: str) -> list[str]:
    """The names of all described terms of a namespace."""
    pattern = f'?thing ?p ?o FILTER(STRSTARTS(STR(?thing), "{namespace}"))'
    return [shorten(each) for each in matching(engine, pattern)]
