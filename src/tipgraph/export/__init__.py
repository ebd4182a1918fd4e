"""The graph for other tools: as RDF, its figures and its actors as tables, and its description."""
