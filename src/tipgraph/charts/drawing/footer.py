"""What stands below every plot: what to know of it, its notes, and where its figures are from."""

from collections.abc import Iterable

from tipgraph.charts.drawing.page import Page
from tipgraph.charts.notes import Notes
from tipgraph.charts.sources import Edition, source


def foot(page: Page, told: Iterable[str], notes: Notes, editions: Iterable[Edition]) -> None:
    """Put these on the page."""
    page.space(8)
    for text in told:
        page.text(text)
    page.space(4)
    for number, text in notes:
        page.item(f"{number}", text)
    if notes.more:
        page.text(notes.more)
    page.space(4)
    page.text(source(editions))
