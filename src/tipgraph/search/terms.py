"""Parse a search into words, phrases and prefixes, in all their spellings.

Nothing of it is read as the syntax of FTS5. Words between quotation marks are a phrase, a star
completes a word, and everything else is text. Words such as "how" and "the" need not match.
"""

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product

from tipgraph.search.index import COMPOUND, EDGE, KINDS, WORD, YEAR, canonical
from tipgraph.text import fold, nearest

# The most words of a search that count, and characters; the longest word that is compared.
MOST_WORDS, MOST_CHARACTERS, LONGEST = 32, 10_000, 40
# A name is no whole match if it has this many times the characters of the terms, and some more.
LONGER, MORE = 3, 40
# A phrase in quotation marks of any kind, or a text without spaces.
CHUNKS = r'["“”„]([^"“”„]*)["“”„]|([^\s"“”„]+)'
# Words for parts that sources count in other words. Boys, and male children, are no men.
COUNTED_AS = {"man": "male", "men": "male", "woman": "female", "women": "female"}
CHILDREN = ("child", "children", "minor")
# The country after a name, in parentheses.
LOCAL = r" \([^()]*\)(?= |$)"
# The words that a star stands for.
COMPLETED = 200
# The most known words that are suggested for an unknown one, and how similar they are.
NEAREST, LIKENESS = 3, 0.7
# Words that need not match.
FUNCTION = """
a about an and any are as ask asks at be been between by can could count counted counts did do does
for from get gets give gives got had has have how i if in into is it its long many may me might must
my number of offer offers on or our provide provides receive received receives should so some
than that the their them there these they this those to versus vs was we were what when where which
who whom whose why will with would you your
"""
FUNCTION_WORDS = frozenset(FUNCTION.split())


@dataclass(frozen=True)
class Term:
    """A word or a phrase of a search, with the other wordings that match too.

    `phrases` are those of a name that the word is a part of. What a thing is about has these
    alone: a figure that is broken down by sex is none on sex trafficking.
    """

    text: str
    wordings: tuple[str, ...]
    phrases: tuple[str, ...] = ()

    @property
    def is_function_word(self) -> bool:
        return self.text in FUNCTION_WORDS

    @property
    def is_year(self) -> bool:
        return bool(re.fullmatch(YEAR, self.text))

    @property
    def expression(self) -> str:
        # A note that names a year compares with it.
        columns = "- note : " if self.is_year else ""
        counted = [] if self.phrases else [f"label : {each}" for each in self.of_part]
        expression = columns + any_of([*map(_quoted, self.wordings), *counted])
        if not self.phrases:
            return expression
        return any_of([f"- related : {expression}", *(f"related : {e}" for e in self.of_part)])

    @property
    def as_written(self) -> str:
        """The expression that the words as they are written match, and no others of their stem."""
        wordings = [*self.wordings, *filter(None, [COUNTED_AS.get(self.text)])]
        return any_of(f"({' AND '.join(map(_quoted, each.split()))})" for each in wordings)

    @property
    def of_part(self) -> list[str]:
        """The words of a label, each as an expression, that name a part as the term does."""
        if self.phrases or self.text not in COUNTED_AS:
            return [*map(_quoted, self.phrases)]
        sex = _quoted(COUNTED_AS[self.text])
        children = any_of(f"NEAR({sex} {_quoted(each)}, 1)" for each in CHILDREN)
        return [_quoted(self.text), f"({sex} NOT {children})"]


def parse(index: sqlite3.Connection, text: str) -> list[Term]:
    """The terms of what a user typed, each once, as far as they count."""
    found: dict[str, Term] = {}
    for quoted, chunk in dict.fromkeys(re.findall(CHUNKS, text[:MOST_CHARACTERS])):
        for term in [phrase_of(quoted)] if quoted else _words(index, chunk):
            if term.wordings and len(found) < MOST_WORDS:
                found.setdefault(term.text, term)
    return list(found.values())


def phrase_of(text: str) -> Term:
    """The term of a phrase."""
    words = " ".join(split(text))
    return Term(words, (words,) if words else ())


def _words(index: sqlite3.Connection, chunk: str) -> Iterator[Term]:
    """The words of a text without spaces, each with its other spellings, or all that it begins."""
    # The possessive of a word is the word.
    for word in re.findall(rf"(?:{COMPOUND}|{WORD})\*?", re.sub(r"['\u2019]s\b", "", fold(chunk))):
        parts = split(word)
        if not word.endswith("*"):
            yield Term(word, (" ".join(parts), *_spellings(index, "".join(parts))))
        elif len(parts) == 1:
            yield Term(word, (*parts, *_beginning(index, *parts)))
        else:
            yield Term(word, (" ".join(parts),))


def split(text: str) -> list[str]:
    """The words of a phrase, as far as they count."""
    return re.findall(WORD, fold(text))[:MOST_WORDS]


def _spellings(index: sqlite3.Connection, word: str) -> list[str]:
    """The known words, or phrases, that are the same word in another spelling."""
    if len(word) > LONGEST:
        return []
    rows = index.execute("SELECT phrase FROM word WHERE canonical = ?", (canonical(word),))
    return [phrase for (phrase,) in rows]


def _beginning(index: sqlite3.Connection, start: str) -> list[str]:
    rows = index.execute(
        "SELECT phrase FROM word WHERE phrase >= ? AND phrase < ? LIMIT ?",
        (start, f"{start}\U0010ffff", COMPLETED),
    )
    return [phrase for (phrase,) in rows]


def similar_words(index: sqlite3.Connection, term: Term, likeness: float = LIKENESS) -> list[str]:
    """Known words that are similar to one that is not known."""
    word = term.text.rstrip("*")
    if len(word) > LONGEST:
        return []
    known = (phrase for (phrase,) in index.execute("SELECT phrase FROM word ORDER BY phrase"))
    words = (each for each in known if not each.isdecimal())
    return nearest(word, words, most=NEAREST, likeness=likeness)[:NEAREST]


def joined(terms: Iterable[Term], pair: Sequence[Term]) -> list[Term]:
    """The terms, with two of them as parts of the name that they make up."""
    phrases = tuple(map(" ".join, product(*(each.wordings for each in pair))))
    return [replace(e, phrases=e.phrases + phrases) if e in pair else e for e in terms]


def content_terms(terms: Sequence[Term]) -> list[Term]:
    """The terms that must match: all but function words, where there are others."""
    return [each for each in terms if not each.is_function_word] or list(terms)


def years(terms: Iterable[Term]) -> set[int]:
    """The years among the terms."""
    return {int(each.text) for each in terms if each.is_year}


def named_editions(index: sqlite3.Connection, terms: Sequence[Term]) -> set[int]:
    """The editions and documents with all terms in their names, where these make up one of them.

    The order does not matter: "Malta 2022 report" names the edition "Malta 2022".
    """
    words = {each.text for each in terms}
    rows = _with_names(index, content_terms(terms), ["edition", "document"])
    return {
        number
        for number, _, names in rows
        if any(words.issuperset(content_words(each)) for each in names.split(EDGE) if each.strip())
    }


def linked(index: sqlite3.Connection, role: str, number: int) -> set[int]:
    """The numbers of the rows that have a thing, given by its number, in a role."""
    rows = index.execute(
        "SELECT link.thing FROM link JOIN thing ON target = iri WHERE role = ? AND id = ?",
        (role, number),
    )
    return {row for (row,) in rows}


def statements_in(index: sqlite3.Connection, among: Iterable[str]) -> set[int]:
    """Return the rows of the statements of the editions."""
    iris = tuple(among)
    rows = index.execute(
        "SELECT id FROM thing JOIN link ON thing = id WHERE kind = ? AND role = 'edition'"
        f" AND target IN ({', '.join('?' * len(iris))})",
        ("statement", *iris),
    )
    return {number for (number,) in rows}


def rest(terms: Iterable[Term], phrases: Iterable[Term]) -> list[Term]:
    """The terms that are no words of the phrases, nor a compound in one, such as d'Ivoire."""
    texts = [each.text for each in phrases]
    joined = {canonical(word) for text in texts for word in content_words(text)}
    others = (each for each in terms if canonical(each.text) not in joined)
    compounds = ((each, f" {' '.join(split(each.text))}") for each in others)
    return [e for e, words in compounds if not any(text.endswith(words) for text in texts)]


def content_words(text: str) -> list[str]:
    """The words of a name that count, or all of them."""
    words = re.findall(WORD, fold(text))
    return [each for each in words if each not in FUNCTION_WORDS] or words


def name_key(name: str) -> str:
    """Return the key that all spellings of a name share."""
    return "".join(canonical(word) for word in re.findall(WORD, fold(name)))


def rows_matching(index: sqlite3.Connection, expression: str, table: str = "text") -> set[int]:
    """The numbers of the rows of a table that an expression of FTS5 matches."""
    rows = index.execute(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (expression,))
    return set(chain.from_iterable(rows))


def _quoted(text: str) -> str:
    """The text as a phrase in the syntax of FTS5."""
    return '"' + text.replace('"', '""') + '"'


def any_of(expressions: Iterable[str]) -> str:
    """An expression of FTS5 that matches where one of these does."""
    return f"({' OR '.join(dict.fromkeys(expressions))})"


@dataclass(frozen=True)
class Names:
    """The rows with all terms in their names.

    Of those in `whole` the terms are a whole name; `parts` has how much of a name they are, 0 for
    a statement with a longer label.
    """

    whole: frozenset[int]
    parts: dict[int, float]


def matching_names(
    index: sqlite3.Connection,
    terms: Sequence[Term],
    kinds: Collection[str] = KINDS.keys(),
    is_local: bool = False,
) -> Names:
    """The rows of some kinds that have all terms in their names.

    A name that `is_local` needs no country, as in "NGOs (Malta)".
    """
    content = content_terms(terms)
    wanted = {name_key(" ".join(each.text for each in some)) for some in (terms, content)}
    size = sum(len(re.findall(WORD, each.text)) for each in content)
    whole: set[int] = set()
    parts: dict[int, float] = {}
    rows = _with_names(index, content, kinds)
    longest = LONGER * max(map(len, wanted)) + MORE
    for number, kind, names in rows:
        if kind == "statement" and len(names) > longest:
            # Most of the rows of a report: their labels are sentences.
            parts[number] = 0
            continue
        if is_local:
            names = re.sub(LOCAL, "", names)
        words = {name: content_words(name) for name in names.split(EDGE) if name.strip()}
        # A name may have no such word: a sign, or only articles.
        parts[number] = size / min(filter(None, map(len, words.values())), default=1)
        if any(
            abs(len(counted) - size) <= 1
            and not wanted.isdisjoint((name_key(name), name_key(" ".join(counted))))
            for name, counted in words.items()
        ):
            whole.add(number)
    return Names(frozenset(whole), parts)


def _with_names(
    index: sqlite3.Connection, terms: Sequence[Term], kinds: Collection[str]
) -> sqlite3.Cursor:
    """The number, the kind and the names of each row of some kinds with all terms in its names."""
    expression = " AND ".join(each.expression for each in terms)
    return index.execute(
        "SELECT id, kind, names FROM text JOIN thing ON id = text.rowid"
        f" WHERE text MATCH ? AND kind IN ({', '.join('?' * len(kinds))})",
        (f"names : ({expression})", *kinds),
    )
