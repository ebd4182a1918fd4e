"""Load RDF graphs into a triple store, and verify that the store contains what was sent."""

from tipgraph.loader.run import Action, LoadObserver, LoadReport, LoadRequest, PlanStep, clean, load
from tipgraph.loader.sources import FileSource, GraphSource, QuadSource, ReservedNames
from tipgraph.loader.verify import Verify

__all__ = [
    "Action",
    "FileSource",
    "GraphSource",
    "LoadObserver",
    "LoadReport",
    "LoadRequest",
    "PlanStep",
    "QuadSource",
    "ReservedNames",
    "Verify",
    "clean",
    "load",
]
