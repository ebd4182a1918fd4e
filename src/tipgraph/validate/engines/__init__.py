"""The engines that know SHACL: triples go in, the W3C report comes out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from pyoxigraph import Triple

from tipgraph.errors import UsageError

REFERENCE = "pyshacl"
ENGINES = {REFERENCE: "pyshacl_engine", "fast": "rust_engine"}

Progress = Callable[[int, int], None]


class Engine(Protocol):
    """Data is loaded first, then held against shapes once."""

    def load(self, triples: Iterable[Triple]) -> None:
        """Take in data, a triple at a time; more may follow."""

    def run(self, shapes: Sequence[Triple], progress: Progress) -> list[Triple]:
        """The triples of the validation report, as the SHACL recommendation has it.

        Blank nodes of data and shapes keep their labels in it. `progress` is told how much of how
        much is done, in no particular unit. Raises InputError when the shapes cannot be used.
        """


def engine(
    name: str, jobs: int | None = None, prefixes: Mapping[str, str] = MappingProxyType({})
) -> Engine:
    """The engine of this name, with at most so many processes where it can use more than one.

    `prefixes` are those of the documents, which queries of shapes may use. Raises UsageError when
    what the engine needs is not installed.
    """
    module = import_module(f"tipgraph.validate.engines.{ENGINES[name]}")
    try:
        return cast(Engine, module.Engine(jobs, prefixes))
    except ImportError:
        raise UsageError(
            f"the engine {name} is not installed; pip install 'tipgraph[fast]' brings it"
        ) from None
