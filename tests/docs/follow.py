"""Follow a page from beginning to end, in one folder, as its reader would."""

import io
import os
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tipgraph.cli import main

ROOT = Path(__file__).parents[2]
TEXT = ROOT.parent / "shared/sources/tip-2021-belgium-protection.txt"
# A block, and the file named in the sentence before it.
STEP = re.compile(
    r"(?:[Pp]ut\s+into\s+`(?P<file>[^`]+)`(?P<at_end>, at the end)?:\n\n)?"
    r"^```(?P<language>\w+)\n(?P<content>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
# A heading in bold on a terminal, with the spaces behind it, and a link.
STYLE = re.compile(r" *\x1b\[[0-9;]*m(?=\n)|\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


class Terminal(io.TextIOWrapper):
    """Standard output that a person looks at."""

    def isatty(self) -> bool:
        return True


class Outcome(NamedTuple):
    """A command of a page, all that it printed, its exit code, and the output on the page."""

    command: str
    printed: str
    code: int
    shown: str


def follow(page: str, folder: Path) -> list[Outcome]:
    """The commands of the text, after what it puts into files; blocks of sh and yaml are read."""
    found = []
    for step in STEP.finditer(page):
        if step["file"]:
            put(folder / step["file"], step["content"], at_end=bool(step["at_end"]))
        elif step["language"] == "console":
            for command, shown in COMMAND.findall(step["content"]):
                if "FILE" in command and not TEXT.exists():
                    continue
                line = command.replace("FILE", str(TEXT))
                found.append(Outcome(command, *run(folder, line), shown))
    return found


def assert_as_shown(outcome: Outcome) -> None:
    """The page shows all that is printed; a line … stands for any lines, […] for a line's rest."""
    pieces = re.split(r"^…\n|\[…\]\n", outcome.shown, flags=re.MULTILINE)
    end = 0
    for number, piece in enumerate(pieces):
        start = outcome.printed.find(piece, end)
        assert start > -1, f"{outcome.command}\nlacks: {piece}\n{outcome.printed}"
        assert start == 0 or number, outcome
        end = start + len(piece)
    assert not pieces[-1] or end == len(outcome.printed), outcome


def put(file: Path, content: str, at_end: bool) -> None:
    before = file.read_text(encoding="utf-8") if at_end else ""
    text = content.rstrip("\n") if file.suffix == ".txt" else content
    file.write_text(f"{before}\n{text}" if at_end else text, encoding="utf-8")


def run(folder: Path, command: str) -> tuple[str, int]:
    """Return what the command prints, standard error too, and its exit code.

    The program runs in this process, and validates with the fast engine.
    """
    if not command.startswith("tipgraph ") or re.search(r"[|&;<>$*]", command):
        return bash(folder, command)
    if command.startswith("tipgraph review"):
        return reviewed(folder, command)
    written = io.BytesIO()
    out = Terminal(written, encoding="utf-8", write_through=True)
    errors = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(errors):
        patch.chdir(folder)
        patch.setenv("COLUMNS", "100")
        patch.setenv("TERM", "xterm")
        code = main(shlex.split(command)[1:])
    return STYLE.sub("", written.getvalue().decode()), code


def reviewed(folder: Path, command: str) -> tuple[str, int]:
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
        return line.replace(port, "8080"), process.wait(20)
    finally:
        process.kill()


def bash(folder: Path, command: str) -> tuple[str, int]:
    """The same for a command of another program, or of several."""
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
    return done.stdout, done.returncode
