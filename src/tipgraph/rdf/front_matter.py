"""The YAML header that stored queries and rules carry in comments that begin with `#+`."""

from typing import Any

from tipgraph.errors import InputError

MARK = "#+"


def read_text(path: str) -> str:
    """The file's text.

    Raises InputError when it cannot be read or is not UTF-8.
    """
    try:
        with open(path, encoding="utf-8") as opened:
            return opened.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8; save it so"
        raise InputError(f"{path}: cannot be read ({reason})") from None


def header(text: str, origin: object, known: set[str]) -> dict[str, Any]:
    """The header's keys and values; empty when there is none.

    Raises InputError for broken YAML, for what is no mapping, and for an unknown key.
    """
    import yaml

    # Other lines stay as empty ones, so that the parser's line numbers are the file's.
    lines = text.splitlines()
    marked = (line.removeprefix(MARK) if line.startswith(MARK) else "" for line in lines)
    try:
        content = yaml.safe_load("\n".join(marked)) or {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + len(MARK) + 1}" if mark else ""
        raise InputError(f"{origin}{place}: broken header: {error.problem}") from None
    if not isinstance(content, dict):
        raise InputError(f"{origin}: the header must be 'key: value' lines")
    unknown = [str(key) for key in content if key not in known]
    if unknown:
        raise InputError(
            f"{origin}: unknown header key {unknown[0]!r}; known are {', '.join(sorted(known))}"
        )
    return content
