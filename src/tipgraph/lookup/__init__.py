"""What the graph knows of a thing: its names, labels, passages and description."""
