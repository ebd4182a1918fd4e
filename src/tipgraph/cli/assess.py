"""`tipgraph assess`."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from tipgraph.cli import completion
from tipgraph.cli.case_options import case_options
from tipgraph.cli.endpoint import endpoint_options
from tipgraph.cli.options import format_option, graph_options, meant, note, write
from tipgraph.endpoint.settings import Endpoint
from tipgraph.errors import InputError, UsageError
from tipgraph.namespaces import last_part

if TYPE_CHECKING:
    from tipgraph.assess.evaluate import Assessment

STATES = ("met", "not-met", "unknown")


@click.command("assess")
@case_options
@click.option("--interactive", is_flag=True, help="Ask for what still matters, and for no more.")
@click.option(
    "--edition",
    shell_complete=completion.editions,
    help="Whose norms; else the newest that is fully covered.",
)
@click.option(
    "--what-if",
    "suppositions",
    multiple=True,
    metavar="FACT=STATE",
    help="Show what another state of a fact would change (may be repeated).",
)
@click.option("--matrix", is_flag=True, help="Tabulate what hangs on the facts that are not told.")
@click.option("--facts", is_flag=True, help="List what can be said of a case.")
@format_option("text", "markdown", "json", "turtle")
@graph_options
@endpoint_options
def command(
    told: Mapping[str, Any] | None,
    interactive: bool,
    edition: str | None,
    suppositions: tuple[str, ...],
    matrix: bool,
    facts: bool,
    style: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
    endpoint: Endpoint | None,
) -> None:
    """What a victim in this situation is entitled to, by one source, and why. No legal advice.

    The situation is told by options, by CASE (a JSON file, or - for standard input), or in answer
    to questions. It is neither kept nor sent anywhere.
    """
    from tipgraph.assess.evaluate import assess
    from tipgraph.assess.parse_case import fact_named, read_case

    if told is None and not (interactive or facts):
        raise UsageError(
            "say something of the case (--citizenship, --age, --met, …), name a JSON file, or use"
            " --interactive; 'tipgraph assess --facts' lists what can be said"
        )
    if matrix and suppositions:
        raise UsageError("--matrix takes what is told; say --met or --not-met instead of --what-if")
    regime = meant(data, no_bundled, endpoint).regime(edition)
    if facts:
        from tipgraph.cli.overview import facts as listed

        write(listed(regime, style))
        return
    case = read_case(told or {}, regime.engine, regime.resources)
    supposed = {
        fact_named(regime.engine, name): state for name, state in _supposed(suppositions).items()
    }
    if interactive:
        from tipgraph.cli.prompts import interview

        case = interview(regime, case)
    for fact in {**case.facts, **supposed}:
        if fact not in regime.facts:
            note(f"warning: no norm of this edition turns on {last_part(fact)}")
    if matrix:
        from tipgraph.cli.overview import combinations

        write(combinations(regime, case, style))
    else:
        write(_written(assess(regime, case, supposed), style))


def _supposed(suppositions: Iterable[str]) -> dict[str, str]:
    supposed: dict[str, str] = {}
    for given in suppositions:
        fact, equals, state = given.partition("=")
        if not equals or state not in STATES:
            raise UsageError(f"--what-if takes FACT={'|'.join(STATES)}, not {given!r}")
        if supposed.setdefault(fact, state) != state:
            raise InputError(f"{fact} is supposed to be both {supposed[fact]} and {state}")
    return supposed


def _written(assessment: "Assessment", style: str | None) -> str:
    match style:
        case "json":
            from tipgraph.assess.formats.json import json

            return json(assessment)
        case "markdown":
            from tipgraph.assess.formats.markdown import markdown

            return markdown(assessment)
        case "turtle":
            from tipgraph.assess.formats.turtle import turtle

            return turtle(assessment)
        case _:
            from tipgraph.assess.formats.text import text

            return text(assessment)
