"""A thing is found by what people call it; what is unclear is asked back."""

import pytest

from tipgraph import LocalGraph, UsageError

EDITION = "https://w3id.org/tipgraph/id/tip-2021-xx"


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        (EDITION, EDITION),
        (f"<{EDITION}>", EDITION),
        ("id:tip-2021-xx", EDITION),
        ("tip-2021-xx", EDITION),
        ("TIP-2021-XX", EDITION),
        ("TIP Report 2021, Xland", EDITION),
        ("tip-2021-xx/S01", f"{EDITION}/S01"),
        ("s02", f"{EDITION}/S02"),
        ("state department", "https://w3id.org/tipgraph/id/state-department"),
        ("Victims Identified", "https://w3id.org/tipgraph/code/victims-identified"),
        ("tip:Finding", "https://w3id.org/tipgraph/ns#Finding"),
        ("non-report", "https://w3id.org/tipgraph/ns#NonReport"),
    ],
)
def test_name_resolves(graph: LocalGraph, name: str, iri: str) -> None:
    assert graph.resolve(name) == iri


def test_ambiguous_name_lists_the_candidates(graph: LocalGraph) -> None:
    with pytest.raises(UsageError, match=r"tip-2021-xx/S01 \(S01\), tip-2022-xx/S01 \(S01\)"):
        graph.resolve("S01")


@pytest.mark.parametrize("name", ["goverment of Xland", "xland"])
def test_unknown_name_suggests_nearest(graph: LocalGraph, name: str) -> None:
    with pytest.raises(UsageError, match=r"did you mean .*Government of Xland"):
        graph.resolve(name)


@pytest.mark.parametrize("name", ["", "no such thing at all", 'a" } #', "<a b>", "\\", "zzz:q"])
def test_odd_name_is_unknown(graph: LocalGraph, name: str) -> None:
    with pytest.raises(UsageError, match=r"unknown name .*; 'tipgraph find WORDS' searches"):
        graph.resolve(name)
