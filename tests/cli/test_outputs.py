"""No output of a command replaces what the command reads."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile, copytree

import click
import pytest

from tests.conftest import Run
from tipgraph.cli.commands import cli
from tipgraph.resources.folders import VARIABLE

CASE = '{"age": 30}'
TABLE = "country,edition,page,indicator,reference_period,part,value,unit,counted_by,note\n"
FILES = {
    "case.json": CASE,
    "q.csv": "ASK { }",
    "table.csv": TABLE,
    "own.ttl": "<urn:a> a <urn:B> .",
    "own.json": '{"@id": "urn:a", "@type": "urn:B"}',
    "known.json": '{"findings": []}',
    "shapes.svg": "<urn:S> a <http://www.w3.org/ns/shacl#NodeShape> .",
    "authority.pem": "-----BEGIN CERTIFICATE-----",
}
REPLACING = [
    "assess case.json --output case.json",
    "assess case.json --format text --output alias",
    "assess case.json --format text --output same",
    "query -f q.csv --output q.csv",
    "query -e ASK{} --data own.json --output own.json",
    "query -e ASK{} --data . --output own.json",
    "query -e ASK{} --endpoint http://localhost:9 --ca-file authority.pem --format csv --output"
    " authority.pem",
    "validate own.ttl --baseline known.json --output json=known.json",
    "validate own.ttl --baseline none.json --output json=none.json",
    "validate own.ttl --add-shapes shapes.svg --output text=shapes.svg",
    "validate own.ttl --output text=report --output json=./report",
    "validate own.ttl --output json=pyproject.toml",
    "import-figures table.csv --missing table.csv",
    "load own.ttl --graph urn:g --endpoint http://localhost:9 --report own.ttl",
    "load --endpoint http://localhost:9 --report config/tipgraph/config.toml",
    "load --endpoint http://localhost:9 --report shipped/data/actors.ttl",
    "export graph --output shipped/data/actors.ttl",
    "export graph --data own.ttl --output own.ttl",
    "chart series --data shapes.svg --output shapes.svg",
    "report --area BEL --data own.json --format md --output own.json",
    "show BEL --data own.json --output own.json",
    "diff 2020 2021 --data own.json --output own.json",
]


@pytest.fixture
def folder(tmp_path: Path, mini: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with each file in `FILES`, a link, a second name, and settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name, content in FILES.items():
        Path(name).write_text(content, encoding="utf-8")
    Path("alias").symlink_to("case.json")
    Path("same").hardlink_to("case.json")
    copytree(mini, "shipped")
    monkeypatch.setenv(VARIABLE, "shipped")
    Path("config/tipgraph").mkdir(parents=True)
    Path("config/tipgraph/config.toml").write_text("", encoding="utf-8")
    Path("pyproject.toml").write_text("[tool.tipgraph.validate]\n", encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


@pytest.mark.parametrize("line", REPLACING)
def test_output_that_is_an_input_is_refused(folder: Path, run, line: str):
    before = contents(folder)

    code, out, err = run(*line.split())

    assert (code, out) == (2, "")
    assert "name another" in err
    assert err.count("\n") == 1
    assert contents(folder) == before


def test_package_does_not_replace_an_input(folder: Path, run: Run) -> None:
    os.link("own.ttl", "hard.zip")
    Path("soft.zip").symlink_to("own.ttl")
    before = contents(folder)

    for name in ("hard.zip", "soft.zip"):
        code, out, err = run("export", "package", name, "--data", "own.ttl", "--no-bundled")
        assert (code, out) == (2, "")
        assert f"{name}: this file is read as input; name another one" in err
    assert contents(folder) == before


def test_output_over_standard_input_is_refused(folder: Path):
    command = [sys.executable, "-m", "tipgraph", "assess", "-", "--output", "case.json"]
    with Path("case.json").open("rb") as case:
        done = subprocess.run(command, stdin=case, capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"case.json: this file is read as input" in done.stderr
    assert Path("case.json").read_text(encoding="utf-8") == CASE


def test_output_beside_inputs_is_written(folder: Path, run):
    assert run("query", "-f", "q.csv", "--data", ".", "--output", "answer.json").code == 0
    assert run("validate", "own.ttl", "--shapes", "shapes.svg", "--output", "json=r.json").code != 2


def parameters(command: click.Command, name: str) -> Iterator[tuple[str, click.Parameter]]:
    for each in getattr(command, "commands", {}).values():
        yield from parameters(each, f"{name} {each.name}")
    yield from ((name, each) for each in command.params)


def test_each_file_of_a_command_is_known_as_input_or_output():
    context = click.Context(cli)
    names = cli.list_commands(context)
    commands = [each for name in names if (each := cli.get_command(context, name))]
    found = [each for command in commands for each in parameters(command, str(command.name))]
    words = ("FILE", "PATH", "FOLDER", "DIR", "CASE", "TABLE")
    named = [
        (name, each)
        for name, each in found
        if any(word in each.make_metavar(context) for word in words)
    ]

    assert len(named) > 40
    assert [
        f"{name} {each.name}" for name, each in named if not isinstance(each.type, click.Path)
    ] == []


def test_nothing_beside_an_output_is_touched(folder: Path, run: Run) -> None:
    """Two containers have the same numbers of processes, and so had names of unfinished outputs."""
    notes, link = Path(f"tables.{os.getpid()}", "notes.txt"), Path(f"q.ttl.{os.getpid()}")
    notes.parent.mkdir()
    notes.touch()
    link.symlink_to("case.json")

    assert run("export", "catalog", "--files", "tables").code == 0
    assert run("export", "queries", "--output", "q.ttl").code == 0

    assert notes.exists()
    assert (link.is_symlink(), Path("case.json").read_text()) == (True, CASE)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="streams have names in Linux")
def test_file_behind_a_stream_keeps_what_is_in_it(folder: Path, run: Run) -> None:
    """`tipgraph … --output /dev/stdout >> log` adds to the log."""
    log = folder / "log"
    log.write_text("old\n", encoding="utf-8")
    with log.open("a") as opened:
        stream = f"/dev/fd/{opened.fileno()}"
        for _ in range(2):
            assert run("query", "-e", "ASK {}", "--format", "csv", "--output", stream).code == 0

    assert log.read_text(encoding="utf-8").split() == ["old", "true", "true"]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="streams have names in Linux")
def test_running_program_is_no_output(folder: Path, run: Run) -> None:
    program = folder / "program"
    copyfile("/bin/sleep", program)
    program.chmod(0o755)
    with subprocess.Popen([program, "60"]) as running:
        exe = f"/proc/{running.pid}/exe"
        outcome = run("query", "-e", "ASK {}", "--format", "csv", "--output", exe)
        running.kill()

    assert outcome.code == 3
    assert program.read_bytes() == Path("/bin/sleep").read_bytes()


def test_private_file_that_is_replaced_is_never_readable_for_others(folder, run, monkeypatch):
    Path("q.ttl").touch(mode=0o600)
    modes = {}

    def replace(new: str, old: str) -> None:
        modes[Path(old).name] = os.stat(new).st_mode & 0o777

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(os, "chmod", lambda *given: None)

    run("export", "queries", "--output", "q.ttl")

    assert modes["q.ttl"] == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="modes and capabilities of Linux")
def test_file_that_may_not_be_written_is_kept(folder: Path) -> None:
    path = folder / "q.ttl"
    path.write_text("mine")
    path.chmod(0o444)
    # Root may write any file, unless it has lost that capability.
    other = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "tipgraph", "export", "queries", "--output", path.name]
    done = subprocess.run([*other, *command], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (3, "tipgraph: q.ttl: Permission denied\n")
    assert path.read_text() == "mine"
