"""The graph in parts: what countries share, and each country with what follows for it.

No rule joins statements on different countries. So a country and what is shared are all that the
rules see at once: the memory does not grow with the number of countries, and a changed edition
costs its country alone, since parts are kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache as once
from functools import partial
from itertools import chain
from os.path import abspath, basename, dirname, isdir, splitext
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

from tipgraph.errors import InputError
from tipgraph.files import files_below
from tipgraph.namespaces import DERIVED_GRAPH, GRAPH, ONTOLOGY_GRAPH
from tipgraph.rdf import files
from tipgraph.resources import cache
from tipgraph.resources.folders import Resources, stamp
from tipgraph.store.disk import Part
from tipgraph.store.engine import Embedded
from tipgraph.store.rules import derive, is_known, read_rule

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
# The least publications in a part. The rules see what is shared again in each part, and a changed
# publication costs its part (bench/scale.py).
LEAST = 50


class Source(NamedTuple):
    """A file and its named graph. A triple of a user's own may be in another file as well."""

    file: str
    graph: str
    is_own: bool = False


def parts(resources: Resources, own: Sequence[str] = (), bundled: bool = True) -> list[Part]:
    """The parts of the graph, whose quads together are the graph.

    The user's own files may concern any country. So with them there is one part, unless their names
    end like those of publications on countries that are there.
    """
    shared, *countries = _divided(resources, own, bundled)
    strata = (resources.completions(), resources.rules())
    # Parts that are kept need none of them.
    rules = once(lambda: [list(map(read_rule, each)) for each in strata])

    def derived(beside: Iterable[Quad], sources: Iterable[Source]) -> tuple[list[Quad], set[Quad]]:
        store = Store()
        store.extend(beside)
        stated = load(store, sources)
        if countries:
            _check_names(store)
        for each in rules():
            derive(store, each)
        return stated, set(store.quads_for_pattern(None, None, None, DERIVED))

    of_all = once(lambda: derived((), shared))

    def make_shared() -> bytes:
        return _nquads(*of_all())

    def make(sources: list[Source]) -> bytes:
        beside, known = of_all()
        stated, follows = derived(beside, sources)
        return _nquads(stated, follows - known)

    if not countries:
        return [Part("", make_shared)]
    code = [*files_below(dirname(__file__), ".py"), *files_below(dirname(files.__file__), ".py")]
    base = stamp([*code, *resources.completions(), *resources.rules(), *_files(shared)])
    makers = {base: make_shared}
    for sources in countries:
        makers[f"{base}-{stamp(_files(sources))}"] = partial(make, sources)
    return [Part(key, partial(cache.part, key, maker)) for key, maker in makers.items()]


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
    """Load the sources, and return their quads; a triple of the user's that is there is skipped."""
    loaded = []
    for file, graph, is_own in sources:
        quads = list(files.read(file, graph))
        if is_own:
            quads = [quad for quad in quads if not is_known(store, quad.triple)]
        store.extend(quads)
        loaded += quads
    return loaded


def _check_names(store: Store) -> None:
    """Raise InputError for a publication whose graph ends in the letters of another country.

    Two endings would put a country into two parts, and no rule would join them.
    """
    for row in Embedded(store).select(MISNAMED):
        name, letters = str(row["graph"]).removeprefix(GRAPH), str(row["letters"])
        raise InputError(
            f"{name}: describes a publication on {letters.upper()}; let the name of its folder end"
            f" in -{letters}"
        )


def _nquads(stated: list[Quad], follows: set[Quad]) -> bytes:
    quads = serialize((*stated, *follows), format=RdfFormat.N_QUADS)
    assert quads is not None
    return quads
