"""The page on adding an edition, followed from beginning to end."""

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import httpx
import pytest

from tipgraph.cli import main

from .test_commands import ROOT, TEXT

pytest.importorskip("tipgraph_draft", reason="tipgraph-draft is not installed")
pytestmark = pytest.mark.slow(reason="follows the page, in which every check reads the graph")

PAGE = (ROOT / "docs/adding-an-edition.md").read_text(encoding="utf-8")
# A block, and the file named in the sentence before it.
STEP = re.compile(
    r"(?:[Pp]ut\s+into\s+`(?P<file>[^`]+)`(?P<at_end>, at the end)?:\n\n)?"
    r"^```(?P<language>\w+)\n(?P<content>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def author(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder of somebody who follows the page."""
    return tmp_path_factory.mktemp("author")


@pytest.fixture(scope="module")
def outcomes(author: Path) -> list[tuple[str, str, str]]:
    """Each command of the page, its output, and the output that the page shows."""
    folder = author
    found = []
    for step in STEP.finditer(PAGE):
        if step["file"]:
            put(folder / step["file"], step["content"], at_end=bool(step["at_end"]))
            continue
        assert step["language"] == "console"
        for command, shown in COMMAND.findall(step["content"]):
            if "FILE" in command and not TEXT.exists():
                continue
            found.append((command, printed(folder, command.replace("FILE", str(TEXT))), shown))
    return found


def put(file: Path, content: str, at_end: bool) -> None:
    before = file.read_text(encoding="utf-8") if at_end else ""
    text = content.rstrip("\n") if file.suffix == ".txt" else content
    file.write_text(f"{before}\n{text}" if at_end else text, encoding="utf-8")


def printed(folder: Path, command: str) -> str:
    """Return the output of the command, standard error too; its exit code is the last line.

    The program runs in this process, and validates with the fast engine.
    """
    if not command.startswith("tipgraph "):
        return bash(folder, command)
    if command.startswith("tipgraph review"):
        return reviewed(folder, command)
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(stream), redirect_stderr(stream):
        patch.chdir(folder)
        code = main(shlex.split(command)[1:])
    stream.seek(0)
    return f"{stream.read()}{code}"


def reviewed(folder: Path, command: str) -> str:
    """A review in which a person accepts every row; what it prints names the usual port."""
    arguments = [sys.executable, "-m", "tipgraph", *shlex.split(command)[1:], "--port", "0"]
    process = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        address, port = re.findall(r"(http://127\.0\.0\.1:(\d+)/\S+)", line)[0]
        origin = {"origin": f"http://127.0.0.1:{port}"}
        pages = []
        with httpx.Client(verify=False, timeout=60, trust_env=False) as client:
            while "Every row is decided." not in (page := client.get(address).text):
                pages.append(page)
                form = re.findall(r'<form id="review".*?</form>', page, re.DOTALL)[0]
                hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
                sent = {**hidden, "accept-sentence": ""}
                assert client.post(address, data=sent, headers=origin).status_code == 303
            client.post(address, data={**hidden, "quit": ""}, headers=origin)
        (folder / "pages.html").write_text("\n".join(pages), encoding="utf-8")
        return f"{line.replace(port, '8080')}{process.wait(20)}"
    finally:
        process.kill()


def bash(folder: Path, command: str) -> str:
    """The same for a command of another program."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return f"{done.stdout}{done.returncode}"


def of(outcomes: list[tuple[str, str, str]], beginning: str) -> list[str]:
    return [printed for command, printed, _ in outcomes if command.startswith(beginning)]


def test_output_on_the_page_is_the_real_output(
    outcomes: list[tuple[str, str, str]],
) -> None:
    shown = [(printed, expected) for _, printed, expected in outcomes if expected]

    assert len(shown) >= 3
    for printed, expected in shown:
        assert printed.rstrip("0123456789") == expected


def test_commands_succeed_except_checks_of_unfinished_work(
    outcomes: list[tuple[str, str, str]],
) -> None:
    codes = [(command, printed[-1]) for command, printed, _ in outcomes]

    checks = [code for command, code in codes if command.startswith("tipgraph check")]
    assert checks == ["1", "1", "1", "0", "0", "0", "0"]
    failing = [command for command, code in codes if code not in "01"]
    assert failing == [command for command, _ in codes if "--missing" in command]
    others = [code for command, code in codes if not command.startswith("tipgraph check")]
    assert sorted(others) == ["0"] * (len(others) - 1) + ["3"]


def test_review_is_of_six_rows_and_begins_with_the_doubt(
    author: Path, outcomes: list[tuple[str, str, str]]
) -> None:
    assert of(outcomes, "tipgraph review")
    first, *others = (author / "pages.html").read_text(encoding="utf-8").split("<!DOCTYPE")[1:]

    assert '<h2 id="sentence">S01' in first
    assert "parts by exploitation sum to 110 of 120" in first
    assert "0 of 6 rows decided" in first
    assert len(others) == 3


def test_query_shows_the_new_figure(outcomes: list[tuple[str, str, str]]) -> None:
    (series,) = of(outcomes, "tipgraph query series")

    assert '"TIP Report 2030, Belgium",2029,120,' in series
    assert '"TIP Report 2030, Belgium",2028,100,' in series


def test_misspelt_name_has_a_suggestion(
    outcomes: list[tuple[str, str, str]],
) -> None:
    _, _, third, fourth, *_ = of(outcomes, "tipgraph check")

    (line,) = [each for each in third.splitlines() if "sheltres" in each]
    assert re.match(r"tip-2030-be/statements\.ttl:\d+:\d+: ", line)
    assert "belgium-specialised-shelters" in line
    assert "sheltres" not in fourth


def test_difference_shows_figures_claims_and_non_reports(
    outcomes: list[tuple[str, str, str]],
) -> None:
    (difference,) = of(outcomes, "tipgraph diff")
    flat = " ".join(difference.split())

    assert "victims identified and assisted: 91 persons (2020), then 120 persons (2029)" in flat
    assert "Shelters had too few places for child victims, observers said" in flat
    assert "The government did not report training police" in flat
