"""The files that pages load from folders of the package: our own scripts, and libraries."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from tipgraph.explorer.http import PLAIN, Content, PageRequest
from tipgraph.explorer.site import Site

SCRIPTS, VENDOR = "scripts", "vendor"
MEDIA_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "wasm": "application/wasm",
}


def scripts(site: Site, request: PageRequest) -> Content:
    """One of our own scripts, or the style of the pages that have it."""
    return _content(SCRIPTS, request.name)


def vendor(site: Site, request: PageRequest) -> Content:
    """A file of a library, or its licence."""
    return _content(VENDOR, request.name)


def style(site: Site, request: PageRequest) -> Content:
    """The style of all pages."""
    style = files("tipgraph.explorer").joinpath("style.css").read_bytes()
    return Content(style, MEDIA_TYPES["css"])


@cache
def assets(folder: str) -> dict[str, Traversable]:
    """The files of a folder by their paths in it."""
    return _below(files("tipgraph.explorer") / folder, "")


def _content(folder: str, name: str) -> Content:
    # Only what is in the folder has a name there.
    found = assets(folder).get(name)
    if found is None:
        return Content(b"no such file\n", PLAIN, 404)
    return Content(found.read_bytes(), MEDIA_TYPES.get(name.rpartition(".")[2], PLAIN))


def _below(folder: Traversable, path: str) -> dict[str, Traversable]:
    found: dict[str, Traversable] = {}
    for each in folder.iterdir():
        found |= _below(each, f"{path}{each.name}/") if each.is_dir() else {path + each.name: each}
    return found
