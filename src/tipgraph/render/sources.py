"""The editions that a document rests on, as its sources."""

from tipgraph.entities.editions import Edition
from tipgraph.render.document import Cell


def source(edition: Edition) -> Cell:
    """The edition with its publisher, what was read of it, and the address of its page."""
    read = "read in full" if edition.is_complete else "read in part"
    section = f"{edition.section} section, {read}" if edition.section else read
    parts = (edition.publisher_label, edition.label, section)
    return Cell(f"{'. '.join(filter(None, parts))}. ({edition.slug})", edition.page)
