"""Any arguments and damaged files: each command ends with a documented code and a clear line."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import chdir, suppress
from pathlib import Path
from unittest import SkipTest

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import CHANGES, FILES, Change, mutated
from tests.watch import watched
from tipgraph.cli.commands import cli

pytestmark = pytest.mark.slow(reason="runs each command for a third of a second")

# Seconds for each command, in which a busy machine tries less.
SECONDS = float(os.environ.get("FUZZ_SECONDS", "0.3"))
DOCUMENTED = {0, 1, 2, 3, 4, 124, 130, 143}
# Codes that come with a message.
FAILED = {2, 3, 4, 124}

Path_ = tuple[str, ...]


def commands(command: click.Command, path: Path_ = ()) -> Iterator[tuple[Path_, click.Command]]:
    """The commands of the tree that do something, with the words that call them."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            inner = command.get_command(click.Context(command), name)
            assert inner is not None
            yield from commands(inner, (*path, name))
    else:
        yield path, command


# `serve` ends by a signal alone, which tests/explorer sends; `build` derives what all share, which
# takes seconds.
COMMANDS = {path: each for path, each in commands(cli) if path not in {("serve",), ("build",)}}
# Commands that take long for the shipped graph as a whole.
WHOLE = {("export", name) for name in ("bulk", "catalog", "package")}
assert len(COMMANDS) > 15
# Parameters that name files to read, and files to write.
INPUTS = {
    *("data", "text", "case", "table", "into", "file", "paths", "shapes", "add_shapes"),
    *("ontology", "folder", "ca_file"),
}
OUTPUTS = {"output", "outputs", "report_file", "baseline"}
# Parameters that lead to a store: requests to whatever a text may name are left to other tests.
REMOTE = {"endpoint", "query_url", "update_url", "graph_store_url"}

# No process can be started with a null character in an argument.
TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
ANY = st.one_of(
    st.text(TEXT, max_size=12), st.sampled_from(["-", "--", "\x1b[31m", "\u202e", "a" * 5000])
)
NAMES = st.sampled_from(
    [
        *("tip-2021-be", "tip-2020-be", "2021", "BEL", "Belgium", "all", "S02", "figures"),
        *("victims-identified-and-assisted", "shelter", "statements", "identified", "series"),
        *(
            "indicator=residence-permits-issued",
            "area=BEL",
            "edition=all",
            "period=2020",
            "=",
            "a=",
        ),
        *("identified=met", "16", "-1", "nan", "inf", "1e10", "NGA", "stateless", "tip-2030-xx"),
        *("SELECT * { ?s a ?c } LIMIT 3", "ASK {}", "DESCRIBE tip:Edition", "urn:a", "tip:Edition"),
    ]
)
READABLE = st.sampled_from([*FILES, "edition", ".", "missing.ttl", "*.ttl", "-", "", "a\udcff"])
WRITABLE = st.sampled_from(
    [
        *("out.ttl", "out.svg", "out.csv", "out.json", "out", "missing/out.svg", "edition"),
        *("data.ttl", "edition/figures.ttl", "", "/dev/full", "json=out.json", "text=", "=x"),
        *("turtle=data.ttl", "junit=missing/x.xml", "baseline.json"),
    ]
)


# Values that lead far into a command, by the names of its parameters.
FITTING = {
    "data paths ontology": ["data.ttl", "data.nq", "data.jsonld", "data.rdf", "edition"],
    "shapes add_shapes": ["shapes.ttl"],
    "edition earlier later": ["tip-2021-be", "tip-2020-be", "all"],
    "met not_met unknown": ["identified", "conviction", "acquittal"],
    "assumptions": ["identified=met"],
    "citizenship": ["NGA", "stateless"],
    "age": ["16"],
    "case": ["case.json", "-"],
    "folder into": ["edition", "."],
    "table": ["figures.csv", "claims.csv", "edition/figures.ttl"],
    "file": ["query.rq", "-"],
    "text": ["text.txt", "SELECT * { ?s a tip:Edition }"],
    "name": ["figures", "statements", "series", "tip-2030-xx"],
    "given": ["area=BEL", "period=2020", "indicator=residence-permits-issued"],
    "indicator": ["residence-permits-issued"],
    "area": ["BEL"],
    "thing topic search": ["S02", "shelter"],
    "names": ["ontology"],
    "graph": ["urn:g"],
    "page": ["https://example.org/a"],
    "baseline": ["baseline.json"],
}
FITTING_BY_NAME = {name: values for names, values in FITTING.items() for name in names.split()}


def value_of(parameter: click.Parameter, is_fitting: bool) -> st.SearchStrategy[str]:
    """Values for a parameter: what fits its name and type, or anything."""
    if is_fitting and parameter.name in FITTING_BY_NAME:
        return st.sampled_from(FITTING_BY_NAME[parameter.name])
    if is_fitting and isinstance(parameter.type, click.Choice):
        return st.sampled_from(list(map(str, parameter.type.choices)))
    if parameter.name in REMOTE:
        return st.sampled_from(["", "x", "http://", "http://..", "ftp://a", "no-such-profile"])
    if parameter.name in OUTPUTS:
        return WRITABLE
    if parameter.name in INPUTS:
        return st.one_of(READABLE, READABLE, ANY)
    if isinstance(parameter.type, click.Choice):
        return st.one_of(st.sampled_from(list(map(str, parameter.type.choices))), ANY)
    if isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType):
        return st.sampled_from(["1", "2", "0", "-1", "nan", "1e10", "x", ""])
    return st.one_of(NAMES, ANY)


@st.composite
def arguments(draw: st.DrawFn, path: Path_) -> list[str]:
    """A command line for a command, with some of its parameters in any order."""
    parts: list[list[str]] = []
    is_fitting = draw(st.integers(0, 3)) > 0
    for parameter in COMMANDS[path].params:
        value = value_of(parameter, is_fitting)
        if isinstance(parameter, click.Option):
            for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 2 if parameter.multiple else 1]))):
                name = draw(st.sampled_from([*parameter.opts, *parameter.secondary_opts]))
                parts.append([name] if parameter.is_flag else [name, draw(value)])
        else:
            # Without a file, `validate` takes the shipped data, which takes a while.
            least = 1 if parameter.required or parameter.name == "paths" else 0
            parts += [[each] for each in draw(st.lists(value, min_size=least, max_size=2))]
    if path == ("validate",):
        parts.append(["--shapes", draw(st.sampled_from(["shapes.ttl", "data.ttl"]))])
    if path in WHOLE:
        parts.append(["--no-bundled"])
    if path == ("site",):
        # So does a site of the shipped graph.
        parts.append(["--no-bundled", "--data", draw(st.sampled_from(["data.ttl", "shapes.ttl"]))])
    return [*path, *(word for part in draw(st.permutations(parts)) for word in part)]


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_any_command_line_ends_in_one_of_the_documented_ways(run, monkeypatch, path):
    end = time.monotonic() + SECONDS

    @settings(
        max_examples=200,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        line=arguments(path),
        file=st.sampled_from(list(FILES)),
        changes=CHANGES,
        stdin=st.one_of(st.binary(max_size=40), st.sampled_from(list(FILES.values()))),
        tty=st.booleans(),
    )
    def check(line: list[str], file: str, changes: list[Change], stdin: bytes, tty: bool) -> None:
        if time.monotonic() > end:
            # Hypothesis stops at this, and takes it for no failure.
            raise SkipTest("enough")
        with (
            tempfile.TemporaryDirectory() as folder,
            chdir(folder),
            monkeypatch.context() as patched,
        ):
            # Temporary files of the program go into the folder too.
            patched.setattr(tempfile, "tempdir", folder)
            # A site has thousands of pages on the terms of the ontology alone.
            patched.setattr("tipgraph.explorer.write.KINDS", ())
            for name, content in FILES.items():
                Path(name).parent.mkdir(exist_ok=True)
                Path(name).write_bytes(mutated(content, changes) if name == file else content)
            with watched(folder, os.environ["XDG_CACHE_HOME"], "/dev"):
                code, out, err = run(*line, tty=tty, stdin=stdin)
        assert code in DOCUMENTED, (code, err)
        assert "Traceback" not in out + err
        assert code not in FAILED or err.startswith("tipgraph: ") or "Usage" in err, (code, err)
        if tty:
            assert "\x1b]" not in out

    with suppress(SkipTest):
        check()
