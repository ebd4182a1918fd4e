"""Report formats, one module each with a function `render`."""

from importlib import import_module

from tipgraph.errors import UsageError
from tipgraph.validate.report import ValidationReport

FORMATS = ("text", "json", "turtle", "junit", "sarif", "github", "markdown")


def render(format: str, report: ValidationReport, limit: int | None = None) -> str:
    """The report in one of FORMATS; text that is not empty ends with one line end.

    `limit` is the maximum number of findings to write, the most severe first. It changes neither
    verdict nor counts, and known findings are all written. Raises UsageError for an unknown format.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown report format '{format}'; use one of {', '.join(FORMATS)}")
    # Imported on use: an XML library is needed for one format only.
    text: str = import_module(f"{__name__}.{format}").render(report, limit)
    return text
