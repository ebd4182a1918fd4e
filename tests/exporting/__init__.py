"""What the graph is written as for other tools, read back by other readers than our own."""
