"""The facts that matter under a regime, with the norms in which they do."""

from typing import NamedTuple

from tipgraph.assess.regime import Regime
from tipgraph.assess.render import in_style
from tipgraph.entities import passages
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms
from tipgraph.render.document import Cell, Document, Section, Table


class FactSummary(NamedTuple):
    """A fact, its definition, and the norms in which it matters with their sentences."""

    fact: str
    meaning: str
    norms: str
    sentences: str


def list_facts(regime: Regime) -> list[FactSummary]:
    """The facts that matter under this regime, sorted by name."""
    rows = regime.engine.select(
        f"SELECT ?fact ?meaning {{ VALUES ?fact {{ {terms(regime.facts)} }}"
        " ?fact skos:definition ?meaning } ORDER BY ?fact"
    )
    cited = {each.passage for each in regime.fact_roles if each.passage}
    places = passages.places(regime.engine, cited)
    found = []
    for fact, meaning in (map(str, row.values()) for row in rows):
        roles = [each for each in regime.fact_roles if each.fact == fact]
        norms = dict.fromkeys(last_part(each.head) for each in roles)
        sentences = sorted({places[e.passage] for e in roles if e.passage in places})
        found.append(FactSummary(last_part(fact), meaning, ", ".join(norms), ", ".join(sentences)))
    return found


def render_facts(regime: Regime, style: str | None) -> str | bytes:
    """The facts in a format. Raises UsageError for Turtle."""
    rows, columns = list_facts(regime), FactSummary._fields
    intro = (
        f"A case under {regime.source.slug} can state citizenship, age,"
        " unaccompanied, and whether these facts are met:"
    )
    table = Table("Facts", columns, tuple(tuple(map(Cell, each)) for each in rows))
    section = Section("Facts", tables=(table,))
    title = f"Facts of a case under {regime.source.label}"
    document = Document(title, (intro,), (section,), regime.source.page)
    content = [row._asdict() for row in rows]
    return in_style(style, "--facts", content, document)
