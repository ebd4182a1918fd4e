"""Editions: the yearly reports on one country that the statements come from, and which to ask.

An answer draws on the editions that the user names, else on the default of its query: all of them,
or the newest of each country. `scope` decides that, for every interface.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from pyoxigraph import Literal, NamedNode

from tipgraph.entities import THINGS, by_subject, editions_of
from tipgraph.entities.languages import in_any_language
from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE, ID, last_part, shorten
from tipgraph.rdf.sparql import terms
from tipgraph.rdf.terms import Value, is_iri
from tipgraph.store.engine import Engine, Rows
from tipgraph.text import did_you_mean, join, nearest

COMPLETE = CODE + "complete"
# Defaults in the headers of queries. Users also type ALL.
ALL, NEWEST = "all", "newest"
# The classes of what statements come from.
SOURCES = ("tip:Edition", "tip:Document")
# Of more editions, a query is described without reading all its rows (bench/scale.py).
MANY = 300
# The most names that an error lists, and suggests.
SHOWN, SUGGESTED = 12, 3
# Each field of an edition as SPARQL selects it. All are optional: an edition may be unfinished.
FIELDS = {
    "label": "rdfs:label",
    "year": "tip:year",
    "area": "dcterms:spatial",
    "coverage": "tip:coverage",
    "page": "dcat:landingPage",
    "section": "tip:section",
    "series": "dcat:inSeries",
    "publisher": "dcterms:publisher",
    "publisher_label": "dcterms:publisher/rdfs:label",
    "reporting_period": "tip:reportingPeriod",
}


@dataclass(frozen=True)
class Edition:
    """An edition as the graph describes it.

    `area`, `coverage`, `series`, `publisher` and `reporting_period` are IRIs, and `page` is the
    address of the public page. A value that the graph does not have is empty; a missing year is 0,
    and a missing label is the short name.
    """

    iri: str
    label: str
    year: int
    area: str
    coverage: str
    page: str
    section: str
    series: str
    publisher: str
    publisher_label: str
    reporting_period: str

    @property
    def slug(self) -> str:
        """The short name, such as `tip-2021-be`."""
        return last_part(self.iri)

    @cached_property
    def names(self) -> set[str]:
        """Return the names of the edition in lower case: IRI, short name and label."""
        return {each.casefold() for each in (self.iri, shorten(self.iri), self.slug, self.label)}

    @property
    def is_complete(self) -> bool:
        """Return whether the whole section was read, so that what is missing was not stated."""
        return self.coverage == COMPLETE

    @property
    def read(self) -> str:
        """Return in words how much of the section was read."""
        return "read in full" if self.is_complete else "read in part"


def documents(engine: Engine) -> dict[str, Edition]:
    """The documents that are no editions by IRI, without years."""
    return editions(engine, kinds=["tip:Document"])


def sources(engine: Engine, area: str = "") -> dict[str, Edition]:
    """The editions and the other documents by IRI, all or those on a country."""
    return editions(engine, area=area, kinds=SOURCES)


def editions(
    engine: Engine,
    iris: Iterable[str] | None = None,
    area: str = "",
    kinds: Sequence[str] = ("tip:Edition",),
) -> dict[str, Edition]:
    """All editions of the graph by IRI, or those among `iris` or on a country; the oldest first.

    Without `kinds`, each of the `iris` is one, whatever the graph states of it.
    """
    wanted = "" if iris is None else f"VALUES ?iri {{ {terms(iris)} }} "
    # An engine would begin with all of a kind if the kinds were values.
    wanted += f"?iri dcterms:spatial {NamedNode(area)} ." if area else ""
    if kinds and (area or iris is not None):
        wanted += f" ?iri a ?kind FILTER(?kind IN ({', '.join(kinds)}))"
    elif kinds:
        wanted += f" VALUES ?kind {{ {' '.join(kinds)} }} ?iri a ?kind"
    optional = " ".join(f"OPTIONAL {{ ?iri {path} ?{name} }}" for name, path in FIELDS.items())
    variables = " ".join(f"?{name}" for name in FIELDS)
    rows = engine.select(
        f"SELECT DISTINCT ?iri {variables} {{ {wanted} {optional} }} ORDER BY ?year ?label ?iri"
    )
    found: dict[str, Edition] = {}
    for row in rows:
        found.setdefault(str(row["iri"]), _edition(row))
    return found


def are_many(engine: Engine) -> bool:
    """Return whether to read all rows of a query takes too long for its description."""
    return len(engine.select(f"SELECT ?iri {{ ?iri a tip:Edition }} LIMIT {MANY + 1}")) > MANY


def pages(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """The address of the public page of each edition among the IRIs."""
    query = (
        f"SELECT ?iri ?page {{ VALUES ?iri {{ {THINGS} }} ?iri a tip:Edition ; {FIELDS['page']}"
        " ?page } ORDER BY DESC(?page)"
    )

    def read(rows: Rows) -> dict[str, str]:
        return {str(row["iri"]): str(row["page"]) for row in rows}

    return by_subject(engine, iris, query, read)


def edition(engine: Engine, name: str, area: str | None = None) -> Edition:
    """The one edition that a name and an area select; see `Choice.select`.

    Raises UsageError when there is none, or more than one.
    """
    found = Choice(engine).select(name, [] if area is None else [area])
    if not found:
        raise UsageError("the graph has no edition")
    if len(found) > 1:
        slugs = join((each.slug for each in found), last="or")
        raise UsageError(f"edition {name!r} is ambiguous; name one: {slugs}")
    return found[0]


def newest(among: Iterable[Edition]) -> list[Edition]:
    """The newest fully read edition of each country, else its newest; those of one year all."""
    among = list(among)

    def rank(each: Edition) -> tuple[bool, int]:
        return each.is_complete, each.year

    best = {each.area: rank(each) for each in sorted(among, key=rank)}
    return [each for each in among if rank(each) == best[each.area]]


@dataclass(frozen=True)
class Scope:
    """The editions that an answer draws on.

    `areas` are the IRIs of the countries that were asked for. `is_bound` is false where the
    editions are all those of the graph or of the areas; a query needs no bound then. `is_default`
    is true where the query's header leaves some out.
    """

    editions: tuple[Edition, ...]
    areas: tuple[str, ...] = ()
    is_bound: bool = False
    is_default: bool = False

    @property
    def description(self) -> str:
        """The short names of the editions, those read in part last and marked, or their number."""
        complete = [each.slug for each in self.editions if each.is_complete]
        partial = [each.slug for each in self.editions if not each.is_complete]
        named = [", ".join(complete)] if complete else []
        if partial:
            named.append(f"read in part: {_listed(partial)}")
        return "; ".join(named)


def _listed(slugs: list[str]) -> str:
    if len(slugs) <= SHOWN:
        return ", ".join(slugs)
    return f"{len(slugs)} editions ('tipgraph query sources' lists them)"


def scope(
    engine: Engine,
    default: str,
    names: Sequence[str],
    areas: Sequence[str],
    things: Iterable[str] = (),
) -> Scope:
    """The editions that a query draws on: the selected ones, else those of its default.

    `things` are the IRIs that it is asked about. The editions of those that belong to one, such as
    a statement, replace the newest ones. Raises UsageError as `Choice.select` does.
    """
    choice = Choice(engine)
    if names and not areas:
        found = choice.select_all(names)
        return Scope(tuple(found), is_bound=ALL not in map(_folded, names))
    within = choice.on_areas(areas)
    iris = tuple(dict.fromkeys(each.area for each in within)) if areas else ()
    if names:
        found = choice.select_all(names, areas)
        return Scope(tuple(found), iris, is_bound=ALL not in map(_folded, names))
    if default != NEWEST:
        return Scope(tuple(within), iris)
    of_things = {*chain.from_iterable(editions_of(engine, things).values())}
    found = [each for each in within if each.iri in of_things]
    if found:
        return Scope(tuple(found), iris, is_bound=True)
    found = newest(within)
    return Scope(tuple(found), iris, is_bound=bool(found), is_default=len(found) < len(within))


class Choice:
    """Selects among the editions of a graph by what users type."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def known(self) -> list[Edition]:
        """Return all editions, the oldest first; most choices need a few."""
        return list(editions(self._engine).values())

    def select_all(self, names: Iterable[str], areas: Sequence[str] = ()) -> list[Edition]:
        """Return the editions that any name selects, the oldest first. Raises as `select`."""
        return _sorted(each for name in names for each in self.select(name, areas))

    def select(self, name: str, areas: Sequence[str] = ()) -> list[Edition]:
        """The editions that a name and areas stand for, the oldest first.

        A name is `all`; an IRI, short name or label of an edition; a year, for the editions of
        that year; or an area, for its newest edition. An area is a country's IRI, code or name.
        Raises UsageError when one is empty or unknown, and when the two exclude each other.
        """
        if not name.strip():
            raise UsageError(f"the edition is empty; {self._accepted()}")
        text = _folded(name)
        if text == ALL:
            return self.on_areas(areas)
        within = self.on_areas(areas) if areas else []
        slug = text.removeprefix(ID)
        iris = [ID + slug] if re.fullmatch(r"[\w.-]+", slug) else []
        found = list(editions(self._engine, iris).values())
        found = found or [each for each in within or self.known if text in each.names]
        if not found and len(text) == 4 and text.isdecimal():
            return _of_year(within if areas else self.known, int(text), areas)
        if not found:
            country = self._country(name)
            found = newest(editions(self._engine, area=country).values()) if country else []
        found = found or [each for each in self.known if text in each.names]
        if not found:
            raise UsageError(f"unknown edition {name!r}; {self._hint(name)}")
        if areas and any(each not in within for each in found):
            named = join(areas, "or")
            raise UsageError(f"edition {name!r} is not on {named}; leave out one of the two")
        return found

    def on_areas(self, areas: Sequence[str]) -> list[Edition]:
        """Return the editions on some countries, or all without any. Raises as `on_area`."""
        if not areas:
            return self.known
        return _sorted(each for area in areas for each in self.on_area(area))

    def on_area(self, area: str) -> list[Edition]:
        """The editions on a country, by its IRI, code or name.

        Raises UsageError when the country is empty or unknown, and when no edition is on it.
        """
        if not area.strip():
            raise UsageError(f"the area is empty; {self._accepted_areas()}")
        country = self._country(area)
        if country is None:
            near = did_you_mean(nearest(area, self._names_of_areas())[:SUGGESTED])
            raise UsageError(f"unknown area {area!r}; {near or self._accepted_areas()}")
        found = list(editions(self._engine, area=country).values())
        if not found:
            raise UsageError(f"no edition is on {area}; {self._accepted_areas()}")
        return found

    @cached_property
    def _countries(self) -> dict[str, tuple[str, str]]:
        """Countries by their names and codes in lower case, each with that name and the IRI."""
        rows = self._engine.select(
            "SELECT DISTINCT ?area ?name { ?area a tip:Country ;"
            " rdfs:label|skos:prefLabel|skos:altLabel|skos:notation|tip:alpha2 ?name }"
        )
        named = [(str(row["name"]), str(row["area"])) for row in rows]
        iris = dict.fromkeys([*(each.area for each in self.known), *(iri for _, iri in named)])
        codes = [(name, iri) for iri in iris if iri for name in (last_part(iri), shorten(iri), iri)]
        return {name.casefold(): (name, iri) for name, iri in (*named, *codes)}

    @property
    def countries(self) -> dict[str, str]:
        """The IRIs of countries by their codes and names, in lower case."""
        return {name: iri for name, (_, iri) in self._countries.items()}

    def _country(self, name: str) -> str | None:
        """Return the country with this code, or else with this name in any case."""
        text = name.strip()
        exact = self._engine.select(
            f"SELECT DISTINCT ?area {{ VALUES ?code {{ {Literal(text.upper())} }}"
            " ?area skos:notation|tip:alpha2 ?code ; a tip:Country }"
        )
        if len(exact) == 1:
            return str(exact[0]["area"])
        if known := self._countries.get(_folded(name)):
            return known[1]
        translated = in_any_language(text) & {*self.countries.values()}
        return translated.pop() if len(translated) == 1 else None

    def _accepted_areas(self) -> str:
        codes = sorted({last_part(each.area) for each in self.known if each.area})
        return f"areas with an edition: {', '.join(codes) or 'none'}"

    def _names_of_areas(self) -> list[str]:
        areas = {each.area for each in self.known}
        return [name for name, iri in self._countries.values() if iri in areas and ":" not in name]

    def _hint(self, name: str) -> str:
        names = [text for each in self.known for text in (each.slug, each.label)]
        # The name of an edition but for its year is one of the same country.
        other = re.compile(re.sub(r"\d{4}", r"\\d{4}", re.escape(name.strip())))
        near = [each.slug for each in reversed(self.known) if other.fullmatch(each.slug)]
        near = near or nearest(name, [*names, ALL, *self._names_of_areas()])
        return did_you_mean(near[:SUGGESTED]) or self._accepted()

    def _accepted(self) -> str:
        slugs = [each.slug for each in self.known]
        some = f"{', '.join(slugs[:SHOWN])}{', …' if slugs[SHOWN:] else ''}" or "the graph has none"
        return f"it takes all, an area, a year with an area, or one of edition: {some}"


def _sorted(among: Iterable[Edition]) -> list[Edition]:
    """The editions, each once, the oldest first."""
    return sorted(set(among), key=lambda each: (each.year, each.label, each.iri))


def _folded(name: str) -> str:
    return name.strip().strip("<>").casefold()


def _of_year(among: list[Edition], year: int, areas: Sequence[str]) -> list[Edition]:
    """The editions of a year. Raises UsageError, with the nearest year, when there is none."""
    years = {each.year for each in among}
    if year not in years:
        near = sorted(years, key=lambda each: (abs(each - year), each))[:1]
        hint = did_you_mean(map(str, near)) or "the graph has no edition"
        place = f" on {join(areas, 'or')}" if areas else ""
        raise UsageError(f"no edition of {year}{place}; {hint}")
    return [each for each in among if each.year == year]


def _edition(row: dict[str, Value]) -> Edition:
    iri = str(row["iri"])
    values = {name: "" if row[name] is None else str(row[name]) for name in FIELDS}
    label, year = values.pop("label"), values.pop("year")
    # Own data may have anything.
    if not is_iri(values["area"]):
        values["area"] = ""
    return Edition(
        iri=iri,
        label=label or last_part(iri),
        year=int(year) if re.fullmatch("[0-9]{4}", year) else 0,
        **values,
    )
