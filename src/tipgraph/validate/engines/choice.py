"""The engine of a validation: the fast one where its results are those of pySHACL."""

from importlib.util import find_spec
from typing import NamedTuple

from tipgraph.validate.engines import AUTO, FAST, REFERENCE, UnusableShapes
from tipgraph.validate.engines.supported import unsupported
from tipgraph.validate.literal_kinds import LiteralKinds
from tipgraph.validate.triples import Triples


class EngineChoice(NamedTuple):
    """The name of an engine, and why it is not the fast one where that was possible."""

    name: str
    reason: str = ""


def choose_engine(name: str, shapes: Triples, data: LiteralKinds) -> EngineChoice:
    """Return the engine for these shapes and data, before any engine runs.

    `name` is AUTO or the name of an engine. Raises UnusableShapes where the fast engine is asked
    for, and does not support the shapes or the data.
    """
    if name == REFERENCE:
        return EngineChoice(name)
    if name == AUTO and find_spec("shacl") is None:
        return EngineChoice(REFERENCE, "the fast engine is not installed")
    found = next(unsupported(shapes, data), None)
    if found is None:
        return EngineChoice(FAST)
    if name == AUTO:
        return EngineChoice(REFERENCE, found.reason)
    reason = f"the fast engine cannot validate this: {found.reason}; use --engine auto"
    raise UnusableShapes(reason, found.triple)
