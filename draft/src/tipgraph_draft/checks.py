"""The quote of a row, and the checks that every row passes, of a reader or of a person."""

import itertools
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.editions.pin import SentenceSpan
from tipgraph.figure_table import REPORTING_PERIOD, UNSTATED_PERIODS, is_noted
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph_draft.candidate import SEPARATOR, Candidate, is_storable
from tipgraph_draft.document import Document, Finding
from tipgraph_draft.tokens import MAX_QUOTED_WORDS, Sentence, Token, word_count
from tipgraph_draft.words import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS, word_set

# No quote has more tokens than this after its place, which keeps long sentences cheap.
MAX_QUOTED_TOKENS = 3 * MAX_QUOTED_WORDS
# Kinds whose quote is a statement in words: a phrase that is cut may state something else.
WORDED = {"claim", "non-report", "absence"}
# The ends of a phrase: marks and words that begin another clause, or a phrase of its own.
MARKS = {",", ";", ":", ".", "?", "!", "(", ")", "—", "\u2013"}
CLAUSE_WORDS = word_set("quotes_clause_words")
PREPOSITIONS = word_set("quotes_prepositions")
ANOTHER_CLAUSE = word_set("quotes_another_clause")
PLURAL = re.compile(r"[a-z-]{2,}[^su\W]s")
MIN_PHRASE = 3


@dataclass(frozen=True)
class Quote:
    """The quote of a finding and its place in the text."""

    start: int
    end: int
    text: str


def quote_of(finding: Finding) -> Quote | None:
    """At most twelve words around the finding's place, unique in its sentence; None if none are."""
    tokens = finding.sentence.tokens
    anchor = next((at for at, each in enumerate(tokens) if each.end > finding.place), None)
    if anchor is None:
        return None
    first = max(0, min(finding.first, anchor))
    whole = min(max(finding.last, anchor), len(tokens) - 1)
    last = min(whole, anchor + MAX_QUOTED_TOKENS)
    while word_count(tokens, first, last) > MAX_QUOTED_WORDS and (first < anchor or last > anchor):
        if last - anchor >= anchor - first:
            last -= 1
        else:
            first += 1
    if finding.kind in WORDED:
        last = _phrase_end(tokens, anchor, last, is_cut=last < whole)
    last = _trimmed(tokens, anchor, last)
    while first < anchor and tokens[first].text in {",", ";", ":", ")", ".", "—", "\u2013"}:
        first += 1
    words, text = finding.sentence.words, finding.sentence.text
    right = True
    while not _is_unique(words, text[tokens[first].start : tokens[last].end]):
        grown = (first, last + 1) if right and last + 1 < len(tokens) else (first - 1, last)
        right = not right
        if grown[0] < 0:
            grown = (first, last + 1)
        if grown[1] >= len(tokens) or word_count(tokens, *grown) > MAX_QUOTED_WORDS:
            return None
        first, last = grown
    if word_count(tokens, first, last) > MAX_QUOTED_WORDS:
        return None
    return Quote(
        tokens[first].start, tokens[last].end, text[tokens[first].start : tokens[last].end]
    )


def _phrase_end(tokens: list[Token], anchor: int, last: int, is_cut: bool) -> int:
    """The last token of the last phrase that is complete before a place.

    A phrase that restricts what is before it stays with it: `lacked space for men`. Of one that
    does not fit, as much stays as ends in a plural; else the quote ends before it. A clause that
    only follows after a comma is left out.
    """
    least = min(anchor + MIN_PHRASE, last)
    for at in range(least, last):
        if tokens[at].text == "," and tokens[at + 1].lower in ANOTHER_CLAUSE:
            return at - 1
    if not is_cut:
        return last
    for at in range(last, least, -1):
        if tokens[at + 1].lower in MARKS | CLAUSE_WORDS:
            return at
    for at in range(last, least, -1):
        if tokens[at + 1].lower in PREPOSITIONS or PLURAL.fullmatch(tokens[at].lower):
            return at
    return last


def _trimmed(tokens: list[Token], anchor: int, last: int) -> int:
    """The last token without marks and small words at the end."""
    while last > anchor and (
        not (tokens[last].is_word or tokens[last].text[0].isdigit() or tokens[last].text in ")%")
        or tokens[last].lower in {"and", "the", "of", "in", "to", "a", "for", "were", "was"}
    ):
        last -= 1
    return last


def _is_unique(words: str, quote: str) -> bool:
    first = words.find(quote)
    return first >= 0 and words.find(quote, first + 1) < 0


NOT_STATED = "not stated"
# Marks a value that other rows give: a rule of the machine, the first word of a person's note.
DERIVED = "derived"
# Periods in words, which a table of figures may have.
WORDED_PERIODS = {"", NOT_STATED, REPORTING_PERIOD, *UNSTATED_PERIODS}
PERIOD = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
ZERO_WORDS = {"no", "none", "any", "zero", "neither", "not"}


def failure(finding: Finding, quote: Quote | None, document: Document) -> str:
    """Return why a finding cannot become a candidate; empty if it can."""
    if quote is None:
        return "no quote of at most twelve words is unique in the sentence"
    if not is_storable(finding.value):
        return "the value has a sign or too many digits"
    if (
        finding.value is not None
        and not finding.is_derived
        and not _has_value(finding.value, finding.sentence, quote.start, quote.end, document)
    ):
        return "the value is not in the quote"
    if finding.kind in {"figure", "amount"} and not finding.indicator:
        return "nothing says what is counted"
    if finding.kind == "claim" and not finding.speaker:
        return "no speaker is named"
    return ""


def problems(
    row: Candidate, document: Document | None, ids: Container[str]
) -> Iterator[tuple[str, str]]:
    """The problems of a row that a person wrote, each with its column.

    `ids` are those of all rows. Without the document, the quote is checked by itself.
    """
    if document is None:
        span = SentenceSpan(0, len(row.quote), 1)
        document, start, end = Document(row.quote, spans={row.sentence: span}), 0, len(row.quote)
    else:
        start, end = row.start, row.end
    sentence = next((each for each in document.sentences if each.name == row.sentence), None)
    if sentence is None:
        yield "sentence", f"the text has no sentence {row.sentence!r}"
        return
    yield from quote_problems(row.quote, sentence)
    if (
        row.value is not None
        and not _is_derived(row)
        and not _has_value(row.value, sentence, start, end, document)
    ):
        yield (
            "value",
            f"the quote {row.quote!r} does not have the number {row.value:f}; correct one of them,"
            f" or begin the note with {DERIVED!r} and say from what",
        )
    if not _is_period(row.period):
        yield (
            "period",
            f"{row.period!r} is no period; write a year, a month as 2020-06, a span as"
            f" 2020-01/2020-06, or {NOT_STATED!r}",
        )
    if row.compared_with and (row.compared_with == row.id or row.compared_with not in ids):
        yield (
            "compared_with",
            f"{row.compared_with!r} is the id of no other row; write one, or empty the cell",
        )


def quote_problems(quote: str, sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Return what keeps a quote from being the words of one place in its sentence.

    With the column.
    """
    count = sentence.words.count(quote) if quote else 0
    if count != 1:
        problem = "does not have these words" if not count else "has these words more than once"
        message = f"{sentence.name} {problem}: {quote!r}; quote words that it has once"
        yield "quote", message


def _has_value(
    value: Decimal, sentence: Sentence, start: int, end: int, document: Document
) -> bool:
    """Return whether a numeral between two places of a sentence has the value."""
    inside = [
        each for each in document.numerals[sentence.name] if start <= each.start and each.end <= end
    ]
    if any(each.value == value for each in inside):
        return True
    # `1.250 victims` are 1,250: a point where American English has a comma.
    if any(each.value is not None and each.value * 1000 == value for each in inside):
        return True
    words = {each.lower for each in sentence.tokens if start <= each.start and each.end <= end}
    return value == 0 and bool(words & ZERO_WORDS)


def _is_derived(row: Candidate) -> bool:
    return DERIVED in row.rule.split(SEPARATOR) or is_noted(row.note.casefold(), DERIVED)


def _is_period(text: str) -> bool:
    """Return whether a cell is a period: a year, a month or a day, a span of them, or words for
    one.
    """
    if text.casefold() in WORDED_PERIODS:
        return True
    first, _, last = text.partition("/")
    return _is_time(first) and (not last or (_is_time(last) and first <= last))


def _is_time(text: str) -> bool:
    found = PERIOD.fullmatch(text)
    if not found:
        return False
    try:
        date(*(int(found[name] or 1) for name in ("year", "month", "day")))
    except ValueError:
        return False
    return True


def period_source(finding: Finding, document: Document) -> str:
    """Return where the period comes from: the sentence, its paragraph, or neither, which is
    assumed.
    """
    years = [each[:4] for each in finding.period.split("/") if each[:4].isdigit()]
    if not years or finding.period == NOT_STATED:
        return ""
    if finding.period_from == "assumed":
        return "assumed"
    if all(each in finding.sentence.words or each[2:] in finding.sentence.words for each in years):
        return (
            "sentence" if finding.period_from == "sentence" else finding.period_from or "sentence"
        )
    if all(each in document.paragraph_of(finding.sentence) for each in years):
        return "paragraph"
    return "assumed"


def inherited(finding: Finding) -> list[str]:
    """The cells whose words stand in another sentence: unit, currency, speaker."""
    tokens = finding.sentence.tokens
    words = {each.lower for each in tokens}
    found = []
    if finding.kind == "amount":
        marks = {CURRENCY_SIGNS.get(each.text) for each in tokens} | {
            CURRENCY_WORDS.get(each.lower) for each in tokens
        }
        marks |= {each.text for each in tokens if each.text in CURRENCY_CODES}
        if finding.unit not in marks and not any(each.lower in CURRENCY_WORDS for each in tokens):
            found.append("unit")
    elif finding.kind == "figure" and finding.unit not in {"persons", "percent"}:
        stem = finding.unit.split()[-1].lower()[:5] if finding.unit else ""
        if stem and not any(each.startswith(stem) for each in words):
            found.append("unit")
    if finding.speaker and finding.speaker not in {"unnamed", "report"}:
        spoken = {each.strip(",()").lower() for each in finding.speaker.replace("-", " ").split()}
        if not spoken & {part for each in words for part in each.split("-")}:
            found.append("speaker")
    return found


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
                    _doubt_parts(whole, [each for each in parts if each.sentence is whole.sentence])
                elif total < whole.value and len(parts) > 1:
                    _doubt(whole, f"parts by {axis} sum to {total:f} of {whole.value:f}")


def _doubt_parts(whole: Finding, parts: Sequence[Finding]) -> None:
    """Doubt the parts of a sentence that sum to more than their total in it."""
    total = sum((each.value or Decimal() for each in parts), Decimal())
    for each in parts:
        if whole.value is not None and total > whole.value:
            _doubt(each, f"parts sum to {total:f}, more than {whole.value:f}")


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
