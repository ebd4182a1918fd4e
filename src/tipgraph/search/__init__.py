"""Find statements, codes, actors and stored queries by words."""
