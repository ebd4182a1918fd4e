"""The rows of a stored query with labels, and the texts that a chart shows of them.

These are numbers, citations of editions, footnotes, and the alt text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from string import ascii_lowercase

from tipgraph import entities
from tipgraph.entities import passages
from tipgraph.entities.editions import ALL, Edition, editions
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.queries.catalogue import EDITION, StoredQuery, command
from tipgraph.rdf.terms import Value, finite
from tipgraph.render.document import separate
from tipgraph.store.engine import Engine, grouped, iris_of
from tipgraph.text import join, one_line, plural, sentence

Row = Mapping[str, Value]

# With more footnotes, the text would be longer than the picture.
MOST_FOOTNOTES = 6

NO_RANK = "counts show what each state found and recorded, not how much trafficking there is"


def _is_number(value: Value) -> bool:
    return value is None or finite(value) is not None


class QueryRows:
    """The rows of a stored query; resources are IRIs."""

    def __init__(
        self,
        engine: Engine,
        queries: Mapping[str, StoredQuery],
        query: str,
        parameters: Mapping[str, object],
    ) -> None:
        """Run the query. Raises UsageError for a parameter that is unknown or does not fit."""
        found = engine.select(queries[query].bound(engine, parameters))
        self.engine = engine
        # A text in place of a number, as own data may have, has no place in a chart.
        self.rows: list[Row] = [row for row in found if _is_number(row.get("value"))]
        self.command = command(query, parameters)
        self._query, self._parameters = query, parameters
        self._queries = queries
        self._labels = entities.labels(engine, iris_of(found))
        self._unset = [each.name for each in queries[query].params if each.name not in parameters]

    @property
    def is_of_chosen_editions(self) -> bool:
        """Return whether somebody chose editions, and not all of a country."""
        return self._parameters.get(EDITION, ALL) != ALL

    def of_query(self, query: str, parameters: Mapping[str, object]) -> "QueryRows":
        """The rows of another query over the same graph."""
        return QueryRows(self.engine, self._queries, query, parameters)

    def where(self, condition: Callable[[Row], bool]) -> "QueryRows":
        """The same table with only the rows that meet the condition."""
        return self.with_rows(filter(condition, self.rows))

    def of_area(self, area: str) -> "QueryRows":
        """The same table with only the rows on a country."""
        table = self.where(lambda row: str(row["area"]) == area)
        table.command = command(self._query, {**self._parameters, "area": last_part(area)})
        return table

    def with_rows(self, rows: Iterable[Row]) -> "QueryRows":
        """The same table with these rows."""
        table = copy(self)
        table.rows = list(rows)
        return table

    def only(self, column: str) -> str:
        """The one value of a column in all rows, or an empty text if it has none.

        Raises UsageError, with the parameter to set, when there is more than one.
        """
        values = self.values(column)
        if len(values) > 1:
            labels = ", ".join(map(self.label, values))
            raise UsageError(f"more than one {column}: {labels}; {self._hint(column, values[0])}")
        return values[0] if values else ""

    def values(self, column: str) -> list[str]:
        """The distinct values of a column, in the order of the rows."""
        texts = [str(row[column]) for row in self.rows if row.get(column) is not None]
        return list(dict.fromkeys(texts))

    def label(self, iri: object) -> str:
        """The label of a resource in the rows, or the last part of its IRI."""
        return self._labels.get(str(iri), last_part(str(iri)))

    def _hint(self, column: str, value: str) -> str:
        if column in self._unset:
            return f"choose one, such as -p {column}={last_part(value)}"
        return f"select fewer with {' or '.join(f'-p {name}=…' for name in self._unset)}"


def by_statement(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each statement: a query repeats it per speaker and passage."""
    yield from grouped((row["statement"], row) for row in rows).values()


def caveats(rows: Iterable[Row]) -> list[str]:
    """The distinct caveats of a statement's rows."""
    texts = (text for row in rows for text in separate(str(row["caveat"] or "")))
    return list(dict.fromkeys(one_line(text) for text in texts))


@dataclass(frozen=True)
class CitedEdition:
    """An edition as a chart cites it: its name there, and the sentences that have the figures.

    It may be another document too.
    """

    edition: Edition
    name: str
    sentences: tuple[str, ...]
    is_document: bool = False

    @property
    def year(self) -> int:
        return self.edition.year


def citations(table: QueryRows) -> dict[str, CitedEdition]:
    """Citations of the editions in the rows, by IRI, the oldest first.

    An edition is named by its year, or by its label where two are of the same or no year.
    """
    sentences = _sentences(table)
    found = {
        iri: CitedEdition(edition, f"{edition.year} edition", tuple(sentences.get(iri, [])))
        for iri, edition in editions(table.engine, table.values("edition"), kinds=()).items()
    }
    years = [each.year for each in found.values()]
    if 0 in years or len(set(years)) < len(years):
        return {iri: replace(each, name=each.edition.label) for iri, each in found.items()}
    return found


def source_line(citations: Iterable[CitedEdition]) -> str:
    """The line that names the sources of the figures, by publisher."""
    by_publisher = grouped((each.edition.publisher_label, _reference(each)) for each in citations)
    parts = [
        f"{publisher}: {'; '.join(cited)}" if publisher else "; ".join(cited)
        for publisher, cited in by_publisher.items()
    ]
    return f"Source: {'. '.join(parts)}"


def _sentences(table: QueryRows) -> dict[str, list[str]]:
    """The sentences of each edition in the order of its text."""
    by_edition: dict[str, list[str]] = {}
    for passage in passages.passages(table.engine, table.values("place")).values():
        places = by_edition.setdefault(passage.edition, [])
        if passage.sentence and passage.place not in places:
            places.append(passage.place)
    return by_edition


def _reference(citation: CitedEdition) -> str:
    plural = "s" if len(citation.sentences) > 1 else ""
    places = f"sentence{plural} {join(citation.sentences)}" if citation.sentences else ""
    page = citation.edition.page.partition("://")[2].removeprefix("www.").rstrip("/")
    where = ", ".join(filter(None, [places, page]))
    return f"{citation.edition.label} ({where})" if where else citation.edition.label


def number(value: Value) -> str:
    """A number with thousands separators and without trailing zeros."""
    return f"{Decimal(str(value)).normalize():,f}"


def figure(value: Value, is_approximate: bool, qualifier: str = "") -> str:
    """A number, with the source's word ahead of it, or a sign if it is only approximate."""
    if qualifier:
        return f"{qualifier}\N{NO-BREAK SPACE}{number(value)}"
    return f"≈\N{NO-BREAK SPACE}{number(value)}" if is_approximate else number(value)


def join_editions(names: Sequence[str]) -> str:
    """`2019 and 2020 editions`; names of another form are joined as they are."""
    years = [name.removesuffix(" edition") for name in names]
    if len(names) > 1 and all(year != name for year, name in zip(years, names, strict=True)):
        return f"{join(years)} editions"
    return join(names)


@dataclass(frozen=True)
class AltText:
    """A title and a description, which the file has in separate fields."""

    title: str
    description: str

    def __str__(self) -> str:
        return f"{sentence(self.title)} {self.description}"


class Footnotes:
    """Notes on figures, each once, numbered in the order in which they come.

    Where there are too many, the first are shown, or with `newest_last` the last.
    """

    def __init__(self, notes: Iterable[str], newest_last: bool = False) -> None:
        listed = list(notes)
        distinct = list(dict.fromkeys(listed))
        by_rank = list(dict.fromkeys(reversed(listed))) if newest_last else distinct
        shown = by_rank[:MOST_FOOTNOTES]
        kept = (text for text in distinct if text in shown)
        self._marks = {text: str(number) for number, text in enumerate(kept, 1)}
        omitted = len(distinct) - len(shown)
        self.more = f"{plural(omitted, 'more note')} in the table of the figures" if omitted else ""

    def numbered_as(self, numbers: Mapping[str, int]) -> "Footnotes":
        """The same notes with the numbers of a page; those that it does not have get letters."""
        numbered = copy(self)
        known = sorted((numbers[text], text) for text in self._marks if text in numbers)
        others = (text for text in self._marks if text not in numbers)
        numbered._marks = {text: str(number) for number, text in known}
        numbered._marks |= dict(zip(others, ascii_lowercase, strict=False))
        return numbered

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The marks and texts of the footnotes."""
        return ((mark, sentence(text)) for text, mark in self._marks.items())

    def marks(self, notes: Iterable[str]) -> str:
        """The marks of these notes, to put behind a figure: ` [1-3, 5, a]`."""
        wanted = set(notes)
        found = [mark for text, mark in self._marks.items() if text in wanted]
        numbers = _ranges([int(mark) for mark in found if mark.isdecimal()])
        marks = [*numbers, *(mark for mark in found if not mark.isdecimal())]
        return f" [{', '.join(marks)}]" if marks else ""


def _ranges(numbers: list[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return [_range(run) for run in runs]


def _range(run: list[int]) -> str:
    if len(run) > 2:
        return f"{run[0]}-{run[-1]}"
    return ", ".join(map(str, run))
