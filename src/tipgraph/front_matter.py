"""Mappings in YAML: the front matter of queries and rules, and small files beside them."""

from typing import Any

from tipgraph.errors import InputError
from tipgraph.text import one_line

MARK = "#+"


def front_matter(text: str, origin: object, known: set[str]) -> dict[str, Any]:
    """Return the keys and values of the front matter; empty when there is none.

    Raises InputError as `mapping`.
    """
    # Other lines become empty ones, so that the parser's line numbers are the file's.
    lines = text.splitlines()
    marked = (line.removeprefix(MARK) if line.startswith(MARK) else "" for line in lines)
    return mapping("\n".join(marked), origin, known, "header", indent=len(MARK))


def mapping(
    text: str, origin: object, known: set[str], what: str = "content", indent: int = 0
) -> dict[str, Any]:
    """Return the mapping that a YAML text consists of.

    `origin` names the text in errors and `what` the part of it that is read; `known` are the keys
    that it may have, and `indent` is the length of what was cut off each line. Raises InputError
    for broken YAML, for anything but a mapping, for an unknown key, and for aliases, since a few
    lines of them can stand for a text of any length.
    """
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                problem = "aliases are not read; write the value out"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)
            return super().compose_node(parent, index)

    try:
        content = yaml.load(text, Loader) or {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f":{mark.line + 1}:{mark.column + indent + 1}" if mark else ""
        # YAML takes a colon and a blank in a text for the start of a mapping.
        is_colon = error.problem == "mapping values are not allowed here"
        problem = "put a text that contains ': ' into quotes" if is_colon else error.problem
        raise InputError(f"{origin}{place}: broken {what}: {problem}") from None
    except yaml.YAMLError as error:
        raise InputError(f"{origin}: broken {what}: {one_line(str(error))}") from None
    except RecursionError:
        raise InputError(f"{origin}: broken {what}: it is nested too deeply") from None
    except (ValueError, AttributeError) as error:
        # For example an impossible date, or a tag that does not fit its value.
        raise InputError(f"{origin}: broken {what}: {error}") from None
    if not isinstance(content, dict):
        raise InputError(f"{origin}: the {what} must be 'key: value' lines")
    unknown = [str(key) for key in content if key not in known]
    if unknown:
        raise InputError(
            f"{origin}: unknown {what} key {unknown[0]!r}; known are {', '.join(sorted(known))}"
        )
    return content
