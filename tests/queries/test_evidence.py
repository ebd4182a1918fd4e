"""Each phrase of a sentence is listed with what it supports, parts of requirements included.

`test_expected.py` has all rows of two editions.
"""

from tipgraph.graph import LocalGraph


def test_all_passages_of_statements_and_requirements_are_listed(shipped: LocalGraph) -> None:
    pattern = (
        "?x tip:evidence ?passage . { ?x a tip:Statement ; tip:edition ?edition }"
        " UNION { ?x a tip:Requirement }"
    )
    rows = shipped.engine.select(f"SELECT DISTINCT ?passage {{ {pattern} }}")

    assert set(shipped.rows("evidence", edition="all").column("passage")) == set(
        rows.column("passage")
    )
