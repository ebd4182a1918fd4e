"""Every property that may lead from a statement to a party or an instrument is a part in it."""

from tipgraph.graph import LocalGraph
from tipgraph.namespaces import shorten

PROPERTIES = """
    PREFIX owl: <http://www.w3.org/2002/07/owl#>
    PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    SELECT DISTINCT ?property
    WHERE {{
      ?property a           owl:ObjectProperty ;
                rdfs:domain ?domain ;
                rdfs:range  ?range .
      ?domain (owl:unionOf/rdf:rest*/rdf:first)? ?from .
      ?range  (owl:unionOf/rdf:rest*/rdf:first)? ?to .
      FILTER(?from = owl:Thing
             || EXISTS {{ ?from rdfs:subClassOf* {0} }} || EXISTS {{ {0} rdfs:subClassOf* ?from }})
      FILTER(?to = owl:Thing
             || EXISTS {{ ?to rdfs:subClassOf* {1} }} || EXISTS {{ {1} rdfs:subClassOf* ?to }})
      FILTER NOT EXISTS {{ ?property a tip:Shorthand }}
      FILTER NOT EXISTS {{ ?property owl:inverseOf ?other }}
    }}
"""
PARTS = "SELECT ?property { ?property rdfs:subPropertyOf tip:participant }"
# The author of the document has no part in what it states, nor has a rule of ours in a sum; and a
# list that is open is a property.
IGNORED = {"tip:reporter", "tip:byRule", "tip:openList"}


def test_every_property_to_a_party_or_an_instrument_is_below_participant(shipped: LocalGraph):
    """A query for participants would not find those of another property."""
    leading = {
        shorten(str(each))
        for domain in ("tip:Statement", "tip:Condition")
        for range_ in ("tip:Party", "tip:Instrument")
        for each in shipped.engine.select(PROPERTIES.format(domain, range_)).column("property")
    }
    parts = {shorten(str(each)) for each in shipped.engine.select(PARTS).column("property")}

    assert parts == leading - IGNORED
