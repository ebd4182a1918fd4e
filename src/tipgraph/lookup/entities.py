"""What people call a thing, and the thing that is meant: IRI, slug or label."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from tipgraph.errors import UsageError
from tipgraph.namespaces import CODE, ID, TIP, expand, last_part, shorten
from tipgraph.rdf.sparql import terms
from tipgraph.store.engine import Engine

LABELS = "rdfs:label|skos:prefLabel"
NAMES = f"{LABELS}|skos:altLabel"
SHOWN = 8


def resolve(engine: Engine, name: str, among: Iterable[str] | None = None) -> str:
    """The IRI of the thing that a name means, be it its IRI, its slug or a label.

    With `among`, only those IRIs can be meant. Raises UsageError when nothing is so named (the
    nearest names are told) or when several things are (they are listed).
    """
    wanted = None if among is None else set(among)
    for found in _readings(engine, name.strip()):
        meant = sorted(found if wanted is None else found & wanted)
        if len(meant) == 1:
            return meant[0]
        if meant:
            raise UsageError(f"{name!r} may be any of: {_listed(engine, meant)}")
    raise UsageError(f"nothing is called {name!r}{_hint(engine, name, wanted)}")


def labels(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """The label of each IRI that has one, English before others."""
    wanted = terms(iris)
    if not wanted:
        return {}
    rows = engine.select(
        f"SELECT ?thing ?label {{ VALUES ?thing {{ {wanted} }} ?thing {LABELS} ?label }}"
        " ORDER BY (LANG(?label) = 'en') ?label"
    )
    return {str(row["thing"]): str(row["label"]) for row in rows}


def label(engine: Engine, iri: str) -> str:
    """The thing's label, or a short form of its IRI."""
    return labels(engine, [iri]).get(iri, shorten(iri))


def slug(iri: str) -> str:
    """The short name that `resolve` takes for the thing."""
    for base in (ID, CODE, TIP):
        if iri.startswith(base):
            return iri.removeprefix(base)
    return shorten(iri)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names most like this one, the likest first."""
    from difflib import get_close_matches

    by_folded = {each.casefold(): each for each in known}
    close = get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.55)
    within = [each for each in by_folded if name.casefold() in each]
    return [by_folded[each] for each in dict.fromkeys([*close, *within[:3]])]


def _readings(engine: Engine, name: str) -> Iterator[set[str]]:
    """What the name can mean, the narrowest reading first."""
    spelled = [iri for iri in (name.strip("<>"), expand(name)) if iri and ":" in iri]
    slugs = [base + name for base in (ID, CODE, TIP)]
    yield _known(engine, spelled)
    yield _known(engine, slugs)
    yield _ending(engine, name)
    yield _labelled(engine, name)


def _known(engine: Engine, iris: Iterable[str]) -> set[str]:
    return {iri for iri in iris if _is_iri(iri) and engine.ask(f"ASK {{ {NamedNode(iri)} ?p ?o }}")}


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _ending(engine: Engine, name: str) -> set[str]:
    rows = engine.select(
        "SELECT DISTINCT ?thing { ?thing a ?type FILTER(isIRI(?thing) &&"
        f" STRENDS(LCASE(STR(?thing)), {Literal(name.lower())})) }}"
    )
    things = map(str, rows.column("thing"))
    return {iri for iri in things if last_part(iri).lower() == name.lower()}


def _labelled(engine: Engine, name: str) -> set[str]:
    rows = engine.select(
        f"SELECT DISTINCT ?thing {{ ?thing {NAMES} ?name"
        f" FILTER(LCASE(STR(?name)) = LCASE({Literal(name)}) && isIRI(?thing)) }}"
    )
    return set(map(str, rows.column("thing")))


def _listed(engine: Engine, iris: list[str]) -> str:
    known = labels(engine, iris)
    told = [f"{slug(iri)} ({known[iri]})" if iri in known else slug(iri) for iri in iris]
    return ", ".join(told[:SHOWN]) + (f" and {len(told) - SHOWN} more" if told[SHOWN:] else "")


def _hint(engine: Engine, name: str, wanted: set[str] | None) -> str:
    rows = engine.select(f"SELECT DISTINCT ?thing ?name {{ ?thing {NAMES} ?name }}")
    pairs = [
        (str(row["thing"]), str(row["name"]))
        for row in rows
        if wanted is None or row["thing"] in wanted
    ]
    near = nearest(name, [text for iri, text in pairs for text in (text, slug(iri))])
    return f"; nearest: {', '.join(near)}" if near else ""
