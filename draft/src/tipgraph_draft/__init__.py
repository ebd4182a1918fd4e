"""Drafts of an edition: candidates that readers find in a text, for a person to decide."""
