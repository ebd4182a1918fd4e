"""One query of the endpoint, run in this process: its answer goes to a file.

The status of a response precedes its body, and a query may fail or find too much at its last row.
So its answer is complete before any of it is sent.
"""

import errno
import re
from collections.abc import Iterable, Iterator, Sequence
from csv import writer
from dataclasses import dataclass
from io import TextIOWrapper
from typing import Any, BinaryIO, NamedTuple, TextIO, TypeVar

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from tipgraph.errors import InputError
from tipgraph.escape import NOT_XML
from tipgraph.explorer.http import choose
from tipgraph.explorer.workers import Limits
from tipgraph.namespaces import PREFIXES
from tipgraph.rdf import sparql
from tipgraph.rdf.terms import Term, plain_term
from tipgraph.render import results
from tipgraph.store.engine import DAMAGE

T = TypeVar("T")


def _write_csv(columns: Sequence[str], rows: Iterable[results.Row], out: TextIO) -> None:
    """SPARQL 1.1 Query Results CSV Format: IRIs and lexical forms."""
    lines = writer(out)
    lines.writerow(columns)
    for row in rows:
        lines.writerow(["" if term is None else _plain(term) for term in row])


def _write_tsv(columns: Sequence[str], rows: Iterable[results.Row], out: TextIO) -> None:
    """SPARQL 1.1 Query Results TSV Format: terms as in Turtle."""
    out.write("\t".join(f"?{name}" for name in columns) + "\n")
    for row in rows:
        cells = ("" if term is None else str(term) for term in row)
        out.write("\t".join(cells).replace("\n", "\\n").replace("\r", "\\r") + "\n")


def _plain(term: Term | Triple) -> str:
    return str(term) if isinstance(term, Triple) else plain_term(term)


# The first is what a client gets that accepts anything.
ROWS: dict[str, results.Write] = {
    "application/sparql-results+json": results.write_json,
    "application/json": results.write_json,
    "application/sparql-results+xml": results.write_xml,
    "application/xml": results.write_xml,
    "text/csv": _write_csv,
    "text/tab-separated-values": _write_tsv,
}
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}
FORMATS: dict[str, Iterable[str]] = {
    "SELECT": ROWS,
    "ASK": ROWS,
    "CONSTRUCT": GRAPHS,
    "DESCRIBE": GRAPHS,
}
# A predicate becomes the name of an element: a namespace, and a local name.
XML_NAME = re.compile(r".*[^\w.-]?[^\W\d][\w.-]*", re.DOTALL)


@dataclass(frozen=True)
class QuerySettings(Limits):
    """The limits on users' queries."""

    # The rows, or triples, of an answer.
    max_rows: int = 100_000
    # They give way to the server's own work.
    niceness: int = 5


class Job(NamedTuple):
    """A query as the protocol gives it, and what its answer may be."""

    text: str
    # The base of relative IRIs.
    base: str
    # The graphs of the request; without any, those of the query, or all.
    default_graphs: list[str]
    named_graphs: list[str]
    accept: str
    max_rows: int


class Outcome(NamedTuple):
    """The status of the response, with the media type of the answer or one line for people."""

    status: int
    media_type: str = ""
    message: str = ""
    # The seconds after which it may be better, if it is not the query's fault.
    retry_after: int = 0


class _Refused(Exception):
    """An answer that is not given: a status, and the reason."""


def work(store: Store, asked: Any, output: BinaryIO | None) -> tuple[Outcome, bytes]:
    """Run a query in a worker: the fields of a job."""
    assert output is not None
    return execute(store, Job(*asked), output), b""


def execute(store: Store, job: Job, output: BinaryIO) -> Outcome:
    """Run a query and write its answer; what is written is worth nothing unless the status is 200.

    The output may raise OSError (EFBIG) where it becomes too long.
    """
    try:
        return Outcome(200, _answer(store, job, output))
    except _Refused as refused:
        status, message = refused.args
        return Outcome(status, message=message)
    except InputError as error:
        return Outcome(400, message=str(error))
    except MemoryError:
        return Outcome(503, message="query: it needs more memory than a query may have")
    except OSError as error:
        return unwritten(error)
    except (ValueError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        if reason.startswith(DAMAGE):
            return Outcome(503, message="the graph's files are damaged; start the server again")
        return Outcome(400, message=f"query: {reason[:1].lower()}{reason[1:]}")


def _answer(store: Store, job: Job, output: BinaryIO) -> str:
    """Write the answer and return its media type."""
    if sparql.is_update(job.text):
        raise _Refused(400, "query: this is an update; the endpoint is read-only")
    sparql.check(job.text, job.base)
    form = sparql.form(job.text)
    offers = list(FORMATS[form])
    media_type = choose(job.accept, offers)
    if media_type is None:
        raise _Refused(406, f"{form}: no acceptable format; there are {', '.join(offers)}")
    answer = store.query(job.text, base_iri=job.base, prefixes=PREFIXES, **_dataset(job))
    if isinstance(answer, QueryBoolean):
        answer.serialize(output, QueryResultsFormat.from_media_type(media_type))
    elif isinstance(answer, QuerySolutions):
        columns = [variable.value for variable in answer.variables]
        text = TextIOWrapper(output, encoding="utf-8", newline="")
        ROWS[media_type](columns, _counted(answer, job.max_rows, "rows"), text)
        text.detach()
    else:
        _write_graph(answer, GRAPHS[media_type], job.max_rows, output)
    output.flush()
    return media_type


def _dataset(job: Job) -> dict[str, Any]:
    """The graphs of a query (SPARQL 1.1 Protocol, section 2.1.4); one that is unknown is empty."""
    if job.default_graphs or job.named_graphs:
        return {
            "default_graph": list(map(NamedNode, job.default_graphs)),
            "named_graphs": list(map(NamedNode, job.named_graphs)),
        }
    return {"use_default_graph_as_union": not sparql.has_dataset(job.text)}


def _write_graph(triples: QueryTriples, syntax: RdfFormat, most: int, output: BinaryIO) -> None:
    # A template may give a triple more than once.
    found = list(_counted(_distinct(triples), most, "triples"))
    if syntax == RdfFormat.RDF_XML:
        _check_xml(found)
    prefixes = None
    if syntax == RdfFormat.TURTLE:
        text = " ".join(map(str, found))
        prefixes = {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}
    serialize(found, output, syntax, prefixes=prefixes)


def _distinct(triples: Iterable[Triple]) -> Iterator[Triple]:
    known: set[Triple] = set()
    for triple in triples:
        if triple not in known:
            known.add(triple)
            yield triple


def _check_xml(triples: Iterable[Triple]) -> None:
    """Refuse what RDF/XML cannot express; pyoxigraph would write a broken document."""
    for triple in triples:
        predicate, found = triple.predicate.value, triple.object
        if isinstance(found, Triple):
            _check_xml([found])
        elif not XML_NAME.fullmatch(predicate) or re.search(NOT_XML, found.value):
            reason = f"RDF/XML cannot express a triple of <{predicate}>; ask for text/turtle"
            raise _Refused(406, reason)


def _counted(items: Iterable[T], most: int, what: str) -> Iterator[T]:
    for number, item in enumerate(items):
        if number == most:
            raise _Refused(
                400,
                f"query: it has more than {most:,} {what}; add LIMIT, or start the server with a"
                " larger --max-rows",
            )
        yield item


def unwritten(error: OSError) -> Outcome:
    """Return why an answer cannot be kept as a file."""
    if error.errno == errno.EFBIG:
        return Outcome(400, message="query: its answer is too long; select less or add LIMIT")
    if error.errno is None:
        # "JSON-LD does not support RDF 1.2 yet"
        return Outcome(406, message=f"query: {error}; ask for another format")
    return Outcome(503, message=f"the answer cannot be kept: {error.strerror}")
