"""Check of an edition's folder while it is being written: all problems in one run."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import entry_points
from itertools import starmap
from os import PathLike, fspath
from os.path import join, realpath, relpath
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from tipgraph import texts
from tipgraph.editions.figures import hedges
from tipgraph.editions.folder import (
    CheckResult,
    Completeness,
    EditionFinding,
    EditionFolder,
    read_folder,
)
from tipgraph.editions.quotes import contradictions
from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import (
    CODE,
    DERIVED_GRAPH,
    GRAPH,
    ID,
    ONTOLOGY_GRAPH,
    OURS,
    PREFIXES,
    last_part,
)
from tipgraph.resources import folders
from tipgraph.resources.folders import Resources
from tipgraph.store.completion import divide
from tipgraph.store.engine import Embedded, grouped, matching
from tipgraph.store.parts import Source, load, own_sources
from tipgraph.store.rules import derive, read_rules
from tipgraph.text import join as listed
from tipgraph.texts import Coverage
from tipgraph.validate import Defaults, Finding, ValidationRequest, validate
from tipgraph.validate.engines import Progress
from tipgraph.validate.report import Location
from tipgraph.validate.suggestions import namespace, similar
from tipgraph.validate.triples import (
    SHACL,
    TYPE,
    Term,
    merge_prefixes,
    shorten,
    to_text,
    with_standard_prefixes,
)

# The check of coverage reports each sentence with its place.
COVERAGE_SHAPE = PREFIXES["tipsh"] + "Coverage"
MIN_COUNT = SHACL + "MinCountConstraintComponent"
SPARQL = SHACL + "SPARQLConstraintComponent"
# The mark in a stub where a person must decide.
TODO = "TODO"
FilePath = str | PathLike[str]
FurtherCheck = Callable[[EditionFolder, Completeness], Iterable[EditionFinding]]
# The group of entry points with the checks of other distributions.
CHECKS = "tipgraph.checks"
PINNED_TEXT = (
    "ASK { ?text a tip:SourceText ; tip:edition/a tip:Edition ; tip:sha256 ?digest ;"
    " tip:codePoints ?length FILTER(isNumeric(?length)) }"
)
# Each figure with a quote; that of a converted amount quotes another one.
QUOTED = """
SELECT ?figure ?value ?unit ?period ?hedged ?quote ?words
WHERE {
  ?figure tip:quote ?quote .
  { ?figure sdmx-measure:obsValue ?value BIND(?figure AS ?quantity) }
  UNION
  { ?figure tip:amount ?quantity .
    ?quantity tip:amountValue ?value
    FILTER NOT EXISTS { ?quantity tip:convertedFrom ?paid } }
  OPTIONAL { ?quantity sdmx-attribute:unitMeasure|tip:currency ?unit }
  OPTIONAL { ?figure sdmx-dimension:refPeriod ?period }
  OPTIONAL { ?figure tip:countedWords ?words FILTER(!LANGMATCHES(LANG(?words), "en")) }
  BIND(EXISTS { ?quantity tip:qualifiedBy|tip:numberQualifier ?qualifier } ||
       EXISTS { ?quantity tip:approximate true } AS ?hedged)
}
"""
# Everything in these namespaces is described in the graph.
NAMESPACES = (OURS, PREFIXES["country"], PREFIXES["currency"])
# Where to describe a new entity, by its noun.
ADVICE = {
    "actor": "describe it in the folder's actors.ttl",
    "code": "add it to ontology/codes.ttl",
}


@dataclass(frozen=True)
class UndefinedTerm:
    """An undefined term in a triple, and its place.

    Findings about the `nodes` may be consequences: those of the triple, and the similar ones.
    """

    iri: str
    place: Location
    message: str
    nodes: frozenset[str]


def shape_findings(
    resources: Resources,
    folder: EditionFolder,
    beside: Sequence[str],
    graph: Embedded,
    undefined: Sequence[UndefinedTerm],
    progress: Progress,
) -> Iterator[EditionFinding]:
    """The findings of the shipped shapes in the folder; `beside` are the other data files.

    `graph` has all of them, completed.

    There is one finding for each shape and place. Left out are nodes with undefined terms, blank
    nodes, and nodes that are described elsewhere. Raises InputError when the shapes or the files of
    `beside` cannot be used.
    """
    if not folder.documents:
        return
    data = [document.name for document in folder.documents]
    report = validate(
        ValidationRequest(
            data=data,
            defaults=Defaults(
                data=beside,
                shapes=resources.shapes(),
                ontology=resources.ontology(),
                prefixes=PREFIXES,
                complete=lambda data, _: divide(graph.store, data),
            ),
            check_shapes=False,
        ),
        progress,
    )
    if report.errors:
        raise InputError("; ".join(map(str, report.errors)))
    suspects = frozenset[str]().union(*(term.nodes for term in undefined))
    groups = grouped(
        ((each.location or folder.place(each.focus_node), each.shape), each)
        for each in report.findings
        if _is_relevant(each, folder) and suspects.isdisjoint((each.focus_node, each.value))
    )
    for (place, _), (first, *more) in groups.items():
        message = report.message(first)
        hint = f"; {first.hint}" if first.hint else ""
        times = f" ({len(more) + 1} times)" if more else ""
        message = (message.rstrip(".") if hint else message) + hint + times
        yield EditionFinding.at(place, "shape", message)


def _is_relevant(finding: Finding, folder: EditionFolder) -> bool:
    """Return whether the finding is about the folder, and no other check reports it."""
    is_own = finding.focus_node in folder.described or finding.value in folder.described
    has_iri = not finding.focus_node.startswith("_:") and not finding.value.startswith("_:")
    is_certain = not folder.errors or _concerns_one_node(finding)
    return is_own and has_iri and is_certain and finding.shape != COVERAGE_SHAPE


def _concerns_one_node(finding: Finding) -> bool:
    """Return whether the finding depends on one node only, and not on a file that is not read.

    A missing value may be one that the rules derive from the edition.
    """
    is_simple_path = bool(finding.path) and "<" not in finding.path
    return is_simple_path and finding.component not in (SPARQL, MIN_COUNT)


def check(
    path: FilePath,
    text: FilePath | None = None,
    beside: Iterable[FilePath] = (),
    progress: Progress = lambda done, total: None,
) -> CheckResult:
    """All problems in the folder of an edition, which is read together with the shipped graph.

    `text` is the file of the pinned text, `beside` are more RDF files and folders to read.
    `progress` is called during the shape checks, with the number of checks done and their total.

    A file of the folder that cannot be read is a finding. Raises InputError when the folder or
    another input cannot be read, and UsageError when there is a text but none is pinned.
    """
    resources = folders.shipped()
    folder = read_folder(fspath(path))
    text_file = None if text is None else fspath(text)
    more = [fspath(each) for each in beside]
    others = [*_shipped_data(resources, folder), *more]
    graph = _graph(resources, more, folder)
    undefined = list(undefined_terms(graph, folder))
    coverage = _coverage(folder, graph, text_file)
    completeness = _completeness(folder, graph, coverage)
    findings = [
        *_unreadable_files(folder),
        *_not_turtle(folder),
        *_blank_nodes(folder),
        *_undefined(folder, undefined),
        *_further_findings(folder, completeness),
        *_todo_labels(folder),
        *_text_mismatches(folder, coverage),
        *_misquoted(folder, graph),
        *_missing_content(folder, completeness, coverage),
        *shape_findings(resources, folder, others, graph, undefined, progress),
    ]
    return CheckResult(folder.name, tuple(sorted(set(findings))), completeness)


def _shipped_data(resources: Resources, folder: EditionFolder) -> list[str]:
    """The shipped data without the edition: neither the folder itself nor another copy of it."""
    data = join(resources.root, "data")
    here = join(realpath(folder.path), "")
    return [
        file
        for file in resources.data()
        if not realpath(file).startswith(here)
        and relpath(file, data).split(os.sep)[0] != folder.name
    ]


def _graph(resources: Resources, beside: Iterable[str], folder: EditionFolder) -> Embedded:
    """Return the ontology, the shipped data, `beside` and the folder as one completed graph.

    The folder replaces another copy of its edition.
    """
    store = Store()
    own = NamedNode(GRAPH + folder.name)
    load(store, starmap(Source, resources.graphs()))
    store.remove_graph(own)
    load(store, own_sources(beside))
    store.extend(
        Quad(each.quad.subject, each.quad.predicate, each.quad.object, own)
        for each in folder.triples
    )
    derive(store, read_rules(resources)[0])
    return Embedded(store)


def _unreadable_files(folder: EditionFolder) -> Iterator[EditionFinding]:
    for error in folder.errors:
        # A message without a place begins with the file.
        file = next((each for each in folder.files if error.message.startswith(f"{each}: ")), "")
        place = error.location or Location(file or folder.path)
        yield EditionFinding.at(place, error.code, error.message.removeprefix(f"{file}: "))


def _not_turtle(folder: EditionFolder) -> Iterator[EditionFinding]:
    """Files in another syntax: only Turtle is loaded into the edition's graph."""
    message = "write the file as Turtle (.ttl); others are not loaded into the graph"
    for file in folder.files:
        if not file.endswith(".ttl"):
            yield EditionFinding.at(Location(file), "style", message)


def _blank_nodes(folder: EditionFolder) -> Iterator[EditionFinding]:
    message = "give this node an IRI; a blank node can be neither cited nor loaded twice"
    for each in folder.triples:
        for term, place in ((each.quad.subject, each.subject), (each.quad.object, each.object)):
            if isinstance(term, BlankNode):
                yield EditionFinding.at(place, "style", message)


def _undefined(
    folder: EditionFolder, undefined: Iterable[UndefinedTerm]
) -> Iterator[EditionFinding]:
    """Each undefined term at its first place; a file that cannot be read may describe an entity."""
    places = grouped(
        (each.message, each.place)
        for each in undefined
        if not (folder.errors and each.iri.startswith(ID))
    )
    for message, (first, *more) in places.items():
        times = f" ({len(more) + 1} times)" if more else ""
        yield EditionFinding.at(first, "unknown", message + times)


def _further_findings(
    folder: EditionFolder, completeness: Completeness
) -> Iterator[EditionFinding]:
    """The findings of checks that other distributions have as entry points of the group `CHECKS`.

    Each is a function of the folder and its completeness.
    """
    for each in sorted(entry_points(group=CHECKS), key=lambda found: found.name):
        check: FurtherCheck = each.load()
        yield from check(folder, completeness)


def _todo_labels(folder: EditionFolder) -> Iterator[EditionFinding]:
    """Labels of stubs that nobody has written yet."""
    for each in folder.triples:
        if isinstance(each.quad.object, Literal) and each.quad.object.value.startswith(TODO):
            message = "write this text in your own words, without TODO"
            yield EditionFinding.at(each.object, "draft", message)


def _coverage(folder: EditionFolder, graph: Embedded, text: str | None) -> Coverage | None:
    """The coverage of the pinned text, compared with the file `text`; None if none is pinned.

    `graph` includes the ontology. Raises UsageError when there is a file but no pinned text,
    InputError when it cannot be read.
    """
    if folder.engine.ask(PINNED_TEXT):
        store = Store()
        for name in (GRAPH + folder.name, DERIVED_GRAPH):
            store.extend(graph.store.quads_for_pattern(None, None, None, NamedNode(name)))
        # The folder has the most specific classes only, and of the rules only completions have run.
        statements = graph.construct(
            "CONSTRUCT { ?node a tip:Statement } { ?node a/rdfs:subClassOf* tip:Statement }"
        )
        store.extend(Quad(*each) for each in statements)
        return texts.coverage(Embedded(store), text=text)[0]
    if text and not (folder.errors or folder.engine.ask("ASK { ?text a tip:SourceText }")):
        raise UsageError(f"{folder.path}: no text is pinned in this folder; leave out --text")
    return None


def _completeness(
    folder: EditionFolder, graph: Embedded, coverage: Coverage | None
) -> Completeness:
    """The counts for the summary; `graph` includes the ontology."""
    sentences = coverage.sentences if coverage else ()
    is_complete = folder.engine.ask("ASK { ?edition tip:coverage code:complete }")
    statement = f"?thing tip:speaker ?speaker ; tip:edition|tip:document <{folder.edition}>"
    ours = "FILTER(?speaker != id:tipgraph)"
    passage = f"?thing tip:sentence/tip:ofText/tip:edition <{folder.edition}>"
    figures = "VALUES ?kind { tip:Figure tip:PublishedFigure } ?thing a/rdfs:subClassOf* ?kind"
    places = "VALUES ?kind { tip:PageReference tip:DocumentPlace } ?thing a ?kind"
    place = f"{places} ; tip:edition|tip:document <{folder.edition}>"
    return Completeness(
        statements=len(matching(graph, f"{statement} {ours}")),
        figures=len(matching(graph, f"{statement} . {figures}")),
        citations=len(matching(graph, f"{{ {passage} }} UNION {{ {place} }}")),
        sentences=len(sentences),
        covered=sum(bool(sentence.statements) for sentence in sentences),
        coverage="complete" if is_complete else "partial",
        text_checked=bool(coverage and coverage.checked),
    )


def _text_mismatches(folder: EditionFolder, coverage: Coverage | None) -> Iterator[EditionFinding]:
    for mismatch in coverage.mismatches if coverage else ():
        sentence = f"{mismatch.sentence}, " if mismatch.sentence else ""
        message = f"{sentence}offset {mismatch.offset}: {mismatch.problem}"
        # A rule names the selector of a quote after the passage.
        thing = mismatch.thing.removesuffix("-quote")
        yield EditionFinding.at(folder.place(thing), "text", message)


def _misquoted(folder: EditionFolder, graph: Embedded) -> Iterator[EditionFinding]:
    """Figures of the folder that contradict their quote; `graph` has them, completed."""
    words = hedges(graph)
    for row in graph.select(QUOTED):
        figure, value = str(row["figure"]), str(row["value"]).removesuffix(".0")
        if figure not in folder.described:
            continue
        unit, period = (last_part(str(row[column] or "")) for column in ("unit", "period"))
        missing, is_english = () if row["hedged"] else words, row["words"] is None
        for _, problem in contradictions(
            str(row["quote"]), value, unit, period, missing, is_english=is_english
        ):
            yield EditionFinding.at(folder.place(figure), "text", problem)


def _missing_content(
    folder: EditionFolder, completeness: Completeness, coverage: Coverage | None
) -> Iterator[EditionFinding]:
    """A missing or second edition, and sentences without a statement in a complete edition.

    Nothing if a file cannot be read, because it may have the content.
    """
    if folder.errors:
        return
    if not folder.editions:
        message = (
            "no file describes an edition (a tip:Edition) or a document (a tip:Document);"
            " 'tipgraph new' makes one"
        )
        yield EditionFinding.at(Location(folder.path), "coverage", message)
    for other in folder.editions[1:]:
        message = f"a folder has one edition, and this one already has {folder.name}"
        yield EditionFinding.at(folder.place(other), "coverage", message)
    if not completeness.statements:
        place = folder.place(folder.edition)
        yield EditionFinding.at(place, "coverage", "there is no statement yet")
    if coverage and completeness.coverage == "complete":
        for sentence in coverage.uncovered:
            message = f"{sentence.name} has no statement, but the edition is marked complete"
            yield EditionFinding.at(folder.place(sentence.iri), "coverage", message)


def undefined_terms(engine: Embedded, folder: EditionFolder) -> Iterator[UndefinedTerm]:
    """The undefined terms of a folder in the order of the text.

    The engine's graph has the folder, and everything else in the ontology's named graph.
    """
    index = _TermIndex(engine, folder)
    for quad, _, predicate, value in folder.triples:
        if quad.predicate.value not in index.properties:
            yield index.undefined(quad.predicate.value, "property", quad, predicate)
        if index.is_undefined(quad.object):
            iri = quad.object.value
            yield index.undefined(iri, index.noun(iri, quad), quad, value)


class _TermIndex:
    """The described terms of the ontology, the data and the folder."""

    def __init__(self, engine: Embedded, folder: EditionFolder) -> None:
        self._engine = engine
        declared = {name: iri for each in folder.documents for name, iri in each.prefixes.items()}
        self._prefixes = with_standard_prefixes(merge_prefixes(declared, PREFIXES))

    @cached_property
    def properties(self) -> set[str]:
        """The properties that are declared, and those that are used outside the folder."""
        pattern = (
            "{ ?thing a ?kind"
            " VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty } }"
            f" UNION {{ GRAPH {NamedNode(ONTOLOGY_GRAPH)} {{ ?node ?thing ?value }} }}"
        )
        return {*matching(self._engine, pattern)}

    def is_undefined(self, term: Term) -> TypeGuard[NamedNode]:
        """Return whether a term must be described and is not."""
        is_ours = isinstance(term, NamedNode) and term.value.startswith(NAMESPACES)
        return is_ours and term not in self._described

    def noun(self, iri: str, quad: Quad) -> str:
        """The noun for what a triple's object should be."""
        if quad.predicate == TYPE:
            return "class"
        if iri.startswith(CODE):
            return "code"
        is_actor = iri.startswith(ID) and quad.predicate.value in self._actor_properties
        return "actor" if is_actor else "name"

    def undefined(self, iri: str, noun: str, quad: Quad, place: Location) -> UndefinedTerm:
        """The undefined term with its message."""
        start = namespace(iri)
        described = (to_text(each) for each in self._described)
        known = self.properties if noun == "property" else described
        found = similar(iri, (each for each in known if each.startswith(start)))
        message, advice = f"unknown {noun} {self._name(iri)}", ADVICE.get(noun, "")
        if found:
            message += f"; did you mean {listed(map(self._name, found), last='or')}?"
            message += f" Otherwise {advice}" if advice else ""
        elif advice:
            message += f"; correct the name, or {advice}"
        nodes = frozenset((to_text(quad.subject), to_text(quad.object), *found))
        return UndefinedTerm(iri, place, message, nodes)

    def _name(self, iri: str) -> str:
        return shorten(iri, self._prefixes)

    @cached_property
    def _described(self) -> set[Term]:
        return {quad.subject for quad in self._engine.store}

    @cached_property
    def _actor_properties(self) -> set[str]:
        """The properties that can have an actor as value."""
        pattern = (
            "?thing rdfs:range/(owl:unionOf/rdf:rest*/rdf:first)? ?kind"
            " VALUES ?kind { tip:Actor tip:Party }"
        )
        return {*matching(self._engine, pattern)}
