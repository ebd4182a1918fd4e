"""Commands whose parameters are declared once: as the defaults of the function that is called.

@command("cite")
def cite_command(thing: str = argument(), source: GraphFiles = options.GRAPH) -> None:

A default that is a function, as `options.GRAPH` is, makes one value of several options, which its
own parameters declare.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from inspect import signature
from os.path import basename
from typing import Any, NamedTuple, get_origin

import click

from tipgraph.cli.output_files import check_outputs
from tipgraph.errors import EndpointError

Command = Callable[..., int | None]
# Errors of work with values that are not of the kind that a query asks for.
UNEXPECTED = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
# The key of a command's context that has the address of a store, once it has shown the graph.
CONNECTED = "tipgraph.connected"


class Declared(NamedTuple):
    """A parameter of a command: its class in click, its names, and the class's attributes."""

    kind: type[click.Argument] | type[click.Option]
    names: tuple[str, ...]
    attributes: dict[str, Any]


def argument(**attributes: Any) -> Any:
    """Declare an argument; it is required unless its type allows None."""
    return Declared(click.Argument, (), attributes)


def option(help: str, *names: str, **attributes: Any) -> Any:
    """Declare an option: a flag if its type is bool, repeatable if it is a tuple.

    Its name is that of the parameter unless there are `names`. Its default is shown, if any.
    """
    shown = {"help": help, "show_default": bool(attributes.get("default"))}
    return Declared(click.Option, names, shown | attributes)


def command(
    name: str, group: click.Group | None = None
) -> Callable[[Callable[..., int | None]], click.Command]:
    """Make a command, or one of a group, of a function that declares its parameters.

    The files that it writes are checked before any work is done.
    """

    def decorate(function: Command) -> click.Command:
        @wraps(function)
        def checked(**given: Any) -> int | None:
            context = click.get_current_context()
            check_outputs(context)
            try:
                result: int | None = _call(function, given)
            except UNEXPECTED as error:
                if CONNECTED not in context.meta:
                    # No response is to blame.
                    raise
                raise _unsound(context.meta[CONNECTED], error) from None
            return result

        make = group.command if group else click.command
        return make(name, params=[*_parameters(function)])(checked)

    return decorate


def _parameters(function: Callable[..., Any]) -> Iterator[click.Parameter]:
    for name, each in signature(function).parameters.items():
        if callable(each.default):
            yield from _parameters(each.default)
        else:
            kind, names, attributes = each.default
            own = [f"--{name.replace('_', '-')}"] if kind is click.Option else []
            yield kind([*(names or own), name], **_implied(kind, each.annotation) | attributes)


def _implied(kind: type[click.Parameter], annotation: object) -> dict[str, Any]:
    """The attributes that follow from the type of a parameter."""
    is_argument = kind is click.Argument
    if get_origin(annotation) is tuple:
        return {"nargs": -1} if is_argument else {"multiple": True}
    if annotation is bool:
        return {"is_flag": True}
    return {"required": annotation is str} if is_argument else {}


def _call(function: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Call the function with its own of the given values, those of combined options as one."""
    declared = {name: each.default for name, each in signature(function).parameters.items()}
    return function(
        **{
            name: _call(each, given) if callable(each) else given[name]
            for name, each in declared.items()
        }
    )


def _unsound(address: str, error: Exception) -> EndpointError:
    from traceback import extract_tb  # Only such a response pays for the import.

    place = extract_tb(error.__traceback__)[-1]
    return EndpointError(
        f"{address}: a response has something that no sound graph gives"
        f" ({type(error).__name__} in {basename(place.filename)}, line {place.lineno});"
        " load the graph again, and report this line if that does not help"
    )
