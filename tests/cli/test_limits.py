"""Small inputs that would crash a parser or fill the memory are refused at once, in one line."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from tipgraph.endpoint.client import GraphClient
from tipgraph.endpoint.profiles import RemoteStore
from tipgraph.errors import InputError
from tipgraph.loader import FileSource, ReservedNames
from tipgraph.loader.sorted_ntriples import sort_by_graph
from tipgraph.loader.verify import VerificationError, Verify, verify
from tipgraph.rdf import limits
from tipgraph.rdf.limits import MAX_ENTITY, MAX_NESTING, MAX_TERM, content_of

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DEEP = 20_000
TOO_DEEP = "are nested more than 200 levels deep"


def turtle(opening: str, closing: str, levels: int = DEEP) -> str:
    return f"<urn:s> <urn:p> {opening * levels}1{closing * levels} .\n"


def json_ld(opening: str, closing: str) -> str:
    return f'{{"@id": "urn:s", "urn:p": {opening * DEEP}1{closing * DEEP}}}'


def rdf_xml(content: str, declarations: str = "") -> str:
    declared = f"<!DOCTYPE r [{declarations}]>" if declarations else ""
    return (
        f'<?xml version="1.0"?>{declared}<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e:">'
        f'<rdf:Description rdf:about="urn:s">{content}</rdf:Description></rdf:RDF>'
    )


NESTED_ENTITIES = '<!ENTITY a0 "aaaaaaaaaaaaaaaa">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 7)
)
ATTACKS = {
    "blank-nodes.ttl": (turtle("[ <urn:p> ", "]", levels=1000), f":1:2017: brackets {TOO_DEEP}"),
    "lists.trig": (turtle("(", ")"), TOO_DEEP),
    "formulas.n3": (turtle("{ <urn:a> <urn:b> ", "}"), TOO_DEEP),
    "triple-terms.ttl": (turtle("<<( <urn:a> <urn:b> ", ")>>"), TOO_DEEP),
    "triple-terms.nt": (turtle("<<( <urn:a> <urn:b> ", " )>>"), TOO_DEEP),
    "nodes.jsonld": (json_ld('{"urn:p": ', "}"), TOO_DEEP),
    "lists.jsonld": (json_ld('{"@list": [', "]}"), TOO_DEEP),
    "elements.rdf": (
        rdf_xml("<e:p><rdf:Description>" * DEEP + "</rdf:Description></e:p>" * DEEP),
        f"elements {TOO_DEEP}",
    ),
    "entities.rdf": (rdf_xml("<e:p>&a6;</e:p>", NESTED_ENTITIES), "XML entity"),
    "long-entity.rdf": (
        rdf_xml("<e:p>&a;</e:p>", f'<!ENTITY a "{"a" * (MAX_ENTITY + 1)}">'),
        "XML entity",
    ),
    "external-entity.rdf": (
        rdf_xml("<e:p>&a;</e:p>", '<!ENTITY a SYSTEM "file:///etc/passwd">'),
        "XML entity",
    ),
    # Others would read these, and the parser here would leave them out.
    "entity-twice.rdf": (
        rdf_xml("<e:p>&a;</e:p>", '<!ENTITY a "1"><!ENTITY a "2">'),
        "XML entity is declared twice",
    ),
    "attribute-of-a-dtd.rdf": (
        rdf_xml("<e:p>1</e:p>", '<!ATTLIST e:p rdf:datatype CDATA "urn:d">'),
        "attributes of a DTD are not read",
    ),
    "many-entities.rdf": (
        rdf_xml(f"<e:p>{'&a;' * 10_000}</e:p>", f'<!ENTITY a "{"a" * MAX_ENTITY}">'),
        "its XML entities stand for so much",
    ),
    "literal.nt": (f'<urn:s> <urn:p> "{"a" * MAX_TERM}" .', "longer than 16 MiB"),
    "literal.jsonld": (f'{{"@id": "urn:s", "urn:p": "{"a" * MAX_TERM}"}}', "longer than 16 MiB"),
}


MEGABYTES = pytest.mark.slow(reason="a parser reads 16 MiB of JSON before it stops")


@pytest.fixture(
    params=[
        pytest.param(name, marks=MEGABYTES if name == "literal.jsonld" else ()) for name in ATTACKS
    ]
)
def attack(request, mini, tmp_path: Path) -> tuple[Path, str]:
    """A file, and what must be reported of it."""
    content, problem = ATTACKS[request.param]
    file = tmp_path / request.param
    file.write_text(content)
    return file, problem


def test_no_command_reads_it(attack, run, tmp_path: Path):
    file, problem = attack
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("<urn:S> a <http://www.w3.org/ns/shacl#NodeShape> .")
    names = ReservedNames("urn:manifest", "urn:staging", "urn:skolem:")

    queried = run("query", "-e", "ASK {}", "--data", file)
    validated = run("validate", file, "--shapes", shapes)
    as_shapes = run("validate", shapes, "--shapes", file)
    with pytest.raises(InputError, match=r"levels deep|XML entit|DTD|longer") as loaded:
        FileSource([str(file)], graph="urn:g").graphs(str(tmp_path), names)

    assert (queried.code, queried.out, queried.err.count("\n")) == (3, "", 1)
    for error in (queried.err, validated.err, as_shapes.err, str(loaded.value)):
        assert problem in error.splitlines()[0]
        assert str(file) in error
    assert (validated.code, as_shapes.code) == (3, 3)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no device without end")
@pytest.mark.parametrize("command", ["query -f", "assess", "import-figures", "attach tip-2021-xx"])
def test_text_without_end_is_refused(mini, run, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tipgraph.files.MOST_TEXT", 1 << 20)
    monkeypatch.setattr("tipgraph.texts.MOST_TEXT", 1 << 20)

    outcome = run(*command.split(), "/dev/zero")

    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err == "tipgraph: /dev/zero: is longer than 1 MiB\n"


@pytest.mark.parametrize(
    ("command", "advice"), [("query", ""), ("assess", ""), ("validate", "; save it as a file")]
)
def test_standard_input_without_end_is_refused(mini, run, monkeypatch, command, advice):
    monkeypatch.setattr("tipgraph.files.MOST_TEXT", 1 << 20)

    outcome = run(command, "-", stdin=b"#" * (2 << 20))

    assert outcome.code == 3
    assert outcome.err == f"tipgraph: standard input: is longer than 1 MiB{advice}\n"


def test_term_that_is_too_long_for_the_engine_is_refused(mini, run, monkeypatch):
    """In N-Quads, which the engine is given, a line end takes two characters."""

    def load(*_: object) -> None:
        raise MemoryError("Reached the buffer maximal size of 16777216")

    monkeypatch.setattr("tipgraph.store.disk.opened", load)
    outcome = run("find", "shelters")

    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith("tipgraph: a term is longer than 16 MiB")


def test_what_people_write_is_read(mini, run, tmp_path: Path):
    nested = tmp_path / "nested.ttl"
    nested.write_text(turtle("[ <urn:p> ", "]", levels=MAX_NESTING))
    texts = tmp_path / "texts.ttl"
    texts.write_text(
        """# [[[
        @prefix e: <urn:e:> .
        <urn:(((> <urn:p> '[[[' , "[[['\\"[[[" , e:a\\( , \"\"\"[["[[\"\"\" , '''[['[[''' .
        """.replace("[[", "[" * MAX_NESTING)
    )
    abbreviated = tmp_path / "abbreviated.owl"
    abbreviated.write_text(
        rdf_xml('<e:p rdf:resource="&xsd;date"/>', '<!ENTITY xsd "http://www.w3.org/XMLSchema#">')
    )
    query = "SELECT (COUNT(?o) AS ?n) { ?s <urn:p>|<urn:e:p> ?o }"

    for file, count in ((nested, MAX_NESTING + 1), (texts, 5), (abbreviated, 1)):
        done = run("query", "-e", query, "--data", file, "--no-bundled")
        assert (done.code, done.err, done.out) == (0, "", f"n\n{count}\n")


CHAIN = "".join(f"_:b{n} <urn:p> _:b{n + 1} .\n" for n in range(1000))
CLIQUE = "".join(f"_:b{n} <urn:p> _:b{m} .\n" for n in range(10) for m in range(10) if n != m)


@pytest.mark.parametrize(("links", "count"), [(CHAIN, 1000), (CLIQUE, 90)])
def test_blank_nodes_that_look_alike_are_read_and_not_named(mini, run, tmp_path, links, count):
    file = tmp_path / "links.nt"
    file.write_text(links)

    queried = run("query", "-e", "SELECT ?a { ?a <urn:p> ?b }", "--data", file)
    exported = run("export", "graph", "--data", file, "--format", "turtle")

    assert (queried.code, queried.out.count("\n")) == (0, count + 1)
    assert (exported.code, exported.out) == (3, "")
    assert exported.err.endswith("to name them takes too long; give them IRIs\n")


def test_store_that_returns_such_nodes_has_not_what_was_sent(tmp_path):
    quads = parse(b"<urn:g> { <urn:s> <urn:p> [ <urn:p> 1 ] }", format=RdfFormat.TRIG)
    sent = sort_by_graph(quads, str(tmp_path))["urn:g"]

    class Client:
        store = RemoteStore("http://localhost/", None, None)

        def count(self, graph: str, size: int) -> int:
            return 2

        def triples(self, graph: str, size: int) -> Iterator[Quad]:
            return parse(CLIQUE.encode(), format=RdfFormat.N_TRIPLES)

    with pytest.raises(VerificationError, match="the store does not return <urn:s>"):
        verify(cast(GraphClient, Client()), "urn:g", sent, Verify.FULL)


def test_long_field_of_a_table_is_refused(mini, run, tmp_path):
    table = tmp_path / "figures.csv"
    table.write_text(f"country,edition\n{'a' * 200_000},\n")

    done = run("import-figures", table)

    assert (done.code, done.out) == (3, "")
    assert done.err.endswith("line 2: this is not CSV (field larger than field limit (131072))\n")


@pytest.mark.parametrize("source", ["-e", "-f", "-"])
@pytest.mark.parametrize(
    "group",
    [
        "{" * 8000 + "}" * 8000,
        "{ FILTER(" + "(" * 8000 + "1" + ")" * 8001 + " }",
        "{ ?s ?p " + "[ ?p " * 8000 + "1" + "]" * 8000 + " }",
        "{" + r"\u007B" * 8000 + r"\u007D" * 8000 + "}",
    ],
    ids=["groups", "parentheses", "blank nodes", "escapes"],
)
def test_nested_query_is_refused(mini, run, tmp_path, group, source):
    query = f"SELECT * {group}"
    file = tmp_path / "query.rq"
    file.write_text(query)
    arguments = {"-e": ["-e", query], "-f": ["-f", file], "-": ["-"]}[source]

    done = run("query", *arguments, stdin=query.encode())

    assert (done.code, done.err.count("\n")) == (3, 1)
    assert done.err.endswith(f": brackets {TOO_DEEP}\n")
    assert ":1:" in done.err


def test_nested_query_in_a_shape_is_refused(mini, run, tmp_path):
    shapes = tmp_path / "shapes.ttl"
    query = "SELECT $this " + "{" * 9000 + "}" * 9000
    shapes.write_text(
        f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:S> a sh:NodeShape ; sh:targetNode <urn:s> ; sh:sparql [ sh:select "{query}" ] ."""
    )
    data = tmp_path / "data.ttl"
    data.write_text("<urn:s> <urn:p> 1 .")

    for engine in ("pyshacl", "fast"):
        done = run("validate", data, "--shapes", shapes, "--engine", engine, "--no-shape-checks")
        assert done.code == 3
        assert f"{shapes}:2:" in done.err
        assert TOO_DEEP in done.err.splitlines()[0]


BOMB = "\n".join(
    ["#+ tags:", "#+   - &a0 aaaaaaaaaa"]
    + [f"#+   - &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
)


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (BOMB, ":3:13: broken header: aliases are not read"),
        (f"#+ tags: {'[' * 1000}", "broken header: it is nested too deeply"),
    ],
)
def test_header_that_grows_is_refused(mini, run, tmp_path, header, problem):
    file = tmp_path / "query.rq"
    file.write_text(f"{header}\nASK {{}}")

    done = run("query", "-f", file)

    assert (done.code, done.err.count("\n")) == (3, 1)
    assert problem in done.err


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ('{"age": ' + "[" * DEEP + "]" * DEEP + "}", f"brackets {TOO_DEEP}"),
        ('{"@context": ' + '{"a": ' * DEEP + "1" + "}" * DEEP + "}", f"brackets {TOO_DEEP}"),
        ("{" + ", ".join(f'"k{n}": 1' for n in range(50_000)) + "}", "unknown key 'k0'"),
        (f'{{"met": "{"a" * 1_000_000}"}}', "unknown fact"),
    ],
    ids=["lists", "contexts", "keys", "name"],
)
def test_case_that_grows_is_refused(shipped, case, problem):
    with pytest.raises(InputError, match=problem):
        shipped.assess(case)


@pytest.mark.parametrize("most", [0, limits.MOST_COPIED], ids=["mapped", "in memory"])
def test_file_that_becomes_shorter_while_it_is_checked_does_not_end_the_process(
    tmp_path, monkeypatch, most
):
    monkeypatch.setattr(limits, "MOST_COPIED", most)
    file = tmp_path / "own.nt"
    file.write_bytes(b"<urn:s> <urn:p> <urn:o> .\n" * 1_000)

    with open(file, "rb") as opened, content_of(opened) as content:
        os.truncate(file, 0)

        assert len(bytes(content)) == 26_000


@pytest.mark.parametrize("number", ["inf", "nan", "1e10", "0", "-1", "1e-400", "one"])
@pytest.mark.parametrize("command", ["query", "validate", "load"])
def test_timeout_is_a_number_of_seconds_up_to_a_day(run, command, number):
    done = run(command, "--timeout", number)

    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "--timeout" in done.err


@pytest.mark.parametrize("number", ["inf", "nan", "1e10", "-1"])
@pytest.mark.parametrize("option", ["--jobs", "--max"])
def test_numbers_of_things_are_whole(run, option, number):
    done = run("validate", option, number)

    assert (done.code, done.err.count("\n")) == (2, 1)
