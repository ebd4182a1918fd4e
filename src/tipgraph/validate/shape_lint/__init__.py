"""What keeps a validation from passing by accident."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from tipgraph.namespaces import OURS
from tipgraph.validate import names
from tipgraph.validate.inputs import Source
from tipgraph.validate.report import Fault
from tipgraph.validate.shape_lint.declarations import undeclared
from tipgraph.validate.shape_lint.embedded_code import broken_code
from tipgraph.validate.shape_lint.ineffective import half_constraints, idle_shapes, undefined_shapes
from tipgraph.validate.shape_lint.issues import Suspect, faults, namer
from tipgraph.validate.shape_lint.syntax import ill_formed
from tipgraph.validate.shape_lint.vocabulary import misspelt
from tipgraph.validate.triples import Node, Triples

FOREIGN = Fault(
    "no-focus-nodes",
    "nothing in the data is a word of tipgraph, so its shapes say little of it",
    hint="give the shapes that belong to it with --shapes",
)


def check(
    shapes: Triples, sources: Sequence[Source], declared: Triples, strict: bool
) -> list[Fault]:
    """What is wrong with the shapes, as far as can be told without the data; in order of place.

    `sources` are the documents that the shapes come from. `declared` says which classes and
    properties there are: names have to be declared in the namespaces in which any is. Where it is
    not all that there is to know, `strict` is false, and that goes for our own namespaces alone.
    """
    return faults(_suspects(shapes, sources, declared, strict), sources)


def unlooked(counts: Mapping[Node, int | None]) -> list[Fault]:
    """The fault of shapes that select no node at all; none where that cannot be told."""
    if not counts or any(count is None or count > 0 for count in counts.values()):
        return []
    return [
        Fault(
            "no-focus-nodes",
            "the shapes select no node of the data, so nothing was checked",
            hint="give the shapes that belong to it with --shapes",
        )
    ]


def _suspects(
    shapes: Triples, sources: Sequence[Source], declared: Triples, strict: bool
) -> list[Suspect]:
    prefixes = names.known(
        {prefix: iri for source in sources for prefix, iri in source.prefixes.items()}
    )
    name = namer(prefixes)

    def is_judged(term: NamedNode) -> bool:
        return strict or term.value.startswith(OURS)

    causes = list(misspelt(shapes, prefixes, name))
    found = [
        *causes,
        *undefined_shapes(shapes, prefixes, name),
        *undeclared(shapes, declared, is_judged, prefixes, name),
        *_not_due_to(causes, ill_formed(shapes, name)),
        *_not_due_to(causes, half_constraints(shapes, name)),
        *broken_code(shapes, prefixes, name),
    ]
    # What is wrong can be why a shape is idle.
    return found or list(idle_shapes(shapes, is_judged, name))


def _not_due_to(causes: Iterable[Suspect], suspects: Iterable[Suspect]) -> Iterator[Suspect]:
    """Those that are not about a node of which one of the causes is said."""
    nodes = {triple.subject for cause in causes for triple, _ in cause.seen}
    for suspect in suspects:
        if not any({triple.subject, term} & nodes for triple, term in suspect.seen):
            yield suspect
