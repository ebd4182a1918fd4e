"""Validation by SHACL: what data must hold, checked, and never passed by accident."""

from tipgraph.validation.findings import Finding, Report
from tipgraph.validation.run import validate

__all__ = ["Finding", "Report", "validate"]
