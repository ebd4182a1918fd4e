"""Completion, asked for as the shells ask for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tipgraph.resources.folders import PACKAGE

PROGRAM = (
    "import sys, tipgraph.resources.folders as resources; resources.PACKAGE = sys.argv.pop(1);"
    " from tipgraph.cli import run; run()"
)


def complete(mini: Path, shell: str, *words: str) -> list[str]:
    """What is offered for the last of the words."""
    environment = os.environ | {
        "_TIPGRAPH_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(("tipgraph", *words)),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, mini.parent],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_commands_and_query_names_are_completed(mini):
    assert complete(mini, "bash", "que") == ["plain,queries", "plain,query"]
    assert complete(mini, "bash", "query", "f") == ["plain,figures"]
    assert complete(mini, "bash", "queries", "sp") == ["plain,speaks"]


def test_parameter_names_and_values_are_completed(mini):
    assert complete(mini, "bash", "query", "figures", "-p", "in") == ["plain,indicator="]
    assert complete(mini, "bash", "query", "figures", "-p", "edition=tip-2021") == [
        "plain,edition=tip-2021-xx"
    ]


def test_bash_gets_only_the_value_after_an_equals_sign(mini):
    words = ("query", "figures", "-p", "edition", "=")

    assert complete(mini, "bash", *words) == ["plain,tip-2021-xx", "plain,tip-2022-xx"]
    assert complete(mini, "bash", *words, "tip-2022") == ["plain,tip-2022-xx"]
    assert complete(mini, "bash", *words, "tip-2022-xx", "-p", "indicator", "=", "victims-a") == [
        "plain,victims-assisted"
    ]


def test_zsh_and_fish_get_descriptions(mini):
    zsh = complete(mini, "zsh", "query", "figures", "-p", "indicator=victims-a")
    fish = complete(mini, "fish", "query", "figures", "-p", "indicator=victims-a")

    assert zsh == ["plain", "indicator=victims-assisted", "victims assisted"]
    assert "indicator=victims-assisted" in "\n".join(fish)


def test_editions_are_completed(mini):
    assert complete(mini, "bash", "coverage", "tip-2022") == ["plain,tip-2022-xx"]


def test_unknown_query_completes_nothing(mini):
    assert complete(mini, "bash", "query", "nothing", "-p", "in") == [""]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_real_bash_completes(mini, tmp_path: Path):
    program = tmp_path / "tipgraph"
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM}" "{mini.parent}" "$@"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    script = """
        eval "$(_TIPGRAPH_COMPLETE=bash_source tipgraph)"
        COMP_WORDS=(tipgraph query figures -p edition = tip-2021) COMP_CWORD=6
        _tipgraph_completion tipgraph
        echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", script],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "tip-2021-xx\n"


def test_editions_and_areas_are_completed():
    shipped = Path(PACKAGE, "shipped")

    assert complete(shipped, "bash", "query", "figures", "--edition", "tip-2020-b") == [
        "plain,tip-2020-be",
        "plain,tip-2020-bg",
    ]
    assert complete(shipped, "bash", "query", "figures", "--area", "LU") == ["plain,LUX"]
