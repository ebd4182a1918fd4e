"""The GitHub Action: installed from a copy of the project, its steps run by bash."""

import json
from pathlib import Path

import pytest

from .runner import Outcome, Runner

pytestmark = pytest.mark.slow(reason="installs the project with pip, as the action does")


@pytest.fixture
def failed_run(runner: Runner, library: Path) -> Outcome:
    """A run of the action on the library with invalid data."""
    return runner.run(library, data="data", shapes="shapes", sarif="shacl.sarif", junit="shacl.xml")


def test_violation_fails_with_annotation_at_its_line(failed_run: Outcome, library: Path) -> None:
    (error,) = [each for each in failed_run.annotations if each.level == "error"]
    lines = (library / "data" / "books.ttl").read_text().splitlines()

    assert failed_run.code == 1
    assert error.properties["file"] == "data/books.ttl"
    assert "ex:jane-austin" in lines[int(error.properties["line"]) - 1]
    assert error.message.startswith("A book's author is a person of the library.")


def test_run_writes_outputs_reports_and_summary(failed_run: Outcome, library: Path) -> None:
    sarif = json.loads((library / "shacl.sarif").read_text())

    assert failed_run.outputs == {"conforms": "false", "exit-code": "1", "sarif": "shacl.sarif"}
    assert len(sarif["runs"][0]["results"]) == 2
    assert "<failure" in (library / "shacl.xml").read_text()
    assert "A book's author is a person of the library." in failed_run.summary


def test_correct_data_passes(runner: Runner, correct_library: Path) -> None:
    done = runner.run(correct_library, data="data", shapes="shapes")

    assert done.code == 0, done.log
    assert [each.level for each in done.annotations] == ["notice"]
    assert done.outputs == {"conforms": "true", "exit-code": "0", "sarif": ""}


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"fail_on": "never"}, 0),
        ({"fail_on": "warning"}, 1),
        ({"ontology": "nowhere.ttl"}, 3),
        ({"args": "--nonesuch"}, 2),
    ],
)
def test_input_is_passed_to_command(runner, library, inputs, code):
    books = library / "data" / "books.ttl"
    books.write_text(books.read_text().replace("jane-austin", "jane-austen"))

    done = runner.run(library, data="data", shapes="shapes", **inputs)

    assert done.code == code, done.log
    assert done.outputs["exit-code"] == str(code)


def test_baseline_lets_known_findings_pass(runner: Runner, library: Path) -> None:
    runs = [runner.run(library, data="data", shapes="shapes", baseline="known") for _ in range(2)]

    assert [run.code for run in runs] == [1, 0]


def test_max_limits_annotations(runner: Runner, library: Path) -> None:
    done = runner.run(library, data="data", shapes="shapes", max="1")

    assert [each.level for each in done.annotations] == ["error", "notice", "notice"]
    assert "more finding" in done.annotations[1].message


@pytest.mark.parametrize("data", ["", " \n "])
def test_empty_data_input_is_an_error(runner: Runner, library: Path, data: str) -> None:
    done = runner.run(library, data=data)

    assert done.outputs == {"conforms": "false", "exit-code": "2", "sarif": ""}
    assert "::error::the input `data` is empty" in done.log


def test_report_of_the_checkout_is_no_report_of_the_run(runner: Runner, library: Path) -> None:
    (library / "old.sarif").write_text("{}")

    stopped = runner.run(library, data="data", shapes="shapes", sarif="old.sarif", args="--no")
    done = runner.run(library, data="data", shapes="shapes", sarif="old.sarif")

    assert (stopped.outputs["sarif"], done.outputs["sarif"]) == ("", "old.sarif")


def test_missing_folder_fails(runner: Runner, library: Path) -> None:
    done = runner.run(library, data="dta", shapes="shapes")

    assert done.code == 3
    assert done.outputs == {"conforms": "false", "exit-code": "3", "sarif": ""}


def test_lists_can_have_one_line_or_several(runner: Runner, correct_library: Path) -> None:
    people = correct_library / "it's $HOME's people.ttl"
    (correct_library / "data" / "people.ttl").rename(people)

    several = runner.run(correct_library, data=f"data/*.ttl\n\n{people.name}\n", shapes="shapes")
    alone = runner.run(correct_library, data="data/books.ttl shapes", shapes="shapes/library.ttl")

    assert several.code == 0, several.log
    # The author is in the other file.
    assert alone.code == 1, alone.log


ATTACKS = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "x' ; touch pwned ; '",
    '"; touch pwned',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_inputs_are_never_executed(runner: Runner, library: Path, attack: str) -> None:
    names = ("data", "shapes", "ontology", "fail_on", "baseline", "max")
    inputs = dict.fromkeys((*names, "sarif", "junit", "args", "python_version"), attack)

    done = runner.run(library, **inputs)

    assert done.code == 2, done.log
    assert not [*library.rglob("pwned")]


def test_name_of_the_engine_is_passed_and_never_executed(runner: Runner, library: Path) -> None:
    """One run for all attacks: the name selects what pip installs."""
    done = runner.run(library, data="data", shapes="shapes", engine=" ".join(ATTACKS))

    assert done.code == 2, done.log
    assert "--engine" in done.log
    assert not [*library.rglob("pwned")]


def test_input_cannot_inject_options_or_outputs(runner: Runner, library: Path) -> None:
    option = runner.run(library, data="--help", shapes="shapes")
    output = runner.run(library, data="data", shapes="shapes", sarif="a\nconforms=true")

    assert option.code == 3
    assert output.outputs["conforms"] == "false"


def test_fast_engine_is_installed_without_importing_checkout(runner, correct_library):
    for module in ("pip", "venv", "json", "subprocess", "tipgraph", "rdflib", "sitecustomize"):
        (correct_library / f"{module}.py").write_text("open('pwned', 'w')")

    done = runner.run(correct_library, data="data", shapes="shapes", engine="fast")

    assert done.code == 0, done.log
    assert not (correct_library / "pwned").exists()
