"""Write src/tipgraph/explorer/messages.pot: the strings of the explorer, for translators.

    python .ci/messages.py

It has no dates and no line numbers, so that it changes with the strings alone.
"""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

EXPLORER = Path(__file__).resolve().parents[1] / "src" / "tipgraph" / "explorer"
FILE = EXPLORER / "messages.pot"
# Files with strings, and the method of Babel that extracts them.
METHODS = [
    ("*.py", "python"),
    ("templates/*.html", "jinja2"),
    ("scripts/*.js", "tipgraph.explorer.words:script_messages"),
]
# Jinja leaves out a template with an error, unless told otherwise.
OPTIONS = {"templates/*.html": {"silent": "false", "newstyle_gettext": "true"}}
COMMENT = """\
# Strings of the explorer of tipgraph; docs/explorer.md explains how to translate them.
# Those with tags are HTML, and those in which values have names are %-formats of Python, or have
# the names in braces."""
# The lines of the header that change when no string does.
CHANGING = (b'"POT-Creation-Date:', b'"Generated-By:')


def template() -> bytes:
    """The content of the file."""
    catalog = Catalog(project="tipgraph", header_comment=COMMENT, charset="utf-8")
    for name, line, message, comments, _ in extract_from_dir(EXPLORER, METHODS, OPTIONS):
        catalog.add(message, None, [(name, line)], auto_comments=comments)
    output = BytesIO()
    write_po(output, catalog, width=100, sort_by_file=True, include_lineno=False)
    lines = output.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(CHANGING))


if __name__ == "__main__":
    FILE.write_bytes(template())
