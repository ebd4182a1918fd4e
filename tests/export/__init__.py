"""Exports, read back by other parsers than our own."""
