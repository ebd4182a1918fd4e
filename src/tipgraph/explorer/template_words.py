"""Translated messages in templates: `_` is text, and `{% trans %}` is HTML, which may have links.

A message is translated once, before its template is parsed, unless its form depends on a number or
its values are more than names. A page has some thirty, and would spend a seventh of its time on
them.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from jinja2 import Environment
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup, escape

from tipgraph.explorer.words import Words

# A message as HTML, with the names that its values have in the template, and one as text.
HTML = re.compile(r"\{% trans ((?:\w+=[\w.]+,? )*)%\}((?:[^{}%]|\{\{ \w+ \}\})+)\{% endtrans %\}")
TEXT = re.compile(r"""\{\{ _\((?:"([^"]+)"|'([^']+)')\) \}\}""")
# A value in the source of a template, and in a message.
VALUE, PLACE = re.compile(r"\{\{ (\w+) \}\}"), re.compile(r"%\((\w+)\)s")


def install(environment: Environment, words: Words) -> None:
    """Add both to an environment, with `language`, and `script_texts` by the name of a script."""
    finalize = environment.finalize or (lambda value: value)

    # Jinja's own functions put values into a message without finalizing them.
    def html(message: str, /, **values: object) -> Markup:
        return filled(words.gettext(message), values)

    def html_for_number(one: str, many: str, num: int, /, **values: object) -> Markup:
        return filled(words.form(one, many, num), {"num": f"{num:,}", **values})

    def filled(message: str, values: Mapping[str, Any]) -> Markup:
        return Markup(message % {name: escape(finalize(value)) for name, value in values.items()})

    environment.add_extension(Trans)
    # The attribute is the extension's.
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals |= {
        "_": words.gettext,
        "gettext": html,
        "ngettext": html_for_number,
        "language": words.language,
        "script_texts": words.script,
    }


class Trans(InternationalizationExtension):
    """The extension of Jinja for an environment whose language stays the same."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source of a template with the translations in the places of these messages."""
        translate = cast(Callable[[str], str], self.environment.globals["_"])

        def html(found: re.Match[str]) -> str:
            names = dict(re.findall(r"(\w+)=([\w.]+)", found[1]))
            pieces: list[str] = PLACE.split(translate(VALUE.sub(r"%(\1)s", found[2])))
            # Texts and the names of values take turns.
            return "".join(
                _value(names.get(piece, piece)) if number % 2 else _verbatim(piece)
                for number, piece in enumerate(pieces)
            )

        source = HTML.sub(html, source)
        return TEXT.sub(lambda found: _verbatim(escape(translate(found[1] or found[2]))), source)


def _value(name: str) -> str:
    return f"{{{{ {name} }}}}"


def _verbatim(text: str) -> str:
    """The text as the source of a template, in which braces are no syntax."""
    return f"{{% raw %}}{text}{{% endraw %}}" if "{" in text else text
