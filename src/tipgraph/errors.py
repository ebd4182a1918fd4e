"""What can go wrong, one class for each exit code of the command line."""

from typing import ClassVar


class TipgraphError(Exception):
    """Something the caller can mend; its text is one line that says what to do."""

    exit_code: ClassVar[int]


class UsageError(TipgraphError):
    """A name, a parameter or an option that cannot be meant."""

    exit_code = 2


class InputError(TipgraphError):
    """A file, a text or a query that cannot be read or parsed."""

    exit_code = 3


class EndpointError(TipgraphError):
    """A SPARQL endpoint that cannot be reached, refuses, or does not answer as it should."""

    exit_code = 4
