"""Names, labels, passages and descriptions of entities."""
