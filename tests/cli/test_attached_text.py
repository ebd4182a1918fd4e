"""The sentences of attached texts: where they are shown, and that nothing else contains them."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import anyio
import click
import pytest
from mcp import Client

import tipgraph
from tests.conftest import Run
from tests.data.test_pinned_text import TEXT
from tests.pinned import turtle
from tipgraph import attached_texts
from tipgraph.assistant import server
from tipgraph.attached_texts import attach
from tipgraph.cli.commands import COMMANDS, cli
from tipgraph.entities.passages import passages

needs_text = pytest.mark.skipif(
    not TEXT.exists(), reason="the source text is in ../shared, which is not here"
)
EDITION = "tip-2021-xx"
SHELTERS = "Officials said the [so-called shelters] were \u2013 at best \u2013 full."
BOLD = SHELTERS.replace("[", "\x1b[1m").replace("so-called shelters]", "so-called shelters\x1b[22m")
QUOTES = "SELECT ?passage ?quote { ?passage oa:hasSelector/oa:refinedBy/oa:exact ?quote }"

Calls = dict[tuple[str, ...], list[list[str]]]

# Calls of each command that read what an attached text is about.
CALLS: Calls = {
    ("assess",): [["--age", "30"], ["--overview"]],
    ("attach",): [["--list"]],
    ("chart",): [["series", "-p", "indicator=residence-permits-issued", "-p", "area=BEL"]],
    ("check",): [["tip-2023-be"]],
    ("cite",): [["S30"], ["tip-2021-be"]],
    ("coverage",): [["tip-2021-be"]],
    ("diff",): [["tip-2020-be", "tip-2021-be"]],
    ("export", "catalog"): [["--format", "jsonld"]],
    ("export", "figures"): [["--edition", "tip-2021-be"]],
    ("export", "graph"): [["--graph", "tip-2021-be"]],
    ("export", "network"): [[]],
    ("find",): [["demonstrated"], ["permits"]],
    ("import-claims",): [["rows.csv", "--into", "."]],
    ("import-figures",): [["figures.csv"]],
    ("new",): [["tip-2023-be"]],
    ("queries",): [["figures"]],
    ("query",): [["evidence", "-p", "place=S30", "--quotes"]],
    ("report",): [["--area", "BEL", "--topic", "restitution"]],
    ("show",): [["S30"], ["assistance"], ["Myria"]],
}
SMALL_CALLS: Calls = {
    ("coverage",): [[EDITION]],
    ("export", "catalog"): [[]],
    ("export", "graph"): [[]],
    ("export", "network"): [[]],
    ("find",): [["best"]],
    ("query",): [["-e", QUOTES, "--quotes"]],
    ("show",): [["S02"], ["S01-12"], ["victims-12"], ["shelters"]],
}
# Formats that are not text.
BINARY = ("docx", "xlsx")
# Commands that print sentences on standard output in these formats; None is without --format.
PRINTING: dict[tuple[str, ...], set[str | None]] = {("show",): {None, "text"}}
# It takes long to make; a file has the same content as a pipe.
TO_FILES = {"assess", "chart", "export", "report"}
# A store gets the triples that `export graph` writes, and they are what is validated. Pages have
# tests of their own.
# Drafts and reviews read a text that is named, and never an attached one.
NOT_CALLED = {
    (name,) for name in ("build", "draft", "load", "mcp", "review", "serve", "site", "validate")
}


@pytest.fixture
def attached(mini: Path, user_data: Path, texts: Path, run: Run) -> None:
    """The small edition with its text attached."""
    assert run("attach", EDITION, texts / f"{EDITION}.txt").code == 0


def test_no_tool_of_an_assistant_has_attached_text(attached, graph: tipgraph.LocalGraph) -> None:
    async def answers() -> list[str]:
        async with Client(server(graph)) as client:
            calls = (
                ("show", {"name": "S02"}),
                ("find", {"words": "best"}),
                ("cite", {"name": "S02"}),
            )
            return [str(await client.call_tool(*call)) for call in calls]

    shown, *others = anyio.run(answers)
    assert "S02" in shown
    assert not [each for each in (shown, *others) if "at best" in each]


def test_sentence_is_shown_in_place_of_the_advice_to_read_it(attached, run: Run) -> None:
    lines = run("show", "S02").out.splitlines()

    start = lines.index("Sentence")
    assert lines[start + 1] == "  TIP Report 2021, Xland"
    assert lines[start + 2] == f"      “{SHELTERS}”"
    assert "not stored" not in "".join(lines)
    assert f"“{BOLD}”" in run("show", "S02", tty=True).out


@pytest.mark.parametrize("thing", ["shelters-full", "S02-shelters"])
def test_sentence_follows_the_passages_of_the_evidence(attached, run: Run, thing: str) -> None:
    lines = run("show", thing).out.splitlines()

    start = next(n for n, each in enumerate(lines) if each.endswith("S02 “so-called shelters” [1]"))
    assert lines[start + 1] == f"      “{SHELTERS}”"


def test_controls_in_a_text_do_not_reach_the_terminal(mini, user_data, run, tmp_path):
    text, own, file = "It is \x1b[31mred\u202e.", tmp_path / "own.ttl", tmp_path / "text.txt"
    own.write_text(turtle(text), encoding="utf-8")
    file.write_bytes(text.encode())
    data = ["--data", own, "--no-bundled"]
    assert run("attach", "a", file, *data).code == 0

    assert r"“It is \x1b[31mred\u202e.”" in run("show", "id:a/S01", *data, tty=True).out
    assert f"“{text}”" in run("show", "id:a/S01", *data).out


def test_mentions_have_no_sentences(attached, run: Run) -> None:
    assert SHELTERS not in run("show", "shelters").out


def test_api_gives_the_text_only_if_asked(attached, graph: tipgraph.LocalGraph) -> None:
    assert graph.show("S02").text is None
    assert graph.show("S02", with_text=True).text is not None


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words that call each command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    for name in command.list_commands(click.Context(command)):
        inner = command.get_command(click.Context(command), name)
        assert inner is not None
        yield from leaves(inner, (*path, name))


def options(path: tuple[str, ...]) -> dict[str | None, list[str]]:
    """The options of a command by name, with the values that they can have."""
    command: click.Command | None = cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.get_command(click.Context(command), name)
    assert command is not None
    return {each.name: list(getattr(each.type, "choices", [])) for each in command.params}


def check_that_nothing_leaves(run: Run, calls: Calls, words: set[str], folder: Path) -> None:
    """No format of these commands has the words, on its streams or in its files."""
    for path in leaves(cli):
        known = options(path) if path in calls else {}
        for call in calls.get(path, []):
            styles = [] if "--format" in call else known.get("style", [])
            for style in (None, *styles):
                chosen = [*path, *call, *(["--format", style] if style else [])]
                if style not in (*BINARY, *PRINTING.get(path, ())) and path[0] not in TO_FILES:
                    outcome = run(*chosen)
                    assert not [each for each in words if each in outcome.out], chosen
                if "output" in known:
                    run(*chosen, "--output", folder / "written")
                content = written(folder)
                assert not [each for each in words if each in content], chosen


def written(folder: Path) -> str:
    """The content of the files in the folder, in which there are none then."""
    found = []
    for file in filter(Path.is_file, folder.rglob("*")):
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as parts:
                found += [parts.read(name) for name in parts.namelist()]
        found.append(file.read_bytes())
        file.unlink()
    return b"".join(found).decode(errors="replace")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which is empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_no_other_format_and_no_file_has_attached_text(attached, run: Run, here: Path) -> None:
    check_that_nothing_leaves(run, SMALL_CALLS, {"at best", "helped them all"}, here)


def quoted_in(graph: tipgraph.LocalGraph) -> list[str]:
    """The IRIs of all passages of sentences."""
    rows = graph.engine.select("SELECT ?passage { ?passage tip:sentence ?sentence }")
    return [str(each) for each in rows.column("passage")]


@needs_text
@pytest.mark.slow(reason="runs each command in each format")
def test_no_other_command_has_attached_text(shipped: tipgraph.LocalGraph, user_data, run, here):
    attach(shipped.engine, "tip-2021-be", str(TEXT))
    (text,) = attached_texts.attached(shipped.engine).values()
    quoted = passages(shipped.engine, quoted_in(shipped)).values()
    known = "\n".join(str(quad.object) for quad in shipped.engine.store)
    unquoted = {
        part.strip()
        for each in attached_texts.sentences({EDITION: text}, quoted).values()
        for part, is_quoted in each.parts
        if not is_quoted and len(part.split()) > 3
    }
    words = {part for part in unquoted if part not in known}

    assert len(words) > 40
    assert {path[0] for path in (*CALLS, *NOT_CALLED)} >= COMMANDS.keys()
    check_that_nothing_leaves(run, CALLS, words, here)


@needs_text
def test_all_forty_sentences_are_shown_with_each_phrase_in_its_place(
    shipped: tipgraph.LocalGraph, user_data: Path, run: Run
) -> None:
    attach(shipped.engine, "tip-2021-be", str(TEXT))
    content = TEXT.read_bytes().decode()
    (coverage,) = shipped.coverage("tip-2021-be")
    quoted = passages(shipped.engine, quoted_in(shipped)).values()

    assert len(coverage.sentences) == 40
    for each in coverage.sentences:
        phrases = [passage for passage in quoted if passage.sentence == each.iri]
        # By their place in the whole text, where each occurs once.
        found = []
        for passage in phrases:
            whole = passage.prefix + passage.exact + passage.suffix
            assert content.count(whole) == 1
            start = content.index(whole) + len(passage.prefix) - each.start
            found.append((start, start + len(passage.exact)))
        text = shipped.show(each.iri, with_text=True).text
        assert text is not None
        assert text.text == content[each.start : each.end]
        assert phrases
        assert {offset for span in found for offset in range(*span)} == {
            offset for span in text.spans for offset in range(*span)
        }
        assert all(any(a <= start and end <= b for a, b in text.spans) for start, end in found)

    out = run("show", "tip-2021-be/S30").out
    assert "“The government [issued 174 residence permits] for trafficking victims in 2020," in out
