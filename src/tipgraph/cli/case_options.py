"""The situation of a case, as options, a file or standard input tell it."""

import sys
from collections.abc import Mapping
from functools import reduce, wraps
from typing import Any

import click

from tipgraph.cli import completion
from tipgraph.cli.options import Command
from tipgraph.errors import InputError
from tipgraph.rdf.front_matter import read_text


def _facts(name: str, help: str) -> Any:
    return click.option(
        f"--{name}", multiple=True, metavar="FACT", shell_complete=completion.facts, help=help
    )


OPTIONS = (
    click.argument("case", required=False, metavar="[CASE]"),
    click.option(
        "--citizenship",
        multiple=True,
        metavar="CODE",
        help="A country by its three letters, or stateless (repeat for each that is held).",
    ),
    click.option("--age", multiple=True, metavar="YEARS", help="In completed years."),
    click.option("--unaccompanied", is_flag=True, help="No responsible adult is there."),
    click.option("--accompanied", is_flag=True, help="A responsible adult is there."),
    _facts("met", "A fact that is so (may be repeated)."),
    _facts("not-met", "A fact that is not so."),
    _facts("unknown", "A fact that is not known; the same as leaving it out."),
)


def case_options(command: Command) -> Command:
    """The options that tell a case. The command gets its document as `told`, None without any."""

    @wraps(command)
    def gathered(
        case: str | None,
        citizenship: tuple[str, ...],
        age: tuple[str, ...],
        unaccompanied: bool,
        accompanied: bool,
        met: tuple[str, ...],
        not_met: tuple[str, ...],
        unknown: tuple[str, ...],
        **rest: Any,
    ) -> int | None:
        company = ((True, unaccompanied), (False, accompanied))
        said: dict[str, list[Any]] = {
            "citizenship": list(citizenship),
            "age": list(map(_number, age)),
            "unaccompanied": [value for value, is_said in company if is_said],
            "met": list(met),
            "notMet": list(not_met),
            "unknown": list(unknown),
        }
        options = {key: values for key, values in said.items() if values}
        told = _joined(_document(case), options) if case else options or None
        return command(told=told, **rest)

    return reduce(lambda inner, option: option(inner), reversed(OPTIONS), gathered)


def _number(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _document(case: str) -> Mapping[str, Any]:
    from tipgraph.assess.parse_case import loaded

    if case == "-":
        return loaded(sys.stdin.buffer.read())
    try:
        return loaded(read_text(case))
    except InputError as error:
        name = "" if str(error).startswith(case) else f"{case}: "
        raise InputError(f"{name}{error}") from None


def _joined(document: Mapping[str, Any], options: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The document with what the options say beside it; what clashes is found when it is read."""
    joined = dict(document)
    for key, values in options.items():
        there = joined.get(key, [])
        joined[key] = [*(there if isinstance(there, list) else [there]), *values]
    return joined
