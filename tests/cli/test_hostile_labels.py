"""Labels may contain anything: each output shows it, and no reader obeys it."""

import csv
import functools
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Run
from tests.store.scripted import replies, scripted

DATA = Path(__file__).parents[2] / "data"
# A formula, a script, emphasis, a colour, the title of the window with a bell, text from right to
# left, and C1.
HOSTILE = "=1+<script>*a*\x1b[31m\x1b]0;x\x07\u202e\u2066\x9b1m"
SHOWN = r"=1+<script>*a*\x1b[31m\x1b]0;x\x07\u202e\u2066\x9b1m"
PREFIX = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
EDITION = re.compile("a tip:Edition ;")
LABEL = re.compile(r'(rdfs:label\s+")')
PAGE = re.compile(r"((?:dcat:landingPage|tip:page)\s+)<[^>]+>")
CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066]")
# Styling of our own: bold, and its end.
STYLE = re.compile("\x1b\\[(?:0|1|22)m")

COMMANDS = {
    "query": ["query", "actors", "--edition", "tip-2021-be"],
    "query-records": ["query", "-e", "SELECT ?label { ?s a tip:Edition ; rdfs:label ?label }"],
    "query-csv": ["query", "actors", "--format", "csv"],
    "show": ["show", "S02"],
    "queries": ["queries", "statements", "--all"],
    "cite": ["cite", "tip-2021-be/S02"],
    "cite-bibtex": ["cite", "tip-2021-be/S02", "--format", "bibtex"],
    "diff": ["diff", "tip-2020-be", "tip-2021-be"],
    "coverage": ["coverage", "tip-2021-be"],
    "assess": ["assess", "--edition", "tip-2021-be", "--citizenship", "ALB", "--full"],
    "facts": ["assess", "--edition", "tip-2021-be", "--facts"],
    "graph": ["export", "graph", "--graph", "hostile", "--format", "nquads"],
    "figures": ["export", "figures"],
    "network": ["export", "network", "--format", "csv"],
    "chart": ["chart", "series", "-p", "area=BEL", "-p", "indicator=residence-permits-issued"],
}
# The commands one after the other on one graph: on a terminal, and then into a pipe.
SCRIPT = """
import functools, json, os, sys
import tipgraph.cli.options as options
from tipgraph.cli import main

options.open_graph = functools.cache(options.open_graph)
for output in (1, 2):
    os.dup2(output, 1)
    for name, arguments in json.loads(sys.argv[1]).items():
        print(f"[{name}]", flush=True)
        main(arguments)
        sys.stdout.flush()
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options for the shipped data with such labels."""
    folder = tmp_path_factory.mktemp("labels") / "hostile"
    folder.mkdir()
    # And a line end, and a return to the beginning of the line, which some layouts show as a space.
    label = (HOSTILE + "\nx\r").encode("unicode_escape").decode().replace("\\x", "\\u00")
    for file in [*DATA.glob("*.ttl"), *DATA.glob("tip-202[01]-be/*.ttl")]:
        copy = folder / file.relative_to(DATA)
        copy.parent.mkdir(exist_ok=True)
        text = file.read_text(encoding="utf-8")
        # Rules derive the label of an edition, but where it is written.
        text = EDITION.sub(r'\g<0> rdfs:label "Edition"@en ;', PREFIX + text)
        text = LABEL.sub(lambda found: found[0] + label, text)
        copy.write_text(PAGE.sub(r"\1<javascript:alert(1)>", text), encoding="utf-8")
    return ["--no-bundled", "--data", str(folder)]


@pytest.fixture
def on_hostile(hostile: list[str], run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on that graph, which is opened once."""
    monkeypatch.setattr("tipgraph.cli.options.open_graph", _opened)
    return lambda *arguments, **given: run(*arguments, *hostile, **given)


@functools.cache
def _opened(*data: str, bundled: bool) -> object:
    from tipgraph.graph import open as open_graph

    return open_graph(*data, bundled=bundled)


def sections(text: str) -> dict[str, str]:
    """The output of each command."""
    _, *parts = re.split(r"^\[([a-z-]+)\]\n", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def on_terminal(command: Sequence[str]) -> tuple[str, str]:
    """Return standard output on a terminal, and standard error in a pipe."""
    ours, theirs = pty.openpty()
    shown = b""
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "1000"}
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.PIPE, env=environment
    ) as process:
        os.close(theirs)
        assert process.stderr
        try:
            while piece := os.read(ours, 65_536):
                shown += piece
        except OSError:
            pass
        piped = process.stderr.read()
    os.close(ours)
    assert process.returncode == 0
    # The terminal puts a return before each line end, also where the program has put one.
    return re.sub("\r+\n", "\n", shown.decode()), piped.decode()


@pytest.mark.slow(reason="runs sixteen commands on a graph of its own, twice")
def test_terminal_shows_controls_and_a_pipe_gets_them(hostile: list[str], tmp_path: Path) -> None:
    commands = {name: [*arguments, *hostile] for name, arguments in COMMANDS.items()}
    commands["chart"] += ["--output", str(tmp_path / "x.svg")]
    terminal, pipe = map(
        sections, on_terminal([sys.executable, "-c", SCRIPT, json.dumps(commands)])
    )

    assert list(terminal) == list(pipe) == list(COMMANDS)
    for name, text in terminal.items():
        # N-Quads has escapes of its own for some controls.
        assert (r"\u202e" if name == "graph" else SHOWN) in text, name
        assert not CONTROLS.search(STYLE.sub("", text)), name
    assert "\x1b[1m" in terminal["query"]
    for name in pipe:
        # A table is for people, in a pipe too.
        expected = {"graph": "\u202e", "facts": SHOWN}.get(name, HOSTILE)
        assert expected in pipe[name], name
    picture = "".join(ElementTree.parse(tmp_path / "x.svg").getroot().itertext())
    assert "=1+<script>*a*\ufffd[31m" in picture


LABELS = "SELECT ?label ?year { ?s a tip:Edition ; rdfs:label ?label ; tip:year ?year }"


def test_terminal_shows_controls_of_tables_and_texts(on_hostile: Run) -> None:
    for arguments in (
        ["query", "-e", LABELS],
        ["show", "S02"],
        ["show", "tip-2021-be/victims-2020"],
        ["find", "victims", "identified", "Belgium"],
        ["query", "sources", "--format", "json"],
    ):
        shown = on_hostile(*arguments, tty=True).out
        assert not CONTROLS.search(STYLE.sub("", shown)), arguments
        assert "\x1b[1m" not in shown or arguments[0] in ("query", "find")
        # Text after a line end in a label would look like a line of ours.
        assert not re.search(rf"{re.escape(SHOWN)}\n\S", shown), arguments

    assert HOSTILE in on_hostile("show", "S02").out


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "no\x1b[31m\u202ething"],
        ["validate", "no\x9b1m\x07.ttl"],
        ["query", "-e", "SELECT * { ?x \x1b[31m\x7f }"],
        ["export", "graph", "--graph", "\u2066\x1b]0;x\x07"],
        ["check", "no\x1bfolder"],
    ],
    ids=lambda each: each[0],
)
def test_errors_show_controls_of_arguments_and_paths(mini, run, arguments):
    code, out, err = run(*arguments)

    assert code in (2, 3)
    assert not CONTROLS.search(out + err)
    assert re.search(r"\\x|\\u20", err)


def test_error_shows_controls_of_a_store(mini: None, run: Run) -> None:
    refusal = replies("no \x1b[31m\x9b1m\u202e such thing", 400, "text/plain; charset=utf-8")
    with scripted(refusal) as (url, _):
        code, _, err = run("query", "figures", "--endpoint", url)

    assert code == 4
    assert r"no \x1b[31m\x9b1m\u202e such thing" in err


def test_name_of_a_file_that_is_not_utf8_is_no_traceback(run: Run, tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/\xff\x1b.ttl", "wb") as opened:
        opened.write(b"<urn:a> <urn:b> .")
    code, out, err = run("validate", tmp_path, "--format", "json", "--shapes", tmp_path)

    assert code == 3
    assert r"\udcff\x1b.ttl" in err
    assert json.loads(out)


CELLS = {
    "=1+1": "'=1+1",
    "+A1": "'+A1",
    "-cmd": "'-cmd",
    "@SUM(A1)": "'@SUM(A1)",
    "\t=1": "'\t'=1",
    "\r=1": "'\r'=1",
    # Where a comma is the decimal mark, spreadsheets read semicolons.
    "a;=1+1;b": "a;'=1+1;b",
    "-12": "-12",
    "+1.5e3": "+1.5e3",
    "-.5": "-.5",
    "1=2": "1=2",
    "": "",
}


@pytest.mark.parametrize("style", ["csv", "tsv"])
def test_csv_safe_keeps_text_from_being_a_formula(mini: None, run: Run, style: str) -> None:
    values = " ".join(f"({json.dumps(cell)} {number})" for number, cell in enumerate(CELLS, -5))
    query = f"SELECT ?text ?number {{ VALUES (?text ?number) {{ {values} }} }} ORDER BY ?number"
    separator = "," if style == "csv" else "\t"

    def cells(*options: str) -> list[tuple[str, ...]]:
        out = run("query", "-e", query, "--format", style, *options).out
        rows = csv.reader(io.StringIO(out, newline=""), delimiter=separator)
        return [
            tuple(each.replace(r"\t", "\t").replace(r"\r", "\r") for each in row) for row in rows
        ]

    numbers = list(map(str, range(-5, len(CELLS) - 5)))
    assert cells()[1:] == list(zip(CELLS, numbers, strict=True))
    assert cells("--csv-safe")[1:] == list(zip(CELLS.values(), numbers, strict=True))


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "-e", LABELS, "--format", "csv"],
        ["query", "sources", "--format", "csv"],
        ["export", "figures"],
        ["export", "network", "--format", "csv"],
    ],
    ids=" ".join,
)
def test_csv_is_safe_on_request_only(on_hostile: Run, arguments: list[str]) -> None:
    safe = on_hostile(*arguments, "--csv-safe").out
    plain = on_hostile(*arguments).out

    assert f"'{HOSTILE}" in safe
    assert f"'{HOSTILE}" not in plain
    assert HOSTILE in plain
    assert safe.replace("'=", "=") == plain.replace("'=", "=")


@pytest.mark.parametrize("style", ["json", "html", "xlsx"])
def test_csv_safe_with_another_format_is_a_usage_error(mini: None, run: Run, style: str) -> None:
    code, _, err = run("query", "-e", LABELS, "--csv-safe", "--format", style)

    assert code == 2
    assert "--format csv or tsv" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "-e", LABELS, "--format", "xml"],
        ["export", "network", "--format", "graphml"],
    ],
    ids=["sparql", "graphml"],
)
def test_xml_is_well_formed_whatever_the_label(on_hostile: Run, arguments: list[str]) -> None:
    text = "".join(ElementTree.fromstring(on_hostile(*arguments).out).itertext())

    assert "=1+<script>*a*\ufffd[31m\ufffd]0;x\ufffd" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "-e", LABELS, "--format", "markdown"],
        ["query", "-e", "SELECT ('=1+<script>*a*~b~' AS ?x) {}", "--format", "markdown"],
        ["show", "S02", "--format", "markdown"],
        ["show", "tip-2021-be", "--format", "markdown"],
        ["diff", "tip-2020-be", "tip-2021-be", "--format", "markdown"],
        ["assess", "--edition", "tip-2021-be", "--citizenship", "ALB", "--format", "markdown"],
        ["report", "--area", "BEL", "--format", "md"],
    ],
    ids=lambda each: each[0],
)
def test_markdown_shows_markup_as_text(on_hostile: Run, arguments: list[str]) -> None:
    out = on_hostile(*arguments).out

    assert r"=1+\<script>\*a\*" in out
    # Two stars are our own.
    assert not re.search(r"(?<!\\)(<script|~)|(?<![\\*])\*a|(\]\(|<)javascript", out)
