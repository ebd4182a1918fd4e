"""Validation by SHACL: what data must hold, checked, and never passed by accident."""

from tipgraph.validate.documents import Request
from tipgraph.validate.report import Fault, Finding, Place, Report
from tipgraph.validate.run import validate

__all__ = ["Fault", "Finding", "Place", "Report", "Request", "validate"]
