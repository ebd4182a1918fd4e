"""Describe one entity: its properties, and the statements that mention it."""
