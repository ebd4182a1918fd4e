"""Completion, asked for as the shells ask for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = "from tipgraph.cli import run; run()"


def complete(shell: str, *words: str) -> list[str]:
    """Return the completions of the last word."""
    environment = os.environ | {
        "_TIPGRAPH_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(("tipgraph", *words)),
        "COMP_CWORD": words[-1] if shell == "fish" else str(len(words)),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_commands_and_query_names_are_completed(mini):
    assert complete("bash", "que") == ["plain,queries", "plain,query"]
    assert complete("bash", "query", "f") == ["plain,figures"]
    assert complete("bash", "queries", "sp") == ["plain,speaks"]


def test_parameter_names_and_values_are_completed(mini):
    assert complete("bash", "query", "figures", "-p", "in") == ["plain,indicator="]
    assert complete("bash", "query", "figures", "-p", "edition=tip-2021") == [
        "plain,edition=tip-2021-xx"
    ]


def test_bash_gets_only_the_value_after_an_equals_sign(mini):
    words = ("query", "figures", "-p", "edition", "=")

    assert complete("bash", *words) == ["plain,tip-2021-xx", "plain,tip-2022-xx"]
    assert complete("bash", *words, "tip-2022") == ["plain,tip-2022-xx"]
    assert complete("bash", *words, "tip-2022-xx", "-p", "indicator", "=", "victims-a") == [
        "plain,victims-assisted"
    ]


def test_zsh_and_fish_get_descriptions(mini):
    zsh = complete("zsh", "query", "figures", "-p", "indicator=victims-a")
    fish = complete("fish", "query", "figures", "-p", "indicator=victims-a")

    assert zsh == ["plain", "indicator=victims-assisted", "victims assisted"]
    assert "indicator=victims-assisted" in "\n".join(fish)


def test_editions_are_completed(mini):
    assert complete("bash", "coverage", "tip-2022") == ["plain,tip-2022-xx"]


def test_unknown_query_completes_nothing(mini):
    assert complete("bash", "query", "nothing", "-p", "in") == [""]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_real_bash_completes(mini, tmp_path: Path):
    program = tmp_path / "tipgraph"
    program.write_text(
        f'#!/bin/sh\nexec "{sys.executable}" -c "{PROGRAM}" "$@"\n',
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
    assert complete("bash", "query", "figures", "--edition", "tip-2020-b") == ["plain,tip-2020-be"]
    assert complete("bash", "query", "figures", "--area", "LU") == ["plain,LUX"]
