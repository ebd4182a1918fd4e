"""Figures: headline counts, their parts, and the earlier figures they are compared with.

A sentence is read from left to right. A *mention* is a number that counts, with its noun phrase.
What stands before it (`prefix`) and after it (`suffix`) decides whether it is a headline, which
has a verb of its own; a part of the headline before it; or an earlier figure, which belongs to one
of those by its label or its place. Parentheses, dashes and `including` open a scope of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tipgraph.editions.draft.grammar.periods import NOT_STATED, Period, periods
from tipgraph.editions.draft.grammar.phrases import (
    TOTAL,
    Label,
    NounPhrase,
    labels_in,
    noun_phrase,
)
from tipgraph.editions.draft.grammar.predicates import (
    Predicate,
    actor_text,
    agent_after,
    complement_at,
    predicate_after,
    predicate_before,
)
from tipgraph.editions.draft.number_classes import (
    CONVERTED,
    COUNT,
    DETERMINERS,
    FIGURE,
    MONEY,
    OTHER,
    PERCENTAGE,
    REPEATED,
    YEAR,
    NumberClass,
)
from tipgraph.editions.draft.numerals import Numeral
from tipgraph.editions.draft.tokens import DASHES, Sentence, Token
from tipgraph.editions.draft.words import (
    ACTIVE,
    NOUNS,
    PLACES,
    QUALIFIERS,
    SPEECH,
    VERBS,
    misspelt,
    participle,
    stage,
)

MAX_FRAMES = 40
PERCENT, PERSONS = "percent", "persons"
# Nouns for those who act, and are not counted where they do.
AGENTS = {
    "NGOs", "organizations", "shelters", "centers", "agencies", "officers", "officials", "police",
    "inspectors", "prosecutors", "units", "teams", "states", "countries", "associations",
    "committees",
    "institutions", "providers", "facilities", "municipalities", "representatives", "experts",
    "lawyers", "hospitals", "clinics", "companies", "judges", "embassies", "regions", "provinces",
}  # fmt: skip
# Things that took place, which are counted also where they are only mentioned.
EVENTS = {
    "inspections", "operations", "raids", "investigations", "screenings", "interviews", "sessions",
    "trainings", "seminars", "workshops", "courses", "cases", "events", "trials", "prosecutions",
    "convictions", "visits", "calls", "meetings", "campaigns", "referrals",
}  # fmt: skip
# Verbs between a part and its number.
COUNT_VERBS = {
    "numbered",
    "accounted",
    "totaled",
    "comprised",
    "constituted",
    "represented",
    "made",
}
# Verbs of a change that have both its figures after them.
CHANGES = {"rose", "increased", "decreased", "fell", "dropped", "declined", "grew"}
# Words that say that a person is in several parts.
OVERLAPS = ("more than one category", "more than one form", "more than one type",
    "multiple categories",
            "several categories", "multiple forms", "more than one group",
            "both categories")  # fmt: skip
# Words that set an earlier figure beside the current one.
PRIOR_MARKS = (
    ("compared", "with"), ("compared", "to"), ("in", "comparison", "with"), ("as", "compared"),
    ("in", "comparison", "to"), ("in", "comparison"), ("in", "contrast", "to"), ("versus",),
    ("vs",), ("up", "from"), ("down", "from"), ("increase", "from"), ("decrease", "from"),
    ("increased", "from"), ("decreased", "from"), ("increasing", "from"), ("decreasing", "from"),
    ("decline", "from"), ("declined", "from"), ("rise", "from"), ("rose", "from"),
    ("drop", "from"), ("dropped", "from"), ("reduction", "from"), ("fewer", "than", "the"),
    ("more", "than", "the"), ("less", "than", "the"), ("higher", "than", "the"),
    ("lower", "than", "the"), ("increase", "over"), ("increase", "compared"), ("comparable", "to"),
    ("similar", "to"), ("same", "as"), ("following",), ("after",), ("an", "increase", "over"),
    ("decrease", "compared"), ("relative", "to"), ("than", "in"), ("than", "the"), ("from", "a"),
    ("compares", "with"), ("compares", "to"), ("fell", "from"), ("slight", "increase", "from"),
    ("whereas",), ("comparing", "to"), ("than",), ("from",),
)  # fmt: skip
INCLUSION = (
    ("including",), ("of", "whom"), ("of", "which"), ("among", "whom"), ("among", "them"),
    ("consisting", "of"), ("comprising",), ("namely",), ("comprised", "of"), ("of", "these"),
    ("of", "those"), ("among", "these"), ("among", "those"), ("to", "include"), ("which",
        "included"),
    ("included",), ("composed", "of"), ("with",), ("this", "included"), ("involving",),
)  # fmt: skip
ZERO_VERBS = {"identify", "grant", "issue"}
ALL_WORDS = {"all", "both"}
REST_WORDS = {"remainder", "rest", "others", "remaining"}


@dataclass(eq=False)
class Row:
    """A figure as it is read; `path` is its part, from the widest label to the narrowest."""

    sentence: Sentence
    first: int
    last: int
    place: int
    value: Decimal
    unit: str
    path: list[Label]
    words: str
    predicate: Predicate | None
    counted_by: str
    speaker: str
    act: str
    qualifier: str
    period: str = ""
    period_from: str = ""
    is_prior: bool = False
    host: "Row | None" = None
    rules: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    note: str = ""
    confidence: str = "high"
    noun: str = ""
    is_derived: bool = False
    parent: "Row | None" = None
    has_verb: bool = False

    @property
    def indicator(self) -> str:
        if self.predicate is None:
            return self.words
        return self.predicate.indicator(self.words)

    @property
    def is_total(self) -> bool:
        return not self.path


@dataclass(eq=False)
class Mention:
    """A number that may be a figure, and what stands around it; places are those of tokens."""

    first: int
    number: int
    after: int
    value: Decimal | None
    unit: str
    qualifier: str
    kind: str
    phrase: NounPhrase | None = None
    place: int = 0
    is_reference: bool = False
    partitive: str = ""
    partitive_value: Decimal | None = None
    of_labels: tuple[Label, ...] = ()
    of_phrase: NounPhrase | None = None
    is_headline: bool = False
    is_misprinted: bool = False
    row: Row | None = None

    @property
    def end(self) -> int:
        """The place after its noun phrase."""
        return self.phrase.last + 1 if self.phrase else self.after


@dataclass
class Frame:
    """The headline that parts and comparisons belong to, and the rows read for it so far."""

    words: str
    noun: str
    predicate: Predicate | None
    counted_by: str
    speaker: str
    act: str
    rows: list[Row] = field(default_factory=list)

    @property
    def current(self) -> list[Row]:
        return [each for each in self.rows if not each.is_prior]

    @property
    def total(self) -> Row | None:
        return next((each for each in self.current if each.is_total), None)


@dataclass
class Scope:
    """A stretch of a sentence: the rows read in it, and what they belong to."""

    kind: str
    end: int
    is_prior: bool
    parent: Row | None
    hosts: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    clause: list[Row] = field(default_factory=list)
    subject: str = ""
    year: Period | None = None
    base_labels: list[Label] = field(default_factory=list)


class FigureReader:
    """Reads the figures of a text, sentence by sentence; the headline lasts for a paragraph."""

    def __init__(self, edition_year: int | None) -> None:
        self._edition_year = edition_year
        self._paragraph = 0
        self._frame: Frame | None = None
        self._frames: list[Frame] = []
        self._paragraph_year: int | None = None
        self._subject = ""

    def read(
        self, sentence: Sentence, found: Sequence[Numeral], classes: list[NumberClass]
    ) -> list[Row]:
        """The figures of a sentence; classes of its numerals change where it finds out more."""
        if sentence.paragraph != self._paragraph:
            self._paragraph, self._frame, self._frames = sentence.paragraph, None, []
            self._paragraph_year = None
            self._subject = ""
        reading = _SentenceReading(
            sentence, found, classes, self._frame, self._frames, self._edition_year, self._subject
        )
        rows = reading.rows()
        self._frame = reading.frame
        # Enough for a paragraph of a report; a longer one is no paragraph.
        del self._frames[:-MAX_FRAMES]
        self._subject = self._first_subject(rows) or self._subject
        self._resolve_periods(rows, reading)
        self._set_priors(rows)
        _settle_axes(rows)
        _doubt_sums(rows)
        return rows

    def _first_subject(self, rows: list[Row]) -> str:
        return next((each.counted_by for each in rows if each.counted_by and not each.is_prior), "")

    def _set_priors(self, rows: list[Row]) -> None:
        """A figure of an earlier year in its own sentence belongs to the current one before it."""
        for row in rows:
            year = _last_year(row.period)
            if (
                row.is_prior
                or year is None
                or row.predicate is None
                or row.period_from != "sentence"
            ):
                continue
            own_stage = row.predicate.stage
            earlier_rows = [
                each
                for frame in self._frames
                for each in frame.current
                if each is not row
                and each.predicate is not None
                and each.predicate.stage == own_stage
                and (_first_year(each.period) or 0) > year
                and each.unit == row.unit
                and (not each.counted_by or not row.counted_by or each.counted_by == row.counted_by)
            ]
            host = next((each for each in earlier_rows if _same_path(each.path, row.path)), None)
            headline = any(
                each.is_prior
                for frame in self._frames
                if row in frame.rows
                for each in frame.rows[: frame.rows.index(row)]
                if each.sentence is row.sentence
            )
            if host is not None or (headline and earlier_rows):
                row.is_prior, row.host = True, host
                row.rules.append("earlier-by-year")

    def _resolve_periods(self, rows: list[Row], reading: "_SentenceReading") -> None:
        """Give each row a period: stated, taken from the paragraph, assumed, or not stated."""
        for row in rows:
            if row.period and not row.is_prior and row.period_from == "sentence":
                year = _last_year(row.period)
                if year is not None and row.unit != "":
                    self._paragraph_year = year
        for row in rows:
            if row.period:
                continue
            if row.is_prior:
                row.period = self._earlier_period(row)
                row.period_from = "assumed" if row.period != NOT_STATED else ""
                continue
            if self._inherits_from_frame(row):
                continue
            implied = self._implied_year(row, rows)
            if implied is not None:
                row.period, row.period_from = str(implied), "assumed"
        for row in rows:
            if row.period:
                continue
            self._inherit(row, rows)
        for row in rows:
            year = _last_year(row.period)
            if not row.is_prior and year is not None and row.host is None:
                self._paragraph_year = max(year, self._paragraph_year or 0)

    def _implied_year(self, row: Row, rows: list[Row]) -> int | None:
        """The year after the one it is compared with."""
        frame = next((each for each in self._frames if row in each.rows), None)
        members = frame.rows if frame else rows
        years = [
            year
            for each in members
            if each.is_prior and each.sentence is row.sentence
            and (year := _last_year(each.period)) is not None and "/" not in each.period
        ]  # fmt: skip
        if not years:
            return None
        implied = max(years) + 1
        if self._edition_year is not None and implied < self._edition_year - 1:
            return self._edition_year - 1 if implied == self._edition_year - 2 else None
        return implied

    def _inherits_from_frame(self, row: Row) -> bool:
        """Give a row the period of another of its headline's rows, if one has any."""
        frame = next((each for each in self._frames if row in each.rows), None)
        for each in frame.current if frame else []:
            if each is not row and each.period and each.period != NOT_STATED:
                row.period, row.period_from = each.period, each.period_from
                if each.sentence is not row.sentence and each.period_from == "sentence":
                    row.period_from = "paragraph"
                return True
        return False

    def _inherit(self, row: Row, rows: list[Row]) -> None:
        if self._inherits_from_frame(row):
            return
        stage = row.predicate.stage if row.predicate else ""
        lasting = stage == "capacity" or (row.noun in PLACES and stage != "funded")
        if self._paragraph_year is not None and not lasting and stage not in {"trained", ""}:
            row.period, row.period_from = str(self._paragraph_year), "paragraph"
            return
        row.period, row.period_from = NOT_STATED, ""

    def _earlier_period(self, row: Row) -> str:
        host = row.host
        year = _last_year(host.period) if host and host.period else None
        if row.note == "previous year" and (year or self._edition_year):
            return str((year or (self._edition_year or 0) - 1) - 1)
        return NOT_STATED


class _SentenceReading:
    """The reading of one sentence."""

    def __init__(
        self,
        sentence: Sentence,
        found: Sequence[Numeral],
        classes: list[NumberClass],
        frame: Frame | None,
        frames: list[Frame],
        edition_year: int | None,
        subject: str,
    ) -> None:
        self._sentence = sentence
        self._errors: list[str] = []
        self._tokens = [self._corrected(each) for each in sentence.tokens]
        self._found = found
        self._classes = classes
        self.frame = frame
        self._frames = frames
        self._edition_year = edition_year
        self._by_token = {each.first: at for at, each in enumerate(found)}
        years = {each.first for at, each in enumerate(found) if classes[at].name == YEAR}
        self._periods = {each.first: each for each in periods(self._tokens, years)}
        self._closing = _closing(self._tokens)
        self._mentions = self._find_mentions()
        self._rows: list[Row] = []
        self._subject = subject if self._has_pronoun() else ""
        self._last_places: Row | None = None

    def _pair_with_agents(self) -> None:
        """`Police and prosecutors identified 12 and 20 victims, respectively`."""
        if not any(each.lower == "respectively" for each in self._tokens) or (self._periods and (
            any("by-place-in-list" in each.rules for each in self._rows)
        )):  # fmt: skip
            return
        rows = [each for each in self._rows if not each.is_prior and not each.path]
        agents = (
            rows[0].counted_by.replace(", and ", " and ").replace(", ", " and ").split(" and ")
            if rows
            else []
        )
        if len(agents) == len(rows) > 1 and len({each.words for each in rows}) == 1:
            for row, agent in zip(rows, agents, strict=True):
                row.counted_by = agent
                row.rules.append("by-place-in-list")

    def _has_pronoun(self) -> bool:
        """Whether the sentence begins with somebody named before."""
        return any(self._word(at) in {"they", "it"} for at in range(min(8, len(self._tokens))))

    def rows(self) -> list[Row]:
        main = Scope("main", len(self._tokens), is_prior=False, parent=None)
        begin = self._end_of_leading_comparison()
        if begin:
            # `Compared with 77 victims in 2020, authorities identified 69`: the main clause first.
            self._read_scope(begin, main)
            if self.frame is not None and main.rows:
                earlier = Scope("main", begin, True, None, hosts=[main.rows[0]])
                self._read_scope(2, earlier)
        elif not self._read_change(main):
            self._read_scope(0, main)
        _pair_with_years(self._rows, self._tokens, list(self._periods.values()))
        self._pair_with_agents()
        self._add_doubts()
        self._add_speaker()
        return self._rows

    def _add_speaker(self) -> None:
        """Let those after `According to` say the figures of the sentence."""
        at = next((at for at in range(len(self._tokens)) if self._word(at) == "according"), None)
        if at is None or self._word(at + 1) != "to":
            return
        stop = at + 2
        while stop < len(self._tokens) and self._word(stop) not in {",", ";", "."}:
            stop += 1
        speaker = actor_text(self._tokens, at + 2, stop)
        for row in self._rows:
            if speaker and not row.speaker:
                row.speaker, row.act = speaker, "reports"

    def _end_of_leading_comparison(self) -> int:
        """Where the main clause begins after `Compared with … ,`; 0 if nothing is before it."""
        if (self._word(0), self._word(1)) not in {("compared", "with"), ("compared", "to")}:
            return 0
        commas = [at for at in range(2, len(self._tokens)) if self._word(at) == ","]
        return next((at + 1 for at in commas if any(each < at for each in self._mentions)), 0)

    def _read_change(self, scope: Scope) -> bool:
        """Read `The number of victims identified rose from 26 in 2020 to 45 in 2021`."""
        at = next((at for at in range(len(self._tokens)) if self._word(at) in CHANGES), None)
        if at is None or self._word(at + 1) != "from":
            return False
        first, second = self._mentions.get(at + 2), None
        for start, mention in self._mentions.items():
            if start > at + 2 and self._word(start - 1) == "to":
                second = mention
                break
        number = next((each for each in range(at) if self._word(each) == "number"), None)
        if first is None or second is None or number is None or self._word(number + 1) != "of":
            return False
        phrase = noun_phrase(self._tokens, number + 2, at)
        if phrase is None:
            return False
        after = phrase.last + 1
        predicate = predicate_after(self._tokens, after, at, phrase.noun)
        agent = agent_after(self._tokens, after, at)
        frame = Frame(phrase.text, phrase.noun, predicate, agent, "", "")
        self.frame = frame
        self._frames.append(frame)
        labels = [*phrase.labels, *labels_in(self._tokens, after, at)]
        current = self._row(second, labels, frame, (second.end, second.end))
        earlier = self._row(first, labels, frame, (first.end, first.end))
        earlier.is_prior, earlier.host = True, current
        for row, mention in ((current, second), (earlier, first)):
            following = [each for each in self._periods.values() if each.first > mention.end]
            row.rules.append("change-from-to")
            self._set_period(row, following[0] if following else None)
            frame.rows.append(row)
            self._keep(row, mention, scope)
        return True

    def _add_doubts(self) -> None:
        """Add what the sentence as a whole says against its figures."""
        words = " ".join(each.lower for each in self._tokens)
        if any(each in words for each in OVERLAPS):
            for row in self._rows:
                if row.path:
                    row.doubts.append("categories overlap")
        for row in self._rows:
            row.doubts += [f"typing error in the source: {each}" for each in self._errors]

    def _corrected(self, token: Token) -> Token:
        """The token with the form of a verb that it is a typing error of; its text stays."""
        form = misspelt(token.lower)
        if not form:
            return token
        self._errors.append(token.text)
        return replace(token, lower=form)

    # ── Mentions ────────────────────────────────────────────────────────────────────────────────

    def _find_mentions(self) -> dict[int, Mention]:
        """The mentions by the token at which they begin, with their qualifier."""
        found: dict[int, Mention] = {}
        for at, numeral in enumerate(self._found):
            name = self._classes[at].name
            if name in {COUNT, PERCENTAGE}:
                mention = self._mention(at, numeral)
                if mention is not None:
                    found[mention.first] = mention
        for index in range(len(self._tokens)):
            mention = self._worded(index)
            if mention is not None and mention.first not in found:
                found[mention.first] = mention
        return found

    def _mention(self, at: int, numeral: Numeral) -> Mention | None:
        after = numeral.last + 1
        unit = ""
        if self._classes[at].name == PERCENTAGE:
            unit = PERCENT
            if self._word(after) == "per":
                after += 1
            after += 0 if numeral.rest else 1
            if self._word(after - 1) == "percentage":
                self._classes[at] = NumberClass(PERCENTAGE, "percentage points or share in words")
                return None
        first, qualifier = self._qualifier(numeral.first)
        phrase = noun_phrase(self._tokens, after, len(self._tokens))
        if numeral.rest:
            phrase = None
        if numeral.value is None:
            kind = "half" if self._word(numeral.first) == "half" and not numeral.rest else ""
            if kind != "half" or (qualifier and self._word(numeral.last + 1) != "("):
                return None
            half = Mention(
                first, numeral.first, after, None, unit, qualifier, kind, place=numeral.start
            )
            self._take_partitive(half)
            return half
        kind = "number" if numeral.value or self._word(numeral.first) not in {"none"} else "none"
        mention = Mention(
            first, numeral.first, after, numeral.value, unit, qualifier, kind, phrase, numeral.start
        )
        if phrase is not None and phrase.is_person and not numeral.is_whole and not unit:
            mention.value = numeral.value * 1000
            mention.is_misprinted = True
        mention.is_reference = self._is_reference(numeral, mention)
        if phrase is None:
            self._take_partitive(mention)
        return mention

    def _take_partitive(self, mention: Mention) -> None:
        """Let `of whom`, `of the victims` or `of the 91` belong to the number."""
        at = mention.after
        if self._word(at) == "out":
            at += 1
        if self._word(at) != "of":
            return
        word = self._word(at + 1)
        if word in {"whom", "which"}:
            mention.partitive, mention.after = "last", at + 2
            return
        if at + 1 in self._by_token and not mention.unit:
            self._take_base(mention, self._found[self._by_token[at + 1]])
            return
        if word not in {"the", "these", "those", "them", "its", "their"}:
            return
        start = at + 2
        if start in self._by_token:
            inner = self._by_token[start]
            numeral = self._found[inner]
            if self._classes[inner].name == COUNT:
                self._classes[inner] = NumberClass(REPEATED)
            mention.partitive_value = numeral.value
            start = numeral.last + 1
        phrase = noun_phrase(self._tokens, start, len(self._tokens)) if word != "them" else None
        mention.partitive = "frame"
        mention.of_labels = phrase.labels if phrase else ()
        mention.of_phrase = phrase
        mention.after = phrase.last + 1 if phrase else start

    def _take_base(self, mention: Mention, numeral: Numeral) -> None:
        """Let `of 47 presumed victims` belong to the number, as what it is a part of."""
        phrase = noun_phrase(self._tokens, numeral.last + 1, len(self._tokens))
        if phrase is None or not phrase.is_person:
            return
        mention.partitive, mention.of_phrase = "base", phrase
        mention.partitive_value, mention.of_labels = numeral.value, phrase.labels
        mention.after = phrase.last + 1

    def _is_reference(self, numeral: Numeral, mention: Mention) -> bool:
        """Whether the number is one already given: `the 91 victims`, `of the 91`."""
        before = self._word(numeral.first - 1)
        if before in {"total", "combined"} and self._word(numeral.first - 2) in {"the", "these"}:
            before = "the"
        return before in DETERMINERS

    def _qualifier(self, number: int) -> tuple[int, str]:
        for size in (3, 2, 1):
            words = tuple(self._word(number - size + at) for at in range(size))
            if number - size >= 0 and words in QUALIFIERS:
                if words == ("over",) and self._word(number - 2) in {"increase", "and"}:
                    continue
                if words[-1:] == ("than",) and self._compares(number - size, number):
                    continue
                return number - size, QUALIFIERS[words]
        return number, ""

    def _compares(self, start: int, number: int) -> bool:
        """Whether `fewer than 29 in 2020` compares, and does not qualify the number."""
        before = self._word(start - 1)
        degree = {
            "far",
            "significantly",
            "slightly",
            "much",
            "substantially",
            "considerably",
            "but",
            ",",
        }
        return before in degree and any(number < at < number + 8 for at in self._periods) and any(
            each.first < start for each in self._found
        )  # fmt: skip

    def _worded(self, index: int) -> Mention | None:
        """A number in other words: all, none, no, any after not, the remainder, the same as."""
        word = self._word(index)
        if (
            word in ZERO_VERBS
            and self._word(index - 1) == "not"
            and self._word(index - 2) in {"did", "had"}
        ):
            return self._not_done(index)
        if word not in {"no", "any", "all", "both", "same", *REST_WORDS}:
            return None
        place = self._tokens[index].start
        if word == "no":
            phrase = noun_phrase(self._tokens, index + 1, len(self._tokens))
            if phrase is None or self._word(index + 1) in {"longer", "one"}:
                return None
            return Mention(index, index, index + 1, Decimal(0), "", "", "no", phrase, place)
        if word == "any":
            negated = self._negation(index)
            phrase = noun_phrase(self._tokens, index + 1, len(self._tokens))
            if negated is None or phrase is None:
                return None
            return Mention(negated, index, index + 1, Decimal(0), "", "", "any", phrase, place)
        if word in ALL_WORDS:
            return self._all(index, place)
        if word == "same":
            return self._same(index, place)
        if word == "remaining" and index + 1 in self._by_token:
            return None
        if word == "others" and self._word(index - 1) not in {"the"}:
            return None
        first = index - 1 if self._word(index - 1) == "the" else index
        after = index + 1
        phrase = None
        if word == "remaining":
            phrase = noun_phrase(self._tokens, after, len(self._tokens))
        return Mention(first, index, after, None, "", "", "rest", phrase, place)

    def _not_done(self, verb: int) -> Mention | None:
        """`did not identify foreign victims`: none, though no number and no `any` is printed."""
        if self._word(verb + 1) in {
            "any",
            "the",
            "all",
            "these",
            "a",
            "an",
            "its",
            "their",
            "more",
            "enough",
        }:
            return None
        phrase = noun_phrase(self._tokens, verb + 1, len(self._tokens))
        if (
            phrase is None
            or phrase.last > verb + 6
            or phrase.noun not in {"victims", "permits", "children"}
        ):
            return None
        if (
            phrase.noun == "victims"
            and phrase.text in {"victims", "trafficking victims"}
            and not phrase.labels
        ):
            return None
        return Mention(
            verb - 2, verb, verb + 1, Decimal(0), "", "", "any", phrase, self._tokens[verb].start
        )

    def _negation(self, index: int) -> int | None:
        """The place of `did` in `did not identify any`."""
        for at in range(index - 1, max(-1, index - 7), -1):
            word = self._word(at)
            if word == "not" and self._word(at - 1) in {"did", "had", "has", "have", "were"}:
                return at - 1
            if word in {",", ";", "("}:
                return None
        return None

    def _all(self, index: int, place: int) -> Mention | None:
        """`all were`, `all of whom`, `all victims were`, `all but one`, `all female`."""
        after = index + 1
        if self._word(after) == "but" and after + 1 in self._by_token:
            numeral = self._found[self._by_token[after + 1]]
            end = numeral.last + 1
            if self._word(end) == "of" and self._word(end + 1) in {"whom", "which", "them"}:
                end += 2
            mention = Mention(index, index, end, None, "", "", "all but some", None, place)
            mention.partitive_value = numeral.value
            return mention
        if self._word(after) in {"of"} and self._word(after + 1) in {"whom", "which", "them"}:
            after += 2
        elif self._word(after) in {"of"} and self._word(after + 1) in {"these", "those", "the"}:
            group = noun_phrase(self._tokens, after + 2, len(self._tokens))
            end = group.last + 1 if group else after + 2
            if self._has_part_predicate(end):
                return Mention(index, index, end, None, "", "", "all", None, place)
            return None
        elif after in self._by_token and self._word(after) not in {"of"}:
            numeral = self._found[self._by_token[after]]
            phrase = noun_phrase(self._tokens, numeral.last + 1, len(self._tokens))
            end = phrase.last + 1 if phrase else numeral.last + 1
            if self._word(end) in {"of"} and self._word(end + 1) in {"whom", "which"}:
                end += 2
            if self._has_part_predicate(end):
                return Mention(index, index, end, numeral.value, "", "", "all", None, place)
            return self._all_of_a_verb(index, end, numeral.value, phrase, place)
        if self._word(index - 1) in {"not", "of", "in", "for", "to", "at", "with", "from", "on"}:
            return None
        if self._word(index) == "both" and self._word(after) not in {"were", "of"} and not (
            index and self._word(index - 1) in {",", "("}
        ):  # fmt: skip
            return None
        phrase = noun_phrase(self._tokens, after, len(self._tokens))
        end = after
        if phrase is not None and not phrase.labels:
            end = phrase.last + 1
        if self._has_part_predicate(end) or (
            phrase is not None and phrase.labels and self._word(index - 1) in {",", "(", *DASHES}
        ):
            return Mention(index, index, end, None, "", "", "all", None, place)
        return self._all_of_a_verb(index, end, None, phrase, place)

    def _all_of_a_verb(
        self, index: int, end: int, value: Decimal | None, phrase: NounPhrase | None, place: int
    ) -> Mention | None:
        """`referred all to shelters`, `assisted all 12 victims`, `all 48 received assistance`."""
        verb = VERBS.get(self._word(index - 1))
        governed = verb is not None and verb[1] == "past" and self._word(index) == "all"
        given = (
            self._word(index - 1) in {"to", "for"}
            and self._word(index) == "all"
            and (value is not None or (phrase is not None and phrase.is_person))
        )
        trailing = None
        if value is not None or phrase is not None:
            trailing = predicate_after(self._tokens, end, self._stop(end), "victims")
        if not (governed or given or trailing is not None):
            return None
        if value is None and phrase is not None and (phrase.labels or not phrase.is_person):
            return None
        mention = Mention(index, index, end, value, "", "", "all", phrase, place)
        mention.is_headline = True
        return mention

    def _all_headline(
        self,
        mention: Mention,
        before: tuple[int, int],
        after: tuple[int, int],
        own: Period | None,
        scope: Scope,
        parents: list[Row | None],
    ) -> Row | None:
        """All of those counted before have something done with them."""
        frame = self.frame
        base = None
        if frame is not None:
            base = frame.total or self._only_row(frame)
            if mention.value is not None:
                base = next((each for each in frame.current if each.value == mention.value), base)
        leading = predicate_before(self._tokens, *before, None, self._subject, mention.end)
        trailing = predicate_after(self._tokens, *after, "victims")
        predicate = leading or trailing
        is_derived = mention.value is None
        if predicate is None or (is_derived and base is None):
            return None
        if leading is not None and leading.subject:
            self._subject = leading.subject
        if is_derived and base is not None:
            mention.value = base.value
        period = own
        row = self._headline_row(mention, predicate, [], after, period, scope, parents)
        if base is not None and not row.period:
            row.period, row.period_from = base.period, base.period_from
        row.is_derived = is_derived
        row.rules.append("derived-all" if is_derived else "all-of-them")
        return row

    def _has_part_predicate(self, at: int) -> bool:
        """Whether `were` and a part follow: `were adults`, `were female`."""
        if self._word(at) not in {"were", "was", "are"}:
            return bool(labels_in(self._tokens, at, min(at + 2, len(self._tokens)))) and (
                self._word(at - 1) in {"whom", "which"}
            )
        end = self._stop(at)
        return bool(labels_in(self._tokens, at, end)) and not (
            predicate_after(self._tokens, at, end, "victims", is_strict=True)
        )

    def _stop(self, at: int) -> int:
        """The next mark that ends a clause."""
        while at < len(self._tokens) and self._word(at) not in {
            ",",
            ";",
            "(",
            ")",
            "—",
            "\u2013",
            ":",
        }:
            at += 1
        return at

    def _same(self, index: int, place: int) -> Mention | None:
        """`the same number as in 2019`: an earlier figure that is not repeated."""
        at = index + 1
        if self._word(at) in {"number", "amount", "total", "figure"}:
            at += 1
        if self._word(at) != "as" or self._word(at + 1) != "in":
            return None
        if at + 2 not in self._periods and self._word(at + 2) != "the":
            return None
        return Mention(index, index, at, None, "", "", "same", None, place)

    def _word(self, index: int) -> str:
        return self._tokens[index].lower if 0 <= index < len(self._tokens) else ""

    # ── Scopes ──────────────────────────────────────────────────────────────────────────────────

    def _read_scope(self, start: int, scope: Scope) -> None:
        """Read the mentions from a place to the scope's end, with the scopes within it."""
        index = prefix = start
        base_prior = scope.is_prior
        parents: list[Row | None] = [scope.parent]
        while index < scope.end:
            if index in self._closing:
                has_mentions = self._read_inner(index, scope, parents[-1])
                index = self._closing[index] + 1
                prefix = index if has_mentions else prefix
                continue
            word = self._word(index)
            if word in {";", ":"}:
                scope.is_prior, scope.hosts, scope.clause = base_prior, [], []
                scope.base_labels = []
                parents = [scope.parent]
                if word == ":" and scope.rows:
                    parents = [scope.rows[-1]]
                index = prefix = index + 1
                scope.year = None if word == ";" else scope.year
                continue
            mention = self._mentions.get(index)
            if mention is not None and mention.number < scope.end:
                split = self._read_mention(mention, prefix, scope, parents)
                index, prefix = max(mention.end, index + 1), split
                continue
            size = self._prior_mark(index, scope)
            if size:
                self._begin_prior(scope, parents)
                index = prefix = index + size
                continue
            size = self._inclusion(index, scope)
            if size:
                last = scope.rows[-1] if scope.rows else None
                if self._word(index) in {"of", "among"} and self._word(index + 1) in {
                    "these", "those"
                }:  # fmt: skip
                    parents = [None]
                elif last is not None:
                    parents = [*parents, self._including_parent(last, scope, index)]
                index = prefix = index + size
                continue
            index += 1

    def _including_parent(self, last: Row, scope: Scope, index: int) -> Row | None:
        """What `including` divides: the figure before it."""
        return last

    def _read_inner(self, index: int, outer: Scope, parent: Row | None) -> bool:
        """Read a scope in parentheses or between dashes; false if there is no figure in it."""
        end = self._closing[index]
        inner = [at for at in self._mentions if index < at < end]
        if not inner:
            return False
        last = outer.rows[-1] if outer.rows and self._adjoins(outer.rows[-1], index) else None
        is_paren = self._word(index) == "("
        stated = [each for at, each in self._periods.items() if index < at < end]
        earlier = any(self._is_earlier(each, last) for each in stated)
        outside = next((each for each in self._periods.values() if each.last == index - 1), None)
        if (
            len(inner) == 1
            and not stated
            and outside is not None
            and self._is_earlier(outside, last)
            and (
                self._word(outside.first - 1) == "in"
                and self._word(outside.first - 2) in {"than", "as"}
            )
        ):
            # `fewer than in 2018 (22)`
            earlier, stated = True, [outside]
        if is_paren and self._labels_from_before(index, end, inner, outer, parent):
            return True
        kind = "paren" if is_paren else "dash"
        scope = Scope(kind, end, outer.is_prior or (earlier and is_paren), last or parent)
        if scope.is_prior and not outer.is_prior:
            scope.hosts = self._paren_hosts(inner, outer, last)
            scope.parent = None
        if outer.is_prior:
            scope.hosts = [last] if last else outer.hosts
        trailing = [each for each in stated if not each.is_earlier]
        scope.year = trailing[-1] if len(trailing) == 1 and scope.is_prior else None
        self._read_scope(index + 1, scope)
        if kind == "dash" and not scope.is_prior:
            outer.rows.extend(scope.rows)
        return True

    def _adjoins(self, row: Row, index: int) -> bool:
        """Whether nothing but the words of the row stands before an opening mark."""
        return not any(each.text in {";"} for each in self._tokens[max(row.last, 0) : index])

    def _is_earlier(self, period: Period, row: Row | None) -> bool:
        if period.is_earlier:
            return True
        if period.year is None:
            return False
        current = _last_year(row.period) if row and row.period else None
        if current is None and self._edition_year is not None:
            current = self._edition_year - 1
        return current is None or period.year < current

    def _paren_hosts(self, inner: list[int], outer: Scope, last: Row | None) -> list[Row]:
        """The current figures that the earlier ones in parentheses belong to, by place."""
        count = len(inner)
        recent = [each for each in outer.clause if not each.is_prior and not each.is_derived]
        if last is not None and last.is_derived and last.parent is not None:
            last = last.parent
        first = self._mentions[inner[0]]
        total = self.frame.total if self.frame is not None else None
        whole = (
            first.phrase is not None
            and not first.phrase.labels
            and self._word(first.end) not in {"of", "to"}
        )
        divided = any(
            self._word(at) in {"including", ":"}
            for at in range(first.end, self._close_of(inner[0]))
        )
        if total is not None and whole and divided and total.sentence is self._sentence:
            return [total]
        if count > 1 and len(recent) >= count and not self._have_own_years(inner):
            return recent[-count:]
        return [last] if last else []

    def _have_own_years(self, inner: list[int]) -> bool:
        """Whether each number in parentheses has a year of its own: one figure's earlier years."""
        ends = [*inner[1:], self._close_of(inner[0])]
        years = [
            next((self._periods[at].text for at in sorted(self._periods) if start < at < end), "")
            for start, end in zip(inner, ends, strict=True)
        ]
        return all(years) and len(set(years)) == len(years)

    def _close_of(self, at: int) -> int:
        """The end of the parentheses around a place."""
        return min(
            (end for start, end in self._closing.items() if start < at < end),
            default=len(self._tokens),
        )

    def _labels_from_before(
        self, index: int, end: int, inner: list[int], outer: Scope, parent: Row | None
    ) -> bool:
        """Read `Germany (131)`, `UK citizens (3,560)`: a number named by what is before it."""
        if len(inner) != 1 or (self.frame is None and not outer.rows):
            return False
        mention = self._mentions[inner[0]]
        content = [
            each for each in range(index + 1, end) if not mention.first <= each < mention.after
        ]
        if mention.value is None or content or inner[0] in self._periods:
            return False
        start = index
        while start > 0 and self._word(start - 1) not in {",", ";", "(", ")", ":"} and (
            index - start < 12 and (start - 1 not in self._by_token
                or self._word(start - 1) == "half")
        ):  # fmt: skip
            start -= 1
        frame = self.frame
        labels = labels_in(self._tokens, start, index)
        if not labels:
            labels = self._names_before(start, index)
        after = labels_in(self._tokens, end + 1, self._stop(end + 1))
        worded = {"majority", "most", "half", "many", "few", "some", "all", "quarter", "third"} & {
            self._word(at) for at in range(start, index)
        }
        if not labels and worded:
            labels = after
        if not labels or frame is None:
            return False
        clause = max((at + 1 for at in range(start) if self._word(at) == ";"), default=0)
        subject: list[Label] = []
        if len(labels) > 1 and labels != after and labels[-1].axis == "nationality":
            labels = labels[-1:]
        if not any(clause <= at < start for at in self._mentions if self._word(at - 1) != "("):
            subject = [each for each in labels_in(self._tokens, clause, index) if each not in labels
                       and each.axis != "nationality"]  # fmt: skip
        if mention.unit == PERCENT and len(labels) > 1 and labels == after:
            subject, labels = labels[:-1], labels[-1:]
            outer.base_labels = subject
        labels = [*subject, labels[-1]]
        if outer.rows and outer.rows[-1].last >= start and not outer.rows[-1].is_total:
            return False
        row = self._part_row(mention, labels, outer, self._group_parent(start, parent), frame)
        row.rules.append("part-before-parenthesis")
        return True

    def _group_parent(self, start: int, parent: Row | None) -> Row | None:
        return parent

    def _names_before(self, start: int, index: int) -> list[Label]:
        """Names of countries before a parenthesis: `from Germany (131) and Romania (68)`."""
        at = index
        while at > start and self._tokens[at - 1].is_word and self._tokens[at - 1].is_capitalised:
            at -= 1
        if at == index:
            return []
        name = " ".join(each.text for each in self._tokens[at:index])
        return [Label(name, "nationality")]

    def _prior_mark(self, index: int, scope: Scope) -> int:
        """The number of words of a mark at this place after which earlier figures follow."""
        if not scope.rows and not (self.frame and self.frame.rows and scope.kind == "main"):
            return 0
        for mark in PRIOR_MARKS:
            if tuple(self._word(index + at) for at in range(len(mark))) != mark:
                continue
            following = self._next_mention(index + len(mark))
            if following is None:
                return 0
            gap = following - index - len(mark)
            if mark in {("from",), ("after",), ("following",), ("from", "a"), ("than",), ("than",
                "the"),
                        ("than", "in")}:  # fmt: skip
                if not self._is_plain_prior(index, index + len(mark), following, scope):
                    return 0
            elif gap > 14:
                return 0
            return len(mark)
        return 0

    def _is_plain_prior(self, index: int, after: int, following: int, scope: Scope) -> bool:
        """Whether `from 12 in 2019`, `than the 12 victims in 2019` gives an earlier figure."""
        mention = self._mentions[following]
        if following - after > 4 or mention.unit == PERCENT or not scope.rows:
            return False
        stated = [each for at, each in self._periods.items() if following < at < following + 12]
        last = scope.rows[-1]
        if not any(self._is_earlier(each, last) for each in stated):
            return False
        words = {self._word(at) for at in range(max(0, index - 6), index)}
        change = {"increase", "decrease", "increased", "decreased", "up", "down", "rise", "drop",
                  "decline", "more", "fewer", "less", "higher", "lower", "compared", ",",
                  "reduction"}  # fmt: skip
        return bool(words & change)

    def _next_mention(self, index: int) -> int | None:
        following = [at for at, each in self._mentions.items() if at >= index]
        if not following:
            return None
        found = min(following)
        return None if any(self._word(at) == ";" for at in range(index, found)) else found

    def _begin_prior(self, scope: Scope, parents: list[Row | None]) -> None:
        """The figures that earlier ones after this mark are compared with."""
        scope.is_prior = True
        current = [each for each in scope.clause if not each.is_prior]
        if not current and self.frame is not None:
            current = self.frame.current
        heads = [each for each in current if each.host is None]
        total = next((each for each in heads if each.is_total), None)
        if total is not None:
            scope.hosts = [total]
        else:
            scope.hosts = current
        del parents[1:]

    def _inclusion(self, index: int, scope: Scope) -> int:
        for words in INCLUSION:
            if tuple(self._word(index + at) for at in range(len(words))) == words:
                following = self._next_mention(index + len(words))
                if following is None or not (scope.rows or self.frame):
                    return 0
                gap = following - index - len(words)
                if words in {("with",), ("included",), ("involving",)} and gap > 0:
                    return 0
                if words == ("with",) and not self._is_with_list(index, following):
                    return 0
                if words[0] in {"of", "among"} and (gap > 3 or self._word(index + 2) in VERBS):
                    return 0
                return len(words) if gap <= 6 else 0
        return 0

    def _is_with_list(self, index: int, following: int) -> bool:
        """Whether `, with 583 in 2020` or `, with five children` adds a part."""
        mention = self._mentions[following]
        if self._word(index - 1) != ",":
            return False
        return mention.phrase is None or bool(mention.phrase.labels)

    # ── Rows ────────────────────────────────────────────────────────────────────────────────────

    def _read_mention(
        self, mention: Mention, prefix: int, scope: Scope, parents: list[Row | None]
    ) -> int:
        """Make the row of a mention; returns where the words before the next one begin."""
        stop = self._next_event(mention.end, scope)
        split = self._split(mention.end, stop, scope)
        number = mention.number + (1 if self._word(mention.number) in ZERO_VERBS else 0)
        before = (prefix, number if mention.kind == "any" else mention.first)
        after = (mention.end, split)
        own = self._period_in(*after)
        leading = self._leading(before)
        if leading is not None:
            scope.year = leading
        if mention.is_reference and not scope.is_prior:
            if self._set_reference(mention, parents, scope, before, split):
                return mention.end
            return mention.phrase.first if mention.phrase else mention.end
        if self._is_actor(mention, split):
            return mention.first
        restart = (
            scope.is_prior and scope.kind == "main" and self._restarts(mention, before, after, own)
        )
        if restart:
            scope.is_prior, scope.hosts, scope.clause = False, [], []
            del parents[1:]
        row = (
            self._prior(mention, before, after, own, scope, parents)
            if scope.is_prior
            else self._current(mention, before, after, own, scope, parents)
        )
        if row is not None:
            self._keep(row, mention, scope)
            if not row.period and not row.is_prior and scope.kind == "main":
                self._set_period(row, self._later_period(split))
        return split

    def _later_period(self, start: int) -> Period | None:
        """The period at the end of a clause, which covers all of it."""
        at, depth = start, 0
        while at < len(self._tokens) and self._word(at) not in {";", ":"}:
            depth += {"(": 1, ")": -1}.get(self._word(at), 0)
            if depth == 0 and at in self._mentions:
                return None
            if depth == 0 and (self._prior_mark_ahead(at, Scope("", 0, False, None)) or
                               self._word(at) in {"while", "although", "since",
                                   "who"}):  # fmt: skip
                return None
            if depth == 0 and at in self._periods and self._word(at - 1) in {"in", "during", "for"}:
                found = self._periods[at]
                return None if found.is_earlier else found
            at += 1
        return None

    def _keep(self, row: Row, mention: Mention, scope: Scope) -> None:
        mention.row = row
        if mention.is_misprinted:
            row.doubts.append("a point in the number: thousands are assumed")
        if row.noun in PLACES:
            self._last_places = row
        scope.rows.append(row)
        scope.clause.append(row)
        self._rows.append(row)
        at = self._by_token.get(mention.number)
        if at is not None and self._classes[at].name == COUNT:
            self._classes[at] = NumberClass(FIGURE)

    def _is_actor(self, mention: Mention, stop: int) -> bool:
        """Whether the number counts those who do or say something: `One NGO alleged`."""
        phrase = mention.phrase
        if phrase is None or mention.kind != "number" or mention.unit:
            return False
        actors = phrase.noun in AGENTS
        at = mention.end
        while self._word(at) in {"also", "again", "have", "had", "has"} or self._word(at).endswith(
            "ly"
        ):
            at += 1
        word = self._word(at)
        verb = VERBS.get(word)
        acts = (
            verb is not None
            and verb[1] == "past"
            and verb[0] not in ACTIVE
            and self._has_object(at)
        )
        says = word in SPEECH and SPEECH[word][1] in {"past", "present"} and word != "identified"
        places = (
            phrase.noun in {"shelters", "centers", "facilities", "hospitals", "clinics"}
            and mention.value != 1
        )
        if not (actors and (acts or says)) or places:
            return False
        index = self._by_token.get(mention.number)
        if index is not None and self._classes[index].name == COUNT:
            self._classes[index] = NumberClass(OTHER, "number of those who act or speak")
        del stop
        return True

    def _has_object(self, verb: int) -> bool:
        """Whether a verb in the active has an object: a number or a noun, not a preposition."""
        following = self._word(verb + 1)
        return following not in {
            "in",
            "by",
            "to",
            "for",
            "as",
            "at",
            "from",
            "with",
            ",",
            ".",
            "during",
            ";",
            ")",
            "on",
        }

    def _set_reference(
        self,
        mention: Mention,
        parents: list[Row | None],
        scope: Scope,
        before: tuple[int, int],
        split: int,
    ) -> bool:
        """A number that was given before; parts that follow are parts of it."""
        at = self._by_token.get(mention.number)
        if at is not None and self._classes[at].name == COUNT:
            known = mention.phrase is not None or self._word(mention.after) in {
                ".",
                ",",
                ";",
                "were",
                "was",
            }
            self._classes[at] = (
                NumberClass(REPEATED) if known else NumberClass(OTHER, "counts something else")
            )
        introduces = self._word(before[1] - 1) in {"of", "among"} or self._word(
            mention.number - 2) in {"of", "among"}  # fmt: skip
        given = self.frame.current if self.frame is not None else []
        named = [each for each in given if each.value == mention.value]
        if introduces and named:
            del parents[1:]
            parents.append(named[-1] if not named[-1].is_total else None)
        elif introduces and mention.phrase is not None and mention.value is not None:
            self._introduce(mention, scope, mention.end)
        return introduces

    def _introduce(self, mention: Mention, scope: Scope, end: int) -> Row | None:
        """Make a headline of `the 85 victims authorities identified in 2021`, given by the way."""
        phrase = mention.phrase
        assert phrase is not None
        stop = self._stop(end)
        predicate = self._relative(end, stop)
        if predicate is None:
            return None
        period = self._period_in(end, stop)
        if self._subject == "" and predicate.subject:
            self._subject = predicate.subject
        row = self._headline_row(
            mention, predicate, list(phrase.labels), (end, stop), period, scope, [None]
        )
        row.rules.append("headline-by-the-way")
        self._keep(row, mention, scope)
        scope.clause.clear()
        return row

    def _relative(self, at: int, stop: int) -> Predicate | None:
        """`identified by police`, `that authorities identified`, `they assisted`."""
        trailing = predicate_after(self._tokens, at, stop, "victims")
        if trailing is not None:
            return replace(trailing, subject=agent_after(self._tokens, at, stop))
        for index in range(at, stop):
            word = self._word(index)
            if (
                word in VERBS
                and VERBS[word][1] == "past"
                and self._word(index - 1) not in {"were", "was"}
            ):
                base = VERBS[word][0]
                start = at + 1 if self._word(at) in {"that", "whom", "who", "which"} else at
                subject = actor_text(self._tokens, start, index) or self._subject
                return Predicate(base, participle(base), stage(base), subject,
                                 complement=complement_at(self._tokens, index + 1))  # fmt: skip
            if index - at > 8:
                return None
        return None

    def _next_event(self, at: int, scope: Scope) -> int:
        """The next place at which something else begins."""
        while at < scope.end:
            if at in self._mentions or at in self._closing or self._word(at) in {";", ":", ")"}:
                return at
            if self._prior_mark_ahead(at, scope) or self._inclusion_ahead(at):
                return at
            at += 1
        return scope.end

    def _prior_mark_ahead(self, at: int, scope: Scope) -> bool:
        words = (self._word(at), self._word(at + 1))
        return words in {("compared", "with"), ("compared", "to"), ("up", "from"), ("down", "from"),
                         ("increase", "from"), ("decrease", "from"), ("in", "comparison")} or (
            words[0] in {"versus", "vs", "whereas"}
        )  # fmt: skip

    def _inclusion_ahead(self, at: int) -> bool:
        words = (self._word(at), self._word(at + 1))
        return words[0] in {"including", "namely", "comprising"} or words in {
            ("of", "whom"), ("of", "which"), ("among", "whom"), ("consisting", "of"),
        }  # fmt: skip

    def _split(self, start: int, stop: int, scope: Scope) -> int:
        """Where the words after a mention end and those before the next one begin."""
        if stop not in self._mentions or stop >= scope.end:
            return stop
        limit = stop
        # `and, in 2019, 30 victims`: the year belongs to what follows.
        leading = self._leading_start(start, stop)
        if leading is not None:
            limit = leading
        candidates = [
            at for at in range(start, limit)
            if self._word(at) == "," or self._word(at) in {"and", "while", "but", "or"}
        ]  # fmt: skip
        verbs = [
            at for at in range(start, limit)
            if self._word(at) in VERBS and VERBS[self._word(at)][1] in {"past", "present"}
            and self._word(at - 1) not in {"was", "were", "been", "be"} and at > start
        ]  # fmt: skip
        if verbs:
            earlier = [at for at in candidates if at < verbs[-1]]
            conjunctions = [at for at in earlier]
            if conjunctions:
                return self._with_comma(conjunctions[-1], start)
            return limit if not candidates else self._with_comma(candidates[-1], start)
        if not candidates:
            return limit
        return self._with_comma(candidates[-1], start)

    def _with_comma(self, at: int, start: int) -> int:
        """The place of a conjunction, or of the comma before it."""
        return at - 1 if at > start and self._word(at - 1) == "," and self._word(at) != "," else at

    def _leading_start(self, start: int, stop: int) -> int | None:
        """Where `in 2019,` begins, right before a mention."""
        for at, period in self._periods.items():
            adjoins = period.last + 1 == stop or (
                period.last + 1 == stop - 1 and self._word(stop - 1) == ","
            )
            leads = self._word(at - 1) in {"in", "during"} and self._word(at - 2) in {",", "and"}
            if start <= at < stop and adjoins and leads:
                return at - 2
        return None

    def _period_in(self, start: int, end: int) -> Period | None:
        """The period that stands after a mention."""
        found = [
            each for at, each in self._periods.items()
            if start <= at < end and (self._word(at - 2), self._word(at - 1)) != ("than", "in")
        ]  # fmt: skip
        return found[0] if found else None

    def _leading(self, before: tuple[int, int]) -> Period | None:
        """The period that stands before a mention and its verb, as in `In 2020, the …`."""
        found = [each for at, each in self._periods.items() if before[0] <= at < before[1]]
        return found[-1] if found else None

    def _restarts(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], own: Period | None
    ) -> bool:
        """Whether a new statement on the current period begins after earlier figures."""
        if own is not None and own.year is not None and self._is_earlier(own, self._last_current()):
            return False
        words = [self._word(at) for at in range(*before)]
        leading = self._leading(before)
        if leading is not None and self._is_earlier(leading, self._last_current()):
            return False
        has_conjunction = bool(words) and words[0] in {",", "and", "while", "but"}
        predicate = predicate_before(self._tokens, *before, mention.phrase, self._subject)
        if has_conjunction and predicate is not None:
            return True
        following = self._word(mention.end)
        if not has_conjunction:
            return False
        if self._shared_prior_year(after):
            return False
        labels = list(mention.phrase.labels) if mention.phrase else []
        labels += labels_in(self._tokens, *after)
        same_label = {each.part for row in self._rows if row.is_prior for each in row.path}
        return following in {"were", "was"} and not (
            own is not None or any(each.part in same_label for each in labels)
        )

    def _shared_prior_year(self, after: tuple[int, int]) -> bool:
        """Whether a later year of this clause covers the mention: `30 adults and 16 in 2016`."""
        for at in sorted(self._periods):
            if at >= after[1]:
                stop = any(self._word(each) in {";"} for each in range(after[1], at))
                return (
                    not stop
                    and self._is_earlier(self._periods[at], self._last_current())
                    and (at - after[1] < 14)
                )
        return False

    def _last_current(self) -> Row | None:
        rows = [each for each in self._rows if not each.is_prior]
        return rows[-1] if rows else None

    # ── Current figures ─────────────────────────────────────────────────────────────────────────

    def _current(
        self,
        mention: Mention,
        before: tuple[int, int],
        after: tuple[int, int],
        own: Period | None,
        scope: Scope,
        parents: list[Row | None],
    ) -> Row | None:
        if mention.kind == "all" and mention.is_headline:
            return self._all_headline(mention, before, after, own, scope, parents)
        if mention.kind in {"all", "rest", "half", "all but some", "same"}:
            return self._derived(mention, before, after, own, scope, parents)
        phrase = mention.phrase
        if mention.partitive == "frame" or self._of_these(before):
            after = self._introduce_whole(mention, before, after, scope)
        labels = self._labels(mention, after)
        subject_labels = self._subject_part(before)
        labels = labels or subject_labels
        leading = (
            None
            if subject_labels
            else predicate_before(self._tokens, *before, phrase, self._subject, mention.end)
        )
        trailing = predicate_after(
            self._tokens, after[0], self._predicate_end(after), phrase.noun if phrase else "victims"
        )
        if trailing is None and leading is None and mention.partitive == "last":
            relative = self._relative(mention.end, after[1])
            trailing = replace(relative, is_finite=True) if relative and relative.subject else None
        if (
            trailing is None
            and leading is None
            and phrase is not None
            and not before_words(self._tokens, before)
        ):
            trailing = self._after_insertion(mention)
        if leading is not None and leading.subject:
            self._subject = leading.subject
        of_these = self._of_these(before)
        in_list = scope.kind in {"paren", "dash"} or len(parents) > 1 or of_these
        if of_these:
            scope.base_labels = labels_in(self._tokens, *before)
            if not any(self._word(at) in VERBS for at in range(*before)):
                scope.base_labels = [
                    each
                    for each in scope.base_labels
                    if each.axis in {"age", "sex", "exploitation"}
                ]
        if mention.kind in {"no", "any"} and leading is None and trailing is None:
            return self._none_exist(mention, before, after, own)
        speaker = ""
        if leading is not None and trailing is not None and leading.base == "report":
            # `reported 12 children went missing`: the report has a clause of its own.
            trailing = replace(trailing, speaker=leading.subject, act="reports")
            leading = None
        elif leading is not None and leading.base == "report" and mention.partitive:
            speaker, leading = leading.subject, None
        elif leading is not None and leading.base == "report":
            leading = replace(leading, speaker=leading.subject, act="reports")
        if mention.partitive == "base":
            self._keep_base(mention, leading, own, scope)
        headline = self._headline(mention, leading, trailing, labels, in_list)
        place = self._place_part(mention, headline)
        if place is not None:
            labels, headline, in_list = [*labels, place], None, True
        elif (
            headline is leading and leading is not None and self._divides_by_agent(mention, leading)
        ):
            labels, headline = [Label(leading.subject, "agent")], None
            in_list = True
        elif (
            headline is leading
            and leading is not None
            and self._continues_agents(mention, leading, scope)
        ):
            labels, headline = [Label(f"{leading.participle} by {leading.subject}", "agent")], None
            in_list = True
        if (
            leading is not None
            and trailing is not None
            and not trailing.is_finite
            and own is not None
            and (leading.base != trailing.base)
        ):
            # `assisted 35 victims identified in 2020`: the year is that of the identification.
            own = None
        period = own or (scope.year if not scope.is_prior else None)
        if headline is not None:
            return self._headline_row(mention, headline, labels, after, period, scope, parents)
        capacity = self._capacity(mention, before, after)
        if capacity is not None:
            return capacity
        estimate = self._estimate(mention, before, labels, period)
        if estimate is not None:
            return estimate
        if self.frame is None or (not labels and phrase is not None and not in_list and
                                  not self._coordinated(before)):  # fmt: skip
            return self._bare_row(mention, labels, before, after, period, scope)
        if mention.kind in {"no", "any"}:
            return None
        agent = self._agent_part(mention, before, after)
        if not labels and not agent:
            return self._unlabelled(mention, before, after, own, scope, parents)
        if agent and not labels:
            labels = [agent]
        labels = self._unknown_of_siblings(labels, scope)
        if scope.base_labels and labels and not set(scope.base_labels) & set(labels):
            labels = [*scope.base_labels, *labels]
        row = self._part_row(mention, labels, scope, self._parent(mention, scope, parents, after),
                             self.frame, keep=False)  # fmt: skip
        if row.path and row.path[-1].axis == "agent":
            counter = agent_after(self._tokens, *after) or self._leading_subject(mention, before)
            row.counted_by = counter or row.counted_by
        self._set_period(row, own or period)
        self._cover(row, mention, after)
        if speaker:
            row.speaker, row.act = speaker, "reports"
        return row

    def _unknown_of_siblings(self, labels: list[Label], scope: Scope) -> list[Label]:
        """`51 were unspecified` differs from the parts before it in what they differ in."""
        last = scope.clause[-1] if scope.clause else None
        if (
            len(labels) != 1
            or labels[0].part not in {"unspecified", "unknown"}
            or last is None
            or not last.path
        ):
            return labels
        axis = last.path[-1].axis
        prefix = {"sex": "gender ", "nationality": "nationality ", "age": "age "}.get(axis, "")
        return [Label(f"{prefix}{labels[0].part}", axis)] if axis != "exploitation" else labels

    def _leading_subject(self, mention: Mention, before: tuple[int, int]) -> str:
        leading = predicate_before(self._tokens, *before, mention.phrase, "", mention.end)
        return leading.subject if leading else ""

    def _predicate_end(self, after: tuple[int, int]) -> int:
        return after[1]

    def _of_these(self, before: tuple[int, int]) -> bool:
        words = [self._word(at) for at in range(*before)]
        while words and words[0] in {",", "and", "while"}:
            words = words[1:]
        if words[:1] in (["of"], ["among"]) and words[-1:] == [","]:
            return True
        return any(
            words[at] in {"of", "among"} and words[at + 1] in {"these", "those", "them", "the"}
            for at in range(len(words) - 1)
        ) and not any(word in VERBS and VERBS[word][1] == "past" for word in words)

    def _coordinated(self, before: tuple[int, int]) -> bool:
        words = [self._word(at) for at in range(*before)]
        return bool(words) and all(
            each in {",", "and", "or", "as", "well", "another"} for each in words
        )

    def _labels(self, mention: Mention, after: tuple[int, int]) -> list[Label]:
        """The parts that the mention and the words after it name."""
        labels = list(mention.phrase.labels) if mention.phrase else []
        start, end = after
        # What a relative clause or a purpose adds is no part: `who`, `in order to`.
        for at in range(start, after[1]):
            if (self._word(at) in {"who", "whose", "that", "which", "because", "due", "after",
                "mainly", "mostly",
                                  "primarily", "predominantly", "especially", "largely"}
                                  and at > start) or (
                self._word(at) == "," and self._word(at + 1) in {"a", "an"}
            ):  # fmt: skip
                end = at
                break
        found = labels_in(self._tokens, start, end)
        if found and end == after[1] and self._is_lone_number(end):
            # `victims from Vietnam (14) and Romania (12)`: the number in parentheses has the label.
            found = found[:-1]
        stated = {each.part for each in labels}
        return [*labels, *(each for each in found if each.part not in stated)]

    def _is_lone_number(self, at: int) -> bool:
        """Whether parentheses at this place have a number and nothing else."""
        close = self._closing.get(at)
        inner = self._mentions.get(at + 1)
        return (
            close is not None
            and inner is not None
            and inner.after == close
            and (self._word(at) == "(" and at + 1 not in self._periods)
        )

    def _place_part(self, mention: Mention, headline: Predicate | None) -> Label | None:
        """`66 of these victims in the capital`: a part by place of those of the same stage."""
        if headline is None or mention.partitive != "frame" or not self._is_same_stage(headline):
            return None
        if not headline.complement.startswith("in "):
            return None
        return Label(headline.complement, "place")

    def _divides_by_agent(self, mention: Mention, leading: Predicate) -> bool:
        """Whether `police identified 40` divides the total of the same sentence."""
        frame = self.frame
        total = frame.total if frame is not None else None
        return bool(
            mention.phrase is None
            and not mention.partitive
            and total is not None
            and total.sentence is self._sentence
            and self._is_same_stage(leading)
            and leading.subject
            and leading.subject != total.counted_by
            and mention.value is not None
            and mention.value < total.value
        )

    def _continues_agents(self, mention: Mention, leading: Predicate, scope: Scope) -> bool:
        """Whether `and NGOs referred 46` follows `police referred 109 of the victims`."""
        last = scope.clause[-1] if scope.clause else None
        return bool(
            mention.phrase is None
            and last is not None
            and last.path
            and leading.subject
            and last.path[-1].axis == "agent"
            and last.path[-1].part.startswith(f"{leading.participle} by ")
        )

    def _headline(
        self,
        mention: Mention,
        leading: Predicate | None,
        trailing: Predicate | None,
        labels: list[Label],
        in_list: bool,
    ) -> Predicate | None:
        """The predicate that makes a mention a headline, if it is one."""
        is_partitive = bool(mention.partitive)
        if leading is not None and not in_list:
            if is_partitive and self._is_agent_part(leading):
                return None
            return leading
        if trailing is None:
            return None
        if in_list and labels and mention.phrase is None:
            return None
        if (
            in_list
            and mention.phrase is None
            and not trailing.is_finite
            and mention.partitive != "last"
        ):
            return None
        if in_list and self.frame is not None and self._is_same_stage(trailing):
            return None
        if is_partitive and labels and trailing.stage == "other":
            return None
        return trailing

    def _keep_base(
        self, mention: Mention, leading: Predicate | None, own: Period | None, scope: Scope
    ) -> None:
        """Make a figure of the 47 in `33 of 47 presumed victims`."""
        phrase, value = mention.of_phrase, mention.partitive_value
        assert phrase is not None
        assert value is not None
        numeral = next(
            each for each in self._found if each.value == value and each.first > mention.number
        )
        base = Mention(
            numeral.first,
            numeral.first,
            phrase.first,
            value,
            "",
            "",
            "number",
            phrase,
            numeral.start,
        )
        stage_name = "presumed" if phrase.is_presumed else "other"
        frame = Frame(phrase.text, phrase.noun, Predicate.bare(stage_name),
                      leading.subject if leading else "", "", "")  # fmt: skip
        row = self._row(base, list(phrase.labels), frame, (phrase.last + 1, phrase.last + 1))
        row.rules.append("base-of-a-part")
        self._set_period(row, own or scope.year)
        frame.rows.append(row)
        self._rows.append(row)
        at = self._by_token[numeral.first]
        self._classes[at] = NumberClass(FIGURE)

    def _introduce_whole(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], scope: Scope
    ) -> tuple[int, int]:
        """Make a headline of the victims that a number is a part of, where none was given before.

        `41 of the 60 victims authorities identified`, `of the victims police identified, 11 were`.
        Returns the words after the mention without that clause.
        """
        if mention.partitive == "frame":
            known = self.frame.current if self.frame is not None else []
            if any(each.value == mention.partitive_value for each in known):
                return after
            if mention.partitive_value is None and known:
                return after
            phrase, begin = mention.of_phrase, mention.after
        else:
            if self.frame is not None and self.frame.current:
                return after
            start = next((at for at in range(*before) if self._word(at) in {"of", "among"}), None)
            if start is None:
                return after
            begin = start + 1
            while self._word(begin) in {"the", "these", "those", "all"}:
                begin += 1
            phrase = noun_phrase(self._tokens, begin, before[1])
            begin = phrase.last + 1 if phrase else begin
        if phrase is None or not phrase.is_person:
            return after
        stop = self._main_verb(begin, self._stop(begin))
        predicate = self._relative(begin, stop)
        if predicate is None:
            return after
        period = self._period_in(begin, stop)
        value = mention.partitive_value if mention.partitive == "frame" else None
        whole = Mention(begin, begin, begin, value, "", "", "number", phrase,
                        self._tokens[phrase.first].start)  # fmt: skip
        if value is None:
            words, noun, _ = self._words(whole, predicate, list(phrase.labels))
            self.frame = Frame(
                words, noun, predicate, predicate.subject, predicate.speaker, predicate.act
            )
            self._frames.append(self.frame)
            scope.year = period or scope.year
        else:
            at = next(
                each for each in self._found if each.value == value and mention.number < each.first
            )
            whole.place, whole.first, whole.number = at.start, at.first, at.first
            whole.after = phrase.first
            row = self._headline_row(
                whole, predicate, list(phrase.labels), (begin, stop), period, scope, [None]
            )
            row.rules.append("headline-by-the-way")
            self._keep(row, whole, scope)
            scope.clause.clear()
            scope.year = period or scope.year
        return (stop, after[1]) if mention.partitive == "frame" and stop <= after[1] else after

    def _main_verb(self, at: int, stop: int) -> int:
        """The place of `were` or another verb after a relative clause, or the stop."""
        seen = False
        for index in range(at, stop):
            word = self._word(index)
            if word in {"were", "was", "lacked", "had", "did", "received", "are"} and seen:
                return index
            seen = seen or word in VERBS
        return stop

    def _subject_part(self, before: tuple[int, int]) -> list[Label]:
        """The part that a subject names: `Women accounted for 41`, `male victims numbered 90`."""
        words = [self._word(at) for at in range(*before)]
        verb = next((at for at, each in enumerate(words) if each in COUNT_VERBS), None)
        if verb is None or any(each in VERBS for each in words[verb + 1 :]):
            return []
        return labels_in(self._tokens, before[0], before[0] + verb)

    def _after_insertion(self, mention: Mention) -> Predicate | None:
        """The verb after `Four victims, including two children, entered`."""
        if self._word(mention.end) != "," or self._word(mention.end + 1) not in {
            "including",
            "all",
            "among",
        }:
            return None
        stop = next(
            (at for at in range(mention.end, len(self._tokens)) if self._word(at) == ";"),
            len(self._tokens),
        )
        for at in range(stop - 1, mention.end + 2, -1):
            if self._word(at) == ",":
                return predicate_after(self._tokens, at + 1, self._stop(at + 1), "victims")
        return None

    def _is_agent_part(self, predicate: Predicate) -> bool:
        """Whether `police referred 109 of the victims` divides the count of the same sentence."""
        rows = [each for each in self._rows if not each.is_prior]
        return bool(rows) and predicate.subject != rows[0].counted_by

    def _is_same_stage(self, predicate: Predicate) -> bool:
        own = self.frame.predicate if self.frame else None
        return own is not None and own.base == predicate.base

    def _headline_row(
        self,
        mention: Mention,
        predicate: Predicate,
        labels: list[Label],
        after: tuple[int, int],
        period: Period | None,
        scope: Scope,
        parents: list[Row | None],
    ) -> Row:
        words, noun, labels = self._words(mention, predicate, labels)
        if predicate.complement.startswith("among "):
            labels = [each for each in labels if each.part.split()[0] not in predicate.complement]
        if noun in {"sessions", "trainings", "courses", "workshops", "seminars"} and (
            noun in {"trainings"} or "training" in words
        ):
            predicate = replace(predicate, stage="trained")
        counted_by = agent_after(self._tokens, *after) or predicate.subject
        previous = self.frame
        frame = Frame(words, noun, predicate, counted_by, predicate.speaker, predicate.act)
        same = (
            previous is not None
            and previous.words == words
            and previous.predicate is not None
            and previous.predicate.indicator(words) == predicate.indicator(words)
            and not self._is_new_total(previous, labels)
        )
        if same and previous is not None:
            frame = previous
            frame.counted_by = counted_by or frame.counted_by
        else:
            self._frames.append(frame)
        self.frame = frame
        row = self._row(mention, labels, frame, after)
        row.counted_by = counted_by
        row.rules.append("headline-" + ("before" if predicate.is_before else "after"))
        row.predicate = predicate
        if mention.kind in {"no", "any"}:
            row.rules.append("zero-in-words")
            row.note = f"worded {self._sentence.quote(mention.first, mention.number)!r}"
            row.doubts.append("zero from the wording, no number printed")
        self._set_period(row, period)
        earlier = self._earlier_headline(row, previous)
        if earlier is not None:
            row.is_prior, row.host = True, earlier
            row.rules.append("earlier-headline")
        frame.rows.append(row)
        return row

    def _is_new_total(self, frame: Frame, labels: list[Label]) -> bool:
        return not labels and frame.total is not None

    def _earlier_headline(self, row: Row, previous: Frame | None) -> Row | None:
        """The current figure before it that an earlier one with a verb of its own belongs to."""
        year = _last_year(row.period) if row.period else None
        if year is None or row.predicate is None:
            return None
        for frame in reversed(self._frames):
            if frame.predicate is None or frame.predicate.stage != row.predicate.stage:
                continue
            for each in frame.current:
                if each.counted_by and row.counted_by and each.counted_by != row.counted_by:
                    continue
                current = _first_year(each.period) if each.period else None
                if current is None and self._edition_year is not None:
                    current = self._edition_year - 1
                if each is not row and each.path == row.path and current is not None:
                    return each if year < current else None
        del previous
        return None

    def _words(
        self, mention: Mention, predicate: Predicate | None, labels: list[Label]
    ) -> tuple[str, str, list[Label]]:
        """The words of what is counted, its noun, and the parts that are left."""
        phrase = mention.phrase
        if phrase is None and mention.partitive == "base" and mention.of_phrase is not None:
            return mention.of_phrase.text, mention.of_phrase.noun, labels
        if phrase is None:
            frame = self.frame
            return (frame.words, frame.noun, labels) if frame else ("victims", "victims", labels)
        stage = predicate.stage if predicate else ""
        is_part = phrase.is_person and phrase.words[-1] == "victims" and phrase.noun != "victims"
        if is_part and stage not in {"identified", "confirmed", "registered", "referred",
            "assisted",
                                     "sheltered", "repatriated"}:  # fmt: skip
            text = " ".join(
                each.lower if not each.text[0].isupper() else each.text
                for each in self._tokens[phrase.first : phrase.last + 1]
            )
            outside = labels_in(self._tokens, mention.end, mention.end)
            return text, phrase.noun, outside
        if not phrase.is_person:
            return " ".join(phrase.words), phrase.noun, []
        words = phrase.text
        if phrase.noun == "victims" and self._is_of_trafficking(mention):
            words += " of trafficking"
        if self._word(mention.first - 1) in {"additional", "new"} and "additional" not in words:
            words = f"{self._word(mention.first - 1)} {words}"
        return words, phrase.noun, labels

    def _is_of_trafficking(self, mention: Mention) -> bool:
        at = mention.end
        if self._word(at) != "of":
            return False
        if self._word(at + 1) == "human":
            return self._word(at + 2) == "trafficking"
        return self._word(at + 1) == "trafficking"

    def _bare_row(
        self,
        mention: Mention,
        labels: list[Label],
        before: tuple[int, int],
        after: tuple[int, int],
        period: Period | None,
        scope: Scope,
    ) -> Row | None:
        """A count without a verb of ours: `There were 33 victims`, `four dedicated shelters`."""
        phrase = mention.phrase
        if phrase is None or (mention.unit == PERCENT and self.frame is None):
            return None
        if phrase.noun in {"police", "staff"}:
            return None
        if self._word(mention.first - 1) in {"to", "for"} and any(
            each.name in {MONEY, CONVERTED} for each in self._classes
        ):
            return None
        if (
            phrase.noun in {"nationalities", "countries"}
            and self.frame is not None
            and self.frame.rows
            and (self._word(mention.first - 1) in {"from", "of", "representing"})
        ):
            return self._origins(mention, after, period)
        words, noun, labels = self._words(mention, None, labels)
        predicate = self._existence(mention, before, after)
        is_place = noun in PLACES
        same = self.frame
        if predicate is not None and same is not None and same.words == words and same.predicate:
            row = self._headline_row(mention, same.predicate, labels, after, period, scope, [None])
            row.counted_by = row.counted_by or same.counted_by
            row.rules.append("count-as-before")
            return row
        if (
            predicate is None
            and not is_place
            and not phrase.is_person
            and not self._counted_thing(mention, after)
        ):
            return None
        counted_by = agent_after(self._tokens, *after)
        frame = Frame(words, noun, predicate, counted_by, "", "")
        if not is_place and phrase.is_person:
            self.frame = frame
            self._frames.append(frame)
        row = self._row(mention, labels if phrase.is_person else [], frame, after)
        row.predicate = predicate or Predicate.bare("capacity" if is_place else "other")
        row.rules.append("count-without-verb")
        row.confidence = "low"
        row.counted_by = counted_by
        self._set_period(row, period)
        frame.rows.append(row)
        return row

    def _origins(self, mention: Mention, after: tuple[int, int], period: Period | None) -> Row:
        """The number of nationalities or countries of the victims before it."""
        assert self.frame is not None
        phrase, victims = mention.phrase, (self._rows or self.frame.rows)[-1]
        assert phrase is not None
        of = " of origin" if phrase.noun == "countries" else ""
        frame = Frame(f"{phrase.noun}{of} of {victims.indicator}", phrase.noun,
            Predicate.bare("other"),
                      victims.counted_by, "", "")  # fmt: skip
        row = self._row(mention, [], frame, after)
        row.rules.append("nationalities")
        self._set_period(row, period)
        if not row.period:
            row.period, row.period_from = victims.period, victims.period_from
        frame.rows.append(row)
        return row

    def _estimate(
        self, mention: Mention, before: tuple[int, int], labels: list[Label], period: Period | None
    ) -> Row | None:
        """`Experts estimated that 3,000 children were victims`."""
        at = next(
            (at for at in range(*before) if self._word(at) in {"estimated", "estimates"}), None
        )
        if at is None or mention.phrase is None or not mention.phrase.is_person:
            return None
        start = max(
            (each + 1 for each in range(before[0], at) if self._word(each) in {",", ";"}),
            default=before[0],
        )
        speaker = actor_text(self._tokens, start, at)
        predicate = Predicate("estimate", "estimated", "other", "", speaker, "estimates")
        frame = Frame("victims", "victims", predicate, "", speaker, "estimates")
        row = self._row(mention, labels[:1], frame, (mention.end, mention.end))
        row.rules.append("estimate")
        self._set_period(row, period or self._later_period(mention.end))
        self.frame = frame
        frame.rows.append(row)
        return row

    def _capacity(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int]
    ) -> Row | None:
        """`five shelters, with capacity for 120 victims`."""
        words = [self._word(at) for at in range(*before)]
        if "capacity" not in words or self._last_places is None:
            return None
        places = self._last_places
        frame = Frame(f"capacity of {places.indicator}", "victims", Predicate.bare("capacity"),
                      places.counted_by, "", "")  # fmt: skip
        row = self._row(mention, [], frame, after)
        row.rules.append("capacity")
        frame.rows.append(row)
        return row

    def _counted_thing(self, mention: Mention, after: tuple[int, int]) -> bool:
        """Whether a number of things is a count: `in each of two cases`, `through two seminars`."""
        phrase = mention.phrase
        before = self._word(mention.first - 1)
        if before == "of" and self._word(mention.first - 2) == "each":
            return True
        return phrase is not None and phrase.noun in EVENTS and before in {
            "during", "in", "through", "of", "following", "after", "at", "into", "to",
        }  # fmt: skip

    def _none_exist(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int], own: Period | None
    ) -> Row | None:
        """`There were no shelters specifically for male victims`."""
        phrase = mention.phrase
        if (
            phrase is None
            or phrase.noun not in PLACES
            or self._existence(mention, before, after) is None
        ):
            return None
        at = mention.end + (1 if self._word(mention.end).endswith("ly") else 0)
        manner = f" {self._word(mention.end)}" if at > mention.end else ""
        target = complement_at(self._tokens, at)
        words = f"{phrase.text}{manner} {target}".strip()
        frame = Frame(words, phrase.noun, Predicate.bare("capacity"), "", "", "")
        row = self._row(mention, [], frame, after)
        row.rules.append("zero-in-words")
        row.note = "worded 'no'"
        row.doubts.append("zero from the wording, no number printed")
        self._set_period(row, own)
        frame.rows.append(row)
        return row

    def _existence(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int]
    ) -> Predicate | None:
        words = [self._word(at) for at in range(*before)]
        if "there" in words and ("were" in words or "was" in words or "are" in words):
            return Predicate.bare("other")
        return None

    def _unlabelled(
        self,
        mention: Mention,
        before: tuple[int, int],
        after: tuple[int, int],
        period: Period | None,
        scope: Scope,
        parents: list[Row | None],
    ) -> Row | None:
        """A further count of the same thing: another agent, another year, a part in words."""
        frame = self.frame
        assert frame is not None
        if mention.unit == PERCENT:
            return None
        if (
            period is not None
            and frame.rows
            and not (period.is_earlier and self._word(after[0]) in VERBS)
        ):
            last = frame.rows[-1]
            row = self._row(mention, list(last.path), frame, after)
            self._set_period(row, period)
            row.rules.append("same-count-other-period")
            current = [each for each in frame.current if each.path == row.path]
            year = _last_year(row.period)
            known = _last_year(current[0].period) if current and current[0].period else None
            if known is None and self._edition_year is not None:
                known = self._edition_year - 1
            if current and year is not None and known is not None and year < known:
                row.is_prior, row.host = True, current[0]
            elif self._word(mention.end) in VERBS:
                pass
            frame.rows.append(row)
            return row
        other = self._other_complement(mention, after)
        if other is not None:
            new = Frame(frame.words, frame.noun, other, frame.counted_by, frame.speaker, frame.act)
            row = self._row(mention, [], new, after)
            row.rules.append("same-count-other-place")
            new.rows.append(row)
            self._frames.append(new)
            return row
        phrase = mention.phrase
        if (
            phrase is not None
            and not phrase.is_person
            and phrase.noun != frame.noun
            and scope.kind == "main"
            and (not self._coordinated(before))
        ):
            new = Frame(phrase.text, phrase.noun, Predicate.bare("other"), "", "", "")
            row = self._row(mention, [], new, after)
            row.rules.append("count-without-verb")
            row.confidence = "low"
            new.rows.append(row)
            return row
        if phrase is not None and self._coordinated(before) and phrase.noun != "victims":
            coordinated = self._coordinated_row(mention, phrase, after)
            self._set_period(coordinated, period or scope.year)
            return coordinated
        part = None if self._elliptical_subject(before) else self._part_in_words(mention, after)
        if part is None:
            subject = self._elliptical_subject(before)
            last = scope.clause[-1] if scope.clause else None
            if subject and last is not None and last.path and last.path[-1].axis == "agent":
                row = self._part_row(
                    mention, [Label(subject, "agent")], scope, None, frame, keep=False
                )
                row.counted_by = subject
                return row
            if subject:
                row = self._row(mention, [], frame, after)
                row.counted_by = subject
                row.rules.append("same-count-other-agent")
                frame.rows.append(row)
                return row
            if phrase is not None and self._coordinated(before) and phrase.is_person:
                return self._coordinated_row(mention, phrase, after)
            return None
        row = self._part_row(mention, [part], scope, self._parent(mention, scope, parents, after),
                             frame, keep=False)  # fmt: skip
        row.rules.append("part-in-words")
        row.confidence = "low"
        return row

    def _coordinated_row(self, mention: Mention, phrase: NounPhrase, after: tuple[int, int]) -> Row:
        """`identified 12 victims and 15 potential victims`: a further count with the same verb."""
        frame = self.frame
        assert frame is not None
        new = Frame(
            phrase.text, phrase.noun, frame.predicate, frame.counted_by, frame.speaker, frame.act
        )
        row = self._row(mention, [], new, after)
        row.rules.append("coordinated-count")
        new.rows.append(row)
        self._frames.append(new)
        return row

    def _other_complement(self, mention: Mention, after: tuple[int, int]) -> Predicate | None:
        """The predicate of `12 to a state-run shelter` after `referred 37 victims to shelters`."""
        own = self.frame.predicate if self.frame else None
        if own is None or mention.phrase is not None or not own.complement:
            return None
        preposition = own.complement.split()[0]
        if self._word(after[0]) != preposition:
            return None
        found = complement_at(self._tokens, after[0])
        return replace(own, complement=found) if found else None

    def _part_in_words(self, mention: Mention, after: tuple[int, int]) -> Label | None:
        """The part in the source's words, where no axis is known: `two to the airport`."""
        phrase = mention.phrase
        if (
            phrase is not None
            and self.frame is not None
            and phrase.noun == self.frame.noun
            and len(phrase.words) > 1
        ):
            own = [each for each in phrase.words[:-1] if each not in self.frame.words.split()]
            if own:
                return Label(" ".join(own), "other")
        words = [each for each in self._tokens[after[0] : after[1]] if each.is_word]
        while words and words[0].lower in {
            "were",
            "was",
            "of",
            "the",
            "who",
            "in",
            "to",
            "for",
            "whom",
        }:
            words = words[1:]
        words = [each for each in words if each.lower != "respectively"]
        if not words or len(words) > 8 or (len(words) == 1 and words[0].lower.endswith("ing")):
            return None
        last = self._rows[-1].path if self._rows else []
        axis = last[-1].axis if last and last[-1].axis == "exploitation" else "other"
        return Label(" ".join(each.text for each in words), axis)

    def _elliptical_subject(self, before: tuple[int, int]) -> str:
        """`and NGOs 30`: a subject without its verb."""
        start = before[0]
        while start < before[1] and self._word(start) in {",", "and", "while", "but"}:
            start += 1
        if start >= before[1] or before[1] - start > 6:
            return ""
        if not self._tokens[before[1] - 1].is_word or any(
            self._word(at) in VERBS for at in range(start, before[1])
        ):
            return ""
        return actor_text(self._tokens, start, before[1])

    def _agent_part(
        self, mention: Mention, before: tuple[int, int], after: tuple[int, int]
    ) -> Label | None:
        """A part by who did it: `30 by police`, `police referred 109 of the victims`."""
        agent = agent_after(self._tokens, *after)
        frame = self.frame
        if agent and frame is not None:
            trailing = predicate_after(self._tokens, *after, "victims")
            if trailing is not None:
                return Label(f"{trailing.participle} by {agent}", "agent")
            return Label(agent, "agent")
        if (mention.partitive and self._rows) or self._of_these(before):
            leading = predicate_before(self._tokens, *before, mention.phrase, self._subject)
            if leading is not None and leading.subject:
                return Label(f"{leading.participle} by {leading.subject}", "agent")
        return None

    def _parent(
        self, mention: Mention, scope: Scope, parents: list[Row | None], after: tuple[int, int]
    ) -> Row | None:
        """The figure that a part divides; None for the headline itself."""
        if mention.partitive == "last":
            return scope.rows[-1] if scope.rows else None
        if mention.partitive_value is not None and self.frame is not None:
            named = [each for each in self.frame.current if each.value == mention.partitive_value]
            if named and not named[-1].is_total:
                return named[-1]
        parent = parents[-1]
        verb = self._word(mention.end) in {"were", "was"}
        inner = [each for each in scope.rows if each.parent is parent]
        if len(parents) > 1 and verb and inner and not inner[0].has_verb:
            # A finite verb ends the list without verbs that `including` opened.
            parents.pop()
            return parents[-1]
        return parent

    def _part_row(
        self,
        mention: Mention,
        labels: list[Label],
        scope: Scope,
        parent: Row | None,
        frame: Frame,
        keep: bool = True,
    ) -> Row:
        own = labels
        parent = parent or self._labelled_headline(frame, scope)
        path = [*parent.path, *own] if parent is not None and not parent.is_prior else own
        row = self._row(mention, _unique(path), frame, (mention.end, mention.end))
        row.rules.append("part-of-part" if len(row.path) > len(own) else "part")
        row.parent = parent
        row.has_verb = self._word(mention.end) in {"were", "was"}
        frame.rows.append(row)
        if parent is not None and parent in frame.rows:
            row.period, row.period_from = parent.period, parent.period_from
        if keep:
            self._keep(row, mention, scope)
        return row

    def _labelled_headline(self, frame: Frame, scope: Scope) -> Row | None:
        """The only headline, if it counts a part: `33 foreign victims. The victims came from`."""
        heads = [
            each
            for each in frame.current
            if any(rule.startswith("headline") for rule in each.rules)
        ]
        if frame.total is not None or len(heads) != 1 or not heads[0].path:
            return None
        return heads[0] if heads[0].sentence is not self._sentence or scope.kind != "main" else None

    def _row(
        self, mention: Mention, path: list[Label], frame: Frame, after: tuple[int, int]
    ) -> Row:
        unit = mention.unit or (
            PERSONS if frame.noun in _PERSON_UNITS or (mention.phrase and mention.phrase.is_person)
            else frame.noun
        )  # fmt: skip
        if mention.phrase and not mention.phrase.is_person:
            unit = mention.phrase.noun
        assert mention.value is not None
        row = Row(
            self._sentence,
            mention.first,
            max(mention.end - 1, mention.number),
            mention.place,
            mention.value,
            unit,
            path,
            frame.words,
            frame.predicate,
            frame.counted_by,
            frame.speaker,
            frame.act,
            mention.qualifier,
            noun=frame.noun,
        )
        if frame.rows and frame.rows[0].sentence is not self._sentence:
            # Who said the headline did not say this sentence.
            row.speaker = row.act = ""
        self._cover(row, mention, after)
        return row

    def _cover(self, row: Row, mention: Mention, after: tuple[int, int]) -> None:
        """Let the quote run over the first words that name the part."""
        if mention.phrase is None:
            row.last = max(row.last, min(after[1] - 1, mention.end + 3))

    def _set_period(self, row: Row, period: Period | None) -> None:
        if period is None:
            return
        if period.is_earlier:
            row.note = "previous year" if not period.text else ""
            row.period = period.text
            return
        row.period = period.text
        row.period_from = "sentence" if period.text != NOT_STATED else ""

    # ── Numbers in other words ──────────────────────────────────────────────────────────────────

    def _derived(
        self,
        mention: Mention,
        before: tuple[int, int],
        after: tuple[int, int],
        own: Period | None,
        scope: Scope,
        parents: list[Row | None],
    ) -> Row | None:
        """A figure that other figures give: all, the remainder, half, all but one, the same."""
        frame = self.frame
        if frame is None or not frame.current:
            return None
        parent = parents[-1] or (scope.parent if scope.kind != "main" else None)
        if mention.kind == "all" and mention.value is not None:
            named = [each for each in frame.current if each.value == mention.value]
            parent = named[-1] if named else parent
        if self._word(mention.after - 1) in {"whom", "which"} and scope.rows:
            parent = scope.rows[-1]
        base = parent or frame.total or self._only_row(frame)
        if base is None:
            return None
        if mention.kind == "same":
            return self._same_row(mention, base, own, scope)
        labels = self._labels(mention, after)
        if not labels:
            return None
        value = self._derived_value(mention, base, frame, labels)
        if value is None:
            return None
        mention.value = value
        row = self._row(mention, _unique([*base.path, *labels]), frame, after)
        row.is_derived, row.parent = True, base
        row.first, row.last = mention.first, max(row.last, min(mention.end + 2, after[1] - 1))
        row.period, row.period_from = base.period, base.period_from
        row.rules.append(f"derived-{mention.kind.replace(' ', '-')}")
        row.note = f"derived: {mention.kind} of {base.value:f}"
        frame.rows.append(row)
        return row

    def _only_row(self, frame: Frame) -> Row | None:
        return frame.current[0] if len(frame.current) == 1 else None

    def _derived_value(
        self, mention: Mention, base: Row, frame: Frame, labels: list[Label]
    ) -> Decimal | None:
        if mention.kind == "all":
            return base.value
        if mention.kind == "all but some":
            return base.value - (mention.partitive_value or 1)
        if mention.kind == "half":
            half = base.value / 2
            return half if half == half.to_integral_value() else None
        depth = len(base.path)
        siblings = [
            each
            for each in frame.current
            if each.path[:depth] == base.path and len(each.path) == depth + 1
            and _compatible(each.path[depth].axis, labels[0].axis) and each.unit == base.unit
        ]  # fmt: skip
        rest = base.value - sum((each.value for each in siblings), Decimal())
        return rest if siblings and rest >= 0 else None

    def _same_row(
        self, mention: Mention, base: Row, own: Period | None, scope: Scope
    ) -> Row | None:
        frame = self.frame
        assert frame is not None
        period = own or next(
            (each for at, each in self._periods.items() if at >= mention.after), None
        )
        if period is None:
            return None
        base = scope.clause[-1] if scope.clause else base
        mention.value = base.value
        row = self._row(mention, list(base.path), frame, (mention.end, mention.end))
        row.last = period.last
        row.is_derived, row.is_prior, row.host = True, True, base
        row.rules.append("derived-same")
        row.note = f"derived: the same as {base.value:f}"
        self._set_period(row, period)
        frame.rows.append(row)
        return row

    # ── Earlier figures ─────────────────────────────────────────────────────────────────────────

    def _prior(
        self,
        mention: Mention,
        before: tuple[int, int],
        after: tuple[int, int],
        own: Period | None,
        scope: Scope,
        parents: list[Row | None],
    ) -> Row | None:
        """An earlier figure: it has the part of its own label, else that of the figure by place."""
        frame = self.frame
        if frame is None:
            return None
        position = len([each for each in scope.clause if each.is_prior])
        labels = self._labels(mention, after) if mention.kind != "any" else []
        phrase = mention.phrase
        trailing = predicate_after(self._tokens, *after, phrase.noun if phrase else "victims")
        if mention.kind in {"all", "rest", "half", "all but some", "same"}:
            return None
        if mention.kind == "no" and trailing is None and phrase is None:
            return None
        parent = parents[-1] if len(parents) > 1 else None
        if parent is None and scope.kind != "main" and scope.parent is not None:
            parent = scope.parent if scope.parent.is_prior else None
        host = self._host(labels, parent, scope, position, own)
        path = self._prior_path(labels, parent, host)
        row = self._row(mention, path, frame, after)
        row.is_prior, row.host = True, host
        if host is not None:
            row.predicate, row.words = host.predicate, host.words
            row.counted_by, row.noun = host.counted_by, host.noun
            row.unit = row.unit if mention.unit or (phrase and not phrase.is_person) else host.unit
            if phrase is not None and not phrase.is_person and phrase.noun != host.noun:
                row.unit = host.unit if host.unit != PERSONS else phrase.noun
        row.rules.append("prior-by-label" if labels else "prior-by-place")
        if trailing is not None and host is not None:
            self._own_wording(row, trailing, mention, host)
        elif phrase is not None and host is not None and phrase.is_person:
            self._own_words(row, phrase, host)
        period = own or (scope.year if scope.kind != "main" else None) or self._shared_period(after)
        agent = agent_after(self._tokens, *after)
        twin = self._row_of_agent(agent, path) if agent else None
        if twin is not None:
            row.host, row.counted_by = twin, agent
            row.words, row.predicate, row.path = twin.words, twin.predicate, list(twin.path)
            row.doubts = [each for each in row.doubts if not each.startswith("worded")]
        if period is None and parent is not None:
            row.period, row.period_from = parent.period, parent.period_from
        elif period is None and scope.kind != "main" and scope.hosts and scope.hosts[0].is_prior:
            row.period, row.period_from = scope.hosts[0].period, scope.hosts[0].period_from
        else:
            self._set_period(row, period)
        frame.rows.append(row)
        return row

    def _row_of_agent(self, agent: str, path: list[Label]) -> Row | None:
        """The current figure of the same agent: `488 by state officials`."""
        for frame in reversed(self._frames):
            for each in frame.current:
                if each.counted_by == agent and each.path == path:
                    return each
        return None

    def _own_wording(self, row: Row, predicate: Predicate, mention: Mention, host: Row) -> None:
        """An earlier figure with a verb of its own is worded by it."""
        own = host.predicate
        if own is not None and own.participle == predicate.participle:
            return
        phrase = mention.phrase
        if phrase is not None and phrase.is_person:
            row.words = phrase.text
        if own is not None and predicate.participle in own.participle:
            row.predicate = Predicate.worded(predicate, own)
        else:
            row.predicate = predicate
        if not row.path:
            row.counted_by = host.counted_by
        row.doubts.append("worded unlike the figure it is compared with")

    def _own_words(self, row: Row, phrase: NounPhrase, host: Row) -> None:
        """An earlier figure of another population keeps its words, which a person should see."""
        host_presumed = any(each in {"potential", "presumed", "suspected", "possible"}
                            for each in host.words.split())  # fmt: skip
        if phrase.is_presumed != host_presumed:
            row.words = phrase.text
            row.doubts.append("worded unlike the figure it is compared with")

    def _host(
        self,
        labels: list[Label],
        parent: Row | None,
        scope: Scope,
        position: int,
        own: Period | None,
    ) -> Row | None:
        """The current figure that an earlier one is compared with."""
        frame = self.frame
        assert frame is not None
        hosts = [each for each in scope.hosts if not each.is_prior]
        if labels:
            wanted = [_normal(each) for each in labels]
            pool = [*hosts, *reversed(frame.current)]
            parent_path = [_normal(each) for each in parent.path] if parent else []
            for each in pool:
                if [_normal(label) for label in each.path] == [*parent_path, *wanted]:
                    return each
            for each in pool:
                if [_normal(label) for label in each.path[-len(wanted) :]] == wanted:
                    return each
            return None
        if parent is not None:
            return None
        if len(hosts) > 1:
            return hosts[min(position, len(hosts) - 1)] if position < len(hosts) else hosts[-1]
        if hosts:
            return hosts[0]
        if scope.hosts and scope.hosts[0].is_prior:
            return scope.hosts[0].host
        return frame.total or (frame.current[-1] if frame.current else None)

    def _prior_path(self, labels: list[Label], parent: Row | None, host: Row | None) -> list[Label]:
        if labels and host is not None:
            own = [*host.path[: len(host.path) - len(labels)], *labels]
            return _unique(own)
        if labels:
            return _unique([*(parent.path if parent else []), *labels])
        return list(host.path) if host is not None else []

    def _shared_period(self, after: tuple[int, int]) -> Period | None:
        """The next year of the clause, which closes a list: `30 adults and 16 children in 2016`."""
        for at in sorted(self._periods):
            if at >= after[1]:
                between = {self._word(each) for each in range(after[1], at)}
                return self._periods[at] if not between & {";", "(", ")"} else None
        return None


_PERSON_UNITS = {plural for plural in NOUNS.values() if plural in {
    "victims", "persons", "individuals", "children", "minors", "adults", "women", "men", "girls",
    "boys", "females", "males", "nationals", "citizens", "people",
}}  # fmt: skip


def _compatible(first: str, second: str) -> bool:
    sexes = {"sex", "age", "sex and age"}
    return first == second or ({first, second} <= sexes and "sex and age" in {first, second})


def _normal(label: Label) -> str:
    """A part in the form that equal ones share, whatever their wording."""
    same = {
        "males": "male", "females": "female", "men": "male", "women": "female",
        "minors": "children", "sexual exploitation": "sex trafficking",
        "sex exploitation": "sex trafficking", "foreign citizens": "foreign",
        "foreign nationals": "foreign", "foreigners": "foreign", "adult males": "men",
    }  # fmt: skip
    return same.get(label.part.lower(), label.part.lower())


def _unique(path: list[Label]) -> list[Label]:
    return list(dict.fromkeys(path))


def _first_year(period: str) -> int | None:
    return int(period[:4]) if period[:4].isdigit() else None


def _last_year(period: str) -> int | None:
    tail = period.split("/")[-1][:4]
    return int(tail) if tail.isdigit() else None


def before_words(tokens: Sequence[Token], before: tuple[int, int]) -> bool:
    """Whether a subject or a verb stands before a mention."""
    return any(
        tokens[at].is_word and tokens[at].lower not in {"and", "while", "in", "only", "another"}
        for at in range(*before)
    )


def _same_path(first: list[Label], second: list[Label]) -> bool:
    return [_normal(each) for each in first] == [_normal(each) for each in second]


def _doubt_sums(rows: list[Row]) -> None:
    """Doubt parts that sum to more than their total."""
    for total in rows:
        depth = len(total.path)
        parts = [
            each for each in rows
            if each is not total and each.path[:depth] == total.path and len(each.path) == depth + 1
            and each.is_prior == total.is_prior and each.period == total.period
            and each.unit == total.unit and each.words == total.words
            and each.sentence is total.sentence
        ]  # fmt: skip
        for axis in {each.path[depth].axis for each in parts}:
            own = [each for each in parts if each.path[depth].axis == axis]
            summed = sum((each.value for each in own), Decimal())
            if summed > total.value:
                for each in own:
                    each.doubts.append(f"parts sum to {summed:f}, more than {total.value:f}")


def _settle_axes(rows: list[Row]) -> None:
    """Men and women beside girls, boys or children differ by sex and age."""
    for row in rows:
        siblings = {
            each.path[-1].part
            for each in rows
            if each.path and each.words == row.words and each.is_prior == row.is_prior
            and each.path[:-1] == row.path[:-1] and each.sentence is row.sentence
        }  # fmt: skip
        if row.path and row.path[-1].part in {"men", "women"} and siblings & (
            {"girls", "boys"} | {"children"}
        ):  # fmt: skip
            row.path[-1] = Label(row.path[-1].part, "sex and age")
        if row.path and row.path[-1].part == "children" and siblings & {"men", "women"}:
            row.path[-1] = Label("children", "sex and age")


def _closing(tokens: Sequence[Token]) -> dict[int, int]:
    """The place of the closing mark by that of the opening one: parentheses and pairs of dashes."""
    found: dict[int, int] = {}
    opened: list[int] = []
    dashes: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.text == "(":
            opened.append(index)
        elif token.text == ")" and opened:
            found[opened.pop()] = index
        elif token.text in DASHES and not _is_range(tokens, index):
            depth = len(opened)
            if depth in dashes:
                found[dashes.pop(depth)] = index
            else:
                dashes[depth] = index
    for start in dashes.values():
        stop = next((at for at in range(start + 1, len(tokens)) if tokens[at].text in {";", ")"}),
                    len(tokens) - 1 if tokens[-1].text in ".!?" else len(tokens))  # fmt: skip
        found[start] = stop
    return {start: end for start, end in found.items() if end > start}


def _is_range(tokens: Sequence[Token], index: int) -> bool:
    before = tokens[index - 1] if index else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    return bool(
        before and after and before.end == tokens[index].start and after.start == tokens[index].end
        and before.text[-1].isdigit() and after.text[0].isdigit()
    )  # fmt: skip


def part_of(row: Row) -> tuple[str, str]:
    """The part and the axis of a row, as a table of figures writes them."""
    path = row.path or [TOTAL]
    return " / ".join(each.part for each in path), " / ".join(each.axis for each in path)


def _pair_with_years(rows: list[Row], tokens: Sequence[Token], stated: list[Period]) -> None:
    """Give each of several figures the year of its place: `90 and 104 in 2020 and 2021`."""
    for run in _runs_of_years(tokens, stated):
        before = [each for each in rows if each.place < tokens[run[0].first].start]
        before.sort(key=lambda each: each.place)
        own = _figures_of_run(before, tokens, run)
        if len(own) == 1 and tokens[run[0].first - 1].lower == "both":
            _repeat(rows, own[0], run)
        elif len(own) == len(run):
            for row, period in zip(own, run, strict=True):
                row.period, row.period_from = period.text, "sentence"
                row.rules.append("by-place-in-list")
            _set_priors_of_list(own)


def _runs_of_years(tokens: Sequence[Token], stated: list[Period]) -> Iterator[list[Period]]:
    """Years that only commas and conjunctions divide."""
    run: list[Period] = []
    for period in [each for each in stated if each.year is not None]:
        between = tokens[run[-1].last + 1 : period.first] if run else []
        if run and between and all(each.lower in {",", "and"} for each in between):
            run.append(period)
            continue
        if len(run) > 1:
            yield run
        run = [period]
    if len(run) > 1:
        yield run


def _figures_of_run(before: list[Row], tokens: Sequence[Token], run: list[Period]) -> list[Row]:
    """The figures right before a list of years, which no other period divides."""
    own: list[Row] = []
    end = tokens[run[0].first].start
    for row in reversed(before):
        between = [each for each in tokens if row.place < each.start < end]
        if any(each.text in {";", "(", ")"} or each.lower in {"compared"} for each in between):
            break
        if any(each.text.isdigit() and len(each.text) == 4 for each in between):
            break
        own.insert(0, row)
    return own


def _repeat(rows: list[Row], row: Row, run: list[Period]) -> None:
    """One figure for each of two years: `17 in both 2020 and 2019`."""
    row.period, row.period_from = run[0].text, "sentence"
    for period in run[1:]:
        other = replace(row, period=period.text, rules=[*row.rules, "by-place-in-list"],
                        doubts=list(row.doubts))  # fmt: skip
        rows.insert(rows.index(row) + 1, other)


def _set_priors_of_list(own: list[Row]) -> None:
    """Of figures that were all current, those of earlier years are the ones to compare."""
    by_mark = {"prior-by-label", "prior-by-place"}
    if any(each.is_prior and by_mark & set(each.rules) for each in own):
        return
    for row in own:
        row.is_prior, row.host = False, None
    newest = max(own, key=lambda each: _last_year(each.period) or 0)
    for row in own:
        if row is not newest and row.path == newest.path:
            row.is_prior, row.host = True, newest
