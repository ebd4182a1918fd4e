"""The shipped rules derive the expected triples, and no others."""
