"""Reading RDF files and SPARQL text; nothing here knows of trafficking."""
