"""The bank of invented sentences, and how drafted rows differ from the rows that it gives."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.yaml_files import read_yaml

FOLDER = Path(__file__).parent / "bank"
HEADER = ("edition", "all")
# The usual cells of figures and amounts: what a row of the bank need not say.
USUAL = {
    "unit": "persons", "part": "total", "axis": "total", "period": "not stated", "qualifier": "",
    "counted_by": "", "speaker": "report", "prior": False, "converted": False,
}  # fmt: skip
COUNTED = ("figure", "amount")
# Marks of the bank, which are no columns.
MARKS = ("derived", "doubt", "optional")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """A text with its expected rows; `numbers` are classes of numerals that are no figures."""

    file: str
    construction: str
    text: str
    edition: int
    rows: tuple[Row, ...]
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.file}, {self.construction}: {self.text[:60]}"


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.yaml"))


def digest() -> str:
    """The digest of all files of the bank, in the order of their names."""
    return sha256(b"".join(each.read_bytes() for each in files())).hexdigest()


def entries() -> list[Entry]:
    return [entry for file in files() for entry in _entries(file)]


def differences(entry: Entry, candidates: Iterable[Row]) -> list[str]:
    """Return the differences of drafted rows from the entry's, a line each.

    None if all is right.
    """
    left = list(candidates)
    found: list[str] = []
    missing: list[Row] = []
    for expected in entry.rows:
        exact = next((each for each in left if not _cell_differences(expected, each)), None)
        if exact is None:
            missing.append(expected)
        else:
            left.remove(exact)
    for expected in missing:
        if expected.get("optional"):
            continue
        near = min(left, key=lambda each: len(_cell_differences(expected, each)), default=None)
        if near is None or not _is_same_thing(expected, near):
            found.append(f"missing: {_brief(expected)}")
            continue
        left.remove(near)
        found.extend(f"{_brief(expected)}: {each}" for each in _cell_differences(expected, near))
    found.extend(f"not in the bank: {_brief(each)}" for each in left)
    return found


def _entries(file: Path) -> Iterator[Entry]:
    content = read_yaml(file)
    for construction, listed in content.items():
        if construction in HEADER:
            continue
        for each in listed:
            shared = {**content.get("all", {}), **each.get("all", {})}
            yield Entry(
                file=file.name,
                construction=construction,
                text=" ".join(each["text"].split()),
                edition=each.get("edition", content["edition"]),
                rows=tuple(_row(shared, row) for row in each["rows"]),
                numbers={
                    numeral: tuple(classes) if isinstance(classes, list) else (classes,)
                    for numeral, classes in each.get("numbers", {}).items()
                },
            )


def _row(shared: Row, own: Row) -> Row:
    """The cells of a row, each with its allowed values."""
    kind = own.get("kind", shared.get("kind", "figure"))
    if own.get("optional"):
        cells = {**own}
    elif kind in COUNTED:
        inherited = shared if kind == shared.get("kind", "figure") else _general(shared)
        cells = {**USUAL, **inherited, **own}
    else:
        cells = {**own} if kind != shared.get("kind", "figure") else {**shared, **own}
        if "counted_by" in shared:
            cells.setdefault("counted_by", shared["counted_by"])
    cells["kind"] = kind
    return {
        name: value if name in MARKS else tuple(value) if isinstance(value, list) else (value,)
        for name, value in cells.items()
    }


def _general(shared: Row) -> Row:
    """Return what rows of another kind share: not what belongs to the kind itself."""
    return {
        name: value for name, value in shared.items() if name not in ("kind", "recipient", "part")
    }


def _cell_differences(expected: Row, drafted: Row) -> list[str]:
    found = []
    for name, allowed in expected.items():
        if name in MARKS:
            continue
        has = drafted.get(name)
        if not any(_is_equal(name, each, has, expected["kind"][0]) for each in allowed):
            found.append(f"{name} is {has!r}, not {' or '.join(map(repr, allowed))}")
    if expected.get("derived") and "derived" not in str(drafted.get("rule")):
        found.append("the value is not marked as derived")
    if expected.get("doubt") and not drafted.get("doubt"):
        found.append("there is no doubt")
    return found


def _is_equal(name: str, expected: Any, has: Any, kind: str) -> bool:
    if name == "value":
        return has is not None and Decimal(str(expected)) == Decimal(str(has))
    if name in ("prior", "converted"):
        return bool(expected) is bool(has)
    wanted, got = _plain(expected), _plain(has)
    if name == "indicator" and kind not in COUNTED:
        return set(wanted.split()) <= set(got.replace(",", " ").split())
    if name == "recipient":
        return wanted.removeprefix("a ").removeprefix("an ") == got.removeprefix("a ").removeprefix(
            "an "
        )
    return wanted == got


def _plain(value: Any) -> str:
    """A cell as it is compared: case and articles do not matter, nor how the usual is written."""
    text = "" if value is None else str(value).casefold().replace("\u2019", "'")
    text = text.removeprefix("new: ").removeprefix("the ")
    return "" if text in ("not stated", "report") else text


def _is_same_thing(expected: Row, drafted: Row) -> bool:
    if drafted.get("kind") not in expected["kind"]:
        return False
    return "value" not in expected or any(
        _is_equal("value", each, drafted.get("value"), "figure") for each in expected["value"]
    )


def _brief(row: Row) -> str:
    names = ("kind", "value", "unit", "indicator", "period", "part", "speaker", "quote")
    cells = (row.get(name) for name in names)
    return " | ".join(
        str(each[0] if isinstance(each, tuple) else each)
        for each in cells
        if each not in (None, "", ("",))
    )
