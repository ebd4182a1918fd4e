"""What a page needs to run its stored query in the browser: the text, and what may be put into it.

`scripts/site-query.js` binds parameters as `StoredQuery.bind` does; a test compares the answers.
"""

from typing import Any

from pyoxigraph import NamedNode

from tipgraph.explorer.fields import LISTED
from tipgraph.explorer.site import Site
from tipgraph.namespaces import CODE, XSD, expand
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.queries.parameters import LITERALS, Parameter
from tipgraph.queries.periods import PERIOD
from tipgraph.rdf import sparql


def query_data(site: Site, query: StoredQuery) -> dict[str, Any]:
    """The query as values for JSON: its text before and after the parameters, and these."""
    head, rest = sparql.split_at_where(query.text)
    own = (each for each in query.params if not _is_scope(query, each))
    return {
        "name": query.name,
        "form": query.form,
        "head": head,
        "rest": rest,
        "editions": query.editions if query.has_editions else "none",
        "columns": list(query.columns),
        "parameters": [_parameter(site, each) for each in own],
    }


def _is_scope(query: StoredQuery, parameter: Parameter) -> bool:
    return query.has_editions and parameter.name in (EDITION, AREA)


def _parameter(site: Site, parameter: Parameter) -> dict[str, Any]:
    kind = expand(parameter.type) or ""
    found: dict[str, Any] = {
        "name": parameter.name,
        "default": parameter.default,
        "unless": parameter.unless,
        "required": parameter.required,
        "expected": parameter.expected(site.engine),
    }
    if kind.startswith(XSD):
        pattern, _ = LITERALS[kind.removeprefix(XSD)]
        return found | {"datatype": kind, "pattern": pattern}
    if parameter.type == PERIOD or parameter.type.startswith(LISTED):
        clauses = {
            name: sparql.values_clause(parameter.table(site.engine, NamedNode(iri)))
            for iri, name in parameter.allowed(site.engine).items()
        }
        return found | {"clauses": clauses}
    belongs = "skos:inScheme" if kind.startswith(CODE) else "a/rdfs:subClassOf*"
    return found | {"belongs": f"{belongs} <{kind}>"}
