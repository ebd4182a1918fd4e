"""The W3C validation report in Turtle, with the results in the order of the findings."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from tipgraph.validate.report import Finding, ValidationReport
from tipgraph.validate.triples import TYPE, Node, Term, as_node, sh, with_standard_prefixes


def render(report: ValidationReport) -> str:
    """The report, its results and their paths. Blank nodes of data and shapes keep their labels."""
    found = [*report.findings, *report.known_findings]
    head = BlankNode()
    described = [
        Triple(head, TYPE, sh("ValidationReport")),
        Triple(head, sh("conforms"), Literal(not (report.errors or found))),
        *_results(head, sh("result"), found),
    ]
    triples = list(_renamed(described))
    text = serialize(triples, format=RdfFormat.TURTLE, prefixes=_used(report.prefixes, triples))
    return (text or b"").decode()


def _results(node: Node, name: NamedNode, findings: Iterable[Finding]) -> Iterator[Triple]:
    """The results of a report, or the details of a result."""
    known = [(as_node(each.triples[0].subject), each) for each in findings if each.triples]
    yield from (Triple(node, name, result) for result, _ in known)
    for result, each in known:
        yield from each.triples
        yield from _results(result, sh("detail"), each.details)


def _renamed(triples: Sequence[Triple]) -> Iterator[Triple]:
    """The triples with labels in their order for the blank nodes that the report describes."""
    described = {triple.subject for triple in triples}
    others = {str(triple.object) for triple in triples if triple.object not in described}
    labels = (f"r{number}" for number in count(1))
    free = (BlankNode(label) for label in labels if f"_:{label}" not in others)
    label = cache(lambda node: next(free))

    def renamed(term: Term) -> Term:
        return label(term) if isinstance(term, BlankNode) and term in described else term

    for triple in triples:
        subject = as_node(renamed(triple.subject))
        yield Triple(subject, triple.predicate, renamed(triple.object))


def _used(prefixes: Mapping[str, str], triples: Sequence[Triple]) -> dict[str, str]:
    """The prefixes of IRIs in the triples, the standard ones included."""
    iris = {term.value for triple in triples for term in triple if isinstance(term, NamedNode)}
    iris |= {each.object.datatype.value for each in triples if isinstance(each.object, Literal)}
    found = {}
    for name, namespace in sorted(with_standard_prefixes(prefixes).items()):
        own = [iri for iri in iris if iri.startswith(namespace)]
        # rdflib does not read `ex:a\.`, which stands for such an IRI.
        if own and not any(iri.endswith(".") for iri in own):
            found[name] = namespace
    return found
