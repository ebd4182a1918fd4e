"""Read the text of a search: the countries, years, speaker and part that it asks for.

All that depends on the text and on names alone is decided here, once; `matching` and `ranking` read
it from a `Question`.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, pairwise

from tipgraph.entities.editions import Edition, sources
from tipgraph.entities.languages import in_any_language
from tipgraph.search.index import YEAR, canonical, read_displayed
from tipgraph.search.terms import (
    Names,
    Term,
    any_of,
    content_terms,
    content_words,
    joined,
    linked,
    matching_names,
    named_editions,
    parse,
    phrase_of,
    rest,
    rows_matching,
    similar_words,
    split,
    statements_in,
    years,
)
from tipgraph.store.engine import Engine
from tipgraph.text import fold

# The letters that a misspelt name of a country has at least, and how similar it is.
LEAST_LETTERS, MISSPELT = 4, 0.8
# Words for what all statements are on, for figures, and for those whom these count.
COMMON_WORDS = frozenset(["human", "numbers", "total", "trafficked", "trafficking"])
PERSONS = frozenset(["people", "person", "persons"])
# Sources may count the victims whom they find in other words: registered, referred, in a program.
IDENTIFIED = "identified"
# Words that need not match after the name of one who speaks.
SPOKEN = "find finds found report reported reports say says state stated states write writes wrote"
STATING = frozenset(SPOKEN.split())
# The rows with an amount of money.
AMOUNTS = "SELECT thing FROM link WHERE role = 'amount'"
NOTHING = Names(frozenset(), {})
# The word that a label has after a part by nationality with the name of a country.
NATIONALITY = "nationality"
# A search that begins with one of these words asks who does something.
ASKING_FOR_ACTORS = ("who",)


@dataclass(frozen=True)
class Question:
    """The question that the text of a search asks.

    `terms` are all of its words, and `subject` those that a hit should have. `countries` are the
    terms that name countries, each with its IRI: those with editions or documents, if any.
    `unread` are other countries, in the same form. A question on countries with editions that has
    other words `is_on_countries`. `sources` are the editions and documents on each country.

    `reports` are the editions that it names by their title, of whatever year, and `editions` those
    of them that are of its year, to which it is limited. `names` are the rows that the subject
    names, `stated` those that a body states which the search names. `parts` and `units` are the
    rows of the codes that are asked for, such as children and shelters. `on_money` are words for
    money, and `amounts` those that stand for amounts alone: "funding", and not "funded".
    `preferred` are words that victims may be counted without: "identified", in whose place a count
    has "victims". `read_as` has the words that were read as the name of a country.
    """

    terms: Sequence[Term] = ()
    subject: Sequence[Term] = ()
    countries: Mapping[Term, str] = field(default_factory=dict)
    unread: Mapping[Term, str] = field(default_factory=dict)
    read_as: Mapping[str, str] = field(default_factory=dict)
    names: Names = NOTHING
    stated: Collection[int] = ()
    is_on_countries: bool = False
    sources: Mapping[str, Mapping[str, Edition]] = field(default_factory=dict)
    reports: Sequence[Edition] = ()
    editions: Collection[str] = ()
    parts: Collection[int] = ()
    units: Collection[int] = ()
    on_money: Collection[Term] = ()
    amounts: Collection[str] = ()
    preferred: Sequence[Term] = ()

    @cached_property
    def words(self) -> list[Term]:
        """The terms of the subject that count."""
        return content_terms(self.subject)

    @cached_property
    def years(self) -> set[int]:
        """The years that a hit should be on."""
        return years(self.words)

    @property
    def known_sources(self) -> list[Edition]:
        """The editions and documents on the countries."""
        return [each for on_area in self.sources.values() for each in on_area.values()]

    @property
    def all_sources(self) -> tuple[str, ...] | None:
        """The editions and documents that are searched; None for all."""
        named = self.editions or [each.iri for each in self.known_sources]
        return tuple(named) if self.is_on_countries else None

    @property
    def asks_who(self) -> bool:
        """Return whether it asks who does something in a country."""
        return self.is_on_countries and self.subject[0].text in ASKING_FOR_ACTORS


def read(engine: Engine, index: sqlite3.Connection, text: str) -> Question:
    """Return the question that a text asks."""
    terms, read_as = _with_countries(index, parse(index, text))
    if not terms:
        return Question()
    terms, stated = _without_stating(index, terms)
    known = _named_countries(index, terms)
    found = {iri: sources(engine, iri) for iri in dict.fromkeys(known.values())}
    # Beside a country with editions, one without any is a word such as others.
    countries, people = _without_nationals(index, terms, known, found)
    unread = {name: iri for name, iri in known.items() if not found[iri]}
    on_each = {iri: found[iri] for iri in (countries or known).values()}
    subject = [*people, *rest(terms, [*(countries or known), *people])]
    if not (countries and any(_is_word(each) for each in subject)):
        names = matching_names(index, terms)
        names = replace(names, whole=names.whole | named_editions(index, terms))
        on = countries or known
        return Question(terms, terms, on, unread, read_as, names, stated, sources=on_each)
    reports, untitled = _titled(index, subject, on_each)
    dated = [each for each in reports if each.year in years(terms)]
    if dated:
        untitled = [each for each in untitled if not each.is_year]
    whole = named_editions(index, terms)
    if any(_is_word(each) for each in untitled):
        subject = untitled
    else:
        # The title alone asks for the editions themselves.
        subject = [each for each in subject if each not in untitled]
        whole |= _numbers(index, [each.iri for each in dated or reports])
    names = matching_names(index, subject)
    parts, subject = _named_parts(index, subject)
    subject = _without_common(index, subject)
    preferred = [each for each in subject if each.text == IDENTIFIED]
    subject = [_or_victims(index, e) if e in preferred else e for e in subject]
    words = content_terms(subject)
    on_money = _on_money(index, words)
    return Question(
        terms,
        subject,
        countries,
        unread,
        read_as,
        replace(names, whole=names.whole | whole),
        stated,
        is_on_countries=True,
        sources=on_each,
        reports=reports,
        editions=[each.iri for each in dated],
        parts=parts,
        units={e for e in _named(index, words, "code") if linked(index, "unit", e)},
        on_money=on_money,
        amounts=[e.text for e in on_money if matching_names(index, [e], ["query"]).whole],
        preferred=preferred,
    )


def _is_word(term: Term) -> bool:
    return not (term.is_function_word or term.is_year)


# ── Countries and editions ────────────────────────────────────────────────────────────────────────


def _with_countries(
    index: sqlite3.Connection, terms: Sequence[Term]
) -> tuple[list[Term], dict[str, str]]:
    """The terms, with the name of a country in the place of a word that nothing has.

    The word is its name in another language, or a misspelt name, to which it is nearer than to any
    other known word. The names follow by these words.
    """
    found: list[Term] = []
    names: dict[str, str] = {}
    for term in terms:
        if name := "" if term.is_function_word else _country(index, term):
            names[term.text] = name
        found += parse(index, name) if name else [term]
    return found, names


def _country(index: sqlite3.Connection, term: Term) -> str:
    """The name of the country that a word stands for; empty where there is none."""
    named = _names_of_countries(index)
    # French "Italie" has the stem of "Italy".
    is_written = rows_matching(index, term.as_written, "written")
    translated = set[str]() if is_written else in_any_language(term.text)
    labels = [shown for iri, _, shown in named if iri in translated]
    is_unknown = not (labels or rows_matching(index, term.expression))
    if is_unknown and len(term.text) >= LEAST_LETTERS:
        near = similar_words(index, Term(term.text, ()), MISSPELT)[:1]
        labels = [shown for _, name, shown in named if [fold(name)] == near]
    return read_displayed(labels[0]).label if labels else ""


def _named_countries(index: sqlite3.Connection, terms: Sequence[Term]) -> dict[Term, str]:
    """The names of countries that the terms make up, as phrases, each with the IRI of the country.

    Codes of letters are no names. Nigerians are named as Nigerian victims are.
    """
    rows = _names_of_countries(index)

    def named_by(words: Iterable[str]) -> dict[Term, str]:
        typed = {*words}
        return {
            phrase_of(name): iri for iri, name, _ in rows if typed.issuperset(content_words(name))
        }

    found = named_by(word for each in terms for word in split(each.text))
    return found | named_by(canonical(each.text) for each in rest(terms, found))


def _names_of_countries(index: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """The IRI of a country, one of its names, and what a hit shows of it, for each name."""
    return index.execute(
        "SELECT iri, target, shown FROM link JOIN thing ON thing = id WHERE role = 'name'"
    ).fetchall()


def _without_nationals(
    index: sqlite3.Connection,
    terms: Sequence[Term],
    known: Mapping[Term, str],
    found: Mapping[str, Collection[str]],
) -> tuple[dict[Term, str], list[Term]]:
    """The countries to search, and the nationals of another one that these have statements on.

    "Romanian victims in Ireland" and "victims from Romania in Ireland" are a part of those in
    Ireland, whether or not these are counted, and "Irish victims in Ireland" are one too. Sources
    may use another name of a country.
    """
    countries = {name: iri for name, iri in known.items() if found[iri]}
    typed = f" {' '.join(word for each in terms for word in split(each.text))} "
    people: list[Term] = []
    for name, iri in known.items():
        words = {*name.text.split()}
        others = {e: o for e, o in countries.items() if words.isdisjoint(e.text.split())}
        is_from = f" from {name.text} " in typed
        # A country that nothing is on is none to search.
        is_from_it = is_from or not found[iri]
        term = _nationals(index, name, iri, is_from_it) if others else None
        if not term:
            continue
        is_own = iri in others.values()
        is_in = any(re.search(f" in (the )?{each.text} ", typed) for each in others)
        if is_own:
            called = (each + word for each in term.phrases for word in ("", " citizen"))
            own = tuple(f"{each} {NATIONALITY}" for each in called)
            term = Term(term.text, own, own)
        others = {e: o for e, o in others.items() if is_own or o != iri}
        on_others = statements_in(index, chain.from_iterable(found[e] for e in others.values()))
        named = rows_matching(index, f"label : {any_of(term.of_part)}")
        if is_own or is_from or is_in or not on_others.isdisjoint(named):
            countries, people = others, [*people, term]
    return countries, people


def _nationals(index: sqlite3.Connection, name: Term, country: str, is_from: bool) -> Term | None:
    """The nationals of a country by all its names.

    None for its label, which names the country, unless it `is_from` this country that they are.
    """
    rows = [row for row in _names_of_countries(index) if row[0] == country]
    names = tuple(" ".join(split(each)) for _, each, _ in rows)
    labels = {" ".join(split(read_displayed(shown).label)) for _, _, shown in rows}
    return None if name.text in labels and not is_from else Term(name.text, names, names)


def _titled(
    index: sqlite3.Connection, terms: Sequence[Term], on: Mapping[str, Mapping[str, Edition]]
) -> tuple[list[Edition], list[Term]]:
    """The editions whose titles the terms have, whatever the year, and the other terms.

    The title of "TIP Report 2022, Kenya" is "TIP Report".
    """
    names = [(iri, split(name)) for iri, name, _ in _names_of_countries(index)]
    others, found = list(terms), []
    for area, editions in on.items():
        for each in editions.values():
            named = [term for term in split(each.label) if not re.fullmatch(YEAR, term)]
            title = {*named}.difference(*(words for iri, words in names if iri == area))
            if each.year and title and title <= {term.text for term in terms}:
                found.append(each)
                others = [term for term in others if term.text not in title]
    return found, others


def _numbers(index: sqlite3.Connection, iris: Sequence[str]) -> set[int]:
    """The numbers of the rows of things."""
    marks = ", ".join("?" * len(iris))
    return {row for (row,) in index.execute(f"SELECT id FROM thing WHERE iri IN ({marks})", iris)}


# ── Who speaks, what is counted ───────────────────────────────────────────────────────────────────


def _without_stating(
    index: sqlite3.Connection, terms: list[Term]
) -> tuple[list[Term], Collection[int]]:
    """The terms without one such as "state" after a speaker's name, and what the speaker states.

    "What did GRETA state about Malta" asks for all that GRETA states, in any words. "What did the
    report say about shelters" asks for statements on shelters, and names no speaker.
    """
    for at, each in enumerate(terms):
        if each.text not in STATING:
            continue
        others = [*terms[:at], *terms[at + 1 :]]
        for start in range(at):
            named = terms[start:at]
            stated = {
                row
                for speaker in _speakers(index, named)
                for row in linked(index, "speaker", speaker)
            }
            # A person who is counted does not speak: "victims found in Sweden" are victims.
            is_counted = matching_names(index, named, ["category"]).whole
            is_named = not STATING.issuperset(term.text for term in content_terms(named))
            if (stated or is_counted) and is_named:
                return others, () if is_counted else stated
        if others[at:] and others[at].text == "about":
            return [term for term in others if term.text not in STATING], ()
    return terms, ()


def without_speaker(index: sqlite3.Connection, terms: Sequence[Term]) -> list[Term]:
    """The terms without the longest name of an actor among them; none where there is no such name.

    "GRETA recommendations" asks for recommendations.
    """
    spans = [(at, end) for at in range(len(terms)) for end in range(at + 1, len(terms) + 1)]
    for at, end in sorted(spans, key=lambda span: span[0] - span[1])[1:]:
        is_rest = rest(content_terms(terms), content_terms(terms[at:end]))
        if is_rest and _speakers(index, terms[at:end]):
            return [*terms[:at], *terms[end:]]
    return []


def _speakers(index: sqlite3.Connection, terms: Sequence[Term]) -> Collection[int]:
    """The rows of the actors that the terms name; they need not name the actors' country."""
    return matching_names(index, terms, ["actor"], is_local=True).whole


def _named_parts(index: sqlite3.Connection, terms: list[Term]) -> tuple[set[int], list[Term]]:
    """The parts that two terms beside each other name, or one that is in no such name.

    The terms follow, those of two as parts of a name.
    """
    found: set[int] = set()
    others = [each for each in content_terms(terms) if each.text not in COMMON_WORDS]
    for pair in pairwise(content_terms(terms)):
        named = matching_names(index, pair, ["part"]).whole
        # "Identified victims" are victims identified before they are a part of those assisted.
        if named and not matching_names(index, pair[::-1], ["indicator"]).whole:
            found |= named
            terms = joined(terms, pair)
            others = [each for each in others if each not in pair]
    names = (replace(term, text=name) for term in others for name in term.phrases or [term.text])
    return found | _named(index, names, "part"), terms


def _named(index: sqlite3.Connection, terms: Iterable[Term], kind: str) -> set[int]:
    """The rows of a kind that have one of the terms as a whole name."""
    each = (matching_names(index, [term], [kind]).whole for term in terms)
    return {*chain.from_iterable(each)}


def _on_money(index: sqlite3.Connection, terms: Sequence[Term]) -> list[Term]:
    """The terms that all amounts of money have."""
    known = {number for (number,) in index.execute(AMOUNTS)}
    return [
        each
        for each in terms
        if known
        and not each.is_year
        and known <= rows_matching(index, f"related : {each.expression}")
    ]


def _without_common(index: sqlite3.Connection, terms: Sequence[Term]) -> list[Term]:
    """The terms without words for what all statements are on, but for those in a name of a part.

    Sources word the same count with and without these: "human trafficking victims" are victims, as
    people are where no indicator names them.
    """
    found = [each for each in terms if each.phrases or each.text not in COMMON_WORDS]
    words = [each for each in found if _is_word(each)]
    is_on_persons = all(each.text in PERSONS for each in words)
    if is_on_persons or not matching_names(index, words, ["indicator"]).parts:
        found = [each for each in found if each.text not in PERSONS]
    return found if any(map(_is_word, found)) else [*found, *parse(index, "victims")]


def _or_victims(index: sqlite3.Connection, term: Term) -> Term:
    """The term, or victims in its place."""
    victims = (word for each in parse(index, "victims") for word in each.wordings)
    return replace(term, wordings=(*term.wordings, *victims))
