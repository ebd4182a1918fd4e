"""Doubts about candidates: what a person should look at. They are shown, and never enforced."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph_draft.document import Finding

FACTOR = 3
# Rounded conversions differ this much from the edition's rate.
RATE_TOLERANCE = Decimal("0.02")


def add_doubts(findings: Sequence[Finding]) -> None:
    """Add to each finding the doubts that only several findings together raise."""
    figures = [each for each in findings if each.kind == "figure"]
    _parts_against_total(figures)
    _factor_above_three(findings)
    _changed_wording(figures)
    _exchange_rates([each for each in findings if each.kind == "amount"])


Known = dict[tuple[str, str, str], set[Decimal]]


def known_figures(engine: Engine, area: str) -> Known:
    """The values that editions on an area have, by indicator, year and part in lower case."""
    if not area:
        return {}
    rows = engine.select(
        "SELECT ?indicator ?period ?part ?value { ?s a tip:Observation ;"
        " sdmx-measure:obsValue ?value ;"
        f" sdmx-dimension:refArea {NamedNode(area)} ; sdmx-dimension:refPeriod ?period ;"
        " tip:indicator/skos:prefLabel ?indicator ; tip:part/skos:prefLabel ?part }"
    )
    known: Known = defaultdict(set)
    for row in rows:
        key = (
            str(row["indicator"]).casefold(),
            last_part(str(row["period"])),
            str(row["part"]).casefold(),
        )
        known[key].add(Decimal(str(row["value"])))
    return dict(known)


def add_revisions(findings: Iterable[Finding], known: Known) -> None:
    """Doubt a figure unlike another edition's; `known` has values by indicator, period, part."""
    for each in findings:
        values = known.get((each.indicator.casefold(), each.period, each.part.casefold()))
        if each.value is not None and values and each.value not in values:
            listed = ", ".join(f"{value:f}" for value in sorted(values))
            each.doubts.append(f"another edition has {listed}: a possible revision")


def _group(finding: Finding) -> tuple[object, ...]:
    return (finding.indicator, finding.period, finding.prior, finding.unit, finding.counted_by)


def _parts_against_total(figures: Sequence[Finding]) -> None:
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for each in figures:
        groups[_group(each)].append(each)
    for members in groups.values():
        by_part: dict[str, list[Finding]] = defaultdict(list)
        for each in members:
            by_part[each.part].append(each)
        for part, wholes in by_part.items():
            whole = wholes[0]
            depth = 0 if part == "total" else part.count(" / ") + 1
            inner: dict[str, list[Finding]] = defaultdict(list)
            for each in members:
                above = "total" if " / " not in each.part else each.part.rpartition(" / ")[0]
                if each.part != "total" and above == part and each.part.count(" / ") == depth:
                    inner[each.axis].append(each)
            for axis, parts in inner.items():
                total = sum((each.value or Decimal() for each in parts), Decimal())
                if whole.value is None or (len(parts) < 2 and total <= whole.value):
                    continue
                if total > whole.value:
                    _doubt(whole, f"parts by {axis} sum to {total:f}, more than the total")
                elif total < whole.value and len(parts) > 1:
                    _doubt(whole, f"parts by {axis} sum to {total:f} of {whole.value:f}")


def _factor_above_three(findings: Sequence[Finding]) -> None:
    for each in findings:
        host = each.host
        if not each.prior or host is None or not each.value or not host.value:
            continue
        if max(each.value, host.value) > FACTOR * min(each.value, host.value) and (
            max(each.value, host.value) >= 10
        ):
            _doubt(each, "differs from the current figure by more than a factor of three")


def _changed_wording(figures: Sequence[Finding]) -> None:
    for each in figures:
        if each.prior and each.host is not None and each.indicator != each.host.indicator:
            _doubt(each, f"worded unlike the current figure: {each.host.indicator}")
            if "worded unlike the figure it is compared with" in each.doubts:
                each.doubts.remove("worded unlike the figure it is compared with")


def _exchange_rates(amounts: Sequence[Finding]) -> None:
    """One edition uses one rate for a currency."""
    pairs = [
        (first, second)
        for first, second in itertools.pairwise(amounts)
        if second.converted and not first.converted and first.value and second.value
    ]
    rates: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for first, second in pairs:
        assert first.value
        assert second.value
        rates[first.unit, second.unit].append(second.value / first.value)
    for first, second in pairs:
        assert first.value
        assert second.value
        known = sorted(rates[first.unit, second.unit])
        usual = known[len(known) // 2]
        if len(known) > 1 and abs(second.value / first.value / usual - 1) > RATE_TOLERANCE:
            _doubt(second, f"converted at {second.value / first.value:.4f}, others at {usual:.4f}")


def _doubt(finding: Finding, text: str) -> None:
    if text not in finding.doubts:
        finding.doubts.append(text)
