# Replaces each deprecated term in data by the term that its ontology names in dcterms:isReplacedBy, in all graphs.
# Descriptions of terms keep it. The store needs the ontology beside the data; a second run changes nothing.

PREFIX tip:     <https://w3id.org/tipgraph/ns#>
PREFIX code:    <https://w3id.org/tipgraph/code/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl:     <http://www.w3.org/2002/07/owl#>

# Properties, in named graphs and in the default graph
DELETE { GRAPH ?g { ?thing ?old ?value } }
INSERT { GRAPH ?g { ?thing ?new ?value } }
WHERE {
  GRAPH ?ontology { ?old owl:deprecated true ; dcterms:isReplacedBy ?new }
  GRAPH ?g { ?thing ?old ?value }
} ;
DELETE { ?thing ?old ?value }
INSERT { ?thing ?new ?value }
WHERE {
  { ?old owl:deprecated true ; dcterms:isReplacedBy ?new }
  UNION
  { GRAPH ?ontology { ?old owl:deprecated true ; dcterms:isReplacedBy ?new } }
  ?thing ?old ?value .
} ;

# Classes and codes
DELETE { GRAPH ?g { ?thing ?property ?old } }
INSERT { GRAPH ?g { ?thing ?property ?new } }
WHERE {
  GRAPH ?ontology { ?old owl:deprecated true ; dcterms:isReplacedBy ?new }
  GRAPH ?g { ?thing ?property ?old }
  FILTER(!STRSTARTS(STR(?thing), STR(tip:)) && !STRSTARTS(STR(?thing), STR(code:)))
} ;
DELETE { ?thing ?property ?old }
INSERT { ?thing ?property ?new }
WHERE {
  { ?old owl:deprecated true ; dcterms:isReplacedBy ?new }
  UNION
  { GRAPH ?ontology { ?old owl:deprecated true ; dcterms:isReplacedBy ?new } }
  ?thing ?property ?old .
  FILTER(!STRSTARTS(STR(?thing), STR(tip:)) && !STRSTARTS(STR(?thing), STR(code:)))
}
