"""Every command that README, CONTRIBUTING and docs/ show is run, and every piece of Python."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Run

from .conftest import STORE
from .follow import ROOT, STYLE, TEXT

# These pages are run from beginning to end, and their output compared, by tests of their own.
ELSEWHERE_RUN = {
    ROOT / "docs/shacl-in-ci.md",
    ROOT / "docs/adding-an-edition.md",
    *ROOT.glob("docs/tutorials/*.md"),
}
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted({*ROOT.glob("docs/**/*.md")} - ELSEWHERE_RUN),
    *sorted(ROOT.glob("draft/**/*.md")),
]

CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:tipgraph|make|eval|_TIPGRAPH_COMPLETE=\S+) [^`]+)`")
# These install or test the project itself, which is what runs this test.
ELSEWHERE = {"pip install .", ". .venv/bin/activate"}
# A server ends by a signal alone, and a site takes a minute; tests/explorer runs both.
SERVING = re.compile("tipgraph serve|tipgraph site|pipx install|uvx ")
# Commands of a distribution that may be missing.
DRAFT = ("tipgraph draft", "tipgraph review")
# A command on a page of the explorer, with its options.
ON_PAGE = re.compile(r"tipgraph ([a-z]+(?: [a-z]+)?)((?: --?[a-z][a-z-]*| [\w.]+)*)")
# Syntax that only a shell can run.
SHELL = re.compile(r"[|&;<>$*]")
# Parts of commands that print nothing.
SILENT = ("--clean", "--output", "export package")
# Commands that read, write, load or validate all that there is, or need another country.
WHOLE = re.compile(
    r"tipgraph (validate$|diff|cite|report|export (bulk|catalog|figures|graph|network|package))"
    + f"|[.]validate[(][)]|FRA|HRV|{re.escape(STORE)}"
)
SLOW = pytest.mark.slow(reason="works on the graph as a whole")


def marked(text: str) -> object:
    """The command or the code, among the slow tests where it works on the whole graph."""
    return pytest.param(text, marks=SLOW) if WHOLE.search(text) else text


def commands() -> Iterator[str]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in CONSOLE.findall(text):
            yield from (line[2:] for line in block.splitlines() if line.startswith("$ "))
        yield from INLINE.findall(FENCED.sub("", text))


def execute(command: list[str], folder: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or command[-1].startswith(("eval", "import")) or "--clean" in command[-1]


@pytest.mark.parametrize(
    "command",
    [
        marked(command)
        for command in sorted({*commands()} - ELSEWHERE)
        if not SERVING.match(command)
    ],
)
def test_documented_command_works(command, tmp_path, run, request, monkeypatch, user_data):
    if command.startswith("make"):
        execute([*command.split(), "--dry-run"], ROOT)
        return
    if ("FILE" in command or "attach" in command) and not TEXT.exists():
        pytest.skip("the source text is in ../shared, which is not here")
    if command.startswith("tipgraph attach --"):
        run("attach", "tip-2021-be", TEXT)
    if STORE in command:
        command = command.replace(STORE, request.getfixturevalue("store"))
        (tmp_path / "notes.ttl").write_text("<urn:a> <urn:b> [] .")
    if command.startswith(DRAFT):
        pytest.importorskip("tipgraph_draft", reason="tipgraph-draft is not installed")
    parts = command.split(" && ")
    if all(part.startswith("tipgraph ") and not SHELL.search(part) for part in parts):
        monkeypatch.chdir(tmp_path)
        for part in parts:
            outcome = run(*shlex.split(part.replace("FILE", str(TEXT)))[1:])
            assert outcome.code == 0, outcome.err
            assert outcome.out or any(each in part for each in SILENT)
        return
    # The input of fish is written out instead, because fish need not be installed.
    line = command.replace("FILE", str(TEXT)).removesuffix(" | source")
    execute(["bash", "-c", line], tmp_path)


@pytest.mark.parametrize(
    "code", [marked(code) for page in PAGES for code in PYTHON.findall(page.read_text())]
)
def test_documented_python_works(code, tmp_path, request, monkeypatch, capsys):
    if STORE in code:
        code = code.replace(STORE, request.getfixturevalue("store"))
    monkeypatch.chdir(tmp_path)
    exec(code, {"__name__": "__main__"})
    assert capsys.readouterr().out or code.startswith("import")


def test_commands_on_pages_of_the_explorer_exist(run: Run) -> None:
    pages = sorted((ROOT / "src/tipgraph/explorer/templates").glob("*.html"))
    found = [each for page in pages for each in ON_PAGE.findall(page.read_text("utf-8"))]

    assert len(found) >= 4
    for command, rest in found:
        usage = run(*command.split(), "--help")
        assert usage.code == 0, command
        for option in re.findall(r" (--?[a-z][a-z-]*)", rest):
            assert re.search(rf"{option}[ ,\n]", usage.out), f"{command} {option}"


def test_readme_shows_real_output(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    shown = re.findall(
        r"^```console\n\$ tipgraph ([^\n]+)\n[^`]*?^```\n\n```\n(.*?)^```",
        (ROOT / "README.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )

    assert len(shown) == 2
    for command, output in shown:
        out = run(*shlex.split(command), tty=True).out
        assert output in STYLE.sub("", out), command


def test_contributing_shows_a_fixture_that_violates_what_it_names(one_edition, tmp_path, run):
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (fixture,) = re.findall(r"^```turtle\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    file = tmp_path / "invalid.ttl"
    file.write_text(fixture, encoding="utf-8")

    context = ROOT / "tests" / "shapes" / "context.ttl"
    out = run("validate", file, context, "--engine", "fast", "--format", "json").out

    (finding,) = json.loads(out)["findings"]
    number = next(n for n, line in enumerate(fixture.splitlines(), 1) if "# ←" in line)
    assert finding["shape"].replace("https://w3id.org/tipgraph/shapes#", "tipsh:") in fixture
    assert finding["line"] == number


def test_pages_show_commands() -> None:
    assert len({*commands()}) > 20
