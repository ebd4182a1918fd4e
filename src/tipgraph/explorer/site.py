"""The graph with what all pages need: its things, its templates, and its addresses."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from itertools import count
from os.path import basename
from secrets import token_hex
from textwrap import shorten as shorten_text
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pyoxigraph import NamedNode, Quad, Store

from tipgraph import entities
from tipgraph.attached_texts import fingerprint
from tipgraph.cite import FORMATS as CITATIONS
from tipgraph.cite import Citation, cite_answer, graph_year
from tipgraph.entities.editions import Edition, editions
from tipgraph.explorer import addresses
from tipgraph.explorer.http import IN_FILES, MEDIA_TYPES, SYNTAXES, Content
from tipgraph.graph import LocalGraph
from tipgraph.namespaces import ONTOLOGY_GRAPH, OURS, SHAPES_GRAPH, shorten
from tipgraph.queries.parameters import Parameter
from tipgraph.rdf import files
from tipgraph.render.document import Cell, Document
from tipgraph.safe_text import web_address
from tipgraph.store.engine import Embedded, Remembering, grouped, matching
from tipgraph.text import plural
from tipgraph.version import VERSION

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# The IRIs of the ontology's modules begin with this.
ONTOLOGY = f"{OURS}ontology/"
# Names of the syntaxes of RDF for readers.
NAMES = {"turtle": "Turtle", "jsonld": "JSON-LD", "ntriples": "N-Triples"}
# The macros that all templates have, by the names of their files.
MACROS = ("blocks", "macros")
# The most items of a list, and rows of a table, on one page.
LONGEST = 200
# The most items of a list in the files, where no page follows.
LONGEST_IN_FILES = 50
# The mark of a page that another one follows.
NEXT = b'rel="next"'
# The most facts, and characters, of the sentence that a link to a page shows.
MOST_FACTS, MOST_CHARACTERS = 5, 200
# The most editions that a citation names.
MOST_SOURCES = 12

# The values of templates that a page may be without.
ABSENT: dict[str, Any] = {
    **dict.fromkeys(("problem", "triples", "columns", "whole", "wider", "cut", "reason"), ""),
    **dict.fromkeys(("document", "truth", "embedded", "source", "others"), None),
    **dict.fromkeys(("name", "suggestions"), ""),
    **{name: {} for name in ("downloads", "divisions", "chart_files", "links", "chosen")},
}

# The parts of things, which have no page of their own: quotes, places, caveats, amounts, and what
# rules derive from statements. Of several things with one part, the first has it. What has a
# speaker of its own is no part.
PARTS = """
SELECT ?part (MIN(?whole) AS ?first) {
  { ?whole tip:caveat ?part . ?part a tip:FigureCaveat }
  UNION { ?part oa:hasBody ?whole }
  UNION { ?part a tip:Passage ; tip:sentence ?whole }
  UNION { ?whole tip:evidence ?part . ?part a tip:PageReference }
  UNION { ?whole tip:evidence ?part . ?part a tip:DocumentPlace }
  UNION { ?whole oa:hasSelector|oa:refinedBy|tip:amount ?part }
  UNION { ?part a qb:DataSet ; tip:edition ?whole }
  UNION {
    ?part a tip:Derived ; prov:wasDerivedFrom ?whole .
    MINUS { ?part tip:speaker ?speaker }
  }
  FILTER(isIRI(?part) && isIRI(?whole) && ?part != ?whole)
} GROUP BY ?part
"""


@dataclass(eq=False)
class Site:
    """The graph to make pages of. Nothing may be added to it.

    With `with_text`, pages show the sentences of texts that the user has attached. With `is_static`
    they are files, without a server that answers forms. `contact` is the address for reports of
    mistakes, to which the thing or the page is appended; pages have no link without one. `base` is
    the address of the first folder of files, which ends with a slash, where it is known.
    `docs` is the address of the documentation, if pages shall lead there.
    `templates` is a package with further templates.
    """

    graph: LocalGraph
    contact: str = ""
    with_text: bool = False
    is_static: bool = False
    templates: str = ""
    base: str = ""
    docs: str = ""
    _values: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False)
    # Pages depend on more than the graph: queries, the language, what is installed.
    _run: str = field(default_factory=token_hex, init=False)

    @property
    def tag(self) -> str:
        """Return a key that changes with each run, and with the attached texts."""
        return sha256(f"{self._run} {self._texts}".encode()).hexdigest()[:24]

    @property
    def has_texts(self) -> bool:
        """Return whether pages may show sentences of attached texts."""
        return bool(self._texts)

    @property
    def _texts(self) -> str:
        return fingerprint() if self.with_text else ""

    @property
    def syntaxes(self) -> Collection[str]:
        """The syntaxes of RDF that things and documents have."""
        return IN_FILES if self.is_static else SYNTAXES

    @property
    def engine(self) -> Embedded:
        return self.graph.engine

    @cached_property
    def private(self) -> LocalGraph:
        """The same graph with an engine that keeps nothing of what it is asked, for cases."""
        graph = copy(self.graph)
        graph.engine = Embedded(self.engine.store)
        return graph

    @cached_property
    def things(self) -> frozenset[str]:
        """The IRIs that the graph describes, and those of the shapes."""
        described = matching(self.engine, "?thing ?p ?o FILTER(isIRI(?thing))")
        shapes = (quad.subject for quad in self.shapes)
        named = (each.value for each in shapes if isinstance(each, NamedNode))
        return frozenset([*described, *named])

    @cached_property
    def shapes(self) -> Store:
        """The shapes, which are not in the graph."""
        store = Store()
        for file in self.graph.resources.shapes():
            store.extend(files.read(file, SHAPES_GRAPH))
        return store

    def module(self, iri: str) -> list[Quad]:
        """The triples of a module of the ontology, which is a file; none for another thing."""
        if not iri.startswith(ONTOLOGY):
            return []
        name = f"{iri.removeprefix(ONTOLOGY)}.ttl"
        found = (each for each in self.graph.resources.ontology() if basename(each) == name)
        return [Quad(*quad.triple) for file in found for quad in files.read(file, ONTOLOGY_GRAPH)]

    def values(self, type: str) -> Mapping[str, str]:
        """The names of the values of a parameter of this type, with their labels, which sort them.

        Raises InputError when the graph has no such class or code list.
        """
        if type not in self._values:
            allowed = Parameter("value", type).allowed(self.engine)
            labels = self.labels(allowed)
            ordered = sorted(allowed, key=labels.__getitem__)
            self._values[type] = {allowed[iri]: labels[iri] for iri in ordered}
        return self._values[type]

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """All editions by IRI, the oldest first."""
        return editions(self.engine)

    @cached_property
    def areas(self) -> frozenset[str]:
        """The IRIs of the countries that have an edition."""
        return frozenset(each.area for each in self.editions.values() if each.area)

    @cached_property
    def wholes(self) -> Mapping[str, str]:
        """The thing on whose page each part of one is, by the IRI of the part."""
        return wholes(self.engine)

    @cached_property
    def parts(self) -> Mapping[str, Mapping[str, str]]:
        """The parts of each thing that has some, sorted, with their labels.

        To ask for those of each page would take as long as to make it.
        """
        labels = self.labels(sorted(self.wholes))
        belonging = grouped((self.wholes[part], part) for part in labels)
        return {whole: {part: labels[part] for part in of} for whole, of in belonging.items()}

    def address(self, iri: str) -> str:
        """The address of the page for a thing, or of its place there; empty where there is none."""
        if iri in self.wholes:
            return addresses.part_address(self.wholes[iri], iri)
        return addresses.address(iri) if iri in self.things else ""

    def link(self, iri: str) -> str:
        """Return the link of a thing: its page here, else its own address on the web.

        The files have no places of parts: no server leads from the IRI of a part to one.
        """
        iri = self.wholes.get(iri, iri) if self.is_static else iri
        foreign = "" if iri.startswith(OURS) else web_address(iri)
        return self.address(iri) or foreign

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """The label of each thing, or a short form of its IRI, in the given order."""
        wanted = list(iris)
        known = entities.labels(self.engine, wanted)
        return {iri: known.get(iri) or shorten(iri) for iri in wanted}

    def page(
        self,
        template: str,
        title: str,
        status: int = 200,
        *,
        subject: str = "",
        cited: Citation | None = None,
        formats: Mapping[str, str] | None = None,
        **values: Any,
    ) -> Content:
        """A page of a template, with its title.

        `subject` is the IRI of the thing that it is about, or its own address; a report of a
        mistake names it. `cited` is its citation, without which it is cited as a part of tipgraph,
        and `formats` has the addresses of its RDF.
        """
        cited = cited or self.cited(title)
        body = self.render(
            template,
            title=title,
            version=VERSION,
            names=NAMES,
            media_types=MEDIA_TYPES,
            mistake=self.contact_address(subject or title),
            citations={name: CITATIONS[name](cited) for name in self._citations(cited)},
            formats=formats or {},
            is_static=self.is_static,
            docs=self.docs,
            sentence=_sentence(values),
            **(ABSENT | values),
        )
        return Content(body, status=status)

    def _citations(self, cited: Citation) -> Collection[str]:
        """The formats of a citation: in the files, text, and BibTeX of editions and sentences."""
        if not self.is_static:
            return CITATIONS
        return ("text",) if cited.is_record or cited.statement else ("text", "bibtex")

    def render(self, template: str, **values: Any) -> bytes:
        """Return the content of a template with these values."""
        return self._environment.get_template(template).render(values).encode()

    def cited(self, title: str, command: str = "", sources: Sequence[Cell] = ()) -> Citation:
        """The citation of a page: the command that gives the same, and the editions behind it."""
        named = [" ".join(filter(None, [each.text, each.link])) for each in sources[:MOST_SOURCES]]
        more = len(sources) - len(named)
        if more:
            named.append(other_sources(plural(more, "other edition")))
        return cite_answer(title, self._year, self.digest, command, named)

    def contact_address(self, subject: str = "") -> str:
        """The address at which to report a mistake about a thing or a page, empty without one."""
        return self.contact + quote(subject, safe="") if self.contact else ""

    @cached_property
    def _year(self) -> int:
        return graph_year(self.engine)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the graph, empty where it is unknown."""
        return self.graph.digest

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import ChoiceLoader, PackageLoader

        from tipgraph.render.page import environment

        packages = ["tipgraph.explorer", "tipgraph.render", *filter(None, [self.templates])]
        made = environment(ChoiceLoader([PackageLoader(each) for each in packages]), self.link)
        made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        made.filters["counted"] = counted
        made.filters["short"] = shorten
        made.filters["anchor"] = addresses.anchor
        made.filters["in_new_tab"] = in_new_tab
        # To import them into each page would take longer than to fill some.
        for name in MACROS:
            made.globals[name] = made.get_template(f"{name}.html").module
        return made


def in_new_tab(html: "Markup") -> "Markup":
    """The HTML of a template with its links opening in a new tab, but for those to its parts."""
    from markupsafe import Markup

    # In the text, < and > are escaped.
    return Markup(re.sub(r'<a (?=[^>]*href="[^#])', '<a target="_blank" rel="noopener" ', html))


def _sentence(values: Mapping[str, Any]) -> str:
    """Return what a page answers, in short, for a link to it; empty where it has no answer."""
    document = values.get("document")
    if "statement" in values:
        return str(values["statement"])
    if "query" in values:
        return f"{values['query'].summary}."
    texts = [*document.head] if document else []
    for section in document.filled[:1] if document else ():
        texts += section.paragraphs
        for item in section.items[:MOST_FACTS]:
            named = item.line or "; ".join(each.text for each in item.parts)
            texts.append(": ".join(filter(None, [item.lead, named])))
    return shorten_text("; ".join(texts), MOST_CHARACTERS, placeholder=" …")


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `2,000 rows`: a number with a noun, which takes a plain `s`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def other_sources(counted: str) -> str:
    """Return the words in a citation for the editions that it does not name."""
    return f"and {counted}, which the answer names"


def in_memory(graph: LocalGraph) -> LocalGraph:
    """The same graph in memory, where queries are two to four times as fast as on disk."""
    copied = copy(graph)
    copied.engine = Embedded(graph.copied_to_memory())
    return copied


def remembering(graph: LocalGraph) -> LocalGraph:
    """The same graph with an engine that keeps what it was asked, where nobody else asks it."""
    copied = copy(graph)
    copied.engine = Remembering(graph.engine)
    return copied


def part(document: Document, number: int, most: int) -> tuple[Document, int, int]:
    """The nearest page of a long document, with its number, and how many pages there are.

    Each list has at most `most` of its items on each page.
    """
    longest = max([0, *(len(each.items) for each in document.sections)])
    number, pages = page_of(longest, number, most)
    if pages == 1:
        return document, number, pages
    start = (number - 1) * most
    sections = (replace(each, items=each.items[start : start + most]) for each in document.sections)
    return replace(document, sections=tuple(sections)), number, pages


def numbered(address: str, make: Callable[[int], Content]) -> Iterator[tuple[str, Content]]:
    """Return a page by its address, and those that follow where its lists are long.

    `make` returns the page with a number, from 1.
    """
    mark = "&" if "?" in address else "?"
    for number in count(1):
        content = make(number)
        yield (address if number == 1 else f"{address}{mark}page={number}"), content
        if NEXT not in content.body:
            break


def page_of(length: int, number: int, most: int) -> tuple[int, int]:
    """The nearest page that there is, with `most` of a list on each, and how many there are."""
    pages = max(1, -(-length // most))
    return min(max(number, 1), pages), pages


def page_number(parameters: Mapping[str, str]) -> int:
    """The number of the page that is asked for, 1 without any."""
    given = parameters.get("page", "")
    return int(given) if given.isdecimal() and len(given) < 6 else 1


def wholes(engine: Embedded) -> dict[str, str]:
    """Return the thing that each part belongs to, by the IRI of the part; none is a part itself."""
    found = {str(row["part"]): str(row["first"]) for row in engine.select(PARTS)}

    def whole(part: str) -> str:
        passed = [part]
        while passed[-1] in found and found[passed[-1]] not in passed:
            passed.append(found[passed[-1]])
        return passed[-1]

    belonging = {part: whole(part) for part in found}
    return {part: each for part, each in belonging.items() if each not in found}
