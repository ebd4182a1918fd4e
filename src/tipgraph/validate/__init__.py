"""SHACL validation: reliable verdicts, and findings at the line that needs a correction."""

from tipgraph.validate.inputs import Defaults, ValidationRequest
from tipgraph.validate.report import Diagnostic, Finding, Location, ValidationReport
from tipgraph.validate.run import validate

__all__ = [
    "Defaults",
    "Diagnostic",
    "Finding",
    "Location",
    "ValidationReport",
    "ValidationRequest",
    "validate",
]
