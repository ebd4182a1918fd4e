"""The check of the register finds each word, and excuses one by name and file.

The words themselves stand in the script alone, so that this file has none of them.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "prose.py"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prose", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["prose"] = module
    spec.loader.exec_module(module)
    return module


prose: Any = load()
RULES = {rule.word: rule for rule in prose.RULES}
# Two words that have one form alone, and a phrase.
WORD, OTHER = [word for word, rule in RULES.items() if rule.pattern == word and " " not in word][:2]
PHRASE = next(word for word in RULES if word.startswith("a fault of"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one file that has nothing to find."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "plain.py").write_text("# It returns what the table lists.\n")
    return tmp_path


def check(
    project: Path, capsys: pytest.CaptureFixture[str], excuses: str = ""
) -> tuple[int, list[str]]:
    allowed = project / "allowed.toml"
    allowed.write_text(excuses, encoding="utf-8")
    code = prose.main(["--root", str(project), "--allowed", str(allowed)])
    out, err = capsys.readouterr()
    return code, [*out.splitlines(), *err.splitlines()]


def words(text: str) -> set[str]:
    return {finding.word for finding in prose.findings(text, "text")}


def excuse(**fields: str) -> str:
    return "[[allowed]]\n" + "".join(f'{name} = "{value}"\n' for name, value in fields.items())


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_each_word_is_found_and_its_false_friends_are_not(rule: Any) -> None:
    assert words(rule.bad) == {rule.word}
    assert words(rule.bad.upper()) == {rule.word}
    assert words(rule.good) == set()


@pytest.mark.parametrize(
    "name",
    [
        f"test_that_{WORD}_ones_match", f"is{WORD.capitalize()}To", f"not-{WORD}", f"{WORD}2",
        f"HTTP{WORD.capitalize()}", WORD.upper(), f"`{WORD}`", f"{WORD}.py", f"?{WORD}",
    ],
)  # fmt: skip
def test_word_is_found_inside_identifiers(name: str) -> None:
    assert words(name) == {WORD}


def test_phrase_is_found_across_lines_and_comment_marks(project: Path) -> None:
    text = f"# It is {PHRASE}.\n".replace("fault of", "fault\n# of")
    (finding,) = prose.findings(text, "x.py")

    assert (finding.word, finding.line) == (PHRASE, 1)
    assert words(PHRASE.replace("fault of", "fault. Of")) == set(), "a sentence ends in it"


def test_use_is_reported_with_place_and_suggestion(project, capsys):
    (project / "src" / "other.py").write_text(f"one = 1\n\ntwo = '{WORD}'  # {WORD}\n")
    code, lines = check(project, capsys)

    assert code == 1
    assert lines == [
        f"src/other.py:3: {WORD} -> {RULES[WORD].suggestion}",
        f"src/other.py:3: {WORD} -> {RULES[WORD].suggestion}",
        f"    2 {WORD}",
        "    2 in all",
    ]


def test_names_of_files_and_folders_are_checked(project, capsys):
    (project / "src" / f"{WORD}_things").mkdir()
    (project / "src" / f"{WORD}_things" / f"{WORD}.png").write_bytes(b"\x89PNG")
    (project / "elsewhere").mkdir()
    (project / "elsewhere" / "notes.md").write_text(WORD)
    code, lines = check(project, capsys)

    assert code == 1
    assert [line.partition(" ")[0] for line in lines[:-2]] == [
        f"src/{WORD}_things:0:",
        f"src/{WORD}_things/{WORD}.png:0:",
    ]


def test_excused_word_is_not_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "other.py").write_text(f"# {WORD} here\n# {WORD} there\n")
    fields = {"word": WORD, "file": "src/other.py", "reason": "the source's own word"}

    assert check(project, capsys, excuse(**fields)) == (0, ["    0 in all"])
    code, lines = check(project, capsys, excuse(**fields, text="there"))
    assert (code, lines[-1]) == (1, "    1 in all")
    assert lines[0].startswith("src/other.py:1: ")


@pytest.mark.parametrize(
    "fields",
    [
        {"word": WORD, "file": "src/plain.py"},
        {"word": WORD, "file": "src/gone.py"},
        {"word": OTHER, "file": "src/other.py"},
        {"word": WORD, "file": "src/other.py", "text": "elsewhere"},
    ],
)
def test_excuse_that_matches_nothing_is_an_error(fields, project, capsys):
    (project / "src" / "other.py").write_text(f"# {WORD} here\n")
    used = excuse(word=WORD, file="src/other.py", text="here", reason="needed")
    code, lines = check(project, capsys, used + excuse(**fields, reason="not needed"))

    assert code == 1
    assert f"{fields['word']!r} in {fields['file']}" in lines[0]
    assert lines[0].endswith("matches nothing; remove the entry")


@pytest.mark.parametrize(
    ("excuses", "message"),
    [
        (excuse(word="gibberish", file="x", reason="y"), "unknown word 'gibberish'"),
        (excuse(word=WORD, file="x", reason=" "), "has no reason"),
        (excuse(word=WORD, file="x"), "cannot be read"),
        (excuse(word=WORD, file="x", reason="y", line="3"), "cannot be read"),
        ("[[allowed", "cannot be read"),
    ],
)
def test_malformed_excuse_is_an_error(excuses, message, project, capsys):
    code, lines = check(project, capsys, excuses)

    assert code == 1
    assert message in lines[0]


def test_rules_are_listed_with_what_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert prose.main(["--rules"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(prose.RULES)
    assert lines[0].startswith(f"{prose.RULES[0].word} -> {prose.RULES[0].suggestion}")
    assert "inform (people)" in lines[0]
