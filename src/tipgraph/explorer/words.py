"""The words of the interface in the language of a gettext catalogue; English without one.

Python marks them with `gettext` and `ngettext`, or with `N_` where there is no site yet; templates
as `template_words` explains. A script has them in its constant `TEXTS`. What comes from the graph,
from the headers of stored queries or from what the commands share stays as it is.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from gettext import NullTranslations
from importlib.resources import files
from typing import IO

LANGUAGE = "en"
# The constant of a script, and one of its lines.
TEXTS = re.compile(r"^ *const TEXTS = \{\n(.*?)^ *\};\n", re.DOTALL | re.MULTILINE)
TEXT = re.compile(r' *(\w+): ("(?:[^"\\]|\\.)+"),')


def N_(message: str) -> str:
    """The message as it is, marked to be translated later."""
    return message


class Words:
    """Translates messages with a catalogue, and puts values into them: `%(name)s`."""

    def __init__(self, translations: NullTranslations | None = None) -> None:
        self.is_translated = translations is not None
        self._translations = translations or NullTranslations()

    @property
    def language(self) -> str:
        """The language of the catalogue by its header, as BCP 47 has it."""
        return self._translations.info().get("language", LANGUAGE).replace("_", "-")

    def gettext(self, message: str, /, **values: object) -> str:
        """The message in the language of the catalogue."""
        text = self._translations.gettext(message)
        return text % values if values else text

    def ngettext(self, one: str, many: str, num: int, /, **values: object) -> str:
        """The form of a message for a number, which is its value `num`, with commas."""
        return self.form(one, many, num) % {"num": f"{num:,}", **values}

    def form(self, one: str, many: str, num: int) -> str:
        """The same form without its values."""
        return self._translations.ngettext(one, many, num)

    def all(self, messages: Mapping[str, str]) -> dict[str, str]:
        """The same with translated values, such as the choices of a field."""
        return {key: self.gettext(message) for key, message in messages.items()}

    def script(self, name: str) -> dict[str, str]:
        """The translated texts of a script by their keys; empty without a catalogue."""
        return self.all(script_texts(name)) if self.is_translated else {}


@cache
def script_texts(name: str) -> dict[str, str]:
    """The texts of one of our scripts in English, by their keys; `network` is network.js."""
    script = files("tipgraph.explorer") / "scripts" / f"{name}.js"
    return dict(text for _, text in _texts(script.read_text(encoding="utf-8")))


def script_messages(
    file: IO[bytes], keywords: object, comment_tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The texts of a script as Babel extracts them: line, function, message and comments."""
    for line, (_, text) in _texts(file.read().decode()):
        yield line, "gettext", text, []


def _texts(script: str) -> Iterable[tuple[int, tuple[str, str]]]:
    """The texts of a script with their lines. Raises ValueError for a line of another form."""
    found = TEXTS.search(script)
    if found is None:
        return
    start = script.count("\n", 0, found.start(1)) + 1
    for number, line in enumerate(found[1].splitlines(), start):
        text = TEXT.fullmatch(line)
        if text is None:
            raise ValueError(f"line {number} of the script is no text: {line.strip()}")
        yield number, (text[1], json.loads(text[2]))
