"""Totals that several actors share: each one's figure is a part of the total."""

from collections.abc import Iterator

from tipgraph_draft.reading import Finding


def divide_by_agent(findings: list[Finding]) -> None:
    """Let figures of several actors that sum to the total before them be its parts.

    `The country identified 90 victims. Police identified 60 victims. Inspectors identified 30.`
    The figures that those are compared with are of the same parts.
    """
    for at, total in enumerate(findings):
        if not _is_total(total):
            continue
        parts = _shares(total, findings[at + 1 :])
        for part in parts:
            part.part, part.axis = part.counted_by, "agent"
            part.rules = (*part.rules, "agents-sum-to-total")
        for each in findings:
            if each.prior and each.part == "total" and any(each.host is part for part in parts):
                each.part, each.axis = each.host.part, each.host.axis  # type: ignore[union-attr]


def _shares(total: Finding, following: list[Finding]) -> list[Finding]:
    """The figures of different actors right after a total that sum to it; none if they do not."""
    shares = list(_candidates(total, following))
    actors = {each.counted_by for each in shares}
    summed = sum(each.value or 0 for each in shares)
    is_shared = len(shares) > 1 and len(actors) == len(shares) and summed == total.value
    return [each for each in shares if each.axis != "agent"] if is_shared else []


def _candidates(total: Finding, following: list[Finding]) -> Iterator[Finding]:
    for each in following:
        if each.kind != "figure" or each.prior:
            continue
        if each.sentence.paragraph != total.sentence.paragraph or not each.counted_by:
            return
        is_part = each.part == "total" or each.axis == "agent"
        is_same = (each.stage, each.unit, each.period) == (total.stage, total.unit, total.period)
        if is_part and is_same and each.counted_by != total.counted_by:
            yield each
        elif is_part:
            return


def _is_total(finding: Finding) -> bool:
    return finding.kind == "figure" and not finding.prior and finding.part == "total"
