"""Cite an entity or an answer."""
