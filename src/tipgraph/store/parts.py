"""The graph in parts: what countries share, and each country with what follows for it.

No rule joins statements on different countries. So a country and what is shared are all that the
rules see at once: the memory does not grow with the number of countries, and a changed edition
costs its country alone, since parts are kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache as once
from functools import partial
from itertools import chain
from os.path import abspath, basename, dirname, isdir, splitext
from typing import NamedTuple
from zlib import crc32

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    serialize,
)

from tipgraph.errors import InputError
from tipgraph.files import CHANGED, files_below, unchanged
from tipgraph.namespaces import DERIVED_GRAPH, GRAPH, ONTOLOGY_GRAPH, PREFIXES
from tipgraph.rdf import files
from tipgraph.resources import cache
from tipgraph.resources.folders import Resources, digest, stamp
from tipgraph.store.disk import Part
from tipgraph.store.engine import Embedded, Engine
from tipgraph.store.rules import derive_merged, is_known, read_rules

# A publication's folder and graph end in two letters of its country.
ENDING = re.compile(r"-([a-z]{2})$")
# Graphs of publications on a country that they are not named for.
MISNAMED = """
    SELECT ?graph ?letters {
        VALUES ?kind { tip:Edition tip:Document }
        GRAPH ?graph { ?source a ?kind ; dcterms:spatial ?country }
        ?country tip:alpha2 ?two
        BIND(LCASE(?two) AS ?letters)
        FILTER(REGEX(STR(?graph), "-[a-z]{2}$") && !STRENDS(STR(?graph), CONCAT("-", ?letters)))
    } ORDER BY ?graph ?letters
"""
DERIVED = NamedNode(DERIVED_GRAPH)
# The least publications in a part, which are those of a country in 25 editions. The rules see what
# is shared again in each part, and a changed publication costs its part (bench/scale.py).
LEAST = 25


class Source(NamedTuple):
    """A file and its named graph, and whether it is a user's own beside what is shipped."""

    file: str
    graph: str
    is_own: bool = False


Pieces = Mapping[str, Callable[[], bytes]]


class Companion(NamedTuple):
    """A file beside a graph that is made of a piece of each part, by the given files of code.

    `piece` makes that of a part, beside the piece of what all parts share if it is another; `write`
    writes the file to a path, of all pieces by key, given the path of an earlier file if any. The
    pieces of this may be in the cache.
    """

    name: str
    code: list[str]
    piece: Callable[[Engine, bytes | None], bytes]
    write: Callable[[Engine, Resources, Pieces, str, str | None], None]


def parts(
    resources: Resources,
    own: Sequence[str] = (),
    bundled: bool = True,
    companion: Companion | None = None,
) -> list[Part]:
    """The parts of the graph, whose quads together are the graph.

    The user's own files may concern any country. So with them there is one part, unless their names
    end like those of publications on countries that are there. A part has a piece of the companion,
    which is made with it.
    """
    shared, *countries = _divided(resources, own, bundled)
    # Parts that are kept need none of them.
    rules = once(partial(read_rules, resources))

    def derived(beside: bytes, sources: Iterable[Source], key: str = "") -> bytes:
        """Return the N-Quads of a part, beside N-Triples."""
        store = Store()
        store.load(beside, RdfFormat.N_TRIPLES, lenient=True)
        stated = load(store, sources)
        store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in stated)
        if countries:
            _check_names(store)
        known = set(_triples(store).splitlines())
        follows = [line for each in rules() for line in derive_merged(store, each, known)]
        if key and companion:
            piece(key, lambda: store)
        derived = b"\n".join([*follows, b""]).replace(b" .\n", f" {DERIVED} .\n".encode())
        return _nquads(stated) + derived

    if not countries:
        return [Part("", partial(derived, b"", shared))]
    code = [*files_below(dirname(__file__), ".py"), *files_below(dirname(files.__file__), ".py")]
    base = stamp([*code, *resources.completions(), *resources.rules(), *_files(shared)])
    of_all = once(lambda: _without_graphs(cache.part(base, makers[base])))
    of_companion = stamp(companion.code) if companion else ""

    def make(sources: list[Source], key: str) -> bytes:
        beside = of_all()
        # The content could change and change back, and the key would be the same.
        with unchanged(_files(sources)):
            found = derived(beside, sources, key)
        if key != key_of(sources):
            raise InputError(f"{sources[0].file}: {CHANGED}")
        return found

    def key_of(sources: list[Source]) -> str:
        # Files of the user's are compared by content: a copy may keep the time of another.
        is_own = any(each.is_own for each in sources)
        return f"{base}-{_key(sources) if is_own else stamp(_files(sources))}"

    def piece(key: str, of_part: Callable[[], Store]) -> bytes:
        def made() -> bytes:
            assert companion is not None
            of_shared = None if key == base else piece(base, partial(made_store, base))
            return companion.piece(Embedded(of_part()), of_shared)

        return cache.part(piece_key(key), made)

    def piece_key(key: str) -> str:
        return f"{key}-{of_companion}"

    def made_store(key: str) -> Store:
        store = Store()
        store.load(of_all(), RdfFormat.N_TRIPLES, lenient=True)
        store.load(cache.part(key, makers[key]), RdfFormat.N_QUADS, lenient=True)
        return store

    makers = {base: partial(derived, b"", shared, base)}
    for sources in countries:
        key = key_of(sources)
        makers[key] = partial(make, sources, key)
    made = [Part(key, partial(cache.part, key, maker)) for key, maker in makers.items()]
    if companion is None:
        return made
    return [
        each._replace(piece=(piece_key(key), partial(piece, key, partial(made_store, key))))
        for key, each in zip(makers, made, strict=True)
    ]


def _divided(resources: Resources, own: Sequence[str], bundled: bool) -> list[list[Source]]:
    """Return the sources that countries share, and those of each part."""
    shared = [Source(file, ONTOLOGY_GRAPH) for file in resources.ontology()]
    countries: dict[str, list[Source]] = {}
    if bundled:
        for file, graph in resources.data_graphs():
            ending = ENDING.search(graph)
            (countries.setdefault(ending[1], []) if ending else shared).append(Source(file, graph))
    for source in own_sources(own):
        ending = ENDING.search(source.graph)
        if not (ending and ending[1] in countries):
            return [[*shared, *chain(*countries.values()), *own_sources(own)]]
        countries[ending[1]].append(source)
    parts: list[list[Source]] = [[]]
    for _, sources in sorted(countries.items()):
        parts[-1] += sources
        if len({source.graph for source in parts[-1]}) >= LEAST:
            parts.append([])
    return [shared, *filter(None, parts)]


def own_sources(paths: Iterable[str]) -> Iterator[Source]:
    """The sources of the user's files and folders."""
    for path in paths:
        for file in files.rdf_files(path):
            # The files of an edition are in one folder, and so in one graph.
            named = dirname(abspath(file)) if isdir(path) else splitext(abspath(file))[0]
            yield Source(file, GRAPH + re.sub(r"[^\w.-]", "-", basename(named)), is_own=True)


def key_of_own(paths: Iterable[str]) -> str:
    """Return the key of the user's files. Raises InputError if one cannot be read."""
    return _key([*own_sources(paths)])


def _key(sources: Sequence[Source]) -> str:
    """Return the key of files and their graphs, whose names depend on how a file is named."""
    graphs = "\n".join(each.graph for each in sources)
    return f"{digest(_files(sources))}-{crc32(graphs.encode(errors='surrogateescape')):08x}"


def referable(resources: Resources, paths: Sequence[str]) -> list[str]:
    """The files of data that those in the paths may refer to.

    Folders of publications refer to what all share and to others on their countries. What else
    there is may refer to everything.
    """

    def country(graph: str) -> str:
        ending = ENDING.search(graph)
        return ending[1] if ending else ""

    every = [(file, country(graph)) for file, graph in resources.data_graphs()]
    with suppress(InputError):
        countries = {country(source.graph) for source in own_sources(paths)}
        if countries and "" not in countries and countries <= {each for _, each in every}:
            return [file for file, each in every if each in ("", *countries)]
    return [file for file, _ in every]


def _files(sources: Iterable[Source]) -> list[str]:
    return [source.file for source in sources]


def load(store: Store, sources: Iterable[Source]) -> list[Quad]:
    """Load the sources, and return their quads; a triple that is there already is skipped.

    The engine would count it for each graph that has it.
    """
    loaded: list[Quad] = []
    for file, graph, _ in sources:
        first = {quad.triple: quad for quad in reversed([*files.read(file, graph)])}
        quads = [quad for triple, quad in first.items() if not is_known(store, triple)]
        store.extend(quads)
        loaded += quads
    return loaded


def _check_names(store: Store) -> None:
    """Raise InputError for a publication whose graph ends in the letters of another country.

    Two endings would put a country into two parts, and no rule would join them.
    """
    rows = store.query(MISNAMED, prefixes=PREFIXES)
    assert isinstance(rows, QuerySolutions)
    for graph, country in rows:
        name, letters = graph.value.removeprefix(GRAPH), country.value
        raise InputError(
            f"{name}: describes a publication on {letters.upper()}; let the name of its folder end"
            f" in -{letters}"
        )


def _nquads(quads: Iterable[Quad]) -> bytes:
    content = serialize(quads, format=RdfFormat.N_QUADS)
    assert content is not None
    return content


def _without_graphs(content: bytes) -> bytes:
    """Return the N-Triples of N-Quads in named graphs."""
    return re.sub(rb" <[^<>]*> \.\n", b" .\n", content)


def _triples(store: Store) -> bytes:
    content = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    assert content is not None
    return content
