"""Find docstrings and comments that open with a word such as "What" or "Whether".

    python .ci/openings.py         each one with its place, then the count

A docstring is a sentence with a verb about what the caller gets. A question that ends with a
question mark is allowed in a comment. Exit code 1: there is one.
"""

import argparse
import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CHECKED = ("src", "draft", "tests", "bench", ".ci", ".github", "hatch_build.py")
SKIPPED = {"vendor", "__pycache__"}
BOTH = "What|Whatever|Whether|Such|Those|Of what|Of which|Which|Who|Whose|Whom|How|Why"
IN_DOCSTRING = re.compile(rf"(?:{BOTH}|Where|When|By what|As)\b")
IN_COMMENT = re.compile(rf"(?:{BOTH})\b")
QUESTION = re.compile(r"[^.]*\?")


class Opening(NamedTuple):
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def openings(source: str, path: str) -> Iterator[Opening]:
    """The docstrings and comments of a module to rewrite, by line."""
    found = [*_docstrings(source), *_comments(source)]
    return (Opening(path, line, text) for line, text in sorted(found))


def _docstrings(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node) or ""
            if IN_DOCSTRING.match(text):
                yield node.body[0].lineno, text.partition("\n")[0]


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments to rewrite. Comments on consecutive lines are one comment."""
    block: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        is_alone = token.line.lstrip().startswith("#")
        if block and not (is_alone and line == last + 1):
            yield from _checked(first, block)
            block = []
        if not block:
            first = line
        block.append(token.string.lstrip("#: "))
        last = line if is_alone else 0
    if block:
        yield from _checked(first, block)


def _checked(line: int, block: Sequence[str]) -> Iterator[tuple[int, str]]:
    if IN_COMMENT.match(block[0]) and not QUESTION.match(" ".join(block)):
        yield line, f"# {block[0]}"


def modules(root: Path) -> Iterator[Path]:
    """The Python files below the root that are checked, by name."""
    for name in CHECKED:
        path = root / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if not SKIPPED.intersection(file.parts):
                yield file


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Find docstrings and comments to rewrite.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    root = parser.parse_args(arguments).root
    found: list[Opening] = []
    for file in modules(root):
        found += openings(file.read_text("utf-8"), file.relative_to(root).as_posix())
    print(*found, f"{len(found):5} openings to rewrite", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
