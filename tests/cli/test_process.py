"""The program as a process: streams, terminals, interrupts, and what a start costs."""

import os
import pty
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "tipgraph"]
# The same for a shell.
LINE = " ".join(COMMAND)
LONG = ["query", "-e", "SELECT * { ?a ?b ?c . ?d ?e ?f }", "--format", "csv"]


def shell(line: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(line, shell=True, capture_output=True, check=False)


def test_version_and_help_are_printed():
    assert (
        b"tipgraph, version "
        in subprocess.run([*COMMAND, "--version"], capture_output=True, check=True).stdout
    )
    shown = subprocess.run([*COMMAND, "--help"], capture_output=True, check=True).stdout
    assert b"coverage" in shown
    assert b"_TIPGRAPH_COMPLETE" in shown


def test_commands_are_completed():
    words = {"COMP_WORDS": "tipgraph que", "COMP_CWORD": "1"}
    environment = os.environ | words | {"_TIPGRAPH_COMPLETE": "bash_complete"}
    done = subprocess.run(COMMAND, env=environment, capture_output=True, check=False)

    assert (done.stdout, done.stderr) == (b"plain,queries\nplain,query\n", b"")


def test_bare_command_lists_the_commands(run):
    done = run()

    assert done.code == 2
    assert "\nCommands:\n" in done.err


def test_unknown_command_suggests_nearest(run):
    done = run("querry")

    assert done.code == 2
    assert done.err.startswith("tipgraph: unknown command 'querry'; did you mean 'quer")
    assert done.err.count("\n") == 1


def test_closed_pipe_is_no_error():
    done = shell(f"{LINE} query -e 'SELECT * {{ ?a tip:edition ?c }}' | head -n 1")

    assert (done.returncode, done.stdout, done.stderr) == (0, b"a\tc\n", b"")


def test_help_into_a_closed_pipe_is_no_error():
    reader, writer = os.pipe()
    os.close(reader)
    for option in ("--help", "--version"):
        done = subprocess.run(
            [*COMMAND, option], stdout=writer, stderr=subprocess.PIPE, check=False
        )
        assert (done.returncode, done.stderr) == (141, b"")
    os.close(writer)


@pytest.mark.parametrize("arguments", ["query figures", "load"])
def test_closed_standard_output_ends_the_program_before_any_work(arguments: str):
    done = shell(f"{LINE} {arguments} >&-")

    assert done.returncode == 4
    assert done.stderr == b"tipgraph: standard output is closed; nothing was done\n"


@pytest.mark.parametrize("arguments", ["query figures", "queries"])
def test_full_device_is_reported_in_one_line(arguments: str):
    done = shell(f"{LINE} {arguments} >/dev/full")

    assert done.returncode == 4
    assert done.stderr.endswith(b"the output cannot be written: No space left on device\n")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_is_cut_is_no_success(tmp_path, unbuffered):
    # The system takes a part of a write, and refuses the next one.
    limit, part = 20_000, tmp_path / "part.csv"
    with part.open("wb") as output:
        done = subprocess.run(
            [*COMMAND, *LONG[:2], "SELECT * { ?a tip:edition ?b }", *LONG[3:]],
            stdout=output,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
            check=False,
        )

    assert part.stat().st_size == limit
    assert done.stderr == b"tipgraph: the output cannot be written: File too large\n"
    assert done.returncode == 4


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full", "<&- 2>&-"])
def test_standard_error_that_cannot_be_written_changes_no_exit_code(stream: str):
    done = shell(f"{LINE} query figurs {stream}")

    assert (done.returncode, done.stdout) == (2, b"")


def test_interrupt_prints_no_traceback():
    # Tests that run in the background ignore interrupts, and children inherit that.
    process = subprocess.Popen(
        [*COMMAND, "query", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)

    assert process.returncode == 130
    assert b"Traceback" not in error


def test_interrupt_while_the_package_is_imported_prints_nothing():
    program = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Interrupting:
    def find_spec(self, name, *_):
        if name == "tipgraph.graph":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from tipgraph_start import run
run()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_bug_has_its_own_exit_code():
    broken = (
        "import sys, tipgraph.cli, tipgraph.cli.queries as queries;"
        "queries.queries_command.callback = lambda **given: 1 / 0;"
        "sys.argv = ['tipgraph', 'queries']; tipgraph.cli.run()"
    )
    done = subprocess.run([sys.executable, "-c", broken], capture_output=True, check=False)

    assert done.returncode == 70
    assert b"ZeroDivisionError" in done.stderr
    assert b"please report it" in done.stderr.splitlines()[-1]


def test_module_that_is_cut_off_is_no_interrupt(tmp_path: Path):
    command = [sys.executable, "-m", "tipgraph", "queries", "--help"]
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    [compiled] = tmp_path.rglob("cli/queries.*.pyc")
    compiled.write_bytes(compiled.read_bytes()[:100])

    ended = subprocess.run(command, env=environment, capture_output=True, text=True)

    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == (
        "tipgraph: a file of tipgraph, such as one in __pycache__, is cut off (marshal data too"
        " short); install it again\n"
    )


@pytest.mark.parametrize(("plain", "coloured"), [("1", False), (None, True)])
def test_terminal_gets_a_table_and_no_color_is_respected(plain, coloured):
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment |= {"TERM": "xterm", "COLUMNS": "200"} | ({"NO_COLOR": plain} if plain else {})
    outside, inside = pty.openpty()
    text = "SELECT ?edition { ?edition a tip:Edition }"
    subprocess.run([*COMMAND, "query", "-e", text], stdout=inside, env=environment, check=True)
    os.close(inside)
    shown = os.read(outside, 10_000)
    os.close(outside)

    assert "─" in shown.decode()
    assert (b"\x1b[" in shown) or not coloured


def test_latin_locale_still_writes_utf8():
    text = "SELECT ('€é' AS ?x) { }"
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [*COMMAND, "query", "-e", text], capture_output=True, env=environment, check=True
    )

    assert done.stdout.decode("utf-8") == "x\n€é\n"


def test_stored_query_imports_nothing_heavy():
    script = (
        "import sys; from tipgraph.cli import main; main(['query', 'residence-permits']);"
        " print(*sys.modules, file=sys.stderr)"
    )
    subprocess.run([*COMMAND, "query", "residence-permits"], capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    heavy = {"rdflib", "pyshacl", "rich", "yaml", "pathlib", "hashlib", "pandas", "csv"}
    heavy |= {"difflib", "sqlite3"}
    assert heavy & set(done.stderr.decode().split()) == set()


@pytest.mark.slow(reason="makes the whole graph")
def test_command_works_from_any_folder_without_a_cache(tmp_path: Path):
    blocked = tmp_path / "blocked"
    blocked.write_text("", encoding="utf-8")
    environment = os.environ | {"XDG_CACHE_HOME": str(blocked)}

    done = subprocess.run(
        [*COMMAND, "query", "residence-permits"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
    )

    assert len(done.stdout.splitlines()) == 5
    assert done.stderr.startswith(b"tipgraph: editions: tip-2021-be; read in part: ")
    assert len(done.stderr.splitlines()) == 1


def test_terminal_shows_progress_of_long_work(tmp_path: Path):
    (tmp_path / "data.ttl").write_text("<urn:a> a <urn:B> .")
    (tmp_path / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . "
        "<urn:S> a sh:NodeShape ; sh:targetClass <urn:B> ; sh:nodeKind sh:IRI ."
    )
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "validate", "data.ttl", "--shapes", "shapes.ttl"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)

    assert b"validating" in os.read(ours, 10_000)
    assert done.stdout == b"conforms (1 shape, 1 node, 1 file)\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [b"show", b"\xff"],
        [b"diff", b"tip-2020-be", b"\xff"],
        [b"coverage", b"\xff"],
        [b"query", b"figures", b"-p", b"area=\xff"],
        [b"chart", b"series", b"-p", b"area=\xff", b"--output", b"x.svg"],
        [b"export", b"figures", b"--area", b"\xff"],
    ],
    ids=lambda each: each[0].decode(),
)
def test_argument_that_is_not_utf8_is_a_usage_error(run, arguments: list[bytes]):
    done = run(*map(os.fsdecode, arguments))

    assert done.code == 2
    assert "\\xff is not UTF-8" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--area", ""], ["--area="], ["--indicator", ""]])
def test_empty_filter_is_a_usage_error(run, arguments: list[str]):
    code, out, err = run("export", "figures", *arguments)

    assert (code, out) == (2, "")
    assert "empty; give a value or leave it out" in err


def test_error_does_not_repeat_a_long_argument(run):
    code, _, err = run("query", "x" * 100_000)

    assert code == 2
    assert len(err) < 5000
