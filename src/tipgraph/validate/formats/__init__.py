"""The report of a validation, in the formats that people and tools read: one module for each."""

from tipgraph.errors import UsageError
from tipgraph.validate.report import Report

FORMATS = ("text", "json", "turtle", "junit", "sarif", "github", "markdown")


def render(style: str, report: Report, most: int | None = None) -> str:
    """The report in one of FORMATS; what is not empty ends with one line end.

    With `most`, that many of the findings are written at most, the gravest. Neither the verdict
    nor the counts change, and known findings are not shortened. Raises UsageError when there is
    no such format.
    """
    from importlib import import_module

    if style not in FORMATS:
        raise UsageError(f"there is no report format {style!r}; take one of {', '.join(FORMATS)}")
    text: str = import_module(f"{__name__}.{style}").render(report, most)
    return text
