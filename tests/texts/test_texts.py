"""A text that the user attaches counts where it is the one that the graph pins."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tipgraph
from tests.pinned import engine_with
from tipgraph import attached_texts
from tipgraph.attached_texts import attach, attached, keep, kept, remove
from tipgraph.entities.passages import Passage, highlight
from tipgraph.errors import InputError, UsageError

ID = "https://w3id.org/tipgraph/id/"
EDITION = f"{ID}tip-2021-xx"
STORY = (
    "The “Ministère” paid €12,000 \u2013 for 3 shelters. It didn\u2019t train the police.\n"
    "NGOs assisted 41 victims. Observers were not asked."
)
# The sentences of the story, with the offsets where they end.
ENDS = {"S01": 46, "S02": 74, "S03": 100, "S04": 126}

pytestmark = pytest.mark.usefixtures("user_data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file for a copy of the text."""
    return tmp_path / "copy.txt"


def test_without_a_text_the_graph_is_not_asked() -> None:
    assert attached(None) == {}  # type: ignore[arg-type]


def test_attached_text_has_its_sentences(graph: tipgraph.LocalGraph, texts: Path) -> None:
    result = attach(graph.engine, "tip-2021-xx", str(texts / "tip-2021-xx.txt"))

    ((edition, found),) = attached(graph.engine).items()

    assert (result.edition, result.sentences) == ("tip-2021-xx", 3)
    assert edition == EDITION
    assert list(found) == [f"{EDITION}/S0{number}" for number in (1, 2, 3)]
    assert found[f"{EDITION}/S02"].startswith("Officials ")
    assert found[f"{EDITION}/S02"].endswith("full.")


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


def test_text_is_not_kept_where_others_can_write(user_data: Path) -> None:
    keep(EDITION, b"text")
    (user_data / "texts").chmod(0o777)

    with pytest.raises(InputError, match="others can write here"):
        keep(EDITION, b"another")


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


@given(
    kind=st.sampled_from(["substitute", "insert", "delete"]),
    at=st.integers(0, len(STORY)),
    put=st.characters(exclude_categories=["Cs"]),
)
def test_text_that_differs_is_refused_with_the_first_sentence_that_does(file, kind, at, put):
    wrong = STORY[:at] + put * (kind != "delete") + STORY[at + (kind != "insert") :]
    if wrong == STORY:
        return
    file.write_bytes(wrong.encode())

    with pytest.raises(InputError, match="not the text that the graph pins for a") as refused:
        attach(engine_with(STORY), "a", str(file))

    assert attached(engine_with(STORY)) == {}
    first = next((name for name, end in ENDS.items() if at < end), "end")
    # White space in the place of other white space, or at the end, is in no sentence.
    is_outside = at in ENDS.values() and put.isspace() and (kind == "substitute" or first == "end")
    if not is_outside:
        assert f"first difference: {first}, line " in str(refused.value)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("assisted 41", "helped 41"), "S03, line 2: its words differ from the pinned ones"),
        (("The “", "Report\n\nThe “"), "S01, line 1: its words differ from the pinned ones"),
        (("asked.", "asked. Footnote 12"), "end, line 2: 'Footnote 12' is in no sentence"),
        (("\n", "\r\n"), "S03, line 1: "),
        (("The “", "\ufeffThe “"), "S01, line 1: its words differ"),
        (("police.\n", "police. "), "no sentence and no quote shows where"),
    ],
)
def test_first_difference_has_a_sentence_a_line_and_a_problem(file, change, problem):
    file.write_bytes(STORY.replace(*change).encode())

    with pytest.raises(InputError) as refused:
        attach(engine_with(STORY), "a", str(file))

    assert f"first difference: {problem}" in str(refused.value)


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
def test_phrases_are_highlighted_where_they_are_quoted(phrases, expected):
    shown = highlight("the state pays, the state paid, the state acts", phrases)

    assert "".join(f"[{part}]" if is_in else part for part, is_in in shown.parts) == expected
    assert all(f"[{phrase}]" in expected for phrase in shown.phrases)
