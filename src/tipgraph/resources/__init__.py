"""Locate the ontology, data and queries, and cache what is prepared from them."""
