"""The options, the file and the standard input that describe a case."""

import sys
from collections.abc import Mapping
from functools import reduce, wraps
from typing import Any

import click

from tipgraph.cli import completion
from tipgraph.cli.options import Command
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_text


def _fact_option(name: str, help: str) -> Any:
    return click.option(
        f"--{name}", multiple=True, metavar="FACT", shell_complete=completion.facts, help=help
    )


OPTIONS = (
    click.argument("case", required=False, metavar="[CASE]"),
    click.option(
        "--citizenship",
        multiple=True,
        metavar="CODE",
        help="ISO 3166-1 code of a country, or stateless (repeat for each citizenship).",
    ),
    click.option("--age", multiple=True, metavar="YEARS", help="Age in completed years."),
    click.option(
        "--unaccompanied", is_flag=True, help="The person is without a responsible adult."
    ),
    click.option("--accompanied", is_flag=True, help="The person is with a responsible adult."),
    _fact_option("met", "A fact that is true (may be repeated)."),
    _fact_option("not-met", "A fact that is known to be false (may be repeated)."),
    _fact_option("unknown", "A fact that is unknown; the same as leaving it out."),
)


def case_options(command: Command) -> Command:
    """Add the options that describe a case.

    The command receives the case as `document`, which is None when no option is given.
    """

    @wraps(command)
    def with_document(
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
        values: dict[str, list[Any]] = {
            "citizenship": list(citizenship),
            "age": list(map(_years, age)),
            "unaccompanied": [value for value, is_given in company if is_given],
            "met": list(met),
            "not_met": list(not_met),
            "unknown": list(unknown),
        }
        options = {key: given for key, given in values.items() if given}
        document = _merged(_load(case), options) if case else options or None
        return command(document=document, **rest)

    return reduce(lambda inner, option: option(inner), reversed(OPTIONS), with_document)


def _years(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--age takes whole years, such as 16, not {text!r}") from None


def _load(case: str) -> Mapping[str, Any]:
    from tipgraph.assess.parse_case import load_document

    if case == "-":
        return load_document(sys.stdin.buffer.read())
    try:
        return load_document(read_text(case))
    except InputError as error:
        name = "" if str(error).startswith(case) else f"{case}: "
        raise InputError(f"{name}{error}") from None


def _merged(document: Mapping[str, Any], options: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The document with the options' values added; `read_case` reports contradictions."""
    merged = dict(document)
    for key, values in options.items():
        existing = merged.get(key, [])
        merged[key] = [*(existing if isinstance(existing, list) else [existing]), *values]
    return merged
