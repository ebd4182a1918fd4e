"""Data for a page that runs its stored query in the browser: the text and its parameters.

`scripts/site-query.js` binds parameters as `StoredQuery.bind` does, and `scripts/site-about.js`
has the command and the citation as `questions.py` does; tests compare the answers and the pages.
"""

from dataclasses import replace
from typing import Any

from pyoxigraph import NamedNode

from tipgraph.charts import QUERIES
from tipgraph.cite import formats as citation
from tipgraph.escape import LATEX
from tipgraph.explorer.columns import for_reading
from tipgraph.explorer.fields import LISTED
from tipgraph.explorer.site import MOST_SOURCES, Site, other_sources
from tipgraph.namespaces import CODE, XSD, expand
from tipgraph.queries.catalogue import AREA, EDITION, StoredQuery
from tipgraph.queries.no_rows import GENERAL
from tipgraph.queries.parameters import LITERALS, PERIOD, Parameter
from tipgraph.rdf import sparql
from tipgraph.render.answer_document import CAVEAT

# Places in a citation for what depends on the parameters. No format of citations changes them.
KEY, COMMAND, SOURCES = "@key@", "@command@", "@sources@"


def query_data(site: Site, query: StoredQuery, title: str) -> dict[str, Any]:
    """The query as values for JSON: its text before and after the parameters, and these."""
    head, rest = sparql.split_at_where(query.text)
    own = (each for each in query.params if not _is_scope(query, each))
    return {
        "name": query.name,
        "form": query.form,
        "head": head,
        "rest": rest,
        "editions": query.editions if query.has_editions else "none",
        "title": query.summary,
        # As pairs, since a template sorts the keys of a mapping.
        "columns": list(query.columns.items()),
        "inOrder": for_reading(query.columns),
        "tables": query.tables,
        "notes": CAVEAT,
        "parameters": [_parameter(site, each) for each in own],
        "names": [each.name for each in query.params],
        "charts": [name for name, behind in QUERIES.items() if behind == query.name],
        "noRows": GENERAL,
        "mistake": site.mistake_address(""),
        "cited": _cited(site, title),
    }


def _cited(site: Site, title: str) -> dict[str, Any]:
    """The citation of an answer in each format, without sources and with them."""
    plain = replace(site.cited(title, COMMAND), key=KEY)
    both = (plain, replace(plain, sources=(SOURCES,)))
    formats = {name: [form(each) for each in both] for name, form in citation.FORMATS.items()}
    others = {
        "one": other_sources("1 other edition"),
        "many": other_sources("@number@ other editions"),
    }
    return {"formats": formats, "most": MOST_SOURCES, "others": others, "latex": LATEX}


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
