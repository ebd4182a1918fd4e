"""The quote of a row, the checks that every row passes, and doubts that a person should look at."""

import itertools
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyoxigraph import NamedNode

from tipgraph.figure_table import REPORTING_PERIOD, UNSTATED_PERIODS, is_noted
from tipgraph.namespaces import last_part
from tipgraph.store.engine import Engine
from tipgraph_draft.candidate import SEPARATOR, Candidate, is_storable
from tipgraph_draft.document import Document, Finding, Sentence
from tipgraph_draft.periods import NOT_STATED
from tipgraph_draft.tokens import MAX_QUOTED_WORDS, Token, word_count
from tipgraph_draft.words import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS, word_set

# No quote has more tokens than this after its place, which keeps long sentences cheap.
MAX_QUOTED_TOKENS = 3 * MAX_QUOTED_WORDS
# Kinds whose quote is a statement in words: a phrase that is cut may state something else.
WORDED = {"claim", "non-report", "absence"}
# The ends of a phrase: marks and words that begin another clause, or a phrase of its own.
CLAUSE_MARKS = {",", ";", ":", ".", "?", "!", "(", ")", "—", "\u2013"} | word_set(
    "quotes_clause_words"
)
PREPOSITIONS = word_set("quotes_prepositions")
ANOTHER_CLAUSE = word_set("quotes_another_clause")
SMALL_WORDS = {"and", "the", "of", "in", "to", "a", "for", "were", "was"}
PLURAL = re.compile(r"[a-z-]{2,}[^su\W]s")
MIN_PHRASE = 3
# Marks a value that other rows give: a rule of the machine, the first word of a person's note.
DERIVED = "derived"
# Periods in words, which a table of figures may have.
WORDED_PERIODS = {"", NOT_STATED, REPORTING_PERIOD, *UNSTATED_PERIODS}
PERIOD = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
ZERO_WORDS = {"no", "none", "any", "zero", "neither", "not"}
FACTOR = 3
# Rounded conversions differ this much from the edition's rate.
RATE_TOLERANCE = Decimal("0.02")


# ── Quotes ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Quote:
    """The quote of a finding and its place in the text."""

    start: int
    end: int
    text: str


def quote_of(finding: Finding) -> Quote | None:
    """At most twelve words around the finding's place, unique in its sentence; None if none are."""
    sentence, tokens = finding.sentence, finding.sentence.tokens
    anchor = next((at for at, each in enumerate(tokens) if each.end > finding.place), None)
    if anchor is None:
        return None
    first = max(0, min(finding.first, anchor))
    whole = min(max(finding.last, anchor), len(tokens) - 1)
    last = min(whole, anchor + MAX_QUOTED_TOKENS)
    while word_count(tokens, first, last) > MAX_QUOTED_WORDS and (first < anchor or last > anchor):
        is_after = last - anchor >= anchor - first
        first, last = (first, last - 1) if is_after else (first + 1, last)
    if finding.kind in WORDED:
        last = _phrase_end(tokens, anchor, last, is_cut=last < whole)
    last = _trimmed(tokens, anchor, last)
    while first < anchor and tokens[first].text in {",", ";", ":", ")", ".", "—", "\u2013"}:
        first += 1
    # The quote grows on both sides in turn until the sentence has it once.
    right, words = True, sentence.words
    while words.find(quote := sentence.quote(first, last)) != words.rfind(quote):
        grows_right = (right and last + 1 < len(tokens)) or first == 0
        first, last = (first, last + 1) if grows_right else (first - 1, last)
        right = not right
        if last >= len(tokens) or word_count(tokens, first, last) > MAX_QUOTED_WORDS:
            return None
    return Quote(tokens[first].start, tokens[last].end, sentence.quote(first, last))


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
    back = range(last, least, -1) if is_cut else ()
    ends = [at for at in back if tokens[at + 1].lower in CLAUSE_MARKS]
    ends += [
        at
        for at in back
        if tokens[at + 1].lower in PREPOSITIONS or PLURAL.fullmatch(tokens[at].lower)
    ]
    return ends[0] if ends else last


def _trimmed(tokens: list[Token], anchor: int, last: int) -> int:
    """The last token without marks and small words at the end."""
    while last > anchor:
        token = tokens[last]
        is_kept = token.is_word or token.text[0].isdigit() or token.text in ")%"
        if is_kept and token.lower not in SMALL_WORDS:
            break
        last -= 1
    return last


# ── Checks ──────────────────────────────────────────────────────────────────────────────────────


def failure(finding: Finding, quote: Quote | None) -> str:
    """Return why a finding cannot become a candidate; empty if it can."""
    if quote is None:
        return "no quote of at most twelve words is unique in the sentence"
    if not is_storable(finding.value):
        return "the value has a sign or too many digits"
    is_shown = finding.value is None or finding.is_derived
    place = (quote.start, quote.end)
    if not is_shown and not _has_value(finding.value, finding.sentence, place):
        return "the value is not in the quote"
    if finding.kind in {"figure", "amount"} and not finding.indicator:
        return "nothing says what is counted"
    return "no speaker is named" if finding.kind == "claim" and not finding.speaker else ""


def problems(row: Candidate, document: Document, ids: Container[str]) -> Iterator[tuple[str, str]]:
    """The problems of a row that a person wrote, each with its column.

    `ids` are those of all rows.
    """
    sentence = document.by_name.get(row.sentence)
    if sentence is None:
        yield "sentence", f"the text has no sentence {row.sentence!r}"
        return
    yield from quote_problems(row.quote, sentence)
    is_derived = DERIVED in row.rule.split(SEPARATOR) or is_noted(row.note.casefold(), DERIVED)
    is_shown = row.value is None or is_derived
    if not is_shown and not _has_value(row.value, sentence, (row.start, row.end)):
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
    """Yield why a quote is not the words of one place in its sentence, with the column."""
    count = sentence.words.count(quote) if quote else 0
    if count != 1:
        problem = "does not have these words" if not count else "has these words more than once"
        message = f"{sentence.name} {problem}: {quote!r}; quote words that it has once"
        yield "quote", message


def _has_value(value: Decimal | None, sentence: Sentence, place: tuple[int, int]) -> bool:
    """Return whether a numeral between two places of a sentence has the value."""
    start, end = place
    inside = [each.value for each in sentence.numerals if start <= each.start and each.end <= end]
    # `1.250 victims` are 1,250: a point where American English has a comma.
    inside += [each * 1000 for each in inside if each and each.as_tuple().exponent == -3]
    if value in [each for each in inside if each is not None]:
        return True
    words = {each.lower for each in sentence.tokens if start <= each.start and each.end <= end}
    return value == 0 and bool(words & ZERO_WORDS)


def _is_period(text: str) -> bool:
    """Return whether a cell is a period: a time, a span of two, or words for one."""
    first, _, last = text.partition("/")
    is_span = _is_time(first) and (not last or (_is_time(last) and first <= last))
    return is_span or text.casefold() in WORDED_PERIODS


def _is_time(text: str) -> bool:
    """Return whether a text is a year, a month or a day."""
    found = PERIOD.fullmatch(text)
    try:
        return bool(found and date(*(int(found[each] or 1) for each in ("year", "month", "day"))))
    except ValueError:
        return False


def period_source(finding: Finding, document: Document) -> str:
    """Return where the period is stated: in the sentence or its paragraph; else it is assumed."""
    years = [each[:4] for each in finding.period.split("/") if each[:4].isdigit()]
    if not years or finding.period_from == "assumed":
        return "assumed" if years else ""
    words = finding.sentence.words
    if all(each in words or each[2:] in words for each in years):
        return finding.period_from or "sentence"
    paragraph = document.paragraph_of(finding.sentence)
    return "paragraph" if all(each in paragraph for each in years) else "assumed"


def inherited(finding: Finding) -> list[str]:
    """The cells whose words stand in another sentence: unit, currency, speaker."""
    tokens = finding.sentence.tokens
    words = {each.lower for each in tokens}
    found = []
    if finding.kind == "amount":
        marks = {CURRENCY_SIGNS.get(each.text) for each in tokens}
        marks |= {each.text for each in tokens if each.text in CURRENCY_CODES}
        if finding.unit not in marks and not words & CURRENCY_WORDS.keys():
            found.append("unit")
    elif finding.kind == "figure" and finding.unit not in {"persons", "percent", ""}:
        stem = finding.unit.split()[-1].lower()[:5]
        if not any(each.startswith(stem) for each in words):
            found.append("unit")
    if finding.speaker not in {"unnamed", "report", ""}:
        named = {each.strip(",()").lower() for each in finding.speaker.replace("-", " ").split()}
        if not named & {part for each in words for part in each.split("-")}:
            found.append("speaker")
    return found


# ── Doubts ──────────────────────────────────────────────────────────────────────────────────────

Known = dict[tuple[str, str, str], set[Decimal]]


def add_doubts(findings: Sequence[Finding], known: Known) -> None:
    """Add to each finding the doubts that only several findings together raise.

    `known` has the values of other editions by indicator, period and part.
    """
    figures = [each for each in findings if each.kind == "figure"]
    _doubt_sums(figures)
    for each in findings:
        host = each.host
        if each.prior and host is not None and each.value and host.value:
            least, most = sorted((each.value, host.value))
            if most > FACTOR * least and most >= 10:
                _doubt(each, "differs from the current figure by more than a factor of three")
        values = known.get((each.indicator.casefold(), each.period, each.part.casefold()))
        if each.value is not None and values and each.value not in values:
            listed = ", ".join(f"{value:f}" for value in sorted(values))
            _doubt(each, f"another edition has {listed}: a possible revision")
    for each in figures:
        if each.prior and each.host is not None and each.indicator != each.host.indicator:
            _doubt(each, f"worded unlike the current figure: {each.host.indicator}")
            if "worded unlike the figure it is compared with" in each.doubts:
                each.doubts.remove("worded unlike the figure it is compared with")
    _doubt_rates([each for each in findings if each.kind == "amount"])


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
        indicator, part = str(row["indicator"]).casefold(), str(row["part"]).casefold()
        known[indicator, last_part(str(row["period"])), part].add(Decimal(str(row["value"])))
    return dict(known)


def _doubt_sums(figures: Sequence[Finding]) -> None:
    """Doubt a figure whose parts along one axis sum to another."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for each in figures:
        key = (each.indicator, each.period, each.prior, each.unit, each.counted_by)
        groups[key].append(each)
    for members in groups.values():
        wholes = {each.part: each for each in reversed(members)}
        parts: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for each in members:
            if each.part != "total":
                parts[each.part.rpartition(" / ")[0] or "total", each.axis].append(each)
        for (part, axis), own in parts.items():
            whole, total = wholes.get(part), _sum(own)
            if whole is None or whole.value is None:
                continue
            if total > whole.value:
                _doubt(whole, f"parts by {axis} sum to {total:f}, more than the total")
                here = [each for each in own if each.sentence is whole.sentence]
                for each in here if _sum(here) > whole.value else ():
                    _doubt(each, f"parts sum to {_sum(here):f}, more than {whole.value:f}")
            elif total < whole.value and len(own) > 1:
                _doubt(whole, f"parts by {axis} sum to {total:f} of {whole.value:f}")


def _sum(figures: Iterable[Finding]) -> Decimal:
    return sum((each.value or Decimal() for each in figures), Decimal())


def _doubt_rates(amounts: Sequence[Finding]) -> None:
    """Doubt a conversion at another rate than others: one edition uses one for a currency."""
    rates: dict[tuple[str, str], list[tuple[Decimal, Finding]]] = defaultdict(list)
    for first, second in itertools.pairwise(amounts):
        if second.converted and not first.converted and first.value and second.value:
            rates[first.unit, second.unit].append((second.value / first.value, second))
    for pairs in rates.values():
        usual = sorted(rate for rate, _ in pairs)[len(pairs) // 2]
        for rate, amount in pairs:
            if abs(rate / usual - 1) > RATE_TOLERANCE:
                _doubt(amount, f"converted at {rate:.4f}, others at {usual:.4f}")


def _doubt(finding: Finding, text: str) -> None:
    if text not in finding.doubts:
        finding.doubts.append(text)
