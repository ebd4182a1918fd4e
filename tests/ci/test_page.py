"""The page on CI is correct: its commands, their output, its pipelines."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from . import page

ACTION = yaml.safe_load((page.ROOT / "action.yml").read_text(encoding="utf-8"))
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
WITH = [block for block in page.blocks("yaml") if block.startswith("with:")]


def bash(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script with the tested tipgraph; standard error is part of the output."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("session", page.sessions(), ids=lambda each: each[0].command)
def test_console_session_matches_output(session: list[page.Step], library: Path) -> None:
    code = 0
    for command, output in session:
        done = bash(library, f"(exit {code}); {command}")
        code = done.returncode
        if output:
            assert done.stdout == output
        else:
            assert code == 0, done.stdout


def test_page_has_expected_blocks() -> None:
    assert len(page.sessions()) > 5
    assert {*page.files()} == {
        ".github/workflows/shacl.yml",
        ".gitlab-ci.yml",
        ".pre-commit-config.yaml",
    }
    assert len(WITH) == 1


def test_options_on_page_exist(library: Path) -> None:
    code_on_page = [*page.inline(), *page.blocks("sh")]
    mentioned = {option for code in code_on_page for option in OPTION.findall(code)}
    known = {*OPTION.findall(bash(library, "tipgraph validate --help").stdout)}

    assert len(mentioned) > 5
    assert mentioned - known == set()


SHAPE = r"ex:BookShape (?=a )"


def query(path: str, more: str = "") -> str:
    """The beginning of a shape with a query for this property, and more of its constraint."""
    select = f'sh:select "SELECT $this {{ $this {path} ?x }}" ; {more}'
    return f"ex:BookShape sh:sparql [ {select}] ; "


def imports(iri: str) -> tuple[str, str]:
    return r"\Z", f"<> <http://www.w3.org/2002/07/owl#imports> <{iri}> ."


MISTAKES = {
    "the shapes files contain no shapes": (r".+", ""),
    "no active shape has a target": (r"sh:targetClass.*", ""),
    "the shapes select no nodes in the data": (r"(targetClass) ex:Book\b", r"\1 ex:Bok"),
    "no shape with a target has a constraint": (r"sh:property .*", "."),
    "ex:BookShape has no target and no shape refers to it": (
        r"(?s)sh:targetClass ex:Book ;(.*)",
        r"\1 ex:Other sh:targetClass ex:Book ; sh:property ex:BookShape-author .",
    ),
    "ex:BookShape-autor is used as a shape but not defined": ("author,", "autor,"),
    "sh:mincount is not a SHACL term": ("sh:minCount", "sh:mincount"),
    "the ontology does not declare the class ex:Bok": (r"ex:Book\b", "ex:Bok"),
    "the ontology does not declare the property ex:autor": ("ex:author", "ex:autor"),
    "the query uses ex:autor, which the ontology does not declare": (SHAPE, query("ex:autor")),
    'sh:minCount must be an integer, such as 1, not "one"': ("(sh:minCount) 1", r'\1 "one"'),
    "the list of sh:in is broken; write it in parentheses": (
        "sh:class ex:Person",
        "sh:in [ <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> 1 ]",
    ),
    "the pattern is not a valid regular expression": ("sh:class ex:Person", 'sh:pattern "("'),
    "the query is invalid: syntax error near …": (SHAPE, query("ex:author !")),
    "the query uses the prefix exx:, which nothing declares": (SHAPE, query("exx:author")),
    "cannot resolve the import <https://example.org/more>": imports("https://example.org/more"),
    "cannot resolve the vocabulary <http://www.w3.org/ns/org#>": imports(
        "http://www.w3.org/ns/org#"
    ),
}
WARNINGS = list(MISTAKES)[-1:]


@pytest.mark.parametrize("message", MISTAKES)
def test_shape_check_gives_message_on_page(message, library, run, monkeypatch):
    (row,) = (each for each in page.TEXT.splitlines() if each.startswith(f"| `{message}` "))
    pattern, mistake = MISTAKES[message]
    shapes = library / "shapes" / "library.ttl"
    shapes.write_text(re.sub(pattern, mistake, shapes.read_text()))
    ontology = ["--ontology", "ontology"] if "--ontology" in row else []
    monkeypatch.chdir(library)

    outcome = run("validate", "data", "--shapes", "shapes", *ontology)

    assert outcome.code == (1 if message in WARNINGS else 3)
    assert message.removesuffix("…") in outcome.out + outcome.err


def test_page_lists_only_tested_messages() -> None:
    (table,) = re.findall(r"^\| message .*?\n\n", page.TEXT, re.MULTILINE | re.DOTALL)

    assert re.findall(r"^\| `(.+?)` ", table, re.MULTILINE) == [*MISTAKES]


def test_workflow_uses_existing_inputs_and_outputs() -> None:
    (job,) = page.parsed(".github/workflows/shacl.yml")["jobs"].values()
    (step,) = [step for step in job["steps"] if "/tipgraph@" in step.get("uses", "")]
    outputs = re.findall(rf"steps\.{step['id']}\.outputs\.([\w-]+)", str(job))

    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert step["with"].keys() >= {"data"}
    assert {*outputs} == {"sarif"}
    assert {*outputs} <= ACTION["outputs"].keys()


def test_page_documents_each_input_and_output() -> None:
    documented = {*page.inline()}

    assert {*ACTION["inputs"], *ACTION["outputs"]} <= documented
    assert yaml.safe_load(WITH[0])["with"].keys() <= ACTION["inputs"].keys()


def test_gitlab_job_fails_and_writes_report(library: Path) -> None:
    job = page.parsed(".gitlab-ci.yml")["shacl"]

    done = bash(library, "\n".join(["set -eo pipefail", *job["script"]]))

    assert done.returncode == 1, done.stdout
    assert (library / job["artifacts"]["reports"]["junit"]).read_text().count("<failure") == 1


def test_jenkins_step_writes_report(library: Path) -> None:
    (block,) = page.blocks("groovy")
    (report,) = re.findall(r"`junit '(.+?)'`", page.TEXT)

    assert bash(library, block.strip().removeprefix("sh '").removesuffix("'")).returncode == 1
    assert (library / report).exists()


def test_hook_on_page_is_in_manifest() -> None:
    hooks = yaml.safe_load((page.ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    (repository,) = page.parsed(".pre-commit-config.yaml")["repos"]

    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in hooks]
