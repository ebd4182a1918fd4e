"""SHACL engines: triples of data and shapes go in, the triples of the W3C report come out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from pyoxigraph import Triple

from tipgraph.errors import InputError, UsageError

AUTO = "auto"
REFERENCE = "pyshacl"
FAST = "fast"
# Modules are imported on use: rdflib and pySHACL take half a second.
ENGINES = {
    REFERENCE: ("pyshacl_engine", "PyshaclEngine"),
    FAST: ("rust_engine", "RustEngine"),
}

Progress = Callable[[int, int], None]


class UnusableShapes(InputError):
    """Shapes that an engine refuses; `triple` is the one with the cause, where it is known."""

    def __init__(self, message: str, triple: Triple | None = None) -> None:
        self.triple = triple
        super().__init__(message)


class ShaclEngine(Protocol):
    """An engine for one validation: load the data, then run the shapes."""

    def load(self, triples: Iterable[Triple]) -> None:
        """Add triples to the data. May be called several times."""

    def run(self, shapes: Sequence[Triple], progress: Progress) -> list[Triple]:
        """The triples of the SHACL validation report.

        Blank nodes of data and shapes keep their labels. `progress` is called with the amount
        done and the total, in any unit. Raises UnusableShapes.
        """


def load_engine(
    name: str, jobs: int | None = None, prefixes: Mapping[str, str] = MappingProxyType({})
) -> ShaclEngine:
    """The engine with this name, one of ENGINES.

    `jobs` limits the processes of an engine that can use several; None is one per processor.
    `prefixes` are those that queries in shapes may use without a declaration. Raises UsageError
    when a package that the engine needs is not installed.
    """
    module, class_name = ENGINES[name]
    try:
        loaded = import_module(f"tipgraph.validate.engines.{module}")
        engine: ShaclEngine = getattr(loaded, class_name)(jobs, prefixes)
    except ImportError as error:
        raise UsageError(
            f"engine '{name}' is not installed; run pip install {error.name}"
        ) from None
    return engine
