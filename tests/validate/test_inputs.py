"""Inputs: files, folders, globs, standard input, graphs; and input errors."""

import codecs
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run
from tests.servers import oxigraph_in_memory, put
from tests.validate.conftest import PREFIXES, Write
from tipgraph.namespaces import OWL

NAMELESS = "ex:a a ex:Human .\n"
NAMED = 'ex:b a ex:Human ; ex:name "B" .\n'


def found(run: Run, *arguments: object, **options: Any) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and the file and focus node of each finding."""
    outcome = run("validate", *arguments, "--shapes", "shapes.ttl", "--format", "json", **options)
    findings = json.loads(outcome.out)["findings"]
    return outcome.code, [
        (each["file"], each["focus_node"].rpartition("/")[2]) for each in findings
    ]


def test_files_folders_and_globs_form_one_graph(shapes: Path, write: Write, run: Run) -> None:
    write("one.ttl", NAMELESS)
    write("more/two.ttl", "ex:c a ex:Human .\n")
    write("more/deep/three.ttl", 'ex:a ex:name "A" .\n')
    write("more/.hidden/four.ttl", "ex:d a ex:Human .\n")
    (shapes.parent / "more" / "package.json").write_text("{}")

    assert found(run, "one.ttl") == (1, [("one.ttl", "a")])
    assert found(run, "one.ttl", "more") == (1, [("more/two.ttl", "c")])
    assert found(run, "**/t*.ttl") == (1, [("more/two.ttl", "c")])
    assert found(run, "one.ttl", "one.ttl", "*.ttl") == (1, [("one.ttl", "a")])


@pytest.mark.parametrize(
    ("syntax", "text", "place"),
    [
        (None, f"{PREFIXES}{NAMELESS}", [4, 1]),
        (None, f"{PREFIXES}ex:g {{ {NAMELESS} }}", [4, 8]),
        (
            "nquads",
            "<http://example.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
            " <http://example.org/Human> <http://example.org/g> .",
            [1, 1],
        ),
        (
            "jsonld",
            '{"@id": "http://example.org/a", "@type": "http://example.org/Human"}',
            [None, None],
        ),
        (
            "rdfxml",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
            ' xmlns:ex="http://example.org/"><ex:Human rdf:about="http://example.org/a"/></rdf:RDF>',
            [None, None],
        ),
    ],
)
def test_standard_input_accepts_every_syntax(shapes, run, syntax, text, place):
    options = ["--syntax", syntax] if syntax else []
    outcome = run(
        "validate", "-", "--shapes", shapes, "--format", "json", *options, stdin=text.encode()
    )

    (finding,) = json.loads(outcome.out)["findings"]
    assert outcome.code == 1
    assert (finding["file"], [finding["line"], finding["column"]]) == ("<stdin>", place)


def test_each_graph_validates_graphs_separately(shapes: Path, folder: Path, run: Run) -> None:
    (folder / "data.trig").write_text(
        PREFIXES + 'ex:one { ex:a a ex:Human }\nex:two { ex:a ex:name "A" ; a ex:Human }\n'
    )

    assert found(run, "data.trig") == (0, [])
    outcome = run("validate", "data.trig", "--shapes", shapes, "--each-graph", "--format", "json")
    (finding,) = json.loads(outcome.out)["findings"]
    assert outcome.code == 1
    assert (finding["graph"], finding["line"]) == ("http://example.org/one", 4)


@pytest.mark.parametrize("options", [[], ["--each-graph"]])
def test_empty_data_is_an_error(shapes: Path, folder: Path, run: Run, options: list[str]) -> None:
    (folder / "empty.trig").write_text("# nothing yet\n")

    outcome = run("validate", "empty.trig", "--shapes", shapes, *options)

    assert outcome.code == 3
    assert "the shapes select no nodes in the data" in outcome.err


def test_broken_file_does_not_stop_the_others(shapes: Path, write: Write, run: Run) -> None:
    write("broken.ttl", "ex:a a ex:Human ;;; foo .\n")
    write("good.ttl", NAMELESS)

    outcome = run("validate", "broken.ttl", "missing.ttl", "good.ttl", "--shapes", shapes)

    assert outcome.code == 3
    assert "good.ttl:4:1: violation: Give a name." in outcome.out
    errors = outcome.err.splitlines()
    assert errors[0].startswith("tipgraph: missing.ttl: no such file")
    assert errors[1].startswith("tipgraph: broken.ttl:4:21: ")
    assert any(line.endswith("ex:a a ex:Human ;;; foo .") for line in errors)


def test_message_is_no_command_to_github(shapes: Path, write: Write, run: Run) -> None:
    """A pull request brings files, and settings."""
    command = "##[add-mask]conforms"
    write("broken.ttl", f"ex:a !!! ex:Human . {command}\n")
    validate = ("validate", "broken.ttl", "--shapes", shapes, "--format", "github")

    broken = run(*validate)
    Path("pyproject.toml").write_text(f'[tool.tipgraph.validate]\nignore = ["{command}"]\n')

    for outcome in (broken, run(*validate)):
        assert outcome.code == 3
        assert "## [add-mask]" in outcome.err
        assert "##[" not in outcome.err


def test_name_of_a_file_is_no_command_to_github(shapes: Path, write: Write, run: Run) -> None:
    for name in ("::stop-commands::x.ttl", "##[group]x.ttl"):
        write(name, "ex:a a ex:Human .")

        outcome = run("validate", name, "--shapes", shapes)

        assert outcome.code == 1
        assert not re.search(r"(?m)^::|##\[", outcome.out)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty/notes.txt", b"", "no RDF file in this folder"),
        ("data.csv", b"a,b", "unknown RDF file extension '.csv'"),
        ("latin.ttl", "<urn:é> a <urn:B> .".encode("latin-1"), "latin.ttl:1"),
        ("star.ttl", b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "RDF 1.2 triple term"),
        ("direction.ttl", b'<urn:a> <urn:b> "c"@ar--rtl .', "RDF 1.2 base direction"),
    ],
)
def test_unreadable_input_exits_with_3(shapes, folder, run, name, content, problem):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)

    outcome = run("validate", name.partition("/")[0], "--shapes", shapes)

    assert outcome.code == 3
    assert problem in outcome.err.splitlines()[0]
    assert "Traceback" not in outcome.err


def test_byte_order_mark_is_ignored(shapes: Path, folder: Path, run: Run) -> None:
    (folder / "data.ttl").write_bytes(codecs.BOM_UTF8 + f"{PREFIXES}{NAMELESS}".encode())
    shapes.write_bytes(codecs.BOM_UTF8 + shapes.read_bytes())

    outcome = run("validate", "data.ttl", "--shapes", shapes)

    assert outcome.code == 1
    assert outcome.out.startswith("data.ttl:4:1: violation: Give a name.")


def test_notes_list_unselected_files(shapes: Path, write: Write, run: Run) -> None:
    write("data/a.ttl", NAMED)
    write("data/c.ttl", "ex:c a ex:Cat .")

    outcome = run("validate", "data", "--shapes", shapes)

    assert outcome.code == 0
    assert "note: the shapes select no nodes in data/c.ttl" in outcome.out


TURTLE = "@prefix ex: <http://example.org/> .\nex:nameless a ex:Human ."
RDF_XML = """<?xml version="1.0"?>
<!-- people --><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:ex="http://example.org/"><ex:Human rdf:about="http://example.org/nameless"/></rdf:RDF>"""
JSON_LD = '{"@id": "http://example.org/nameless", "@type": "http://example.org/Human"}'
HIDDEN_RDF = {
    "people.turtle": TURTLE,
    "people.xml": RDF_XML,
    "people.owl": RDF_XML,
    "people.rdfs": TURTLE,
    "people.json": JSON_LD,
    "mail.xml": RDF_XML.replace("people", "people@example.org"),
    "mail.owl": "# people@example.org\n" + TURTLE,
    "mail.json": JSON_LD.replace("{", '{"mail": "people@example.org", '),
    "far.json": JSON_LD.replace("{", '{"text": "' + "x" * 70_000 + '", '),
    "far.xml": RDF_XML.replace("people", "x" * 70_000),
    "entity.xml": RDF_XML.replace("http://www.w3.org/1999/02/22", "&w3;").replace(
        "<!--", '<!DOCTYPE e [<!ENTITY w3 "http://www.w3.org/1999/02/22">]>\n<!--'
    ),
    "reference.xml": RDF_XML.replace("22-rdf", "&#50;2-rdf"),
    "letter.xml": RDF_XML.partition("-->")[2].replace("rdf:", "é:").replace(":rdf=", ":é="),
    "escaped.json": JSON_LD.replace("@id", r"\u0040id"),
    "escapes.json": JSON_LD.replace("@id", r"@\u0069d").replace("@type", r"@ty\u0070e"),
}
STORE = ["--query-url", "http://localhost:9/q", "--update-url", "http://localhost:9/u"]
UNREADABLE_RDF: dict[str, bytes | None] = {
    "packed.ttl.gz": b"\x1f\x8b",
    "packed.OWL.xz": b"\xfd7zXZ",
    "packed.nt.tar.gz": b"\x1f\x8b",
    "packed.ttl.tgz": b"\x1f\x8b",
    "packed.trix.gz": b"\x1f\x8b",
    "compact.shaclc": b"shape ex:S -> ex:T {}",
    "people.rdfxml": RDF_XML.encode(),
    "people.hdt": b"$HDT",
    "people.rj": b"{}",
    "people.n-triples": b"",
    "people.hext": b"[]",
    "people.owl": b"Prefix(:=<http://example.org/>)\nOntology(<http://example.org/>)",
    "people.xml": RDF_XML.encode("utf-16"),
    "people.json": JSON_LD.encode("utf-16"),
    "lines.jsonl": JSON_LD.encode(),
    # These are pipes.
    "pipe.ttl": None,
    "pipe.json": None,
}


@pytest.mark.parametrize("name", HIDDEN_RDF)
def test_folder_is_searched_for_rdf_of_every_extension(name, shapes, folder, write, run):
    write("data/a.ttl", NAMED)
    (folder / "data" / name).write_text(HIDDEN_RDF[name], encoding="utf-8")
    (folder / "data" / "settings.json").write_text('{"name": "no RDF"}', encoding="utf-8")
    (folder / "data" / "page.xml").write_text("<page>no RDF</page>", encoding="utf-8")

    outcome = run("validate", "data", "--shapes", shapes)

    assert outcome.code == 1, outcome.err
    assert f"data/{name}" in outcome.out
    assert "2 files" in outcome.out


@pytest.mark.parametrize("name", UNREADABLE_RDF)
def test_file_of_a_folder_that_may_be_rdf_and_is_not_read_is_an_error(
    name: str, shapes: Path, folder: Path, write: Write, run: Run
) -> None:
    write("data/a.ttl", NAMED)
    content = UNREADABLE_RDF[name]
    if content is None:
        os.mkfifo(folder / "data" / name)
    else:
        (folder / "data" / name).write_bytes(content)
    (folder / "data" / "lines.ndjson").write_text(
        '{"mail": "people@example.org"}', encoding="utf-8"
    )
    commands: list[list[object]] = [
        ["validate", "data", "--shapes", shapes],
        ["validate", "data/a.ttl", "--shapes", shapes, "--add-shapes", "data"],
        ["validate", "data", "--shapes", "data", "--output", "sarif=report"],
        ["query", "-e", "ASK { }", "--data", "data", "--no-bundled"],
        ["load", "data", "--graph", "urn:g", "--dry-run", *STORE],
    ]

    for command in commands:
        outcome = run(*command)

        assert outcome.code == 3, command
        assert f"data/{name}: this may be RDF, and is not read" in outcome.err
        assert "conforms" not in outcome.out.replace("does not conform", "")


@pytest.mark.parametrize("kind", ["daml:collection", "literal", "&k;", ""])
def test_parse_type_that_the_parser_leaves_out_is_an_error(shapes, folder, run, kind):
    known = "<ex:knows rdf:parseType=\"Resource\"/><ex:x rdf:parseType='Literal'>a</ex:x>"
    inner = f'{known}\n<ex:name rdf:parseType="{kind}">A</ex:name></ex:Human></rdf:RDF>'
    text = RDF_XML.replace("/></rdf:RDF>", f">{inner}")
    text = text.replace("<!--", '<!DOCTYPE e [<!ENTITY k "other">]><!--')
    (folder / "people.rdf").write_text(text, encoding="utf-8")

    outcome = run("validate", "people.rdf", "--shapes", shapes)

    assert outcome.code == 3
    assert "people.rdf:4:1: this rdf:parseType is not read" in outcome.err
    (folder / "people.rdf").write_text(text.replace(f'"{kind}"', '"Literal"'), encoding="utf-8")
    assert run("validate", "people.rdf", "--shapes", shapes).code in (0, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_name_of_a_file_may_be_of_any_bytes(folder: Path, run: Run, no_pauses: None) -> None:
    (folder / "data").mkdir()
    for name in (b"a\xff.ttl", b"b\n\x1b[31m.ttl"):
        (folder / "data" / os.fsdecode(name)).write_text(TURTLE + " ex:x ex:y [] .")

    commands: list[list[object]] = [
        ["validate", "data"],
        ["validate", "data", "--shapes", "data", "--format", "json"],
        ["query", "-e", "ASK { }", "--data", "data", "--no-bundled"],
        ["load", "data", "--graph", "urn:g", "--dry-run", *STORE],
        ["load", "data", "--base", "urn:g:", "--dry-run", *STORE],
    ]
    for command in commands:
        outcome = run(*command)

        assert outcome.code in (0, 3, 4), outcome.err
        assert "\x1b" not in outcome.err


def test_linked_folder_is_searched_once(shapes: Path, folder: Path, write: Write, run: Run) -> None:
    write("data/a.ttl", NAMED)
    write("elsewhere/b.ttl", NAMELESS)
    (folder / "data" / "linked").symlink_to(folder / "elsewhere")
    (folder / "elsewhere" / "back").symlink_to(folder / "data")

    outcome = run("validate", "data", "--shapes", shapes)

    assert outcome.code == 1
    assert "data/linked/b.ttl" in outcome.out
    assert "2 files" in outcome.out


def test_foreign_data_with_shipped_shapes_is_an_error(mini: Path, tmp_path: Path, run: Run) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> a <http://www.w3.org/2004/02/skos/core#Concept> .")

    outcome = run("validate", data, "--engine", "fast")

    assert outcome.code == 3
    assert "pass the shapes for this data with --shapes" in outcome.err


def test_missing_target_node_is_validated(write: Write, run: Run) -> None:
    write("data.ttl", NAMED)
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetNode ex:config ;"
        " sh:property [ sh:path ex:name ; sh:minCount 1 ] .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.code == 1
    assert "focus node ex:config" in outcome.out
    # The shapes are read beside data that import them.
    importing = "<urn:data> <http://www.w3.org/2002/07/owl#imports> <shapes.ttl> .\n"
    write("data.ttl", importing + NAMED)

    assert run("validate", "data.ttl", "--shapes", "shapes.ttl").out == outcome.out


def test_glob_without_match_is_an_error(shapes: Path, run: Run) -> None:
    outcome = run("validate", "nothing/*.ttl", "--shapes", shapes)

    assert (outcome.code, outcome.err) == (
        3,
        "tipgraph: nothing/*.ttl: no file or folder matches this pattern\n",
    )


def test_import_resolves_to_given_file(shapes: Path, write: Write, run: Run) -> None:
    importing = "<http://example.org/shapes> <http://www.w3.org/2002/07/owl#imports> ex:other .\n"
    write("data.ttl", NAMED)
    write("importing.ttl", importing)
    write("other.ttl", "ex:other a <http://www.w3.org/2002/07/owl#Ontology> .\n")
    shapes_of = ["--shapes", shapes, "--shapes", "importing.ttl"]

    alone = run("validate", "data.ttl", *shapes_of)
    together = run("validate", "data.ttl", *shapes_of, "--shapes", "other.ttl")
    unchecked = run("validate", "data.ttl", *shapes_of, "--no-shape-checks")

    assert (alone.code, together.code, unchecked.code) == (3, 0, 0)
    assert alone.err.startswith(
        "tipgraph: importing.ttl:4:69: cannot resolve the import <http://example.org/other>"
    )


def test_import_of_a_text_is_an_error_with_its_place(shapes: Path, write: Write, run: Run) -> None:
    write("data.ttl", NAMED)
    write("importing.ttl", "ex:shapes <http://www.w3.org/2002/07/owl#imports> 'a b' , [] .\n")

    outcome = run("validate", "data.ttl", "--shapes", shapes, "--shapes", "importing.ttl")

    assert outcome.code == 3
    assert outcome.err.startswith("tipgraph: importing.ttl:4:51: cannot resolve the import ")
    assert outcome.err.count("tipgraph: ") == 1


def test_file_used_as_data_and_shapes_is_read_once(write: Write, run: Run) -> None:
    both = "ex:both <http://www.w3.org/2002/07/owl#imports> ex:other .\n"
    write(
        "both.ttl",
        f"{both}{NAMED}ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:nodeKind sh:IRI .",
    )

    outcome = run("validate", "both.ttl", "--shapes", "both.ttl")

    assert outcome.code == 3
    assert outcome.err.count("cannot resolve the import <http://example.org/other>") == 1


def test_unresolved_import_of_data_is_a_note(shapes: Path, write: Write, run: Run) -> None:
    write("data.ttl", f"{NAMED}ex:data <http://www.w3.org/2002/07/owl#imports> ex:other .\n")

    outcome = run("validate", "data.ttl", "--shapes", shapes)

    assert outcome.code == 0
    assert (
        "note: data.ttl:5:49: cannot resolve the import <http://example.org/other>: " in outcome.out
    )


def test_import_resolves_to_shipped_ontology(mini, shapes, write, run):
    module = "https://w3id.org/tipgraph/ontology/mini"
    write("data.ttl", NAMED)
    write("importing.ttl", f"ex:shapes <http://www.w3.org/2002/07/owl#imports> <{module}> .\n")

    outcome = run("validate", "data.ttl", "--shapes", shapes, "--shapes", "importing.ttl")

    assert (outcome.code, outcome.err) == (0, "")


def test_graph_of_a_store_is_validated(shapes: Path, folder: Path, run: Run) -> None:
    graph = "http://example.org/people"
    (folder / "ontology.ttl").write_text(
        f"{PREFIXES}ex:name a <{OWL}DatatypeProperty> . ex:nick a <{OWL}DatatypeProperty> ."
    )
    with oxigraph_in_memory(folder / "store") as base:
        put(base, graph, PREFIXES + NAMELESS + NAMED)
        at = ["--endpoint", f"{base}/query", "--graph"]
        outcome = run("validate", *at, graph, "--shapes", shapes, "--format", "json")
        empty = run("validate", *at, "http://example.org/nobody", "--shapes", shapes)
        put(base, graph, PREFIXES + f"ex:Human a <{OWL}Class> . {NAMED}")
        declaring = run("validate", *at, graph, "--shapes", shapes, "--ontology", "ontology.ttl")
        elsewhere = run(
            "validate", "--endpoint", f"{base}/nothing", "--graph", graph, "--shapes", shapes
        )

    (finding,) = json.loads(outcome.out)["findings"]
    assert (outcome.code, finding["focus_node"]) == (1, "http://example.org/a")
    assert (finding["file"], finding["line"]) == (graph, None)
    assert (empty.code, elsewhere.code) == (4, 4)
    assert (declaring.code, declaring.err) == (0, "")
    assert "the graph <http://example.org/nobody> is empty or missing" in empty.err
    assert "no such address in the store" in elsewhere.err


def test_unreachable_store_exits_with_4(shapes, write, run, no_pauses):
    write("good.ttl", NAMELESS)

    outcome = run(
        "validate", "good.ttl", "--shapes", shapes,
        "--endpoint", "http://127.0.0.1:9/query", "--graph", "http://example.org/g",
    )  # fmt: skip

    assert outcome.code == 4
    assert outcome.err.startswith("tipgraph: http://127.0.0.1:9/query: cannot be reached (")
    assert "good.ttl:4:1: violation" in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--endpoint", "http://127.0.0.1:9/query"],
        ["--graph", "http://example.org/g"],
        ["--endpoint", "http://127.0.0.1:9/query", "--graph", "no iri"],
        ["--output", "sarif"],
        ["--output", "pdf=report.pdf"],
        ["--format", "pdf"],
        ["--check-shapes", "--no-shape-checks"],
        ["--max", "-1"],
    ],
)
def test_wrong_usage_exits_with_2(mini: Path, run: Run, arguments: list[str]) -> None:
    outcome = run("validate", *arguments)

    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
