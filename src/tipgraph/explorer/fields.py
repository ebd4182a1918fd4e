"""The fields of a form: what a parameter of a stored query may be, as choices or as text."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tipgraph.entities.editions import ALL, NEWEST, Edition
from tipgraph.errors import UsageError
from tipgraph.explorer.http import Content, PageRequest
from tipgraph.explorer.site import Site
from tipgraph.namespaces import XSD, expand, last_part
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.safe_text import printable
from tipgraph.text import join

# The types whose values are choices; the others have names to search for.
LISTED = ("code:", "tip:Edition", "tip:CriteriaScheme", "tip:Kind", "tip:PersonCategory")
# The most values that a form suggests by itself; of more, the server is asked while one types.
MOST = 200
# The most values of one answer to a field that asks for them.
SUGGESTED = 20
# The type of suggestions for the search, how many there are, and the most words.
SEARCH, HITS, MOST_WORDS = "search", 8, 12
INPUTS = {"integer": "number", "date": "date"}
YES_NO = {"": "any", "true": "yes", "false": "no"}


@dataclass(frozen=True)
class Field:
    """A field with its label, what it contains, and the values to choose from, if any.

    The choices map what is sent to what is shown; `kind` is the type of an input of HTML. Others
    than the `suggested` values are possible; `suggest` is the address that gives further ones, and
    `known` the id of a list of them that fields share. `longest` is the most characters; 0 for any.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    kind: str = "text"
    required: bool = False
    suggested: Mapping[str, str] = field(default_factory=dict)
    suggest: str = ""
    known: str = ""
    longest: int = 0


def fields(site: Site, query: StoredQuery, given: Mapping[str, str]) -> list[Field]:
    """The fields for the parameters of a stored query, with what was given."""
    return [_field(site, query, each, given.get(each.name, "")) for each in query.params]


def edition_choices(site: Site, among: Iterable[Edition] | None = None) -> dict[str, str]:
    """The editions by their short names, country by country, the newest first."""
    known = list(site.editions.values() if among is None else among)
    areas = site.labels({each.area for each in known if each.area})
    known.sort(key=lambda each: (areas.get(each.area, ""), -each.year, each.label))
    return {
        each.slug: each.label if each.is_complete else f"{each.label} (read in part)"
        for each in known
    }


def area_choices(site: Site) -> dict[str, str]:
    """The countries that have an edition, by their codes."""
    labels = site.labels({each.area for each in site.editions.values() if each.area})
    return {
        last_part(iri): label for iri, label in sorted(labels.items(), key=lambda each: each[1])
    }


def on_country(site: Site, query: StoredQuery, code: str) -> dict[str, str]:
    """The parameters that ask a query on a country.

    Where none of its editions was read in full, no edition stands for the others.
    """
    own = (each for each in site.editions.values() if last_part(each.area) == code)
    has_newest = query.editions != NEWEST or any(each.is_complete for each in own)
    return {AREA: code} | ({} if has_newest else {EDITION: ALL})


def question_on(site: Site, query: StoredQuery, area: str = "") -> str:
    """The question of a query, with the country that has this code, if there is one."""
    country = area_choices(site).get(area)
    return query.asked + (f" ({country})" if country else "")


def _field(site: Site, query: StoredQuery, parameter: Parameter, value: str) -> Field:
    name = parameter.name
    hint = parameter.description
    if parameter.example is not None and not parameter.type.startswith(LISTED):
        hint = f"{hint}; for example {parameter.example}"
    label = name.replace("_", " ").capitalize()
    datatype = (expand(parameter.type) or "").removeprefix(XSD)
    if datatype == "boolean":
        choices = YES_NO
    elif name == EDITION and query.has_editions:
        is_newest = query.editions == "newest"
        default = "default: newest of each country" if is_newest else "default: all"
        both = {ALL: "all"} if is_newest else {}
        choices = {"": default, **both, **edition_choices(site)}
    elif name == AREA and query.has_editions:
        choices = {"": "any", **area_choices(site)}
    elif parameter.type.startswith(LISTED):
        values = site.values(parameter.type)
        choices = {"": _empty(parameter, values), **values}
    else:
        choices = {}
    if choices:
        choices = with_given(choices, value)
    elif parameter.default is not None:
        hint = f"{hint}; if empty: {parameter.default}"
    suggested, suggest = _suggestions(site, parameter) if not choices else ({}, "")
    kind = INPUTS.get(datatype, "text")
    return Field(name, label, value, hint, choices, kind, parameter.required, suggested, suggest)


def with_given(choices: dict[str, str], value: str) -> dict[str, str]:
    """The choices with the given text, which may be another name of one, or a wrong one."""
    return {value: value, **choices} if value and value not in choices else choices


def _suggestions(site: Site, parameter: Parameter) -> tuple[Mapping[str, str], str]:
    """The values to suggest, or the address that suggests some of many; neither for literals."""
    if (expand(parameter.type) or "").startswith(XSD):
        return {}, ""
    values = site.values(parameter.type)
    if len(values) <= MOST:
        return values, ""
    if site.is_static:
        return {}, ""
    return {}, f"/-/suggest?{urlencode({'type': parameter.type})}"


def _empty(parameter: Parameter, values: Mapping[str, str]) -> str:
    """The text for no value."""
    if parameter.default is not None:
        default = values.get(parameter.default, parameter.default)
        return f"default: {default}"
    return "choose one" if parameter.required else "any"


def suggest(site: Site, request: PageRequest) -> Content:
    """The values of a type that have all words of `q` in their name or label.

    Those that begin with the words come first. The type `search` has the labels of hits. Raises
    UsageError for a type that no query has.
    """
    kind = request.parameters.get("type", "")
    if kind == SEARCH:
        return _json(_hits(site, request.parameters.get("q", "")))
    types = sorted({each.type for query in site.graph.queries.values() for each in query.params})
    if kind not in types:
        raise UsageError(f"unknown type {kind!r}; the types of parameters are {join(types)}")
    text = request.parameters.get("q", "").casefold().strip()
    words = text.split()
    found = [
        (name, label)
        for name, label in site.values(kind).items()
        if words and all(word in f"{name} {label}".casefold() for word in words)
    ]
    # The sort is stable: among equals the order of the labels stays.
    found.sort(key=lambda each: not any(part.casefold().startswith(text) for part in each))
    return _json(found[:SUGGESTED])


def _hits(site: Site, text: str) -> Iterator[tuple[str, str]]:
    """The labels of the first hits for some words, countries first; the last may be unfinished."""
    words = " ".join(re.findall(r"\w+", text)[:MOST_WORDS])
    if words:
        hits = site.graph.search(f"{words}*", limit=HITS).hits
        places = site.graph.search(f"{words}*", limit=HITS, kind="country").hits
        labelled = [(hit.label, hit.kind) for hit in (*places, *hits)]
        yield from list(dict.fromkeys(labelled))[:HITS]


def _json(suggestions: Iterable[tuple[str, str]]) -> Content:
    found = [{"value": printable(name), "label": printable(label)} for name, label in suggestions]
    return Content(json.dumps(found, ensure_ascii=False).encode(), "application/json")
