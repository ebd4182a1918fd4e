"""Validation by SHACL: what data must hold, checked, and never passed by accident."""

from tipgraph.validation.documents import Request
from tipgraph.validation.report import Fault, Finding, Place, Report
from tipgraph.validation.run import validate

__all__ = ["Fault", "Finding", "Place", "Report", "Request", "validate"]
