"""The explorer: the graph as pages, served on this machine."""
