"""The GitHub Action, run for real: installed from a copy of the project, its steps run by bash."""

import json
from pathlib import Path

import pytest

from .runner import Outcome, Runner

pytestmark = pytest.mark.slow(reason="installs the project with pip, as the action does")


@pytest.fixture
def faulty(runner: Runner, library: Path) -> Outcome:
    """What the action says of the library with the faults."""
    return runner.run(library, data="data", shapes="shapes", sarif="shacl.sarif", junit="shacl.xml")


def test_that_a_violation_fails_with_an_annotation_at_its_line(
    faulty: Outcome, library: Path
) -> None:
    (error,) = [each for each in faulty.annotations if each.level == "error"]
    lines = (library / "data" / "books.ttl").read_text().splitlines()

    assert faulty.code == 1
    assert error.properties["file"] == "data/books.ttl"
    assert "ex:jane-austin" in lines[int(error.properties["line"]) - 1]
    assert error.message.startswith("A book's author is a person of the library.")


def test_that_a_run_leaves_its_outputs_reports_and_summary(faulty: Outcome, library: Path) -> None:
    sarif = json.loads((library / "shacl.sarif").read_text())

    assert faulty.outputs == {"conforms": "false", "exit-code": "1", "sarif": "shacl.sarif"}
    assert len(sarif["runs"][0]["results"]) == 2
    assert "<failure" in (library / "shacl.xml").read_text()
    assert "A book's author is a person of the library." in faulty.summary


def test_that_sound_data_pass(runner: Runner, sound: Path) -> None:
    done = runner.run(sound, data="data", shapes="shapes")

    assert done.code == 0, done.log
    assert [each.level for each in done.annotations] == ["notice"]
    assert done.outputs == {"conforms": "true", "exit-code": "0", "sarif": ""}


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"fail_on": "never"}, 0),
        ({"fail_on": "warning"}, 1),
        ({"ontology": "nowhere.ttl"}, 3),
        ({"engine": "nonesuch"}, 2),
        ({"args": "--nonesuch"}, 2),
    ],
)
def test_that_an_input_reaches_the_command(
    runner: Runner, library: Path, inputs: dict[str, str], code: int
) -> None:
    books = library / "data" / "books.ttl"
    books.write_text(books.read_text().replace("jane-austin", "jane-austen"))

    done = runner.run(library, data="data", shapes="shapes", **inputs)

    assert done.code == code, done.log
    assert done.outputs["exit-code"] == str(code)


def test_that_a_baseline_lets_known_findings_pass(runner: Runner, library: Path) -> None:
    runs = [runner.run(library, data="data", shapes="shapes", baseline="known") for _ in range(2)]

    assert [run.code for run in runs] == [1, 0]


def test_that_no_more_is_shown_than_asked_for(runner: Runner, library: Path) -> None:
    done = runner.run(library, data="data", shapes="shapes", max="1")

    assert [each.level for each in done.annotations] == ["error", "notice", "notice"]
    assert "more finding" in done.annotations[1].message


@pytest.mark.parametrize("data", ["", " \n "])
def test_that_no_data_is_not_taken_for_the_shipped_graph(
    runner: Runner, library: Path, data: str
) -> None:
    done = runner.run(library, data=data)

    assert done.outputs == {"conforms": "false", "exit-code": "2", "sarif": ""}
    assert "::error::the input `data` is empty" in done.log


def test_that_a_missing_folder_fails(runner: Runner, library: Path) -> None:
    done = runner.run(library, data="dta", shapes="shapes")

    assert done.code == 3
    assert done.outputs == {"conforms": "false", "exit-code": "3", "sarif": ""}


def test_that_lists_stand_on_one_line_or_on_several(runner: Runner, sound: Path) -> None:
    people = sound / "it's $HOME's people.ttl"
    (sound / "data" / "people.ttl").rename(people)

    several = runner.run(sound, data=f"data/*.ttl\n\n{people.name}\n", shapes="shapes")
    alone = runner.run(sound, data="data/books.ttl shapes", shapes="shapes/library.ttl")

    assert several.code == 0, several.log
    # The author is in the file that was not named.
    assert alone.code == 1, alone.log


HARM = [
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    "x' ; touch pwned ; '",
    '"; touch pwned',
]


@pytest.mark.parametrize("harm", HARM)
def test_that_what_inputs_hold_is_never_run(runner: Runner, library: Path, harm: str) -> None:
    names = ("data", "shapes", "ontology", "fail_on", "baseline", "max", "engine")
    inputs = dict.fromkeys((*names, "sarif", "junit", "args", "python_version"), harm)

    done = runner.run(library, **inputs)

    assert done.code == 2, done.log
    assert not [*library.rglob("pwned")]


def test_that_an_input_cannot_pose_as_an_option_or_an_output(runner: Runner, library: Path) -> None:
    posing = runner.run(library, data="--help", shapes="shapes")
    forging = runner.run(library, data="data", shapes="shapes", sarif="a\nconforms=true")

    assert posing.code == 3
    assert forging.outputs["conforms"] == "false"


def test_that_the_fast_engine_is_installed_and_nothing_of_the_checkout_imported(
    runner: Runner, sound: Path
) -> None:
    for module in ("pip", "venv", "json", "subprocess", "tipgraph", "rdflib", "sitecustomize"):
        (sound / f"{module}.py").write_text("open('pwned', 'w')")

    done = runner.run(sound, data="data", shapes="shapes", engine="fast")

    assert done.code == 0, done.log
    assert not (sound / "pwned").exists()
