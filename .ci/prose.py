"""Find the words to avoid (CONTRIBUTING.md, "Plain English"), in texts, identifiers and file names.

    python .ci/prose.py            each use, then a count for each word
    python .ci/prose.py --rules    the words, what to write instead, and where they are right

A word matches inside `snake_case`, `camelCase` and `kebab-case` too, and a phrase also across line
breaks. A word that is right in its place is listed in prose-allowed.toml. Exit code 1: there is a
use, an entry of that list that matches nothing, or a file that cannot be read.
"""

import argparse
import re
import sys
import tomllib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ALLOWED = "prose-allowed.toml"
# Folders and files that are checked where they exist.
CHECKED = (
    *("src", "draft", "ontology", "data", "queries", "tests", "docs", "bench", ".github"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"),
    *("Makefile", "pyproject.toml", "hatch_build.py", "action.yml", ".pre-commit-hooks.yaml"),
)
# Text by others is among them, and pages that are generated from checked texts.
SKIPPED = {"__pycache__", "reference", "vendor"}
# Pictures, which have no text to check.
BINARY = {".png", ".gif", ".ico", ".gz", ".zip"}

# A word, a number, or a mark that ends a clause; everything else only separates them.
TOKEN = re.compile(r"[^\W\d_]+|\d+|[.,;:!?|()\"“”]")
CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+")
# In a pattern: a token that ends no clause, with the blank behind it.
NEXT = r"[^\W_]+ "
# Things that print or store something, and so state nothing in the sense of a source.
OUTPUT = "|".join(
    (
        *("answer", "breakdown", "cells?", "code", "columns?", "commands?", "comparison", "data"),
        *("engines?", "errors?", "fields?", "files?", "findings?", "formats?", "graphs?"),
        *("guards?", "headers?", "help", "labels?", "lines?", "md", "messages?", "nodes?"),
        *("ontology", "options?", "outputs?", "proxy", "query", "queries", "readme", "results?"),
        *("rows?", "rules?", "server", "shapes?", "stores?", "summary", "tables?", "tests?", "ttl"),
    )
)
QUANTITY = "all|any|both|each|half|many|most|none|number|one|several|some|three|two"


@dataclass(frozen=True)
class Rule:
    """A word to avoid, what to write instead, and an example of each kind.

    The pattern is matched against lower-case tokens that are separated by single blanks.
    """

    word: str
    pattern: str
    suggestion: str
    bad: str
    good: str = ""

    @property
    def regex(self) -> re.Pattern[str]:
        return re.compile(rf"(?<= )(?:{self.pattern})(?= )")


def _tell(word: str) -> Rule:
    """`tell apart` means to distinguish, and is plain English."""
    return Rule(
        word,
        rf"{word}(?! (?:{NEXT}){{0,4}}apart )",
        "report, show, list, print, warn or return; inform (people); 'distinguish' for 'tell from'",
        f"the query {word} it",
        f"{word} the two figures apart",
    )


RULES = (
    *map(_tell, ("told", "tells", "tell", "telling")),
    Rule("said", "said", "stated, reported; the statement about", "what is said of it"),
    Rule(
        "say",
        r'(?<=[.;:!?|("“] )say(?= (?:with|of|in|what|which|whether|who|how|why|your|tip|code|sh) )',
        "state, give",
        'sh:message "Say with one tip:part which portion it is"',
        "observers say that shelters lack places",
    ),
    Rule(
        "says",
        rf"(?<= )(?:{OUTPUT}) says?",
        "states, shows, reports",
        "the message says so",
        "the source says so",
    ),
    Rule("meant", "meant", "intended; the suggestion; 'for' someone", "what was meant"),
    Rule(
        "held",
        "held(?! (?:captive|hostage|responsible|liable|accountable"
        "|in (?:forced|captivity|detention|custody|bondage|servitude)) )",
        "complete, stored; checked against, compared with",
        "held against the shapes",
        "a person held in forced labour; withheld; household",
    ),
    Rule(
        "hold against",
        f"(?:hold|holds|holding) (?:{NEXT}){{1,6}}against",
        "check against, compare with",
        "hold the data against the shapes",
        "what the graph holds of two editions, set against each other; a threshold",
    ),
    Rule(
        "holds whole",
        f"(?:hold|holds|holding) (?:{NEXT})?whole",
        "complete",
        "it holds whole editions",
        "it holds an edition",
    ),
    Rule("akin", "akin", "related, similar", "those that are akin"),
    Rule(
        "befalls",
        "befall|befalls|befell|befalling|befallen",
        "happens; the consequence",
        "what befalls the person",
    ),
    Rule("whoever", "whoever|whomever|whosoever", "the user, anyone who", "whoever asks"),
    Rule(
        "of which",
        rf"(?<!(?:{QUANTITY}) )of which(?! (?:\d+|country|countries) )".replace(
            f"(?<!(?:{QUANTITY}) )",
            "".join(f"(?<! {word} )" for word in QUANTITY.split("|")),
        ),
        "where, whose, 'and ... of it'",
        "the page, of which a part was read",
        "two editions, each of which is partial; 91 victims, of which 49; of which country",
    ),
    Rule(
        "as its ending says",
        "as (?:its|their) endings? (?:says?|tells?)|(?:its|their|whose|file s) endings? "
        "(?:says?|tells?|stands?|means?)",
        "by file extension",
        "in the syntax, as its ending says",
        "the ending of the case",
    ),
    Rule(
        "whole or not at all",
        "whole (?:, )?or not(?: at all)?",
        "atomic",
        "written whole or not at all",
        "the whole or a part",
    ),
    Rule(
        "a fault of its own",
        "faults? of (?:its|their|our|the program s|the programs) own|faults? of ours",
        "a separate error; an internal error",
        "it is a fault of its own",
        "a fault of the store",
    ),
    Rule(
        "house",
        r"(?<! safe )(?<! in )(?<! white )house(?! (?:arrest|of representatives|style) )"
        "|(?:other|our) houses",
        "the package, the project",
        "how the house is built, in_the_house",
        "house style, a safe house, a warehouse, in-house, house arrest, households, housing",
    ),
    Rule("rooms", "rooms", "modules", "the rooms of the design", "room for more, classrooms"),
    Rule(
        "neighbours",
        "neighbou?rs",
        "callers, adjacent nodes",
        "its neighbours",
        "the government of a neighbour, neighbourhood",
    ),
    Rule(
        "mended",
        "mend|mends|mended|mending",
        "fix, fixed",
        "a line to mend",
        "amended, recommended",
    ),
    Rule(
        "asked, not believed",
        "(?:asked|seen|checked) (?:, )?not believed",
        '"a query confirms X"',
        "that it is there is asked, not believed",
        "it is not believed to be a victim",
    ),
    Rule("asked of", "asked of", "required of, expected from", "what is asked of the whole"),
    Rule("at fault", "at fault", "wrong, invalid; 'with the error'", "the line at fault"),
    Rule(
        "be it",
        "be it(?= (?:an?|the|in|by|from|on|at|its?|their|one|well|what) )",
        "whether, for example",
        "a name, be it a label or an IRI",
        "whatever it may be, it stays",
    ),
)
BY_WORD = {rule.word: rule for rule in RULES}


class Finding(NamedTuple):
    """A use of a word; line 0 stands for the file's or the folder's name."""

    path: str
    line: int
    word: str
    used: str
    text: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}"
        used = "" if self.used == self.word else f" ({self.used})"
        return f"{place}: {self.word}{used} -> {BY_WORD[self.word].suggestion}"


@dataclass(frozen=True)
class Excuse:
    """A word that is right in a file; with `text`, only in lines that contain it.

    `file` may be a pattern, such as `data/tip-*`.
    """

    word: str
    file: str
    reason: str
    text: str = ""

    def covers(self, finding: Finding) -> bool:
        is_here = fnmatchcase(finding.path, self.file)
        return is_here and finding.word == self.word and self.text in finding.text

    def __str__(self) -> str:
        limited = f", with the text {self.text!r}" if self.text else ""
        return f"{self.word!r} in {self.file}{limited}"


def findings(text: str, path: str, first: int = 1) -> Iterator[Finding]:
    """The uses in a text whose first line has this number, in the order of the rules."""
    lines = text.split("\n")
    tokens = [(part, number) for number, line in enumerate(lines) for part in _tokens(line)]
    stream = f" {' '.join(part for part, _ in tokens)} "
    starts = list(accumulate((len(part) + 1 for part, _ in tokens), initial=1))
    for rule in RULES:
        for match in rule.regex.finditer(stream):
            _, number = tokens[bisect_right(starts, match.start()) - 1]
            yield Finding(path, first + number, rule.word, match[0].strip(), lines[number])


def _tokens(line: str) -> Iterator[str]:
    for token in TOKEN.findall(line):
        yield from (part.lower() for part in CAMEL.findall(token)) if token.isalpha() else (token,)


def checked(root: Path) -> Iterator[Path]:
    """The files and folders below the root that are checked, in the order of their names."""
    for name in CHECKED:
        if (root / name).exists():
            yield from _below(root / name)


def _below(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir():
        for each in sorted(path.iterdir()):
            if each.name not in SKIPPED and not each.name.startswith("."):
                yield from _below(each)


def read_excuses(file: Path) -> list[Excuse]:
    """The entries of the list. Raises ValueError for one that is not well formed."""
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("allowed", [])
        excuses = [Excuse(**entry) for entry in entries]
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"{file}: cannot be read ({error})") from None
    for excuse in excuses:
        if excuse.word not in BY_WORD:
            raise ValueError(f"{file}: unknown word {excuse.word!r}; known: {', '.join(BY_WORD)}")
        if not excuse.reason.strip():
            raise ValueError(f"{file}: {excuse} has no reason")
    return excuses


class Report:
    """The uses of words to avoid below a root, with errors and unused excuses."""

    def __init__(self, root: Path, excuses: Sequence[Excuse]) -> None:
        self.uses: list[Finding] = []
        self.errors: list[str] = []
        used = set()
        for path in checked(root):
            for finding in self._of(path, path.relative_to(root).as_posix()):
                covering = {excuse for excuse in excuses if excuse.covers(finding)}
                used |= covering
                if not covering:
                    self.uses.append(finding)
        self.unused = [excuse for excuse in excuses if excuse not in used]

    @property
    def passes(self) -> bool:
        return not (self.uses or self.errors or self.unused)

    def _of(self, path: Path, name: str) -> list[Finding]:
        found = list(findings(path.name, name, first=0))
        if path.is_file() and path.suffix not in BINARY:
            try:
                found += findings(path.read_text(encoding="utf-8"), name)
            except (OSError, UnicodeDecodeError) as error:
                self.errors.append(f"{name}: cannot be read ({error})")
        return sorted(found, key=lambda finding: finding.line)

    def lines(self) -> Iterator[str]:
        """The report, line by line."""
        yield from map(str, self.uses)
        yield from self.errors
        for excuse in self.unused:
            yield f"{ALLOWED}: {excuse} matches nothing; remove the entry"
        yield from _totals(self.uses)


def _totals(uses: Sequence[Finding]) -> Iterator[str]:
    counted = Counter(finding.word for finding in uses)
    for word, count in counted.most_common():
        yield f"{count:5} {word}"
    yield f"{len(uses):5} in all"


def _rule(rule: Rule) -> str:
    right = f" (right: {rule.good})" if rule.good else ""
    return f"{rule.word} -> {rule.suggestion}{right}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Find the words to avoid.")
    parser.add_argument(
        "--rules", action="store_true", help="the words to avoid, and what to write"
    )
    parser.add_argument("--root", type=Path, default=HERE.parent, help="the project's folder")
    parser.add_argument("--allowed", type=Path, default=HERE / ALLOWED, help="the list of excuses")
    options = parser.parse_args(arguments)
    if options.rules:
        print(*map(_rule, RULES), sep="\n")
        return 0
    try:
        report = Report(options.root, read_excuses(options.allowed))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(*report.lines(), sep="\n")
    return 0 if report.passes else 1


if __name__ == "__main__":
    sys.exit(main())
