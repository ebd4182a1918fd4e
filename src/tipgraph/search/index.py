"""The index of `search`: everything that has a name or a text, in one SQLite file with FTS5.

The table `text` has the words of each thing in weighted columns, `thing` what a hit shows, so that
an answer needs no SPARQL, `link` what the filters compare, and `word` the words as they are
written, to complete and to suggest them.

The index of a graph that is derived in parts is made of a piece for each of them, and a changed
part replaces its piece alone: `part` has the key of each, whose things have `IDS` numbers.
"""

import json
import os
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from errno import EIO
from functools import cached_property, lru_cache, partial
from itertools import chain, count
from pathlib import Path
from shlex import quote
from shutil import copyfile
from typing import Any, NamedTuple

from pyoxigraph import Literal

from tipgraph import entities
from tipgraph.entities import leaf_kinds, passages
from tipgraph.entities.editions import Edition, sources
from tipgraph.entities.passages import Passage
from tipgraph.namespaces import OURSELVES, TOTAL, last_part, shorten
from tipgraph.rdf.terms import finite
from tipgraph.render.document import separate
from tipgraph.store.engine import Engine, matching
from tipgraph.text import fold

# The name of the file in a wheel and in the cache.
FILE = "search.sqlite"
# The columns of words, with the weight of a match in each.
WEIGHTS = {
    "label": 10.0,
    "names": 6.0,
    "quote": 4.0,
    "definition": 3.0,
    "note": 2.0,
    "related": 2.0,
    "source": 1.0,
}
# Around each text of a column. FTS5 takes it for a letter, and `WORD` does not, so that it is a
# word that nobody can search for.
EDGE = "\ue000"
# FTS5 puts these around a match. They are noncharacters, so no text contains them.
OPEN, CLOSE = "\ufdd0", "\ufdd1"
REPLACED = dict.fromkeys(map(ord, (EDGE, OPEN, CLOSE, "\0")), "\ufffd")
WORD = r"[^\W_]+"
YEAR = "[12][0-9]{3}"
# Words that are also written as one: non-governmental, children's. One begins where a word does: to
# look for it in the midst of a word of 100,000 letters, such as a picture as text, takes minutes.
COMPOUND = rf"(?<![^\W_]){WORD}(?:[-'\u2010\u2011\u2019]{WORD})+"

# The kinds of things in the order of equal matches, each with what SPARQL finds them by. A thing is
# of the first kind that fits. Stored queries are in no graph.
KINDS = {
    "query": "",
    "topic": "?thing skos:inScheme code:topics",
    "indicator": "?thing skos:inScheme code:indicators",
    "part": "?thing skos:inScheme ?list VALUES ?list { code:parts code:part-groups }",
    "statement": "?thing a tip:Statement ; tip:evidence ?passage ; tip:speaker ?speaker",
    "sentence": "?thing a tip:Sentence",
    "edition": "?thing a tip:Edition",
    "document": "?thing a tip:Document",
    "category": "?thing a tip:PersonCategory",
    "actor": "?thing a tip:Actor",
    "provision": "?thing a ?class VALUES ?class { tip:Provision tip:Instrument }",
    "country": "?thing a tip:Country",
    "code": "?thing a ?class VALUES ?class { skos:Concept skos:ConceptScheme }",
    "term": "?thing a ?class ; rdfs:isDefinedBy ?module"
    " VALUES ?class { owl:Class owl:ObjectProperty owl:DatatypeProperty }",
}
NAMES = "skos:altLabel|tip:shortName|skos:notation|tip:alpha2"
DEFINITIONS = "skos:definition|rdfs:comment"
NOTES = (
    "skos:scopeNote|skos:note|skos:example|tip:caution|tip:partWording|tip:impliedWording"
    "|cv:holdsRequirement/cv:hasRequirement*/rdfs:label"
)
# Properties of a statement whose values are not its subject matter.
APART = (
    "rdf:type, tip:evidence, tip:edition, tip:document, tip:readOn, tip:reporter, tip:speaker,"
    " tip:caveat, qb:dataSet"
)
# Words that wordings of one count have or lack.
COMMON = {"trafficking", "human", "of", "the", "and", "formally", "officially"}
# The forms of a statement, and the least stage of a figure that counts no victims found.
FIGURE, REMARK, INFERENCE = 0, 1, 2
# A figure counts persons, or has their share in per cent, or counts things.
HEADCOUNT, SHARE, THINGS = 0, 1, 2
OTHER_STAGE = 2
# The figures of an agency that does not count for the country: a figure that is no agency's is
# larger, in the same edition and on the same period.
OF_ONE_AGENCY = """
    ?one tip:doneBy ?agency ; tip:part code:total ; tip:edition ?edition ;
        sdmx-dimension:refPeriod ?period ; sdmx-measure:obsValue ?value ; tip:indicator ?indicator .
    ?agency a tip:PublicAgency .
    ?other tip:edition ?edition ; sdmx-dimension:refPeriod ?period ; tip:part code:total ;
        sdmx-attribute:unitMeasure code:persons ; sdmx-measure:obsValue ?larger ; tip:doneBy ?body
    FILTER(?larger > ?value) FILTER NOT EXISTS { ?body a tip:PublicAgency }
    ?thing tip:edition ?edition ; tip:indicator ?indicator ; tip:doneBy ?agency"""
# The largest value that figures are ordered by, as SQLite stores it.
LARGEST = 2**62
UNIT = "?thing sdmx-attribute:unitMeasure"
PERIOD = "sdmx-dimension:refPeriod|tip:period"
# Figures that have all of these in common differ in edition, period and value.
SERIES = ("tip:indicator", "tip:part", "tip:axis", "tip:countedBy", "sdmx-dimension:refArea")

# British spellings, with the American ones; and plurals that the stemmer of FTS5 does not join.
SPELLINGS = (
    (r"(?<=\w\w)s$", ""),
    (r"(?<=\w\w)our(?=$|ed$|ing$|able$|er|ite$|al$|ful$)", "or"),
    (r"(?<=\w\w)(?<=[^aeiou])is(?=e$|ed$|er$|ing$|ation$|ational$|able$)", "iz"),
    (r"(?<=\w\w)ys(?=e$|ed$|er$|ing$)", "yz"),
    (r"(?<=\w[bcdghtv])re$", "er"),
    (r"(?<=\w\w)ence$", "ense"),
    (r"(?<=\w\w)mme$", "m"),
    (r"(?<=\w\w)ogue$", "og"),
    (r"(?<=\w\w[aeiou])ll(?=$|or$|er$|ed$|ing$|ment$)", "l"),
    (r"(?<=dg)e(?=ment$)", ""),
    (r"[ao]e(?=\w\w\w)", "e"),
    (r"(?<=\w)men$", "man"),
    (r"^(?:children|minor|kid)$", "child"),
    # Each source has its own word for help.
    (r"^(?:help|support)(?=$|ed$|ing$)|^assistance$", "assist"),
)
# The words for an amount of money, which its source may not use; "how much" asks for one.
MONEY = ("money", "much", "funding", "budget", "spending", "cost", "finances")

# The most things of a part.
IDS = 1_000_000
COLUMNS = ", ".join(WEIGHTS)


class Standing(NamedTuple):
    """The properties by which statements are ordered; of other things, the edition alone.

    `form` is `FIGURE`, `REMARK` or `INFERENCE`, which is ours. `counts` is `HEADCOUNT`, `SHARE` or
    `THINGS`. `stage` is less for victims found than for other counts, and for the government's
    count than for others. A later `edition` is larger, one that was read in full larger than all
    others, and a document less than all. `period` is the last year, `wordiness` the number of words
    that name what is counted. A figure `is_narrow` if its part is one of another part, or in
    several groups, such as both of two forms.
    """

    form: int = REMARK
    is_part: bool = False
    counts: int = HEADCOUNT
    is_of_one_agency: bool = False
    stage: int = 0
    edition: int = 0
    period: int = 0
    wordiness: int = 0
    value: int = 0
    is_narrow: bool = False

    @property
    def is_figure(self) -> bool:
        """Return whether it is a figure."""
        return self.form == FIGURE

    @property
    def newest(self) -> tuple[int, ...]:
        """Return the order of age: the edition, in it a whole before a part, and the period."""
        return self.edition, not self.is_part, self.period


UNORDERED = Standing()
STANDING = ", ".join(Standing._fields)
THING = f"""
    id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, {STANDING}, series INTEGER, year INTEGER,
    shown TEXT"""
LINK = """
CREATE TABLE link
    (role TEXT, target TEXT, thing INTEGER, PRIMARY KEY (role, target, thing)) WITHOUT ROWID;
"""
# `named_in` has the editions whose statements name a thing of another part.
PIECE = f"""
CREATE TABLE thing ({THING}, {COLUMNS});
{LINK}
CREATE TABLE named_in (edition TEXT, iri TEXT);
CREATE TABLE word (phrase TEXT PRIMARY KEY, canonical TEXT) WITHOUT ROWID;
"""
# `parts` counts those that have a word.
SCHEMA = f"""
CREATE VIRTUAL TABLE text
    USING fts5({COLUMNS}, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE written USING fts5
    (words, content = '', detail = none, tokenize = 'unicode61 remove_diacritics 2');
CREATE TABLE thing ({THING});
{LINK}
CREATE TABLE word (phrase TEXT PRIMARY KEY, canonical TEXT, parts INTEGER) WITHOUT ROWID;
CREATE INDEX canonical ON word(canonical);
CREATE TABLE part (key TEXT PRIMARY KEY, first INTEGER);
"""
WORDS = " || ' ' || ".join(WEIGHTS)
# Add and remove the piece that is attached as `piece`; `:first` is its first number.
ADD = f"""
INSERT INTO text(rowid, {COLUMNS}) SELECT id + :first, {COLUMNS} FROM piece.thing;
INSERT INTO written(rowid, words) SELECT id + :first, {WORDS} FROM piece.thing;
INSERT INTO thing SELECT id + :first, iri, kind, {STANDING}, series + :first, year, shown
    FROM piece.thing;
INSERT INTO link SELECT role, target, thing + :first FROM piece.link;
INSERT OR IGNORE INTO link SELECT 'edition', edition, id FROM piece.named_in
    JOIN (SELECT iri, id FROM thing WHERE id < :first AND kind != 'statement') USING (iri);
INSERT INTO word SELECT phrase, canonical, 1 FROM piece.word WHERE TRUE
    ON CONFLICT DO UPDATE SET parts = parts + 1;
"""
REMOVE = f"""
DELETE FROM link WHERE thing >= :first AND thing < :first + {IDS};
DELETE FROM link WHERE role = 'edition' AND target IN (SELECT edition FROM piece.named_in);
DELETE FROM text WHERE rowid >= :first AND rowid < :first + {IDS};
INSERT INTO written(written, rowid, words) SELECT 'delete', id + :first, {WORDS} FROM piece.thing;
DELETE FROM thing WHERE id >= :first AND id < :first + {IDS};
UPDATE word SET parts = parts - 1 WHERE phrase IN (SELECT phrase FROM piece.word);
DELETE FROM word WHERE parts = 0;
DELETE FROM part WHERE first = :first;
"""


@dataclass(frozen=True)
class DisplayedEntry:
    """The fields that a hit shows.

    `name` is its short name and `type` the label of its class. Where it is a statement or a
    sentence, `place` is the place in the edition, and `link` opens the page there. `caveats` are
    those of a figure. `command` shows the thing.
    """

    name: str
    label: str
    type: str
    command: str
    editions: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    place: str = ""
    quote: str = ""
    link: str = ""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A thing to index: what a hit shows, its other words by column, and what filters compare.

    `links` are pairs of a role (`edition`, `topic`, `speaker`, `part`, `unit`) and an IRI, or of
    `name` and a name of a country, or of `parameter` and a name of one of a stored query, or of
    `default` and the editions that it draws on by default, or of `amount` and the currency of
    money. Entries with the same `series`, if any, are shown as one. `year` is the period of a
    statement that is on exactly one year.
    """

    iri: str
    kind: str
    shown: DisplayedEntry
    texts: dict[str, list[str]]
    links: tuple[tuple[str, str], ...] = ()
    standing: Standing = UNORDERED
    series: int | None = None
    year: int | None = None


def entries(engine: Engine) -> Iterator[Entry]:
    """Each thing of the graph that has a kind and a label."""
    return _Graph(engine).entries()


def piece(engine: Engine, shared: bytes | None = None) -> bytes:
    """Return the piece of a part of the graph, as the content of an SQLite file.

    The engine has the part and what all parts share; `shared` is the piece of this, without which
    the part is this itself.
    """
    known = _iris(shared) if shared else frozenset[str]()
    graph = _Graph(engine, known)
    return make_piece(graph.entries(), graph.named_in())


def make_piece(entries: Iterable[Entry], named_in: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the piece of some things, and of the editions that name others, by pairs."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(PIECE)
        written: set[str] = set()
        made.executemany(
            f"INSERT INTO thing VALUES ({', '.join('?' * (6 + len(UNORDERED) + len(WEIGHTS)))})",
            _rows(made, entries, written),
        )
        made.executemany("INSERT INTO named_in VALUES (?, ?)", named_in)
        made.executemany("INSERT OR IGNORE INTO word VALUES (?, ?)", _words(written))
        made.commit()
        return made.serialize()


def make_index(queries: Iterable[Entry], engine: Engine) -> bytes:
    """The index of stored queries and of a graph, as the content of an SQLite file."""
    made = partial(make_piece, chain(queries, entries(engine)))
    with closing(sqlite3.connect(":memory:")) as index:
        _fill(index, {"": made}, lambda key: b"")
        index.execute("VACUUM")
        return index.serialize()


def write_index(
    path: str,
    pieces: Mapping[str, Callable[[], bytes]],
    last: str | None,
    old: Callable[[str], bytes],
) -> None:
    """Write the index of pieces, by their keys, what all share before the others.

    It is a copy of the `last` one where that has most of them and `old` returns the others.
    """
    with suppress(OSError, sqlite3.Error):
        if last and _has_most(last, pieces):
            copyfile(last, path)
            _write(path, pieces, old)
            return
    with suppress(FileNotFoundError):
        os.unlink(path)
    _write(path, pieces, old)


def _has_most(path: str, pieces: Collection[str]) -> bool:
    with closing(opened(path)) as index:
        return 2 * len(_parts(index).keys() & set(pieces)) > len(pieces)


def _parts(index: sqlite3.Connection) -> dict[str, int]:
    return dict(index.execute("SELECT key, first FROM part"))


def _write(
    path: str, pieces: Mapping[str, Callable[[], bytes]], old: Callable[[str], bytes]
) -> None:
    try:
        with closing(sqlite3.connect(path)) as index:
            # A file that is not complete is nobody's.
            index.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            _fill(index, pieces, old)
    # A full disk, or a limit on the size of files.
    except sqlite3.OperationalError as error:
        raise OSError(EIO, str(error), path) from None


def _fill(
    index: sqlite3.Connection,
    pieces: Mapping[str, Callable[[], bytes]],
    old: Callable[[str], bytes],
) -> None:
    is_new = not index.execute("SELECT 1 FROM sqlite_master").fetchone()
    if is_new:
        index.executescript(SCHEMA)
    known = _parts(index)
    for key in known.keys() - pieces.keys():
        _change(index, old(key), REMOVE, known.pop(key))
    free = (first for first in count(0, IDS) if first not in known.values())
    for key in [key for key in pieces if key not in known]:
        known[key] = next(free)
        _change(index, pieces[key](), ADD, known[key])
        index.execute("INSERT INTO part VALUES (?, ?)", (key, known[key]))
    if is_new:
        index.execute("INSERT INTO text(text) VALUES ('optimize')")
    index.commit()


def _change(index: sqlite3.Connection, content: bytes, script: str, first: int) -> None:
    with _attached(index, content):
        for statement in script.split(";\n"):
            index.execute(statement, {"first": first})


@contextmanager
def _attached(index: sqlite3.Connection, content: bytes) -> Iterator[None]:
    index.commit()
    index.execute("ATTACH ':memory:' AS piece")
    index.deserialize(content, name="piece")
    yield
    index.commit()
    index.execute("DETACH piece")


def _iris(content: bytes) -> frozenset[str]:
    with closing(opened(content)) as read:
        return frozenset(iri for (iri,) in read.execute("SELECT iri FROM thing"))


def opened(content: str | bytes) -> sqlite3.Connection:
    """The index; `content` may be a file's path, which is read as far as an answer needs it."""
    if isinstance(content, str):
        return sqlite3.connect(f"{Path(content).absolute().as_uri()}?immutable=1", uri=True)
    index = sqlite3.connect(":memory:")
    index.deserialize(content)
    return index


@lru_cache(maxsize=20_000)
def canonical(word: str) -> str:
    """Return the canonical spelling of a word: American, in the singular."""
    for british, american in SPELLINGS:
        word = re.sub(british, american, word)
    return word


def read_displayed(text: str) -> DisplayedEntry:
    """Read the displayed fields of a thing from its row in the index."""
    values: Any = (tuple(v) if isinstance(v, list) else v for v in json.loads(text))
    return DisplayedEntry(*values)


def _rows(
    made: sqlite3.Connection, entries: Iterable[Entry], written: set[str]
) -> Iterator[tuple[object, ...]]:
    """Yield the row of each thing; its links go into their table, and its texts are `written`."""
    for number, entry in enumerate(entries):
        texts = {**entry.texts, "names": [entry.shown.label, *entry.texts.get("names", ())]}
        written.update(chain.from_iterable(texts.values()))
        columns = (_joined(texts.get(name, ())) for name in list(WEIGHTS)[1:])
        made.executemany(
            "INSERT OR IGNORE INTO link VALUES (?, ?, ?)",
            ((role, target, number) for role, target in entry.links),
        )
        yield (
            *(number, entry.iri, entry.kind, *entry.standing, entry.series, entry.year),
            json.dumps([*vars(entry.shown).values()], ensure_ascii=False),
            entry.shown.label.translate(REPLACED),
            *columns,
        )


def _joined(texts: Iterable[str]) -> str:
    each = dict.fromkeys(text.translate(REPLACED) for text in texts if text)
    return f"{EDGE} {f' {EDGE} '.join(each)} {EDGE}" if each else ""


def _words(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each word and compound of the texts, with its canonical spelling, in one order.

    So a piece has the same bytes in any process.
    """
    # One by one: those of ASCII alone take a tenth of the time.
    text = " ".join(map(fold, texts))
    phrases = {word: word for word in re.findall(WORD, text)}
    for compound in re.findall(COMPOUND, text):
        parts = re.findall(WORD, compound)
        phrases[" ".join(parts)] = "".join(parts)
    return ((phrase, canonical(word)) for phrase, word in sorted(phrases.items()))


class _Graph:
    """The graph as entries, but for `known` things, read by a query for each column."""

    def __init__(self, engine: Engine, known: Collection[str] = ()) -> None:
        self._engine = engine
        self._known = known
        self._kinds = self._things()
        self._labels = self._label_of_each()
        self._names = self._texts(NAMES)
        self._definitions = self._texts(DEFINITIONS)
        self._notes = self._texts(NOTES)
        self._types = leaf_kinds(engine, [iri for iri in self._kinds if iri not in known])
        self._tones = self._pairs("?thing tip:tone ?value")
        self._lists = self._pairs("?thing skos:inScheme ?value")
        # A statement comes from an edition, or from another document.
        self._editions = sources(engine)
        self._edition_of = self._pairs(
            "?thing tip:edition|tip:document|tip:ofText/tip:edition ?value"
        )
        self._speakers = self._pairs("?thing a tip:Statement ; tip:speaker ?value")
        self._amounts = self._pairs("?thing tip:amount ?value")
        self._about = self._pairs(
            f"?thing a tip:Statement ; ?by ?value FILTER(isIRI(?value) && ?by NOT IN ({APART}))"
            " FILTER NOT EXISTS { ?by a tip:Shorthand }"
        )
        # A search for children is for minors, boys and girls too.
        self._parts = self._pairs(
            "{ ?thing a tip:Statement ; tip:part ?value }"
            " UNION { ?thing a tip:Statement ; tip:part/tip:partGroup ?value }"
        )
        for iri, parts in self._parts.items():
            self._about[iri] += parts
        self._topics = self._pairs("?thing tip:topic/skos:broader* ?value")
        for topic, wider in self._pairs(f"{KINDS['topic']} ; skos:broader* ?value").items():
            self._topics[topic] = wider
        self._slugs = Counter(map(entities.slug, self._kinds))

    def entries(self) -> Iterator[Entry]:
        named = [iri for iri in self._kinds if iri in self._labels and iri not in self._known]
        yield from (self._entry(iri) for iri in named if self._kinds[iri] != "statement")
        yield from self._statements([iri for iri in named if self._kinds[iri] == "statement"])

    def named_in(self) -> Iterator[tuple[str, str]]:
        """Yield the editions whose statements name a known thing, each with this thing."""
        for iri, editions in self._used_in.items():
            if iri in self._known:
                yield from ((edition, iri) for edition in editions)

    def _entry(self, iri: str) -> Entry:
        """A thing that is no statement. It is in the editions whose statements name it."""
        own = self._edition_of.get(iri, [])
        links = [("edition", each) for each in [*own, *self._used_in[iri]]]
        if iri in self._editions:
            links.append(("edition", iri))
        links += [("topic", each) for each in self._topics.get(iri, ())]
        if self._kinds[iri] == "country":
            links += [("name", name) for name in [self._labels[iri], *self._alternatives[iri]]]
        where = [self._editions[each] for each in own if each in self._editions]
        texts = self._own_texts(iri) | {"source": [each.label for each in where]}
        link, standing = "", UNORDERED
        if iri in self._editions:
            edition = self._editions[iri]
            link = edition.page
            standing = UNORDERED._replace(edition=self._rank(edition))
            named = self._all_names(edition.area) if edition.year else ()
            names = (f"{area} {edition.year}" for area in named)
            texts["names"] = [*texts["names"], edition.slug, *names]
        shown = DisplayedEntry(
            **self._common(iri), editions=tuple(e.slug for e in where), link=link
        )
        return Entry(iri, self._kinds[iri], shown, texts, tuple(links), standing)

    def _statements(self, iris: list[str]) -> Iterator[Entry]:
        evidence = self._pairs("?thing a tip:Statement ; tip:evidence ?value")
        quoted = passages.passages(self._engine, chain.from_iterable(evidence.values()))
        caveats = self._pairs("?thing tip:caveatText ?value")
        periods = self._pairs(f"?thing {PERIOD} ?value")
        parts = self._pairs(f"?thing tip:part ?value FILTER(?value != <{TOTAL}>)")
        units = self._pairs(f"{UNIT} ?value")
        series = self._series()
        figures = self._figures(parts)
        numbers: dict[object, int] = {}
        for iri in iris:
            places = [quoted[each] for each in evidence.get(iri, ()) if each in quoted]
            where = [self._editions[e] for e in self._edition_of[iri] if e in self._editions]
            yield Entry(
                iri,
                "statement",
                self._statement_shown(iri, where, places, caveats.get(iri, ())),
                self._statement_texts(iri, where, places),
                (
                    *(("edition", each) for each in self._edition_of[iri]),
                    *(("topic", each) for each in self._topics.get(iri, ())),
                    *(("speaker", each) for each in self._speakers[iri]),
                    *(("part", each) for each in self._parts.get(iri, ())),
                    *(("unit", each) for each in units.get(iri, ())),
                    *(("amount", each) for each in self._amounts.get(iri, ())),
                ),
                self._standing(iri, where, periods.get(iri, ()), figures),
                numbers.setdefault(series.get(iri) or self._remark(iri, where), len(numbers)),
                _year(periods.get(iri, ())),
            )

    def _standing(
        self, iri: str, where: list[Edition], periods: Iterable[str], figures: dict[str, Standing]
    ) -> Standing:
        is_ours = OURSELVES in self._speakers[iri]
        figure = figures.get(iri) or Standing(INFERENCE if is_ours else REMARK)
        return figure._replace(
            # A sum of ours follows the parts that the source states.
            stage=figure.stage + (is_ours and figure.is_figure),
            edition=max(map(self._rank, where), default=0),
            period=max(_years(periods), default=0),
        )

    def _rank(self, edition: Edition) -> int:
        """Return the year of an edition or a document, in their order."""
        if edition.year:
            return edition.year + 10_000 * (1 + edition.is_complete)
        return self._issued.get(edition.iri, 0)

    @cached_property
    def _issued(self) -> dict[str, int]:
        """The year of each document: of its issue, else the latest that it has a figure on."""
        periods = self._pairs(f"?statement tip:document ?thing ; {PERIOD} ?value")
        issued = self._pairs("?thing a tip:Document ; tip:issuedIn ?value")
        found = (periods | issued).items()
        return {document: max(_years(each), default=0) for document, each in found}

    def _statement_shown(
        self, iri: str, where: list[Edition], places: list[Passage], caveats: Iterable[str]
    ) -> DisplayedEntry:
        return DisplayedEntry(
            **self._common(iri),
            editions=tuple(each.slug for each in where),
            speakers=tuple(map(self._called, self._speakers[iri])),
            place=", ".join(dict.fromkeys(each.place for each in places)),
            quote=" … ".join(dict.fromkeys(each.exact for each in places if each.exact)),
            link=places[0].link if places else "",
            caveats=tuple(chain.from_iterable(map(separate, caveats))),
        )

    def _statement_texts(
        self, iri: str, where: list[Edition], places: list[Passage]
    ) -> dict[str, list[str]]:
        countries = [name for each in where for name in self._all_names(each.area)]
        money = MONEY if iri in self._amounts else ()
        return self._own_texts(iri) | {
            "quote": [each.exact for each in places],
            "related": [
                *(name for each in self._about.get(iri, ()) for name in self._all_names(each)),
                *money,
            ],
            "source": [
                *(each.label for each in where),
                *countries,
                *(each.place for each in places if each.sentence),
                *(name for each in self._speakers[iri] for name in self._all_names(each)),
            ],
        }

    def _remark(self, iri: str, where: list[Edition]) -> object:
        """Return the key of a remark: words, speakers and country."""
        return self._labels[iri], *(each.area for each in where), *self._speakers[iri]

    def _common(self, iri: str) -> dict[str, Any]:
        name = entities.slug(iri)
        typed = name if self._slugs[name] == 1 else shorten(iri)
        return {
            "name": name,
            "label": self._labels[iri],
            "type": ", ".join(map(self._called, self._types_of(iri))),
            "command": f"tipgraph show {quote(typed)}",
        }

    def _types_of(self, iri: str) -> list[str]:
        """Classes and tone of a thing; lists of a code; nothing where the kind says it."""
        kind = self._kinds[iri]
        if kind == "code":
            return self._lists.get(iri, [])
        if kind not in ("statement", "actor", "provision"):
            return []
        return [*self._types.get(iri, ()), *self._tones.get(iri, ())]

    def _own_texts(self, iri: str) -> dict[str, list[str]]:
        return {
            "names": self._names.get(iri, []),
            "definition": self._definitions.get(iri, []),
            "note": self._notes.get(iri, []),
        }

    def _called(self, iri: str) -> str:
        return self._labels.get(iri) or shorten(iri)

    def _all_names(self, iri: str) -> list[str]:
        return [self._labels[iri], *self._names.get(iri, ())] if iri in self._labels else []

    @cached_property
    def _alternatives(self) -> dict[str, list[str]]:
        return self._pairs("?thing a tip:Country ; skos:altLabel ?value")

    def _figures(self, parts: Collection[str]) -> dict[str, Standing]:
        """Return what the graph states of each figure, but for its edition and its period."""
        of_persons = {
            **dict.fromkeys(matching(self._engine, f"{UNIT} code:percent"), SHARE),
            **dict.fromkeys(matching(self._engine, f"{UNIT} code:persons"), HEADCOUNT),
        }
        of_one_agency = {*matching(self._engine, OF_ONE_AGENCY)}
        rows = self._engine.select(
            "SELECT ?thing ?stage ?name ?value ?wider { ?thing tip:precedence ?stage ;"
            " tip:indicator/skos:prefLabel ?name"
            " OPTIONAL { ?thing sdmx-measure:obsValue ?value }"
            " OPTIONAL { ?thing tip:part/skos:broader ?wider } }"
        )
        return {
            iri: Standing(
                FIGURE,
                is_part=iri in parts,
                counts=of_persons.get(iri, THINGS),
                stage=int(str(row["stage"])),
                is_of_one_agency=iri in of_one_agency,
                wordiness=len({*fold(str(row["name"])).split()} - COMMON),
                value=int(min(max(finite(row["value"]) or 0, 0), LARGEST)),
                # It has a part of its own, and groups.
                is_narrow=row["wider"] is not None or len(self._parts.get(iri, ())) > 2,
            )
            for iri, row in zip(map(str, rows.column("thing")), rows, strict=True)
        }

    @cached_property
    def _used_in(self) -> dict[str, dict[str, None]]:
        """The editions whose statements name a thing."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for iri, things in (*self._about.items(), *self._speakers.items()):
            for thing in things:
                found[thing].update(dict.fromkeys(self._edition_of.get(iri, ())))
        return found

    def _things(self) -> dict[str, str]:
        """The kind of each thing."""
        found: dict[str, str] = {}
        for kind, pattern in KINDS.items():
            if pattern:
                for iri in sorted(matching(self._engine, f"{pattern} FILTER(isIRI(?thing))")):
                    found.setdefault(iri, kind)
        return found

    def _label_of_each(self) -> dict[str, str]:
        """English comes before other languages."""
        rows = self._engine.select(f"SELECT ?thing ?label {{ ?thing {entities.LABELS} ?label }}")
        labels = [(thing, label) for thing, label in rows.terms if isinstance(label, Literal)]
        labels.sort(key=lambda row: (row[1].language == "en", row[1].value))
        return {thing.value: label.value for thing, label in labels if thing is not None}

    def _texts(self, path: str) -> dict[str, list[str]]:
        return self._pairs(f"?thing {path} ?value")

    def _pairs(self, pattern: str) -> dict[str, list[str]]:
        """The values of each thing. Sorting them here takes less time than in a query."""
        grouped = self._engine.select(f"SELECT ?thing ?value {{ {pattern} }}").grouped()
        return defaultdict(list, {thing: sorted({*values}) for thing, values in grouped.items()})

    def _series(self) -> dict[str, object]:
        """Return the key of each figure's series, by IRI."""
        names = " ".join(f"?p{i}" for i in range(len(SERIES)))
        properties = " ".join(f"OPTIONAL {{ ?thing {p} ?p{i} }}" for i, p in enumerate(SERIES))
        rows = self._engine.select(
            f"SELECT ?thing {names} {{ ?thing a tip:Figure ; tip:indicator ?any {properties} }}"
        )
        things = map(str, rows.column("thing"))
        return {thing: row[1:] for thing, row in zip(things, rows.terms, strict=True)}


def _years(periods: Iterable[str]) -> list[int]:
    """The years that the short names of periods have."""
    return [int(year) for each in periods for year in re.findall(r"\d{4}", last_part(each))]


def _year(periods: Sequence[str]) -> int | None:
    """The year that a statement is on, where its period is exactly one."""
    years = [last_part(each) for each in periods]
    return int(years[0]) if len(years) == 1 and re.fullmatch(YEAR, years[0]) else None
