"""Rows that know what they answer, for notebooks, data frames and pages."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tipgraph.render.context import AnswerContext
from tipgraph.store.rows import Rows

if TYPE_CHECKING:
    import pandas

    from tipgraph.render.document import Document

# Modules for documents are imported where they are used, because most answers need none.


@dataclass(frozen=True)
class AnswerRows(Rows):
    """The rows of a query with their context."""

    context: AnswerContext = field(repr=False, compare=False, kw_only=True)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns to show by default, which are all of those that somebody chose."""
        is_whole = set(self.context.shown).issubset(self.columns)
        return (is_whole and self.context.shown) or self.columns

    def document(self) -> "Document":
        """The default columns as a document: labels and links, caveats above, sources."""
        from tipgraph.render.answer_document import document

        return document(self, self.context, columns=self.shown)

    def frame(self) -> "pandas.DataFrame":
        """The rows as a DataFrame whose `attrs` have title, editions, sources and caveats.

        Raises UsageError when pandas is not installed.
        """
        from tipgraph.render.answer_document import caveats, cited_editions

        frame = super().frame()
        editions = cited_editions(self, self.context)
        frame.attrs |= {
            "title": self.context.title,
            "editions": [each.slug for each in editions],
            "sources": [" ".join(filter(None, [each.label, each.page])) for each in editions],
            "caveats": list(caveats(self)),
        }
        return frame

    def _repr_html_(self) -> str:
        from tipgraph.render.page import fragment

        return fragment(self.document())
