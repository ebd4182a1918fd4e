"""What an author of an edition does: begin a folder, check it, turn tables into figures."""

from collections.abc import Iterable
from os import PathLike, fspath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tipgraph.editions.findings import Checked


FilePath = str | PathLike[str]


def check(
    folder: FilePath, text: FilePath | None = None, beside: Iterable[FilePath] = ()
) -> "Checked":
    """Look over the folder of an edition, which is read beside the shipped graph.

    `text` is the file of the pinned text, `beside` are RDF files and folders that the edition
    goes with. Raises InputError when the folder, or what it is read with, cannot be read (that
    single files of it cannot is told), UsageError when there is a text and none is pinned.
    """
    from tipgraph.editions import check

    others = [fspath(path) for path in beside]
    return check.check(fspath(folder), None if text is None else fspath(text), others)
