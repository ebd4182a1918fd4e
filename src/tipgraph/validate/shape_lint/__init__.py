"""Shape checks: problems that would let a validation pass without checking anything."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from pyoxigraph import NamedNode

from tipgraph.validate.documents import RdfDocument, query_prefixes
from tipgraph.validate.report import Diagnostic
from tipgraph.validate.shape_lint.embedded_code import (
    broken_patterns,
    broken_queries,
    javascript,
    refused_queries,
    unknown_datatypes,
)
from tipgraph.validate.shape_lint.ineffective import (
    ineffective_shapes,
    lone_parameters,
    undefined_shapes,
    unsupported_terms,
)
from tipgraph.validate.shape_lint.syntax import syntax_errors
from tipgraph.validate.shape_lint.vocabulary import ShapesGraph, undeclared_terms, unknown_terms
from tipgraph.validate.source_map import located
from tipgraph.validate.triples import Node, Triples, with_standard_prefixes

USE_OTHER_SHAPES = "pass the shapes for this data with --shapes"


def lint(
    shapes: Triples,
    documents: Sequence[RdfDocument],
    declared: Triples,
    strict: bool,
    namespace: str = "",
    prefixes: Mapping[str, str] = MappingProxyType({}),
    is_described: Callable[[NamedNode], bool] = lambda term: False,
    ignore: Collection[str] = (),
) -> list[Diagnostic]:
    """The problems of the shapes that show without data, in order of location.

    `documents` are those of the shapes. `declared` describes classes and properties: shapes may
    use no other terms of the namespaces in which it declares any. Without `strict` that applies
    only to terms that start with `namespace`, because other vocabularies may be incomplete.
    `prefixes` are known in addition to those of the documents. `is_described` is whether the data
    describe a term. What the checks in `ignore` find is in the list, but hides nothing else.
    """
    prefixes = with_standard_prefixes(query_prefixes(documents, prefixes))

    def is_in_scope(term: Node) -> bool:
        return strict or (bool(namespace) and term.value.startswith(namespace))

    graph = ShapesGraph(shapes, declared, prefixes, is_in_scope, is_described)
    causes = list(unknown_terms(graph))
    found = [
        *causes,
        *undefined_shapes(graph),
        *undeclared_terms(graph),
        *_without_consequences(causes, syntax_errors(graph)),
        *_without_consequences(causes, lone_parameters(graph)),
        *unsupported_terms(graph),
        *broken_patterns(graph),
        *javascript(graph),
        *unknown_datatypes(graph),
        *broken_queries(graph),
    ]
    # A shape may be ineffective because of an issue found before.
    if not any(issue.code not in ignore and not issue.is_warning for issue in found):
        found += ineffective_shapes(graph)
    return located(found, documents)


def refuse_queries(shapes: Triples, documents: Sequence[RdfDocument]) -> list[Diagnostic]:
    """The queries in shapes that no engine may see, nor any check."""
    return located(list(refused_queries(shapes)), documents)


def no_focus_nodes(counts: Mapping[Node, int]) -> list[Diagnostic]:
    """The error of shapes that select no node at all."""
    if not counts or any(counts.values()):
        return []
    message = "the shapes select no nodes in the data, so nothing was checked"
    return [Diagnostic("no-focus-nodes", message, hint=USE_OTHER_SHAPES)]


def _without_consequences(
    causes: Iterable[Diagnostic], issues: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """The issues about nodes that no cause is about."""
    nodes = {triple.subject for cause in causes for triple, _ in cause.occurrences}
    for issue in issues:
        if not any({triple.subject, term} & nodes for triple, term in issue.occurrences):
            yield issue
