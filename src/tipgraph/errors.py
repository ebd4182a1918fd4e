"""Errors, one class for each exit code of the command line."""

import copyreg
from typing import Any, ClassVar


class TipgraphError(Exception):
    """An error that the caller can fix; its text is one line that says what to do."""

    exit_code: ClassVar[int]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines to show: one for each problem."""
        return (str(self),)

    def __reduce__(self) -> tuple[Any, ...]:
        # Also one that is made of other arguments than its text comes back from another process.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class UsageError(TipgraphError):
    """An unknown name, or a parameter or option that does not fit."""

    exit_code = 2


def not_installed(needed: str, extra: str, packages: str) -> UsageError:
    """The error of a feature whose libraries are an extra, with how to install them."""
    how = f"run pip install '.[{extra}]' in the checkout, or pip install {packages}"
    return UsageError(f"{needed}; {how}")


class InputError(TipgraphError):
    """A file, a text or a query that cannot be read or parsed."""

    exit_code = 3


class EndpointError(TipgraphError):
    """A SPARQL endpoint that cannot be reached, refuses, or gives a wrong answer."""

    exit_code = 4
