"""Files for other tools: the graph as RDF, figures and actors as tables, and a catalogue."""
