"""The grammar: a reader of rules in general English, without dependencies beyond the base.

Figures are headline counts, their parts, and the earlier figures they are compared with. A sentence
is read from left to right. A *mention* is a number that counts, with its noun phrase.
What stands before it and after it decides whether it is a headline, which has a verb of its own; a
part of the headline before it; or an earlier figure, which belongs to one of those by its label or
its place. Parentheses, dashes and `including` open a scope of their own.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from tipgraph_draft.document import Document, Finding, Sentence
from tipgraph_draft.grammar.claims import read_claims
from tipgraph_draft.grammar.counts import EVENTS
from tipgraph_draft.grammar.entitlements import read_durations
from tipgraph_draft.grammar.gaps import read_gaps
from tipgraph_draft.grammar.mentions import begin_sentence
from tipgraph_draft.grammar.money import read_money
from tipgraph_draft.grammar.rows import PREVIOUS_YEAR, Frame, Row, first_year, last_year
from tipgraph_draft.grammar.sentence import read_figures
from tipgraph_draft.grammar.subjects import PRONOUNS
from tipgraph_draft.grammar.training import read_training
from tipgraph_draft.periods import NOT_STATED
from tipgraph_draft.phrases import TOTAL, Label, same_parts
from tipgraph_draft.words import PLACES, PRESUMED

# Things that took place to train somebody.
LESSONS = {"trainings", "workshops", "seminars", "courses"}
# A text with more sentences than that is no narrative.
MAX_SENTENCES = 20_000
# Stages that are the same for presumed victims.
NOT_PRESUMED = {"other", "capacity", "trained", "funded", "confirmed"}
REPORT = "report"


def read(document: Document) -> list[Finding]:
    """Return the findings of the grammar in a text, sentence by sentence."""
    paragraph = Paragraph()
    year = document.edition_year
    findings: list[Finding] = []
    for sentence in document.sentences[:MAX_SENTENCES]:
        if not sentence.is_readable:
            continue
        if sentence.paragraph != paragraph.number:
            paragraph = Paragraph(sentence.paragraph)
        gaps = read_gaps(sentence)
        rows = [each for each in read_rows(paragraph, sentence, year) if not _is_gap(each, gaps)]
        _settle(rows)
        money = read_money(sentence, year)
        before = _backwards(findings, sentence)
        actors = (each.counted_by for each in before if each.counted_by and not each.prior)
        actor = next(actors, "")
        for each in money:
            if each.counted_by in PRONOUNS:
                each.counted_by = actor or each.counted_by
        taken = [*rows, *money, *gaps]
        training = read_training(sentence, taken)
        findings += [*taken, *training, *read_durations(sentence)]
        speaker = next((each.speaker for each in reversed(rows)), "")
        findings += read_claims(sentence, [*taken, *training], speaker)
    divide_by_agent(findings)
    _set_earlier_amounts(findings)
    return findings


def _backwards(findings: Sequence[Finding], sentence: Sentence) -> Iterator[Finding]:
    """The findings of the paragraph of a sentence, the last first; no later paragraph has any."""
    return takewhile(lambda each: each.sentence.paragraph == sentence.paragraph, reversed(findings))


def _set_earlier_amounts(findings: list[Finding]) -> None:
    """Let an amount of an earlier year in its own sentence belong to the one before it."""
    amounts = [each for each in findings if each.kind == "amount" and each.period.isdigit()]
    for at, each in enumerate(amounts):
        hosts = (
            other
            for other in _backwards(amounts[:at], each.sentence)
            if not other.prior
            and f"{other.indicator} ".startswith(f"{each.indicator} ")
            and (other.unit, other.converted) == (each.unit, each.converted)
            and int(other.period) > int(each.period)
        )
        host = next(hosts, None)
        if host is not None and not each.prior:
            each.prior, each.host = True, host
            each.indicator, each.recipient = host.indicator, each.recipient or host.recipient
            each.rules.append("earlier-by-year")


def _is_gap(row: Row, gaps: list[Finding]) -> bool:
    """Return whether a row is a zero of words which a non-report or an absence has already."""
    is_zero = row.value == 0 and row.note.startswith("worded")
    return is_zero and any(each.first <= row.last and row.first <= each.last + 4 for each in gaps)


def _settle(rows: list[Row]) -> None:
    """Fill the cells of figures that depend on what was read of the sentence as a whole."""
    for row in rows:
        path = row.path or [TOTAL]
        row.part = " / ".join(each.part for each in path)
        row.axis = " / ".join(each.axis for each in path)
        row.indicator, row.stage = row.wording, _stage(row)
        row.speaker = row.speaker or REPORT
        row.rules = list(dict.fromkeys(row.rules))
        row.note = "" if row.note == PREVIOUS_YEAR else row.note
        row.host = row.host if row.host in rows else None


def _stage(row: Row) -> str:
    stage = row.predicate.stage if row.predicate else "other"
    if stage == "other" and row.noun in LESSONS and row.predicate and row.predicate.base:
        return "trained"
    if stage == "capacity" and row.noun in EVENTS:
        return "other"
    is_presumed = bool(PRESUMED & {*row.words.split()}) and stage not in NOT_PRESUMED
    return f"presumed+{stage}" if is_presumed and "presumed" not in stage else stage


# Enough for a paragraph of a report; a longer one is no paragraph.
MAX_FRAMES = 40
# Actors whose figure is that of the whole state, and words of those who are no bodies of it.
STATE = {"government", "authorities", "country", "officials", "state"}
NOT_OF_STATE = {"ngo", "ngos", "organization", "organizations", "society", "church", "iom", "unhcr"}
# A doubt about a part whose total need not include it.
ASSUMED = "taken as a part of the {value:f} of {counted_by}, which the text does not say"


@dataclass
class Paragraph:
    """The state that lasts from one sentence of a paragraph to the next.

    `assumed` are years that a comparison implied, with the sentence and who counted.
    """

    number: int = 0
    frame: Frame | None = None
    frames: list[Frame] = field(default_factory=list)
    year: int | None = None
    assumed: list[tuple[Sentence, str, int]] = field(default_factory=list)
    subject: str = ""

    def frame_of(self, row: Row) -> Frame | None:
        return next((each for each in self.frames if row in each.rows), None)


def read_rows(paragraph: Paragraph, sentence: Sentence, edition_year: int | None) -> list[Row]:
    """The figures of a sentence; classes of its numerals change where it finds out more."""
    frames = paragraph.frames
    state = begin_sentence(sentence, paragraph.frame, frames, edition_year, paragraph.subject)
    rows = read_figures(state)
    paragraph.frame = state.frame
    del frames[:-MAX_FRAMES]
    actors = (each.counted_by for each in rows if each.counted_by and not each.prior)
    paragraph.subject = next(actors, paragraph.subject)
    _set_periods(paragraph, rows, edition_year)
    for row in rows:
        _set_prior(paragraph, row)
    _settle_axes(rows)
    _lift_siblings(paragraph, rows)
    return rows


# ── Periods ─────────────────────────────────────────────────────────────────────────────────────


def _set_periods(paragraph: Paragraph, rows: list[Row], edition_year: int | None) -> None:
    """Give each row a period: stated, taken from the paragraph, assumed, or not stated."""
    for row in rows:
        if row.period and not row.prior and row.period_from == "sentence":
            paragraph.year = last_year(row.period) or paragraph.year
    for row in rows:
        if row.prior and not row.period:
            row.period = _earlier_period(row, edition_year)
            row.period_from = "assumed" if row.period != NOT_STATED else ""
        elif row.prior or row.period not in {"", NOT_STATED}:
            continue
        elif row.period or not _takes_period_of_frame(paragraph, row):
            # `in the reporting period` is the year after the one that it is compared with.
            implied = _implied_year(paragraph, row, rows, edition_year)
            if implied is not None:
                row.period, row.period_from = str(implied), "assumed"
    for row in rows:
        if not row.period:
            _inherit(paragraph, row)
        year = last_year(row.period)
        if row.prior or year is None or row.host is not None:
            continue
        if row.period_from == "assumed":
            paragraph.assumed.append((row.sentence, row.counted_by, year))
        else:
            paragraph.year = max(year, paragraph.year or 0)


def _implied_year(
    paragraph: Paragraph, row: Row, rows: list[Row], edition_year: int | None
) -> int | None:
    """The year after the one it is compared with."""
    frame = paragraph.frame_of(row)
    stated = [
        each.period
        for each in (frame.rows if frame else rows)
        if each.prior and each.sentence is row.sentence and "/" not in each.period
    ]
    years = [year for each in stated if (year := last_year(each)) is not None]
    if not years:
        return None
    implied = max(years) + 1
    is_recent = implied == paragraph.year or edition_year is None or implied >= edition_year - 1
    return implied if is_recent else None


def _takes_period_of_frame(paragraph: Paragraph, row: Row) -> bool:
    """Give a row the period of another of its headline's rows, if one has any."""
    frame = paragraph.frame_of(row)
    for each in frame.current if frame else []:
        if each is not row and each.period and each.period != NOT_STATED:
            row.period, row.period_from = each.period, each.period_from
            if each.sentence is not row.sentence and each.period_from == "sentence":
                row.period_from = "paragraph"
            return True
    return False


def _inherit(paragraph: Paragraph, row: Row) -> None:
    """Give a row the year of its headline or paragraph, or one that a comparison implied."""
    if _takes_period_of_frame(paragraph, row):
        return
    stage = row.predicate.stage if row.predicate else ""
    is_lasting = stage == "capacity" or (row.noun in PLACES and stage != "funded")
    year = paragraph.year or _assumed_year(paragraph, row)
    row.period, row.period_from = NOT_STATED, ""
    if year is not None and not is_lasting and stage not in {"trained", ""}:
        row.period = str(year)
        row.period_from = "assumed" if paragraph.year is None else "paragraph"


def _assumed_year(paragraph: Paragraph, row: Row) -> int | None:
    """The year that a comparison implied for figures of the same actor or sentence."""
    frame = paragraph.frame_of(row)
    for each in frame.rows if frame else []:
        if each.prior and each.sentence is row.sentence and each.period == NOT_STATED:
            # `compared with 12 in the previous reporting period`, which is no year.
            return None
    years = [
        year
        for sentence, actor, year in paragraph.assumed
        if sentence is row.sentence or row.counted_by in {"", actor}
    ]
    return years[-1] if years else None


def _earlier_period(row: Row, edition_year: int | None) -> str:
    """The year before that of the current figure, or of the edition."""
    year = last_year(row.host.period) if row.host and row.host.period else None
    if year is None and edition_year is not None:
        year = edition_year - 1
    return str(year - 1) if row.note == PREVIOUS_YEAR and year else NOT_STATED


# ── What belongs together ───────────────────────────────────────────────────────────────────────


def _set_prior(paragraph: Paragraph, row: Row) -> None:
    """Let a figure of an earlier year in its own sentence belong to the current one before it."""
    year, predicate = last_year(row.period), row.predicate
    if row.prior or year is None or predicate is None or row.period_from != "sentence":
        return
    known = [each for frame in paragraph.frames for each in frame.current]
    later = [
        each
        for each in known
        if each.predicate is not None
        and (each.predicate.stage, each.unit) == (predicate.stage, row.unit)
        and (first_year(each.period) or 0) > year
        and (not each.counted_by or not row.counted_by or each.counted_by == row.counted_by)
    ]
    host = next((each for each in later if same_parts(each.path, row.path)), None)
    frame = paragraph.frame_of(row)
    rows = frame.rows if frame else []
    before = rows[: rows.index(row)] if row in rows else []
    follows = any(each.prior and each.sentence is row.sentence for each in before)
    divides = bool(row.path) and not row.is_headline and any(each in rows for each in later)
    if host is not None or (follows and later) or divides:
        row.prior, row.host = True, host
        row.rules.append("earlier-by-year")


def _settle_axes(rows: list[Row]) -> None:
    """Men and women beside girls, boys or children differ by sex and age."""
    for row in rows:
        siblings = {
            each.path[-1].part
            for each in rows
            if each.path
            and each.words == row.words
            and each.prior == row.prior
            and each.path[:-1] == row.path[:-1]
        }
        adults, children = {"men", "women"}, {"girls", "boys", "children"}
        part = row.path[-1].part if row.path else ""
        if (part in adults and siblings & children) or (part == "children" and siblings & adults):
            row.path[-1] = Label(part, "sex and age")


def _lift_siblings(paragraph: Paragraph, rows: list[Row]) -> None:
    """Let a part after an inner list be a sibling of the list's parent where that completes a sum.

    `90 of sex trafficking, 40 of labor trafficking, including 12 of begging, and five of slavery`
    """
    for row in rows:
        outer, frame = row.parent, paragraph.frame_of(row)
        total = frame.total if frame is not None else None
        if outer is None or total is None or len(row.path) != 2 or row.prior:
            continue
        before = (each for each in rows if len(each.path) == 1 and each.place < row.place)
        alike = (each for each in before if each.path[0].axis == row.path[1].axis)
        siblings = [each for each in alike if each.words == row.words and not each.prior]
        if outer in siblings and sum((each.value for each in siblings), row.value) == total.value:
            row.path, row.parent = row.path[1:], outer.parent
            for each in rows:
                if each.parent is row:
                    each.path = [*row.path, *each.path[2:]]


# ── Totals that several actors share ────────────────────────────────────────────────────────────


def divide_by_agent(findings: list[Finding]) -> None:
    """Let figures of several actors be parts of a total, and so the figures they are compared with.

    `The country identified 90 victims. Police identified 60 victims. Inspectors identified 30.`
    They sum to the total before them, or after them in their sentence; or the total is that of the
    state, and the actors are bodies of it.
    """
    for at, total in enumerate(findings):
        if total.kind != "figure" or total.prior or total.part != "total":
            continue
        others = [*_others(total, findings[at + 1 :])]
        parts = _shares(total, others)
        if "total-of-those-before" in total.rules:
            before = [each for each in findings[:at] if each.sentence is total.sentence]
            parts = _shares(total, [each for each in before if each.counted_by and not each.prior])
        _divide(findings, parts, "agents-sum-to-total")
        if not parts and total.counted_by in STATE:
            parts = _state_shares(total, others)
            for each in parts:
                each.doubts.append(ASSUMED.format(value=total.value, counted_by=total.counted_by))
            _divide(findings, parts, "agents-of-the-state")


def _divide(findings: Iterable[Finding], parts: list[Finding], rule: str) -> None:
    for part in parts:
        part.part, part.axis = part.counted_by, "agent"
        part.rules.append(rule)
    for each in findings:
        host = next((part for part in parts if each.prior and each.host is part), None)
        if host is not None and each.part == "total":
            each.part, each.axis = host.part, host.axis


def _shares(total: Finding, others: Sequence[Finding]) -> list[Finding]:
    """The figures of different actors that sum to a total; none if they do not."""
    actors = {each.counted_by for each in others}
    is_sum = sum(each.value or 0 for each in others) == total.value
    is_shared = len(others) > 1 and len(actors) == len(others) and is_sum
    return [each for each in others if each.axis != "agent"] if is_shared else []


def _state_shares(total: Finding, others: Iterable[Finding]) -> list[Finding]:
    """The figures of bodies of the state after that of the state, which they do not exceed."""
    bodies = (each for each in others if each.counted_by not in STATE)
    shares = [each for each in bodies if not NOT_OF_STATE & {*each.counted_by.casefold().split()}]
    is_less = total.value is not None and sum(each.value or 0 for each in shares) < total.value
    is_same = all(each.indicator == total.indicator for each in shares)
    is_divided = len(shares) > 1 and is_less and is_same
    return [each for each in shares if each.axis != "agent"] if is_divided else []


def _others(total: Finding, following: Iterable[Finding]) -> Iterator[Finding]:
    """The figures of other actors after a total that may be parts of it."""
    for each in following:
        if each.kind != "figure" or each.prior:
            continue
        if each.sentence.paragraph != total.sentence.paragraph or not each.counted_by:
            return
        is_same = (each.stage, each.unit, each.period) == (total.stage, total.unit, total.period)
        if each.part == "total" or each.axis == "agent":
            if not is_same or each.counted_by == total.counted_by:
                return
            yield each
