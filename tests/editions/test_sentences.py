"""Sentences of a text: where a reader sees them, and with nothing lost."""

import csv
import hashlib
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from tests.editions.conftest import TEXT
from tipgraph.editions.pin import PinnedText, split_sentences
from tipgraph.editions.turtle import declarations
from tipgraph.namespaces import ID
from tipgraph.store.engine import Embedded
from tipgraph.texts import coverage

TABLE = TEXT.with_name("tip-2021-belgium-sentences.tsv")
EDITION = "id:a a tip:Edition . be:text a tip:SourceText ; tip:edition id:a ;"
# Parts of sentences, and where a splitter often goes wrong.
PIECES = st.sampled_from(
    [
        *("The", "court", "U.S.", "No.", "Art.", "e.g.", "3.5", "12", "J.", "said.", "What?"),
        *(
            "“",
            "”",
            "(",
            ")",
            ".”",
            ".)",
            "…",
            "...",
            "!",
            "é",
            "—",
            "\u2028",
            "\x85",
            "\U0001d518",
        ),
        *(" ", "  ", "\n", "\r\n", "\t"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES).map(" ".join), st.lists(PIECES).map("".join), st.text())


@pytest.mark.parametrize(
    "expected",
    [
        ["It ended.", "It began."],
        ["The U.S. Department of State wrote it.", "The end."],
        ["They went to the U.S.", "The end."],
        ["It is No. 5 of them.", "They said no.", "Few came."],
        ["Under Art. 3 it costs 3.5 million.", "49 victims came."],
        ["Bodies, e.g. GRETA, i.e. The Group, said so.", "Dr. J. Doe did not."],
        ["He said “no.”", "(She said yes.)", "Why?", "Because!"],
        ["It met at 5 p.m. Monday.", "It met at 5 p.m.", "In Dec. 2019 it did not."],
        ["1. The first point.", "2. The second."],
        ["It went on…", "And on...", "It did not (…) end."],
        ["see the end. it goes on in lower case."],
    ],
)
def test_sentences_end_where_readers_see_it(expected: list[str]) -> None:
    text = " ".join(expected)

    assert [text[start:end] for start, end, _ in split_sentences(text)] == expected


def test_paragraphs_are_lines_that_are_not_blank() -> None:
    found = split_sentences("One. Two.\n\n  Three\r\nFour.\n")

    assert [paragraph for _, _, paragraph in found] == [1, 1, 2, 3]


@pytest.mark.skipif(not TEXT.exists(), reason="the source text is in ../shared, which is not here")
def test_belgian_text_has_forty_sentences() -> None:
    with TABLE.open(encoding="utf-8", newline="") as opened:
        rows = [*csv.DictReader(opened, delimiter="\t")]
    expected = [(int(row["start"]), int(row["end"]), int(row["paragraph"])) for row in rows]

    pinned = PinnedText(TEXT.read_bytes().decode())

    assert [tuple(each) for each in pinned.sentences.values()] == expected
    assert [*pinned.sentences] == [row["sentence"] for row in rows]


@given(TEXTS)
@example("A.\u2028B.")
def test_only_white_space_is_between_sentences(text: str) -> None:
    end = paragraph = 0
    for sentence in split_sentences(text):
        assert end <= sentence.start < sentence.end
        assert paragraph <= sentence.paragraph
        assert not text[end : sentence.start].strip()
        words = text[sentence.start : sentence.end]
        assert words == words.strip()
        _, end, paragraph = sentence
    assert not text[end:].strip()


@pytest.mark.parametrize("text", ["a " + ". " * 40_000, "a" + "." * 80_000 + "b"])
def test_marks_without_words_take_no_time(text: str) -> None:
    begun = time.process_time()

    assert len(split_sentences(text)) == 1
    assert time.process_time() - begun < 1


@given(TEXTS.filter(str.strip))
def test_text_has_no_mismatch_after_pinning(tmp_path: Path, text: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(text.encode())
    pinned = PinnedText(text)

    (found,) = coverage(_graph(pinned), text=str(path))

    assert found.mismatches == ()
    assert len(found.sentences) == len(pinned.sentences)
    assert pinned.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def _graph(pinned: PinnedText) -> Embedded:
    """The graph of an edition with the pinned text."""
    node = f'{EDITION} tip:sha256 "{pinned.sha256}" ; tip:codePoints {len(pinned.text)} .'
    body = f"{node}\n{pinned.turtle('be')}"
    store = Store()
    store.load(f"{declarations(body, {'be': f'{ID}a/'})}\n{body}".encode(), RdfFormat.TURTLE)
    return Embedded(store)
