# Completes the catalogue, which is the default graph, by what follows from it. In graph:terms is what it draws on.
# The prefixes are those of exports.
BASE <https://w3id.org/tipgraph/>

# The files of ours, and the service of an endpoint.
INSERT {
  ?dataset void:dataDump ?address .
  ?file a dcat:Distribution ; dcat:accessURL ?address ;
    dcatap:availability <http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE> .
  ?checksum a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 .
  spdx:checksumAlgorithm_sha256 a spdx:ChecksumAlgorithm }
WHERE { ?dataset dcat:distribution ?file . ?file dcat:downloadURL ?address ; spdx:checksum ?checksum } ;
INSERT {
  <catalog> dcat:service ?service .
  ?endpoint a rdfs:Resource .
  ?service a dcat:DataService ; dcterms:title ?title ; dcterms:description "The graph as one, in SPARQL 1.1."@en ;
    dcat:endpointURL ?endpoint ; dcat:servesDataset <#dataset> }
WHERE {
  <#dataset> void:sparqlEndpoint ?endpoint
  GRAPH graph:terms { <#dataset> dcterms:title ?name }
  BIND(IRI(CONCAT(STR(?endpoint), IF(CONTAINS(STR(?endpoint), "#"), "-", "#"), "service")) AS ?service)
  BIND(STRLANG(CONCAT(?name, ": SPARQL endpoint"), "en") AS ?title) } ;

# The first time of issue and the last change count, where there are several modules.
DELETE { ?graph dcterms:issued ?later } WHERE { ?graph dcterms:issued ?first , ?later FILTER(?first < ?later) } ;
DELETE { ?graph dcterms:modified ?earlier } WHERE { ?graph dcterms:modified ?last , ?earlier FILTER(?earlier < ?last) } ;

# The whole, and what is derived from it, are as old and as new as their parts.
INSERT { ?whole dcterms:issued ?issued ; dcterms:modified ?modified }
WHERE {
  { SELECT (MIN(?time) AS ?issued) { ?graph a sd:NamedGraph ; dcterms:issued ?time } }
  { SELECT (MAX(?time) AS ?modified) { ?graph a sd:NamedGraph ; dcterms:modified ?time } }
  VALUES ?whole { <catalog> <#dataset> graph:derived }
  ?whole a ?class } ;
INSERT { graph:derived ?stated ?value }
WHERE {
  graph:derived a sd:NamedGraph . ?graph a sd:NamedGraph ; ?stated ?value
  FILTER(?stated IN (dcterms:publisher, dcterms:license)) } ;
INSERT {
  ?whole dcterms:title ?title ; dcterms:description ?description ; dcterms:identifier ?identifier ;
    dcterms:publisher <contributors> ; dcterms:license ?licence ; dcterms:spatial ?area ; dcat:version ?version ;
    dcterms:language <http://publications.europa.eu/resource/authority/language/ENG> }
WHERE {
  VALUES ?whole { <catalog> <#dataset> }
  BIND(STR(?whole) AS ?identifier)
  GRAPH graph:terms { <#dataset> dcterms:title ?title ; dcterms:description ?description ; dcat:version ?version }
  OPTIONAL { graph:ontology dcterms:license ?licence }
  OPTIONAL { <#dataset> dcterms:source/dcterms:spatial ?area } } ;
INSERT { ?graph dcat:version ?version }
WHERE { ?graph a sd:NamedGraph ; dcterms:publisher <contributors> . <#dataset> dcat:version ?version } ;
INSERT { ?service dcterms:publisher ?publisher ; dcterms:license ?licence }
WHERE { <catalog> dcat:service ?service ; dcterms:publisher ?publisher OPTIONAL { <catalog> dcterms:license ?licence } } ;

# Editions and their graphs. A graph that names no country is on all of them.
INSERT { ?edition dcat:keyword ?country }
WHERE { <#dataset> dcterms:source ?edition . ?edition dcterms:spatial ?area GRAPH graph:terms { ?area rdfs:label ?country } } ;
INSERT {
  ?edition dcat:distribution ?file .
  ?file a dcat:Distribution ; dcterms:title ?title ; dcterms:license ?licence ; dcat:accessURL ?page ;
    dcterms:description "The edition on its publisher's web site."@en ;
    dcterms:format <http://publications.europa.eu/resource/authority/file-type/HTML> ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/text/html> }
WHERE {
  <#dataset> dcterms:source ?edition . ?edition dcat:landingPage ?page ; dcterms:title ?name
  OPTIONAL { ?edition dcterms:license ?licence }
  BIND(IRI(CONCAT(STR(?edition), "#page")) AS ?file)
  BIND(STRLANG(CONCAT(?name, ", web page"), "en") AS ?title)
  FILTER(isIRI(?page)) } ;
INSERT { ?graph dcterms:title ?title ; dcterms:description ?description }
WHERE {
  SELECT ?graph (STRLANG(CONCAT("Statements of ", GROUP_CONCAT(STR(?name); separator=", ")), "en") AS ?title)
    (STRLANG(GROUP_CONCAT(STR(?states); separator=" "), "en") AS ?description)
  { ?graph a sd:NamedGraph ; dcterms:source ?edition . ?edition dcterms:title ?name ; dcterms:description ?states }
  GROUP BY ?graph } ;
INSERT { ?graph dcterms:spatial ?area ; dcat:keyword ?keyword }
WHERE { ?graph a sd:NamedGraph ; dcterms:source ?edition . ?edition dcterms:spatial ?area OPTIONAL { ?edition dcat:keyword ?keyword } } ;
INSERT { ?graph ?property ?text } WHERE { ?graph a sd:NamedGraph GRAPH graph:terms { ?graph ?property ?text } } ;
INSERT { ?graph dcterms:title ?title }
WHERE {
  ?graph a sd:NamedGraph MINUS { ?graph dcterms:title ?any }
  BIND(STRLANG(CONCAT("tipgraph: ", REPLACE(STR(?graph), "^.*[/#]", "")), "en") AS ?title) } ;
INSERT { ?graph dcterms:spatial ?area }
WHERE { ?graph a sd:NamedGraph MINUS { ?graph dcterms:spatial ?any } <#dataset> dcterms:spatial ?area } ;

# Time: an edition that states no period is on that of its graph; what names none is on that of all editions.
INSERT { ?edition dcterms:temporal ?period . ?period dcat:startDate ?start ; dcat:endDate ?end }
WHERE {
  ?graph a sd:NamedGraph ; dcterms:source ?edition ; dcterms:temporal [ dcat:startDate ?start ; dcat:endDate ?end ]
  MINUS { ?edition dcterms:temporal ?stated }
  BIND(IRI(CONCAT(STR(?edition), "#period")) AS ?period) } ;
INSERT { ?thing dcterms:temporal ?period . ?period dcat:startDate ?start ; dcat:endDate ?end }
WHERE {
  { SELECT (MIN(?from) AS ?start) (MAX(?to) AS ?end)
    { ?graph a sd:NamedGraph ; dcterms:source ?edition ; dcterms:temporal [ dcat:startDate ?from ; dcat:endDate ?to ] } }
  VALUES ?class { dcat:Catalog dcat:DatasetSeries void:Dataset }
  ?thing a ?class
  MINUS { ?thing dcterms:temporal ?stated }
  MINUS { ?thing a sd:NamedGraph ; dcterms:source ?edition }
  BIND(IRI(CONCAT(STR(?thing), IF(CONTAINS(STR(?thing), "#"), "-", "#"), "period")) AS ?period)
  FILTER(BOUND(?start)) } ;

# Files; graph:terms has the ends of their titles.
INSERT { ?file dcterms:title ?title ; dcterms:description ?description ; dcterms:license ?licence ; dcterms:modified ?modified }
WHERE {
  GRAPH graph:terms { ?file rdfs:label ?end }
  ?set dcat:distribution ?file ; dcterms:title ?name
  OPTIONAL { ?set dcterms:license ?licence }
  OPTIONAL { ?set dcterms:modified ?modified }
  BIND(STRLANG(CONCAT(?name, ?end), "en") AS ?title)
  BIND(STRLANG(CONCAT("A file of the dataset: ", ?title, "."), "en") AS ?description) } ;

# Keywords and themes, and what DCAT-AP expects beside a value: its class and its name.
INSERT {
  ?set dcat:keyword "human trafficking"@en , "victim protection"@en , "knowledge graph"@en ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/JUST> ,
      <http://publications.europa.eu/resource/authority/data-theme/SOCI> ;
    dcat:contactPoint ?contact }
WHERE {
  VALUES ?class { dcat:Dataset dcat:DatasetSeries dcat:DataService }
  ?set a ?class
  OPTIONAL { ?set dcterms:publisher ?agent BIND(IRI(CONCAT(STR(?agent), "#contact")) AS ?contact) } } ;
INSERT {
  ?agent a foaf:Agent ; foaf:name ?name ; dcterms:type ?type .
  ?contact a vcard:Kind , vcard:Organization ; vcard:fn ?name }
WHERE {
  ?set dcterms:publisher ?agent
  OPTIONAL { GRAPH graph:terms { ?agent rdfs:label ?label } }
  OPTIONAL { GRAPH graph:terms { { ?agent dcterms:type ?type } UNION { ?agent a ?class . ?class dcterms:type ?type } } }
  BIND(STR(COALESCE(?label, ?agent)) AS ?name)
  BIND(IRI(CONCAT(STR(?agent), "#contact")) AS ?contact) } ;
INSERT { ?licence dcterms:type ?type } WHERE { ?any dcterms:license ?licence GRAPH graph:terms { ?licence dcterms:type ?type } } ;
INSERT { ?value a ?class }
WHERE {
  VALUES (?property ?class) {
    (dcterms:language dcterms:LinguisticSystem) (dcterms:format dcterms:MediaTypeOrExtent) (dcat:mediaType dcterms:MediaType)
    (dcterms:spatial dcterms:Location) (dcterms:license dcterms:LicenseDocument) (dcterms:temporal dcterms:PeriodOfTime)
    (dcat:landingPage foaf:Document) (dcat:theme skos:Concept) (dcatap:availability skos:Concept) (dcterms:type skos:Concept) }
  ?any ?property ?value FILTER(isIRI(?value)) } ;
INSERT { ?term skos:prefLabel ?label } WHERE { ?term a skos:Concept GRAPH graph:terms { ?term skos:prefLabel ?label } } ;
INSERT { ?area rdfs:label ?label } WHERE { ?area a dcterms:Location GRAPH graph:terms { ?area rdfs:label ?label } }
