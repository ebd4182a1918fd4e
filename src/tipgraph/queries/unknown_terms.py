"""Terms of a query that the graph does not contain, so that a misspelt one matches nothing."""

from collections.abc import Iterator

from tipgraph.namespaces import CODE, TIP, shorten
from tipgraph.rdf import sparql
from tipgraph.store.engine import Engine
from tipgraph.text import did_you_mean, nearest


def unknown_terms(engine: Engine, query: str) -> Iterator[str]:
    """A warning for each `tip:` and `code:` term of a valid query that nothing describes or uses.

    Namespaces themselves, which a query may compare with, are not terms.
    """
    used = [iri for iri in sorted(sparql.iris(query)) if iri.startswith((TIP, CODE))]
    for iri in used:
        node = sparql.terms([iri])
        if iri in (TIP, CODE) or engine.ask(
            f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s {node} ?o }} }}"
        ):
            continue
        name = shorten(iri)
        namespace = TIP if iri.startswith(TIP) else CODE
        hint = did_you_mean(nearest(name, _names(engine, namespace), likeness=0.7))
        yield f"the graph has no {name}, so nothing matches it" + (f"; {hint}" if hint else "")


def _names(engine: Engine, namespace: str) -> list[str]:
    """The names of all described terms of a namespace."""
    rows = engine.select(
        f'SELECT DISTINCT ?term {{ ?term ?p ?o FILTER(STRSTARTS(STR(?term), "{namespace}")) }}'
    )
    return [shorten(str(term)) for term in rows.column("term")]
