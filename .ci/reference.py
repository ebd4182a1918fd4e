"""Write docs/reference/ from the commands, queries, API, ontology and shapes themselves.

    python .ci/reference.py         write the pages

tests/docs/test_reference.py compares the committed pages with those that `pages` returns.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import shorten as cut
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape

import click
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

import tipgraph
from tipgraph.cli.commands import COMMANDS, cli
from tipgraph.cli.queries import default_editions
from tipgraph.namespaces import PREFIXES, shorten
from tipgraph.queries.catalogue import Catalogue, StoredQuery
from tipgraph.queries.parameters import Parameter
from tipgraph.render.results import AnswerRows
from tipgraph.resources.folders import shipped
from tipgraph.text import capitalise

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
OURS = (PREFIXES["tip"], PREFIXES["code"])
TARGETS = {
    SH.targetClass: "{}",
    SH.targetNode: "node {}",
    SH.targetSubjectsOf: "subjects of {}",
    SH.targetObjectsOf: "objects of {}",
}


def pages() -> dict[str, str]:
    """Return the text of each page and picture by its file name."""
    modules = {file.stem: Graph().parse(file) for file in sorted(ROOT.glob("ontology/*.ttl"))}
    shapes = {file.stem: Graph().parse(file) for file in sorted(ROOT.glob("ontology/shapes/*.ttl"))}
    pictures = {f"ontology-{name}.svg": class_rows(each) for name, each in modules.items()}
    pictures |= {f"shapes-{name}.svg": record_rows(each) for name, each in shapes.items()}
    return {
        **{name: diagram(rows) for name, rows in pictures.items() if rows},
        "codes.md": page("Code lists", "the ontology", codes(modules)),
        "commands.md": page("Commands", "`tipgraph --help`", commands()),
        "ontology.md": page("Ontology", "the ontology", terms(modules)),
        "python.md": page("Python", "signatures and docstrings", python()),
        "queries.md": page("Stored queries", "the queries", queries(tipgraph.open())),
        "shapes.md": page("Shapes", "the shapes", shape_tables(shapes)),
    }


def page(title: str, source: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {title}", "", f"Generated from {source} by `make docs`.", *lines]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table, after an empty line; none without rows."""
    for number, row in enumerate(rows):
        if not number:
            yield from ("", line(head), line("---" for _ in head))
        yield line(row)


def line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


# ── Commands ─────────────────────────────────────────────────────────────────────────────────────


def commands() -> Iterator[str]:
    """The help of each command of this package; other distributions may add theirs."""
    yield from table(("command", "summary"), [(f"`{k}`", v) for k, v in sorted(COMMANDS.items())])
    root = context_of(cli, "tipgraph", None)
    for context in sorted(contexts(root, COMMANDS), key=lambda each: each.command_path):
        yield from ("", f"## {context.command_path}", "", "```text", context.get_help(), "```")


def contexts(parent: click.Context, names: Iterable[str]) -> Iterator[click.Context]:
    """The contexts of these commands of a group, and of those below them."""
    assert isinstance(parent.command, click.Group)
    for name in names:
        command = parent.command.get_command(parent, name)
        assert command
        context = context_of(command, name, parent)
        yield context
        if isinstance(command, click.Group):
            yield from contexts(context, command.list_commands(context))


def context_of(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    settings: dict[str, Any] = {**command.context_settings, "terminal_width": 100}
    return click.Context(command, info_name=name, parent=parent, **settings)


# ── Queries ──────────────────────────────────────────────────────────────────────────────────────


def queries(graph: tipgraph.Graph) -> Iterator[str]:
    """The queries by theme: question, summary, command, answer, parameters and columns of each."""
    by_theme = sorted(Catalogue(shipped()).values(), key=lambda query: (theme(query), query.name))
    asked = [(each.question, f"[{each.name}](#{each.name})") for each in by_theme if each.question]
    yield from ("", "## Questions", *table(("question", "query"), asked))
    for name, members in groupby(by_theme, key=theme):
        yield from ("", f"## {capitalise(name)}")
        for query in members:
            yield from ("", *query_section(query, graph))


def theme(query: StoredQuery) -> str:
    return next(iter(query.tags), "other")


def query_section(query: StoredQuery, graph: tipgraph.Graph) -> Iterator[str]:
    yield f"### {query.name}"
    yield ""
    if query.question:
        yield f"*{query.question}*"
        yield ""
    yield f"{query.summary}."
    if query.description:
        yield query.description
    yield ""
    scope, rows = answer(query, graph)
    yield f"    {example(query, scope)}"
    yield from rows
    yield ""
    if query.has_editions:
        yield f"Editions: {default_editions(query)}."
        yield ""
    if query.params:
        yield "Parameters:"
        yield ""
        yield from map(query_parameter, query.params)
        yield ""
    yield "Columns:"
    yield ""
    yield from (f"- `{name}`: {text}" for name, text in query.columns.items())


def answer(query: StoredQuery, graph: tipgraph.Graph) -> tuple[dict[str, str], Iterator[str]]:
    """Return what narrows the query so that it has rows, and the first two of them, as a table.

    Belgium comes first, since an edition of it was read in full, so that its rows change least.
    """
    names = {each.name for each in query.params}
    given = {each.name: each.example for each in query.params if each.required}
    for scope in ({"edition": "tip-2021-be"}, {"area": "BEL"}, {}):
        if names.issuperset(scope) and not given.keys() & scope:
            found = graph.query(query.name, **given, **scope)
            assert isinstance(found, AnswerRows)
            rows = [*graph.labelled(found)][:2]
            if rows:
                break
    shown = [name for name in query.shown or query.columns if any(row[name] for row in rows)]
    cells = ([cut(str(row[name] or ""), 100, placeholder=" …") for name in shown] for row in rows)
    return scope, table(shown, cells)


def example(query: StoredQuery, scope: dict[str, str]) -> str:
    needed = (f" -p {each.name}={each.example}" for each in query.params if each.required)
    narrowed = (f" --{name} {value}" for name, value in scope.items())
    return f"tipgraph query {query.name}{''.join(needed)}{''.join(narrowed)}"


def query_parameter(parameter: Parameter) -> str:
    kind = f"{parameter.type}, required" if parameter.required else parameter.type
    return f"- `{parameter.name}` ({kind}): {parameter.description}"


# ── Python ───────────────────────────────────────────────────────────────────────────────────────


def python() -> Iterator[str]:
    """The public names of the package but for its version, with their members."""
    for name in sorted(tipgraph.__all__):
        value = getattr(tipgraph, name)
        if inspect.isclass(value):
            yield from documented(f"## tipgraph.{name}", name, value)
            for member, each in sorted(members(value).items()):
                yield from documented(f"### {name}.{member}", member, each)
        elif callable(value):
            yield from documented(f"## tipgraph.{name}", name, value)
        elif not isinstance(value, str):
            yield from ("", f"## tipgraph.{name}", "", "```text", f"{name} = {value}", "```")


def members(kind: type) -> dict[str, Any]:
    """The public methods and properties of a class and of its bases that have no entry."""
    others = {getattr(tipgraph, name) for name in tipgraph.__all__} - {kind}
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("tipgraph.") and base not in others:
            found |= {name: value for name, value in vars(base).items() if name[0] != "_"}
    return {
        name: value
        for name, value in found.items()
        if (callable(value) or hasattr(value, "__get__")) and inspect.getdoc(value)
    }


def documented(heading: str, name: str, value: Any) -> Iterator[str]:
    yield from ("", heading, "")
    if isinstance(value, classmethod | staticmethod):
        value = value.__func__
    if callable(value) and not (inspect.isclass(value) and issubclass(value, Exception)):
        yield from ("```text", name + signature(value), "```", "")
    yield inspect.getdoc(value) or ""


def signature(value: Callable[..., object]) -> str:
    """The signature, with the names of types alone."""
    text = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", str(inspect.signature(value)))
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)


# ── Ontology ─────────────────────────────────────────────────────────────────────────────────────


def terms(modules: dict[str, Graph]) -> Iterator[str]:
    """The classes and properties of each module, ours alone, with the queries that use them."""
    used = queries_by_term()
    for name, graph in modules.items():
        classes = sorted(own(graph, OWL.Class), key=str)
        properties = sorted(
            own(graph, OWL.ObjectProperty) | own(graph, OWL.DatatypeProperty), key=str
        )
        if not classes and not properties:
            continue
        yield from ("", f"## {name}", "", described(graph, RDF.type, OWL.Ontology))
        if classes:
            words = f"The classes of {name}, each below its wider one, with properties and ranges"
            yield from ("", f"![{words}](ontology-{name}.svg)")
        yield from table(
            ("class", "label", "below", "definition", "queries"),
            (
                (code(term), text(graph, term, RDFS.label), names(graph, term, RDFS.subClassOf),
                 text(graph, term, SKOS.definition), used(term))
                for term in classes
            ),
        )  # fmt: skip
        yield from table(
            ("property", "label", "from", "to", "definition", "queries"),
            (
                (code(term), text(graph, term, RDFS.label), names(graph, term, RDFS.domain),
                 names(graph, term, RDFS.range), text(graph, term, SKOS.definition), used(term))
                for term in properties
            ),
        )  # fmt: skip


def queries_by_term() -> Callable[[Node], str]:
    """Return the links to the stored queries that use a term, at most five."""
    names: dict[str, list[str]] = {}
    for query in sorted(Catalogue(shipped()).values(), key=lambda each: each.name):
        body = re.sub(r"^#.*$", "", query.text, flags=re.MULTILINE)
        for term in set(re.findall(r"\btip:\w+", body)):
            names.setdefault(term, []).append(query.name)

    def links(term: Node) -> str:
        found = names.get(shorten(str(term)), [])
        more = [f"{len(found) - 5} more"] if len(found) > 5 else []
        return ", ".join([f"[{each}](queries.md#{each})" for each in found[:5]] + more)

    return links


def codes(modules: dict[str, Graph]) -> Iterator[str]:
    """The codes of each list."""
    whole = Graph()
    for graph in modules.values():
        whole += graph
    for scheme in sorted(set(whole.objects(None, SKOS.inScheme)), key=str):
        yield from ("", f"## {shorten(str(scheme))}", "", text(whole, scheme, SKOS.definition))
        yield from table(
            ("code", "label", "definition"),
            (
                (code(each), text(whole, each, SKOS.prefLabel), text(whole, each, SKOS.definition))
                for each in sorted(whole.subjects(SKOS.inScheme, scheme), key=str)
            ),
        )


def own(graph: Graph, kind: Node) -> set[Node]:
    return {term for term in graph.subjects(RDF.type, kind) if str(term).startswith(OURS)}


def described(graph: Graph, predicate: URIRef, value: Node) -> str:
    (subject,) = graph.subjects(predicate, value)
    return text(graph, subject, URIRef(PREFIXES["dcterms"] + "description"))


def text(graph: Graph, subject: Node, predicate: Node) -> str:
    return str(graph.value(subject, predicate) or "")


def names(graph: Graph, subject: Node, predicate: Node) -> str:
    values = graph.objects(subject, predicate)
    return ", ".join(sorted(code(value) for value in values if isinstance(value, URIRef)))


def code(term: Node) -> str:
    return f"`{shorten(str(term))}`"


# ── Shapes ───────────────────────────────────────────────────────────────────────────────────────


def shape_tables(files: dict[str, Graph]) -> Iterator[str]:
    """The shapes that have a message, by file."""
    for name, graph in files.items():
        yield from ("", f"## {name}")
        if record_rows(graph):
            words = f"The records of {name}, with the properties that each must have"
            yield from ("", f"![{words}](shapes-{name}.svg)")
        yield from table(
            ("shape", "target or path", "severity", "message"),
            (
                (
                    code(shape),
                    place(graph, shape),
                    severity(graph, shape),
                    text(graph, shape, SH.message),
                )
                for shape in sorted(graph.subjects(SH.message), key=str)
                if isinstance(shape, URIRef)
            ),
        )


def place(graph: Graph, shape: Node) -> str:
    """The targets of a shape, or the path of a property shape."""
    found = [
        words.format(code(target))
        for predicate, words in TARGETS.items()
        for target in sorted(graph.objects(shape, predicate), key=str)
    ]
    found += [f"`{path(graph, each)}`" for each in graph.objects(shape, SH.path)]
    return ", ".join(found)


def path(graph: Graph, node: Node) -> str:
    """A property path as SPARQL writes it."""
    if isinstance(node, URIRef):
        return shorten(str(node))
    for predicate, words in (
        (SH.inversePath, "^{}"),
        (SH.zeroOrMorePath, "{}*"),
        (SH.oneOrMorePath, "{}+"),
        (SH.zeroOrOnePath, "{}?"),
    ):
        if inner := graph.value(node, predicate):
            return words.format(path(graph, inner))
    if choices := graph.value(node, SH.alternativePath):
        return f"({'|'.join(path(graph, each) for each in Collection(graph, choices))})"
    return "/".join(path(graph, each) for each in Collection(graph, node))


def severity(graph: Graph, shape: Node) -> str:
    return str(graph.value(shape, SH.severity, default=SH.Violation)).removeprefix(str(SH))


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────

Row = tuple[int, str, str]


def class_rows(graph: Graph) -> list[Row]:
    """The classes of a module as a tree: depth, name, and properties with their ranges, if ours."""
    classes = own(graph, OWL.Class)
    ours = {each for each in graph.objects(None, RDFS.range) if str(each).startswith(OURS)}
    properties: dict[Node, list[str]] = {}
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for each in own(graph, kind):
            for domain in graph.objects(each, RDFS.domain):
                ranges = [local(v) for v in graph.objects(each, RDFS.range) if v in ours]
                words = " → ".join([local(each), *sorted(ranges)])
                properties.setdefault(domain, []).append(words)

    def below(parent: Node | None, depth: int) -> Iterator[Row]:
        for each in sorted(classes, key=str):
            wider = set(graph.objects(each, RDFS.subClassOf)) & classes
            if parent in wider or (parent is None and not wider):
                yield depth, local(each), ", ".join(sorted(properties.get(each, [])))
                yield from below(each, depth + 1)

    return [*below(None, 0)]


def record_rows(graph: Graph) -> list[Row]:
    """The classes that shapes target, with the properties that each must have."""
    needed: dict[Node, set[str]] = {}
    for shape, target in graph.subject_objects(SH.targetClass):
        for each in graph.objects(shape, SH.property):
            if int(str(graph.value(each, SH.minCount) or 0)):
                where = graph.value(each, SH.path)
                assert where
                needed.setdefault(target, set()).add(path(graph, where).replace("tip:", ""))
    return [(0, local(each), ", ".join(sorted(needed[each]))) for each in sorted(needed, key=str)]


def local(term: Node) -> str:
    return shorten(str(term)).removeprefix("tip:")


def diagram(rows: list[Row]) -> str:
    """The rows as SVG: names below each other, joined by lines, with text beside them."""
    lines: list[str] = []
    last: dict[int, int] = {}
    beside = 40 + max(len(name) * 8 + depth * 20 for depth, name, _ in rows)
    y = 0
    for depth, name, words in rows:
        y += 24
        if depth:
            x = depth * 20 - 10
            lines.append(f'<path d="M{x} {last[depth - 1] + 6}V{y - 4}h8"/>')
        last[depth] = y
        lines.append(f'<text class="name" x="{depth * 20 + 2}" y="{y}">{escape(name)}</text>')
        for number, part in enumerate(wrap(words, 95, break_on_hyphens=False)):
            y += 17 if number else 0
            lines.append(f'<text x="{beside}" y="{y}">{escape(part)}</text>')
    style = (
        "text{font:13px system-ui,sans-serif;fill:#1b1b1b}.name{font-weight:600}"
        "path{stroke:#767676;fill:none}"
        "@media(prefers-color-scheme:dark){text{fill:#e8e8e8}path{stroke:#8a8a8a}}"
    )
    size = f'width="{beside + 680}" height="{y + 12}" viewBox="0 0 {beside + 680} {y + 12}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([head, f"<style>{style}</style>", *lines, "</svg>"]) + "\n"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, content in pages().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
