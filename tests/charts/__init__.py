"""Charts, drawn of rows that a test tells and of the shipped graph, and read back as files."""
