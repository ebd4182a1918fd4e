"""What an author of an edition does: begin a folder, check it, turn tables into figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tipgraph.authoring.checked import Checked


def check(folder: str, text: str | None = None, beside: Sequence[str] = ()) -> "Checked":
    """Look over the folder of an edition; as `tipgraph.authoring.checking.check`."""
    from tipgraph.authoring import checking

    return checking.check(folder, text, beside)
