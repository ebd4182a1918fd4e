"""Totals that several actors share: each one's figure is a part of the total."""

from collections.abc import Iterable, Iterator

from tipgraph_draft.document import Finding

# Actors whose figure is that of the whole state.
STATE = {"government", "authorities", "country", "officials", "state"}
# A doubt about a part whose total need not include it.
ASSUMED = "taken as a part of the {value:f} of {counted_by}, which the text does not say"


def divide_by_agent(findings: list[Finding]) -> None:
    """Let figures of several actors be parts of a total, and so the figures they are compared with.

    `The country identified 90 victims. Police identified 60 victims. Inspectors identified 30.`
    They sum to the total before them, or after them in their sentence; or the total is that of the
    state, and the actors are bodies of it.
    """
    for at, total in enumerate(findings):
        if not _is_total(total):
            continue
        following = findings[at + 1 :]
        parts = _shares(total, _candidates(total, following))
        if "total-of-those-before" in total.rules:
            before = [each for each in findings[:at] if each.sentence is total.sentence]
            parts = _shares(total, [each for each in before if each.counted_by and not each.prior])
        _divide(findings, parts, "agents-sum-to-total")
        if not parts and total.counted_by in STATE:
            parts = _state_shares(total, following)
            for each in parts:
                each.doubts.append(ASSUMED.format(value=total.value, counted_by=total.counted_by))
            _divide(findings, parts, "agents-of-the-state")


def _divide(findings: Iterable[Finding], parts: list[Finding], rule: str) -> None:
    for part in parts:
        part.part, part.axis = part.counted_by, "agent"
        part.rules = (*part.rules, rule)
    for each in findings:
        if each.prior and each.part == "total" and any(each.host is part for part in parts):
            each.part, each.axis = each.host.part, each.host.axis  # type: ignore[union-attr]


def _shares(total: Finding, candidates: Iterable[Finding]) -> list[Finding]:
    """The figures of different actors that sum to a total; none if they do not."""
    shares = list(candidates)
    actors = {each.counted_by for each in shares}
    summed = sum(each.value or 0 for each in shares)
    is_shared = len(shares) > 1 and len(actors) == len(shares) and summed == total.value
    return [each for each in shares if each.axis != "agent"] if is_shared else []


def _state_shares(total: Finding, following: list[Finding]) -> list[Finding]:
    """The figures of bodies of the state after that of the state, which they do not exceed."""
    shares = [each for each in _candidates(total, following) if _is_state_body(each)]
    summed = sum(each.value or 0 for each in shares)
    is_divided = len(shares) > 1 and total.value is not None and summed < total.value
    is_same = all(each.indicator == total.indicator for each in shares)
    return [each for each in shares if each.axis != "agent"] if is_divided and is_same else []


def _is_state_body(finding: Finding) -> bool:
    """Return whether a body of the state has counted: not an NGO, nor the state itself."""
    words = set(finding.counted_by.casefold().split())
    others = {"ngo", "ngos", "organization", "organizations", "society", "church", "iom", "unhcr"}
    return not words & others and finding.counted_by not in STATE


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
