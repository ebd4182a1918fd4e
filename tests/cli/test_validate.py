"""`tipgraph validate`: a readable report, and an exit code that can be trusted."""

import json
from pathlib import Path

FINDING = "@prefix tip: <https://w3id.org/tipgraph/ns#> . <urn:x> a tip:Finding ."


def test_that_the_shipped_data_conform(mini, run):
    assert run("validate") == (0, "conforms (shapes: 2, nodes: 5)\n", "")


def test_that_a_violation_is_reported_and_fails(mini, run, tmp_path: Path):
    own = tmp_path / "own.ttl"
    own.write_text(FINDING, encoding="utf-8")

    code, out, _ = run("validate", own)

    assert code == 1
    assert out.splitlines() == [
        "Violation: urn:x",
        "  path     tip:evidence",
        "  message  Name the passage that the statement rests on.",
        "  shape    tipsh:Statement-evidence",
        "",
        "does not conform (shapes: 1, nodes: 1, Violation: 1)",
    ]


def test_that_json_tells_the_same(mini, run, tmp_path: Path):
    (tmp_path / "own.ttl").write_text(FINDING, encoding="utf-8")

    report = json.loads(run("validate", tmp_path, "--format", "json").out)

    assert report["conforms"] is False
    assert report["findings"][0]["focus"] == "urn:x"


def test_that_what_cannot_be_checked_is_an_error(mini, run, tmp_path: Path):
    (tmp_path / "other.ttl").write_text("<urn:x> a <urn:Y> .", encoding="utf-8")
    (tmp_path / "bad.ttl").write_text("<urn:x> a", encoding="utf-8")

    unseen = run("validate", tmp_path / "other.ttl")
    broken = run("validate", tmp_path / "bad.ttl")
    shapeless = run("validate", "--shapes", tmp_path / "other.ttl")
    missing = run("validate", tmp_path / "nowhere.ttl")

    assert [each.code for each in (unseen, broken, shapeless, missing)] == [3, 3, 3, 3]
    assert "nothing was checked" in unseen.err
    assert "bad.ttl:1:" in broken.err
    assert "no shapes" in shapeless.err
