"""A text that the user attaches counts where it is the one that the graph pins."""

import re
import stat
from itertools import combinations
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tipgraph
from tests.pinned import corrected, engine_with
from tipgraph import texts as attached_texts
from tipgraph.entities.highlight import highlight
from tipgraph.entities.passages import Passage
from tipgraph.errors import InputError, UsageError
from tipgraph.texts import attach, attached, keep, kept, remove

ID = "https://w3id.org/tipgraph/id/"
EDITION = f"{ID}tip-2021-xx"
STORY = (
    "The “Ministère” paid €12,000 \u2013 for 3 shelters. It didn\u2019t train the police.\n"
    "NGOs assisted 41 victims. Observers were not asked."
)
STRAIGHT = STORY.translate(str.maketrans("“”\u2019\u2013", '""\'-'))

pytestmark = pytest.mark.usefixtures("user_data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file for a copy of the text."""
    return tmp_path / "copy.txt"


def test_without_a_text_the_graph_is_not_asked() -> None:
    assert attached(None) == {}  # type: ignore[arg-type]


def test_attached_text_has_its_sentences(graph: tipgraph.LocalGraph, texts: Path) -> None:
    result = attach(graph.engine, "tip-2021-xx", str(texts / "tip-2021-xx.txt"))

    (found,) = attached(graph.engine).values()

    assert (result.edition, result.sentences, result.steps) == ("tip-2021-xx", 3, ())
    assert found.edition == EDITION
    assert list(found.sentences) == [f"{EDITION}/S0{number}" for number in (1, 2, 3)]
    assert found.sentences[f"{EDITION}/S02"].startswith("Officials ")
    assert found.sentences[f"{EDITION}/S02"].endswith("full.")


def test_another_text_in_the_folder_does_not_count(graph: tipgraph.LocalGraph, texts: Path) -> None:
    keep(EDITION, (texts / "tip-2021-xx.txt").read_bytes() + b" ")

    assert attached(graph.engine) == {}
    assert [(each.edition, each.sentences) for each in kept(graph.engine)] == [("tip-2021-xx", 0)]


def test_text_is_for_its_owner_alone(user_data: Path) -> None:
    keep(EDITION, b"text")
    keep(EDITION, b"another")

    (file,) = (user_data / "texts").iterdir()
    assert file.read_bytes() == b"another"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_name_of_a_file_stays_in_the_folder() -> None:
    for edition in (f"{ID}../../x", "https://example.org/a/b", f"{ID}.."):
        assert Path(attached_texts.file(edition)).parent == Path(attached_texts.folder())


def test_text_is_removed(graph: tipgraph.LocalGraph, texts: Path) -> None:
    attach(graph.engine, "tip-2021-xx", str(texts / "tip-2021-xx.txt"))

    assert remove(graph.engine, "TIP Report 2021, Xland").edition == "tip-2021-xx"
    assert attached(graph.engine) == {}
    with pytest.raises(UsageError, match=r"no text of tip-2021-xx is attached; attached: none"):
        remove(graph.engine, "tip-2021-xx")


def test_edition_needs_a_pinned_text(shipped: tipgraph.LocalGraph, file: Path) -> None:
    with pytest.raises(UsageError, match=r"no text of tip-2020-be; .* text: tip-2021-be"):
        attach(shipped.engine, "tip-2020-be", str(file))
    with pytest.raises(InputError, match="No such file"):
        attach(shipped.engine, "tip-2021-be", str(file))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["substitute", "insert", "delete"]),
    at=st.integers(0, len(STORY)),
    put=st.characters(exclude_categories=["Cs"]),
)
def test_changed_character_is_named(file: Path, kind: str, at: int, put: str) -> None:
    wrong = STORY[:at] + "" * (kind == "delete") + put * (kind != "delete")
    wrong += STORY[at + (kind != "insert") :]
    if wrong == STORY:
        return
    file.write_bytes(wrong.encode())

    with pytest.raises(InputError) as refused:
        attach(engine_with(STORY), "a", str(file))

    assert corrected(wrong, str(refused.value)) == STORY
    assert attached(engine_with(STORY)) == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("assisted 41", "helped 41"), r"S03, line 2, column 1: its words, .* 75 to 100, differ"),
        (("The “", "Report\n\nThe “"), r"S01, .*: before it, 8 characters too many in 'Report'"),
        (("It didn\u2019t train the police.\n", ""), r"S02, line 1, column 48: its words"),
        (("asked.", "asked. Footnote 12"), r"end, .*: 12 characters too many in 'Footnote 12'"),
        (("3 shelters", "4 shelters, too"), r"S01, line 1, column 1: its words"),
        (("3 shelters. It", "4 shelters. It do"), r"column 36: '4' instead of '3'; more may"),
    ],
)
def test_first_of_more_differences_is_located(
    file: Path, change: tuple[str, str], problem: str
) -> None:
    file.write_bytes(STORY.replace(*change).encode())

    with pytest.raises(InputError, match=problem):
        attach(engine_with(STORY), "a", str(file))


DAMAGES = {
    "without the byte order mark": lambda text: f"\ufeff{text}",
    "with line feeds as line ends": lambda text: text.replace("\n", "\r\n"),
    "with plain spaces": lambda text: text.replace(" ", "\u00a0", 3),
    "without spaces at the ends of lines": lambda text: re.sub(r"(?m)$", " ", text),
    "with single spaces": lambda text: text.replace(". ", ".  "),
    "without blank lines": lambda text: text.replace("\n", "\n\n"),
    "without the final line end": lambda text: f"{text}\n",
    "in Unicode's form NFC": lambda text: normalize("NFD", text),
    "with typographic quotation marks": lambda text: re.sub("[“”]", '"', text),
    "with typographic apostrophes": lambda text: text.replace("\u2019", "'"),
    "with en dashes for em dashes": lambda text: text.replace("\u2013", "—"),
    "with the lines of each paragraph joined": lambda text: text.replace(" for", "\nfor"),
}


def test_each_normalisation_is_found_alone_and_with_another(file: Path) -> None:
    engine = engine_with(STORY)
    for steps in [*combinations(DAMAGES, 1), *combinations(DAMAGES, 2)]:
        if steps[-1] == "with the lines of each paragraph joined":
            # Paragraphs and lines need different separators.
            steps = (steps[-1], "without blank lines")
        text = STORY
        for step in reversed(steps):
            text = DAMAGES[step](text)
        file.write_bytes(text.encode())

        with pytest.raises(InputError, match=r"first difference: .* add --normalise") as no:
            attach(engine, "a", str(file))
        assert attached(engine) == {}
        result = attach(engine, "a", str(file), normalise=True)

        assert ", ".join(result.steps) in str(no.value)
        assert set(result.steps) == set(steps)
        assert Path(result.file).read_bytes() == STORY.encode()
        remove(engine, "a")


@pytest.mark.parametrize(
    ("pinned", "copy", "step"),
    [
        (STRAIGHT, STRAIGHT.replace('"', "”"), "with straight quotation marks"),
        (STRAIGHT, STRAIGHT.replace("'", "\u2019"), "with straight apostrophes"),
        (STRAIGHT, STRAIGHT.replace("-", "\u2013"), "with hyphens for dashes"),
        (STORY, STORY.replace("\u2013", "-"), "with en dashes for hyphens between spaces"),
        (STORY.replace("\n", "\n\n"), STORY, "with blank lines between paragraphs"),
        (STORY + "\n", STORY, "with a final line end"),
        (STORY.replace("\n", " "), STORY, "with the lines of each paragraph joined"),
        ("He left… Then he came.", "He left... Then he came.", "with an ellipsis for full stops"),
    ],
)
def test_normalisation_goes_both_ways(file: Path, pinned: str, copy: str, step: str) -> None:
    file.write_bytes(copy.encode())

    assert attach(engine_with(pinned), "a", str(file), normalise=True).steps == (step,)


def test_another_text_is_not_normalised(file: Path) -> None:
    file.write_bytes(STORY.replace("41", "42").encode())

    with pytest.raises(InputError, match="no change of spaces"):
        attach(engine_with(STORY), "a", str(file), normalise=True)


def passage(exact: str, prefix: str = "", suffix: str = "") -> Passage:
    return Passage("", "", "", "", "", exact, prefix, suffix)


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        (
            [passage("the state", suffix=" paid")],
            "the state pays, [the state] paid, the state acts",
        ),
        ([passage("the state", "paid, ")], "the state pays, the state paid, [the state] acts"),
        (
            [passage("the state", "Then ", " pays")],
            "[the state] pays, the state paid, the state acts",
        ),
        ([passage("acts", "state ", ". Then")], "the state pays, the state paid, the state [acts]"),
        (
            [passage("state paid"), passage("paid, the")],
            "the state pays, the [state paid, the] state acts",
        ),
        (
            [passage("pays"), passage("the state", "", " pays")],
            "[the state] [pays], the state paid, the state acts",
        ),
        ([passage("nowhere"), passage("")], "the state pays, the state paid, the state acts"),
    ],
)
def test_phrases_are_highlighted_where_they_are_quoted(
    phrases: list[Passage], expected: str
) -> None:
    shown = highlight("the state pays, the state paid, the state acts", phrases)

    assert "".join(f"[{part}]" if is_in else part for part, is_in in shown.parts) == expected
    assert all(f"[{phrase}]" in expected for phrase in shown.phrases)
