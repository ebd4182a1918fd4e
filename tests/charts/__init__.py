"""Charts of rows that a test defines and of the shipped graph, parsed from their files."""
