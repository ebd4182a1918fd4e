"""Tools for authors of an edition: scaffold a folder, check it, import figures."""
