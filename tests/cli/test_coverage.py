"""`tipgraph coverage`: statements of each sentence, and comparison with the pinned text."""

import json
from pathlib import Path


def test_sentences_are_listed_with_their_statements(mini, run):
    code, out, _ = run("coverage", "tip-2021-xx")

    assert code == 0
    assert out.splitlines() == [
        "S01  12 victims identified in 2021",
        "S02  Shelters were full, officials said",
        "     The government oversees the shelters",
        "S03  The government did not report on training",
        "tip-2021-xx: 3 of 3 sentences covered",
    ]


def test_all_editions_are_listed_by_default(mini, run):
    assert "tip-2022-xx: 1 of 1 sentences covered" in run("coverage").out


def test_uncovered_sentence_fails(mini, run):
    edition = mini / "data" / "tip-2021-xx" / "edition.ttl"

    code, out, _ = run("coverage", "--data", edition, "--no-bundled")

    assert code == 1
    assert "S01  NO STATEMENT" in out
    assert "tip-2021-xx: 0 of 3 sentences covered" in out


def test_text_is_checked(mini, run, texts, tmp_path: Path):
    text = texts / "tip-2021-xx.txt"
    changed = tmp_path / "changed.txt"
    changed.write_bytes(text.read_bytes().replace(b"12", b"13"))

    same = run("coverage", "tip-2021-xx", "--text", text)
    other = run("coverage", "tip-2021-xx", "--text", changed)

    assert (same.code, other.code) == (0, 1)
    assert "2021-xx: no mismatch against the text" in same.out
    assert "MISMATCH S01 at offset 0: the text is not the pinned one" in other.out
    assert "2021-xx: 2 mismatches against the text" in other.out


def test_json_has_the_same_content(mini, run, texts):
    (found,) = json.loads(
        run("coverage", "tip-2021-xx", "--text", texts / "tip-2021-xx.txt", "--format", "json").out
    )

    assert found["complete"] is True
    assert len(found["sentences"]) == 3
