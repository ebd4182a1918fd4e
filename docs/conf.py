"""Settings of Sphinx, which makes the site of the documentation: `make docs-site`."""

from typing import Any

from sphinx.application import Sphinx

from tipgraph.version import VERSION

project = "tipgraph"
release = VERSION
extensions = ["myst_parser"]
exclude_patterns = ["examples", "theme"]
myst_heading_anchors = 3
# A console block shows a command and what it prints; no language of Pygments marks it.
highlight_language = "none"
html_theme = "theme"
html_theme_path = ["."]
html_title = "tipgraph"
# The explorer's own, so that both look alike.
html_static_path = ["../src/tipgraph/explorer/style.css"]
html_copy_source = False
html_use_index = False
html_permalinks = False
# "csv" is a language of Markdown only.
suppress_warnings = ["misc.highlighting_failure"]


def make_scrollable(
    app: Sphinx, page: str, template: str, context: dict[str, Any], document: Any
) -> None:
    """Let wide tables and blocks scroll by themselves, by keyboard too.

    A caption of a list of pages is no heading, since it has no level.
    """
    if "body" in context:
        context["body"] = (
            context["body"]
            .replace(' role="heading"', "")
            .replace("<pre>", '<pre tabindex="0">')
            .replace("<table", '<div class="wide" tabindex="0"><table')
            .replace("</table>", "</table></div>")
        )


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", make_scrollable)
