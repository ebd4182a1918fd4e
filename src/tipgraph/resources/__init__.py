"""Where the ontology, data and queries are, and what is prepared from them."""
