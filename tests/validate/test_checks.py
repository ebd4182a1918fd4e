"""The checks of the shapes have names; each can be ignored, on the command line or in settings."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import MINI, Run
from tests.validate.conftest import Write
from tipgraph.namespaces import RDF
from tipgraph.rdf.limits import MAX_TERM
from tipgraph.resources.folders import VARIABLE
from tipgraph.validate.report import CHECKS

MISSPELT = """\
ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:mincount 1 ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ] .
"""
DATA = "ex:a a ex:Human ."
VALIDATE = ("validate", "data.ttl", "--shapes", "shapes.ttl")


@pytest.fixture(autouse=True)
def data(write: Write) -> Path:
    return write("data.ttl", DATA)


def test_message_shows_the_name_of_its_check(write: Write, run: Run) -> None:
    write("shapes.ttl", MISSPELT)

    outcome = run(*VALIDATE)

    assert outcome.code == 3
    assert outcome.err.splitlines()[0] == (
        "tipgraph: shapes.ttl:4:49: sh:mincount is not a SHACL term;"
        " did you mean sh:minCount? [unknown-term]"
    )


def test_ignored_check_does_not_stop_the_validation(write: Write, run: Run) -> None:
    write("shapes.ttl", MISSPELT)

    outcome = run(*VALIDATE, "--ignore", "unknown-term", "--ignore", "unused-shape")

    assert outcome.code == 1
    assert outcome.err == "tipgraph: engine pyshacl, not fast: sh:mincount is not supported\n"
    assert "data.ttl:4:1: violation" in outcome.out
    assert "note: ignored: 1 message of unknown-term\n" in outcome.out


def test_other_checks_still_apply(write: Write, run: Run) -> None:
    write("shapes.ttl", MISSPELT.replace("sh:minCount 1", 'sh:minCount "one"'))

    outcome = run(*VALIDATE, "--ignore", "unknown-term")

    assert outcome.code == 3
    assert "[unknown-term]" not in outcome.err
    assert "must be an integer" in outcome.err
    assert "[ill-formed-shape]" in outcome.err


def test_unknown_check_suggests_nearest(write: Write, run: Run) -> None:
    write("shapes.ttl", MISSPELT)

    outcome = run(*VALIDATE, "--ignore", "unknown-tem")

    assert outcome.code == 2
    assert outcome.err == (
        "tipgraph: --ignore: unknown check 'unknown-tem'; did you mean 'unknown-term'?\n"
    )
    for other in ("service", "federated-query", "syntax"):
        assert f"unknown check {other!r}; " in run(*VALIDATE, "--ignore", other).err


def test_help_lists_the_checks(run: Run) -> None:
    help = " ".join(run("validate", "--help").out.split()).replace("- ", "-")

    assert all(name in help for name in CHECKS)


def test_repository_can_ignore_checks(write: Write, folder: Path, run: Run) -> None:
    write("shapes.ttl", MISSPELT)
    (folder / "pyproject.toml").write_text('[tool.tipgraph.validate]\nignore = ["unknown-term"]\n')

    assert run(*VALIDATE).code == 1
    assert run(*VALIDATE, "--check-shapes").code == 0


def test_settings_are_found_up_to_the_root_of_the_repository(write, folder, run, monkeypatch):
    write("shapes.ttl", MISSPELT)
    inner = folder / "repository" / "inner"
    inner.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[tool.tipgraph.validate]\nignore = ["unknown-term"]\n')
    monkeypatch.chdir(inner)
    validate = ("validate", "../../data.ttl", "--shapes", "../../shapes.ttl")

    assert run(*validate).code == 1
    (folder / "repository" / ".git").mkdir()
    assert run(*validate).code == 3
    (inner / "pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert run(*validate, "--ignore", "unknown-term").code == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ignroe = []", "unknown setting 'ignroe' in [tool.tipgraph.validate]; did you mean 'ig"),
        ("shapes = []", "unknown setting 'shapes' in [tool.tipgraph.validate]; known: ignore"),
        ('ignore = "unknown-term"', "ignore in [tool.tipgraph.validate] must be a list of names"),
        ("ignore = [1]", "ignore in [tool.tipgraph.validate] must be a list of names"),
        ('ignore = ["unknown-tem"]', "unknown check 'unknown-tem'; did you mean 'unknown-term'?"),
        ('ignore = ["broken-querry"]', "unknown check 'broken-querry'; did you"),
        ("ignore = [", "not valid TOML"),
    ],
)
def test_wrong_setting_is_an_error_of_one_line(write, folder, run, text, message):
    write("shapes.ttl", MISSPELT)
    file = folder / "pyproject.toml"
    file.write_text(f"[tool.tipgraph.validate]\n{text}\n")

    outcome = run(*VALIDATE)

    assert (outcome.code, outcome.err.count("\n")) == (3, 1)
    assert outcome.err.startswith(f"tipgraph: {file}: {message}")


def test_settings_in_place_of_a_table_are_an_error(write: Write, folder: Path, run: Run) -> None:
    write("shapes.ttl", MISSPELT)
    (folder / "pyproject.toml").write_text("[tool.tipgraph]\nvalidate = true\n")

    assert "write [tool.tipgraph.validate] and its settings" in run(*VALIDATE).err


@pytest.mark.parametrize("format", ["json", "sarif", "junit", "github", "markdown"])
def test_every_format_names_the_check(write: Write, run: Run, format: str) -> None:
    write("shapes.ttl", MISSPELT)

    assert "unknown-term" in run(*VALIDATE, "--format", format).out


USED = "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:property [ sh:path ex:name ; {} ] .\n"
UNUSED = "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:nodeKind sh:IRI .\n"
LIBRARY = "ex:L a sh:NodeShape ; sh:property [ sh:path ex:name ; {} ] .\n"
BROKEN = {
    "broken-pattern": 'sh:pattern "("',
    "broken-query": 'sh:sparql [ sh:select "SELECT $this {" ]',
    "undeclared-prefix": 'sh:sparql [ sh:select "SELECT $this { $this zz:p 1 }" ]',
}


@pytest.mark.parametrize("code", BROKEN)
@pytest.mark.parametrize(
    "unused", ["{}", "ex:L sh:targetClass ex:Human ; sh:deactivated true .\n{}"]
)
def test_broken_code_in_a_shape_that_nothing_uses_is_a_warning(write, run, code, unused):
    library = LIBRARY.format(BROKEN[code])
    write("shapes.ttl", UNUSED + unused.format(library))

    outcome = run(*VALIDATE)

    assert outcome.code == 0
    assert "tipgraph: shapes.ttl:" in outcome.err
    assert ": warning: the " in outcome.err
    assert f"[{code}]" in outcome.err
    assert run(*VALIDATE, "--ignore", code, "--engine", "pyshacl").err == ""

    for used in (USED.format(BROKEN[code]), f"{library}ex:S sh:node ex:L .\n{UNUSED}"):
        write("shapes.ttl", used)
        outcome = run(*VALIDATE)
        assert outcome.code == 3
        assert "warning" not in outcome.err
        assert f"[{code}]" in outcome.err


@pytest.mark.parametrize(
    ("imported", "shape", "name"),
    [
        ("<http://www.w3.org/2004/02/skos/core>", "sh:nodeKind sh:IRI", "missing-vocabulary"),
        ("<http://example.org/>", "sh:nodeKind sh:IRI", "missing-vocabulary"),
        ("<http://datashapes.org/dash>", "sh:nodeKind sh:IRI", "missing-vocabulary"),
        (
            "<http://datashapes.org/dash>",
            "sh:nodeKind sh:IRI ; <http://datashapes.org/dash#stem> 'http'",
            "missing-import",
        ),
        (
            "<http://codes.example/colours>",
            "sh:property [ sh:path ex:colour ; sh:in ( <http://codes.example/colours#red> ) ]",
            "missing-vocabulary",
        ),
        ("<http://shapes.example/more>", "sh:nodeKind sh:IRI", "missing-import"),
        (
            "<http://shapes.example/more>",
            "sh:nodeKind sh:IRI ; <http://shapes.example/more#least> 1",
            "missing-import",
        ),
    ],
)
def test_missing_vocabulary_is_a_warning_and_missing_shapes_are_an_error(
    write: Write, run: Run, imported: str, shape: str, name: str
) -> None:
    write(
        "shapes.ttl",
        "<> a <http://www.w3.org/2002/07/owl#Ontology> ;\n"
        f"    <http://www.w3.org/2002/07/owl#imports> {imported} .\n"
        f"ex:S a sh:NodeShape ; sh:targetClass ex:Human ; {shape} .",
    )

    outcome = run(*VALIDATE, "--format", "json")

    report = json.loads(outcome.out)
    (found,) = report["errors"] + report["warnings"]
    assert (found["code"], found["line"]) == (name, 5)
    assert outcome.code == (0 if name == "missing-vocabulary" else 3)
    assert run(*VALIDATE, "--ignore", name)[::2] == (0, "")


NOTHING = 'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this { ?this a <urn:Other> }" ]'


RULE = (
    "sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:is ; sh:object ex:Derived ] ;"
)


@pytest.mark.parametrize("rule", ["", RULE], ids=["alone", "with a rule"])
def test_custom_target_that_selects_nothing_is_reported(write: Write, run: Run, rule: str) -> None:
    write("data.ttl", "ex:a a ex:C .")
    write("shapes.ttl", f"ex:S a sh:NodeShape ; {NOTHING} ; {rule} sh:nodeKind sh:Literal .")
    write("more.ttl", "ex:T a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .")

    alone = run("validate", "data.ttl", "--shapes", "shapes.ttl")
    beside = run("validate", "data.ttl", "--shapes", "shapes.ttl", "--shapes", "more.ttl")

    assert alone.code == 3
    assert "the shapes select no nodes in the data" in alone.err
    assert beside.code == 0
    assert "1 shape has no focus nodes: ex:S" in beside.out + beside.err


def test_focus_nodes_of_custom_targets_are_counted(write: Write, run: Run) -> None:
    write("data.ttl", "ex:a a ex:C . ex:b a ex:C . <urn:o> a <urn:Other> .")
    write("shapes.ttl", f"ex:S a sh:NodeShape ; {NOTHING} ; sh:nodeKind sh:IRI .")

    assert (
        "conforms (1 shape, 1 node, 1 file)"
        in run("validate", "data.ttl", "--shapes", "shapes.ttl").out
    )


def test_custom_target_sees_what_rules_give(write: Write, run: Run) -> None:
    write("data.ttl", "ex:a a ex:C . ex:b a ex:Other .")
    target = NOTHING.replace("<urn:Other>", "<http://example.org/Derived>").replace(
        "a <", "<http://example.org/is> <"
    )
    write(
        "shapes.ttl",
        f"ex:R a sh:NodeShape ; sh:targetClass ex:C ; {RULE} sh:nodeKind sh:IRI ."
        f" ex:S a sh:NodeShape ; {target} ; sh:nodeKind sh:IRI .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.out == "conforms (2 shapes, 1 node, 1 file)\n"


def test_many_findings_are_not_compared_with_a_long_list(write, run, monkeypatch):
    monkeypatch.setattr("tipgraph.validate.suggestions.MAX_COMPARISONS", 30)
    write("data.ttl", "".join(f'ex:a{n} a ex:C ; ex:p "code {n}" .' for n in range(10, 20)))
    codes = " ".join(f'"cod {n}"' for n in range(10, 20))
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;"
        f" sh:property [ sh:path ex:p ; sh:in ( {codes} ) ] .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.out.count("constraint In") == 10
    assert outcome.out.count("did you mean") == 3


@pytest.mark.slow(reason="the engine reads 16 MiB")
def test_literal_of_rdf_xml_that_is_too_long_for_the_fast_engine_is_named(tmp_path, write, run):
    write("shapes.ttl", "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:nodeKind sh:IRI .")
    (tmp_path / "data.rdf").write_text(
        f'<ex:C xmlns:rdf="{RDF}" xmlns:ex="http://example.org/">'
        f"<ex:p>{'x' * MAX_TERM}</ex:p></ex:C>"
    )

    outcome = run("validate", tmp_path / "data.rdf", "--shapes", "shapes.ttl", "--engine", "fast")

    assert outcome.code == 3
    assert "a term is longer than 16 MiB" in outcome.err


def test_shipped_shapes_are_checked_again_only_after_a_change(run, cache, tmp_path, monkeypatch):
    shutil.copytree(MINI / "shipped", tmp_path / "own")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "own"))
    data = tmp_path / "data.ttl"
    data.write_text("<urn:a> a <https://w3id.org/tipgraph/ns#Finding> .")
    own_class = tmp_path / "class.ttl"
    own_class.write_text("<http://www.w3.org/ns/org#Own> a <http://www.w3.org/2002/07/owl#Class> .")

    def outcome(*paths: Path) -> tuple[int, str]:
        code, out, err = run("validate", *paths)
        return code, out + err

    first = outcome(data)
    assert first[0] == 1
    with monkeypatch.context() as names:
        names.delattr("tipgraph.validate.lint")
        assert outcome(data) == first
        # Classes of one's own may be those that shapes misspell.
        with pytest.raises(NameError):
            outcome(data, own_class)
    file = tmp_path / "own" / "ontology" / "shapes" / "mini.ttl"
    before = file.stat()
    text = file.read_text()
    file.write_text(text.replace("sh:minCount", "sh:minCuont", 1))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    code, text = outcome(data)
    assert code == 3
    assert "sh:minCuont" in text
