"""Stored queries: the catalogue and typed parameters."""
