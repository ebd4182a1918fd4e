"""From files to one graph: ontology, data, and what the rules derive, made once and kept."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from os.path import commonpath, isdir, isfile, join, realpath
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from tipgraph import processes
from tipgraph.errors import InputError
from tipgraph.files import (
    CHANGED,
    content_of,
    entries_below,
    files_below,
    locked,
    new_folder,
    unchanged,
    write_atomic,
)
from tipgraph.namespaces import ONTOLOGY_GRAPH, PREFIXES
from tipgraph.resources import cache, folders
from tipgraph.resources.folders import Resources
from tipgraph.store import disk
from tipgraph.store.disk import Part
from tipgraph.store.engine import Embedded
from tipgraph.version import VERSION

if TYPE_CHECKING:
    from tipgraph.store.parts import Companion

GRAPH_FILE = "graph.nq"
# The same in a wheel: less than half of the length, compressed, and read in the same time.
SHIPPED_FILE = "graph.trig"
# Is called with the number of parts that are made, and of all.
Progress = Callable[[int, int], None]
# Of compression: the highest takes more than twice as long, for two per cent less.
LEVEL = 6

# Fewer parts are made by this process.
FEW = 3
# The most quads that are sorted for the digest of a graph, with more than a kilobyte each.
MOST_SORTED = 1_000_000

# Modules that read files and run rules are imported where used: a prepared graph needs none.


def build(data: str, root: str, progress: Progress, companion: "Companion") -> None:
    """Make or update the store in a folder, which then is the root of other resources.

    `data` is the folder of the data, and the `companion` is kept with the graph. Raises InputError
    when a file is broken or is not read, or when the folder has something else.
    """
    from shutil import copytree

    link, new_link = join(root, "data"), join(root, folders.CACHE, "data")
    place, source = realpath(root), realpath(data)
    if commonpath([place, source]) in (place, source):
        raise InputError(
            f"{root}: store and data contain each other; name a folder beside the data"
        )
    _check_all_read(source)
    os.makedirs(root, exist_ok=True)
    prepared = join(root, folders.PREPARED)
    digest, made_by = join(prepared, folders.DIGEST), join(prepared, folders.MADE_BY)
    with locked(root):
        others = {*os.listdir(root)} - {folders.CACHE, folders.PREPARED}
        if others and not isfile(made_by):
            raise InputError(f"{root}: not empty, and not a store that 'tipgraph build' made")
        os.makedirs(prepared, exist_ok=True)
        # It comes first: it is how a store is known, also one that is not finished.
        version = content_of(made_by)
        write_atomic(made_by, version)
        # The keys of the parts have the paths of their files, which are the same from any folder.
        shipped, made = folders.shipped(), Resources(place)
        os.makedirs(join(root, folders.CACHE), exist_ok=True)
        with suppress(FileNotFoundError):
            os.unlink(new_link)
        os.symlink(source, new_link)
        os.replace(new_link, link)
        for name in ("ontology", "queries"):
            # Copies of the same have another time, and the whole graph would be made again.
            if not _is_same(shipped.root, root, name):
                with new_folder(join(root, name), lambda old: None) as unfinished:
                    copytree(join(shipped.root, name), unfinished, dirs_exist_ok=True)
        made.digest = made.stamped()
        if version != VERSION.encode():
            # No command of this version may take the graph of another one for its own.
            with suppress(FileNotFoundError):
                os.unlink(digest)
            write_atomic(made_by, VERSION.encode())
        with folders.selected(root):
            _build(made, progress, companion)
        # Commands see the new graph from here on.
        write_atomic(digest, made.digest.encode())


def _is_same(root: str, other: str, name: str) -> bool:
    """Return whether the folder of this name has the same files below both roots."""
    places = join(root, name), join(other, name)
    if not isdir(places[1]):
        return False
    one, two = (folders.digest(files_below(place), place) for place in places)
    return one == two


def _check_all_read(data: str) -> None:
    """Raise InputError for RDF in the folder that is no Turtle file there, or if there is none."""
    from tipgraph.rdf.files import not_read, rdf_files

    entries = list(entries_below(data))
    # To look at each of thousands of files takes a third of a second.
    if entries and all(each.name.endswith(".ttl") and each.is_file() for each in entries):
        return
    if unread := {*rdf_files(data)} - {*files_below(data, ".ttl")}:
        raise InputError(not_read(min(unread)))


def open_graph(
    resources: Resources, own: tuple[str, ...] = (), bundled: bool = True, name: str = ""
) -> Store:
    """The whole graph, from the cache where it is there; nothing may be added to it.

    `own` are paths of the user's RDF files, read beside the shipped data or, with
    `bundled=False`, instead of it, and `name` is the `key` of all, if it is known. Raises
    InputError when a file is missing or broken, or changes meanwhile.
    """
    name = name or key(resources, own, bundled)
    store = disk.opened(name)
    return disk.kept(name, _parts(name, resources, own, bundled)) if store is None else store


def _build(resources: Resources, progress: Progress, companion: "Companion") -> None:
    """Make the graph that `open_graph` opens, and its companion, where they are not kept."""
    name = resources.digest
    store, has_companion = disk.opened(name), disk.has_file(name, companion.name)
    if store is not None and has_companion:
        return
    made = _parts(name, resources, (), True, companion)
    _make(made, progress)
    # Made of the data by each command, it would have what changed since, and the index would not.
    store = disk.kept(name, made, is_always=True) if store is None else store
    pieces = dict(each.piece for each in made if each.piece)
    if pieces and not has_companion:
        write = partial(companion.write, Embedded(store), resources, pieces)
        disk.write_file(name, companion.name, write)


def _make(parts: Sequence[Part], progress: Progress) -> None:
    """Make the parts of a graph that are not kept, in as many processes as may run."""
    missing = [each for each in parts if each.key and not all(map(cache.has_part, _keys(each)))]

    def make(number: int) -> None:
        _make_part(missing[number])

    if len(missing) < FEW or not hasattr(os, "fork"):
        for number in range(len(missing)):
            make(number)
            progress(number + 1, len(missing))
        return
    # Forked processes have in memory what all share.
    _make_part(parts[0])

    made = processes.in_processes(make, range(len(missing)), processes.processors())
    for done, _ in enumerate(made, 1):
        progress(done, len(missing))


def _make_part(part: Part) -> None:
    # The collector would look at all rows and terms again and again (4 per cent in bench/scale.py).
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        part.content()
        if part.piece:
            part.piece[1]()
    finally:
        if was_enabled:
            gc.enable()


def _keys(part: Part) -> list[str]:
    return [part.key, part.piece[0]] if part.piece else [part.key]


def reopen_graph(resources: Resources, own: tuple[str, ...] = (), bundled: bool = True) -> Store:
    """The same, made again: what is in the cache is damaged."""
    name = key(resources, own, bundled)
    disk.remove(name)
    return open_graph(resources, own, bundled, name)


def key(resources: Resources, own: tuple[str, ...], bundled: bool) -> str:
    """Return the key of the graph in the cache. Raises InputError if a file cannot be read."""
    if bundled and not own:
        return resources.digest
    from tipgraph.store.parts import key_of_own

    return f"{resources.digest}-{key_of_own(own)}-{bundled:d}"


def _own_files(own: Iterable[str]) -> Iterator[str]:
    """The user's files in these paths. Raises InputError as `rdf_files`."""
    from tipgraph.rdf import files

    return (file for path in own for file in files.rdf_files(path))


def _parts(
    name: str,
    resources: Resources,
    own: tuple[str, ...],
    bundled: bool,
    companion: "Companion | None" = None,
) -> list[Part]:
    """Return the parts of the graph: from the wheel, from the cache, or to make."""
    shipped = cache.shipped(resources, SHIPPED_FILE) if bundled and not own else None
    if shipped is not None:
        return [Part("", lambda: shipped, RdfFormat.TRIG)]
    from tipgraph.store.parts import parts

    made = parts(resources, own, bundled, companion)
    if len(made) > 1:
        _check_key(name, resources, own, bundled)
        return made

    def content() -> bytes:
        # The content could change and change back, and the key would be the same.
        with unchanged(_own_files(own)):
            found = made[0].content()
        _check_key(name, resources, own, bundled)
        return found

    return [Part("", lambda: cache.cached(name, GRAPH_FILE, content))]


def _check_key(name: str, resources: Resources, own: tuple[str, ...], bundled: bool) -> None:
    """Raise InputError if the user's files are no longer those of the key.

    What was read of them would stay in the cache under the key of other content.
    """
    if own and name != key(resources, own, bundled):
        raise InputError(f"{own[0]}: {CHANGED}")


def _shipped(resources: Resources) -> bytes:
    """The canonical N-Quads of the shipped graph: from the wheel, or made once and compressed."""
    import gzip

    def compressed() -> bytes:
        return gzip.compress(_canonical(open_graph(resources)), LEVEL, mtime=0)

    shipped = cache.shipped(resources, SHIPPED_FILE)
    if shipped is not None:
        return nquads(parse(shipped, RdfFormat.TRIG, lenient=True))
    return gzip.decompress(cache.cached(resources.digest, f"{GRAPH_FILE}.gz", compressed))


def to_ship(graph: bytes) -> bytes:
    """The same as canonical N-Quads, as the wheel has it."""
    quads = sorted(parse(graph, RdfFormat.N_QUADS), key=lambda quad: str(quad.graph_name))
    content = serialize(quads, format=RdfFormat.TRIG, prefixes=PREFIXES)
    assert content is not None
    return content


def make_graph(resources: Resources, own: Sequence[str] = (), bundled: bool = True) -> bytes:
    """The same graph as canonical N-Quads, made from the files."""
    return _canonical(make_store(resources, own, bundled))


def make_store(resources: Resources, own: Sequence[str] = (), bundled: bool = True) -> Store:
    """The same graph in memory, made from the files."""
    from tipgraph.store.parts import parts

    store = Store()
    for part in parts(resources, own, bundled):
        store.load(part.content(), RdfFormat.N_QUADS, lenient=True)
    return store


def canonical(
    store: Store, resources: Resources, own: tuple[str, ...] = (), bundled: bool = True
) -> bytes:
    """The canonical N-Quads of a graph that `open_graph` opened, sorted.

    Raises InputError where the user's blank nodes cannot be named.
    """
    return _shipped(resources) if bundled and not own else _canonical(store)


def in_memory(
    store: Store, resources: Resources, own: tuple[str, ...] = (), bundled: bool = True
) -> Store:
    """A copy in memory of a graph that `open_graph` opened."""
    copied = Store()
    shipped = cache.shipped(resources, SHIPPED_FILE) if bundled and not own else None
    if shipped is not None:
        copied.load(shipped, RdfFormat.TRIG, lenient=True)
    elif bundled and not own:
        # This takes a third of the time of reading it from disk.
        copied.load(_shipped(resources), RdfFormat.N_QUADS, lenient=True)
    else:
        copied.extend(store)
    return copied


def graph_digest(
    store: Store, name: str, resources: Resources, own: tuple[str, ...] = (), bundled: bool = True
) -> str:
    """The SHA-256 of the canonical N-Quads of a graph that `open_graph` opened, made once.

    `name` is the graph's key. The digest is the same in a checkout and in a wheel, and empty where
    the user's blank nodes cannot be named, and for more quads than MOST_SORTED.
    """

    def make() -> bytes:
        from hashlib import sha256

        if len(store) > MOST_SORTED:
            return b""
        return sha256(canonical(store, resources, own, bundled)).hexdigest().encode()

    try:
        return cache.cached(name, "sha256", make).decode()
    except InputError:
        return ""


def load_ontology(store: Store, resources: Resources) -> None:
    """Load the ontology alone into the store."""
    from tipgraph.rdf import files

    for file in resources.ontology():
        store.extend(files.read(file, ONTOLOGY_GRAPH))


def _canonical(store: Store) -> bytes:
    from tipgraph.rdf.canonical import canonicalize

    # A store on disk has other names for blank nodes than the graph that it was made from.
    return nquads(canonicalize(store))


def nquads(quads: Iterable[Quad]) -> bytes:
    """The quads as sorted N-Quads."""
    return b"".join(sorted(f"{quad} .\n".encode() for quad in quads))
