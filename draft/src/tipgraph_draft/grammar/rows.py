"""The state of a sentence while its figures are read, and rows made of its mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tipgraph_draft.candidate import Kind
from tipgraph_draft.document import Finding, Sentence
from tipgraph_draft.grammar.predicates import Predicate
from tipgraph_draft.grammar.subjects import actor_text, agent_after, complement_at
from tipgraph_draft.numerals import CONVERTED, COUNT, FIGURE, MONEY, NumberClass, Numeral
from tipgraph_draft.periods import NOT_STATED, Period
from tipgraph_draft.phrases import Label, NounPhrase, labels_in
from tipgraph_draft.tokens import Token, word_at
from tipgraph_draft.words import PAST_VERBS, PLACES, VERBS, participle, stage, word_set

PERCENT, PERSONS = "percent", "persons"
# The note of an earlier figure whose year is only that of the year before.
PREVIOUS_YEAR = "previous year"
# From one place in a sentence to another.
Span = tuple[int, int]


@dataclass(eq=False, kw_only=True)
class Row(Finding):
    """A figure as it is read; `path` is its part, from the widest label to the narrowest."""

    kind: Kind = "figure"
    value: Decimal
    path: list[Label]
    words: str
    predicate: Predicate | None
    noun: str
    host: "Row | None" = None
    parent: "Row | None" = None

    @property
    def wording(self) -> str:
        """The wording of the indicator."""
        return self.predicate.indicator(self.words) if self.predicate else self.words

    @property
    def is_total(self) -> bool:
        return not self.path

    @property
    def is_headline(self) -> bool:
        """Return whether it has a verb of its own."""
        return any(each.startswith("headline") for each in self.rules)


@dataclass(eq=False)
class Mention:
    """A number that may be a figure, and what stands around it; places are those of tokens.

    `before` are the words before it, `following` those after it, both as far as they belong to it.
    """

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
    of_phrase: NounPhrase | None = None
    is_headline: bool = False
    is_misprinted: bool = False
    before: Span = (0, 0)
    following: Span = (0, 0)

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
    counted_by: str = ""
    speaker: str = ""
    act: str = ""
    rows: list[Row] = field(default_factory=list)

    @property
    def current(self) -> list[Row]:
        return [each for each in self.rows if not each.prior]

    @property
    def total(self) -> Row | None:
        return next((each for each in self.current if each.is_total), None)


@dataclass
class Scope:
    """A stretch of a sentence: the rows read in it, and what they belong to.

    `parents` are the rows that a mention may be a part of, the innermost last.
    """

    kind: str
    end: int
    is_prior: bool = False
    parent: Row | None = None
    hosts: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    clause: list[Row] = field(default_factory=list)
    parents: list[Row | None] = field(default_factory=list)
    year: Period | None = None


@dataclass(eq=False)
class SentenceState:
    """A sentence with its mentions, and the figures that were read so far.

    `frame` is the headline that parts belong to, and `frames` are those of the paragraph.
    `numeral_at`, `periods` and `mentions` are by the token at which they begin, and `closing` has
    the closing mark of each parenthesis and pair of dashes. `subject` is who acted last, and
    `divided` the part that `Of the 41 children, …` divides to the end of the sentence.
    """

    sentence: Sentence
    frame: Frame | None
    frames: list[Frame]
    edition_year: int | None
    tokens: Sequence[Token] = ()
    numeral_at: Mapping[int, Numeral] = field(default_factory=dict)
    periods: Mapping[int, Period] = field(default_factory=dict)
    mentions: Mapping[int, Mention] = field(default_factory=dict)
    closing: Mapping[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    subject: str = ""
    has_base: bool = False
    last_places: Row | None = None
    divided: Row | None = None

    def word(self, at: int) -> str:
        """The word at a place in lower case, empty where there is none."""
        return word_at(self.tokens, at)

    def words(self, span: Span) -> list[str]:
        """The words of a span in lower case, empty where there is none."""
        return [self.word(at) for at in range(*span)]

    @property
    def has_money(self) -> bool:
        return any(each.kind.name in {MONEY, CONVERTED} for each in self.sentence.numerals)

    def classify(self, at: int, name: str, reason: str = "") -> None:
        """Give the numeral that begins at a token another class."""
        self.numeral_at[at].kind = NumberClass(name, reason)

    @property
    def current(self) -> list[Row]:
        """The current figures of the headline."""
        return self.frame.current if self.frame is not None else []

    def begin_frame(self, frame: Frame) -> None:
        """Let parts and comparisons belong to another headline."""
        self.frame = frame
        self.frames.append(frame)

    def return_to_frame(self, value: Decimal | None) -> None:
        """Go back to the headline of a number that is divided now: `12 of the 27 victims`."""
        if value is None or any(each.value == value for each in self.current):
            return
        for frame in reversed(self.frames):
            if any(each.value == value for each in frame.current):
                self.frame = frame
                return

    def stop(self, at: int) -> int:
        """The next mark that ends a clause."""
        while at < len(self.tokens) and self.word(at) not in CLAUSE_END:
            at += 1
        return at


CLAUSE_END = {",", ";", "(", ")", "—", "\u2013", ":"}


def first_year(period: str) -> int | None:
    return int(period[:4]) if period[:4].isdigit() else None


def last_year(period: str) -> int | None:
    tail = period.split("/")[-1][:4]
    return int(tail) if tail.isdigit() else None


# Verbs of coming back.
RETURNS = {"repatriate", "return", "evacuate"}
# Nouns whose count is one of persons.
PERSON_UNITS = word_set("person_units")
LESSONS = {"sessions", "trainings", "courses", "workshops", "seminars"}
# Stages that `six girls` are a part of.
DIVIDED_STAGES = word_set("divided_stages")
# Words after which no part is named: a relative clause, a reason, a share in words.
NO_PART_AFTER = word_set("no_part_after")
MOST = {"nearly", "almost", "most", "many"}


# ── Periods ─────────────────────────────────────────────────────────────────────────────────────


def later_period(state: SentenceState, start: int) -> Period | None:
    """The period at the end of a clause, which covers all of it."""
    at, depth = start, 0
    while at < len(state.tokens) and state.word(at) not in {";", ":"}:
        depth += {"(": 1, ")": -1}.get(state.word(at), 0)
        if depth == 0:
            is_other = state.word(at) in {"while", "although", "since", "who"}
            if at in state.mentions or is_other:
                return None
            if at in state.periods and state.word(at - 1) in {"in", "during", "for"}:
                found = state.periods[at]
                return None if found.is_earlier else found
        at += 1
    return None


def period_in(state: SentenceState, span: Span) -> Period | None:
    """The first period of a span, but for `the largest since 2013` and `than in 2013`."""
    for at, period in state.periods.items():
        is_compared = state.words((at - 2, at)) in (["than", "in"], ["as", "in"])
        is_since = period.text.endswith("/") and "," in state.words((span[0], at))
        if span[0] <= at < span[1] and not is_compared and not is_since:
            return period
    return None


def leading_period(state: SentenceState, mention: Mention) -> Period | None:
    """The period that stands before a mention and its verb, as in `In 2020, the …`."""
    start, end = mention.before
    found = [each for at, each in state.periods.items() if start <= at < end]
    if not found and state.words((start, start + 2)) == [",", "when"]:
        # `the highest number since 2015, when it identified 1,102`
        found = [each for each in state.periods.values() if each.last == start - 1]
    return found[-1] if found else None


def set_period(row: Row, period: Period | None) -> None:
    """Give a row a period, or note that it is that of the year before."""
    if period is None:
        return
    row.period = period.text
    if period.is_earlier:
        row.note = "" if period.text else PREVIOUS_YEAR
    else:
        row.period_from = "sentence" if period.text != NOT_STATED else ""


def is_earlier(state: SentenceState, period: Period, row: Row | None) -> bool:
    """Return whether a period is before that of a current figure, or else of the edition."""
    if period.is_earlier or period.year is None:
        return period.is_earlier
    current = last_year(row.period) if row is not None else None
    if current is None and state.edition_year is not None:
        current = state.edition_year - 1
    return current is None or period.year < current


# ── What is counted ─────────────────────────────────────────────────────────────────────────────


def is_coordinated(state: SentenceState, mention: Mention) -> bool:
    """Return whether only a comma and a conjunction stand before a mention."""
    words = state.words(mention.before)
    return bool(words) and {*words} <= {",", "and", "or", "as", "well", "another"}


def labels_of(state: SentenceState, mention: Mention) -> list[Label]:
    """The parts that the mention and the words after it name."""
    labels = list(mention.phrase.labels) if mention.phrase else []
    start, end = mention.following
    # `Vietnam (14)`: parentheses with a number and nothing else.
    inner = state.mentions.get(end + 1)
    is_numbered = inner is not None and inner.after == state.closing.get(end)
    is_numbered = is_numbered and state.word(end) == "(" and end + 1 not in state.periods
    for at in range(start, mention.following[1]):
        word, following = state.word(at), state.word(at + 1)
        if (
            (word in NO_PART_AFTER and at > start)
            or (word == "," and following in {"a", "an"})
            or (is_numbered and word == "and" and following in MOST)
        ):
            end = at
            break
    found = labels_in(state.tokens, start, end)
    if found and end == mention.following[1] and is_numbered:
        # `victims from Vietnam (14) and Romania (12)`: the number in parentheses has the label.
        found = found[:-1]
    stated = {each.part for each in labels}
    return [*labels, *(each for each in found if each.part not in stated)]


def counted_words(
    state: SentenceState, mention: Mention, predicate: Predicate | None, labels: list[Label]
) -> tuple[str, str, list[Label]]:
    """The words of what is counted, its noun, and the parts that are left."""
    phrase, frame, group = mention.phrase, state.frame, mention.of_phrase
    if phrase is None:
        is_share = mention.unit == PERCENT and group and (not frame or frame.noun != group.noun)
        if group is not None and (mention.partitive == "base" or is_share):
            return group.text, group.noun, labels
        return (frame.words, frame.noun, labels) if frame else ("victims", "victims", labels)
    if not phrase.is_person:
        return " ".join(phrase.words), phrase.noun, []
    is_part = phrase.words[-1] == "victims" and phrase.noun != "victims"
    if is_part and (predicate is None or predicate.stage not in DIVIDED_STAGES):
        tokens = state.tokens[phrase.first : phrase.last + 1]
        written = (each.text if each.is_capitalised else each.lower for each in tokens)
        return " ".join(written), phrase.noun, []
    words = phrase.text
    following = state.words((mention.end, mention.end + 3))
    is_named = following == ["of", "human", "trafficking"] or following[:2] == ["of", "trafficking"]
    if phrase.noun == "victims" and is_named:
        words += " of trafficking"
    before = state.word(mention.first - 1)
    if before in {"additional", "new"} and "additional" not in words:
        words = f"{before} {words}"
    return words, phrase.noun, labels


def relative_predicate(state: SentenceState, at: int, stop: int) -> Predicate | None:
    """`identified by police`, `that authorities identified`, `they assisted`."""
    for index in range(at, min(stop, at + 10)):
        word = state.word(index)
        if word in PAST_VERBS and state.word(index - 1) not in {"were", "was"}:
            base = VERBS[word][0]
            start = at + 1 if state.word(at) in {"that", "whom", "who", "which"} else at
            subject = actor_text(state.tokens, start, index) or state.subject
            complement = complement_at(state.tokens, index + 1)
            return Predicate(base, participle(base), stage(base), subject, complement=complement)
    return None


# ── Rows ────────────────────────────────────────────────────────────────────────────────────────


def make_row(state: SentenceState, mention: Mention, path: list[Label], frame: Frame) -> Row:
    """A row of a mention that belongs to a headline, which it is not added to."""
    phrase = mention.phrase
    is_person = frame.noun in PERSON_UNITS or (phrase is not None and phrase.is_person)
    unit = mention.unit or (PERSONS if is_person else frame.noun)
    if phrase is not None and not phrase.is_person:
        unit = phrase.noun
    assert mention.value is not None
    row = Row(
        sentence=state.sentence,
        first=mention.first,
        last=max(mention.end - 1, mention.number),
        place=mention.place,
        value=mention.value,
        unit=unit,
        path=path,
        words=frame.words,
        predicate=frame.predicate,
        counted_by=frame.counted_by,
        qualifier=mention.qualifier,
        noun=frame.noun,
    )
    if not frame.rows or frame.rows[0].sentence is state.sentence:
        # The speaker of a headline need not be that of another sentence.
        row.speaker, row.act = frame.speaker, frame.act
    return row


def cover_label(row: Row, mention: Mention) -> None:
    """Let the quote run over the first words that name the part."""
    if mention.phrase is None:
        row.last = max(row.last, min(mention.following[1] - 1, mention.end + 3))


def add_row(
    state: SentenceState,
    mention: Mention,
    path: list[Label],
    frame: Frame,
    rule: str,
    period: Period | None = None,
) -> Row:
    """A row that is added to its headline, with the words after it in its quote."""
    row = make_row(state, mention, path, frame)
    cover_label(row, mention)
    row.rules.append(rule)
    set_period(row, period)
    frame.rows.append(row)
    return row


def keep_row(state: SentenceState, row: Row, mention: Mention, scope: Scope) -> None:
    """Add a row to those of the sentence and of its scope."""
    if mention.is_misprinted:
        row.doubts.append("a point in the number: thousands are assumed")
    if row.noun in PLACES:
        state.last_places = row
    for rows in (scope.rows, scope.clause, state.rows):
        rows.append(row)
    numeral = state.numeral_at.get(mention.number)
    if numeral is not None and numeral.kind.name == COUNT:
        state.classify(mention.number, FIGURE)


def headline_row(
    state: SentenceState,
    mention: Mention,
    predicate: Predicate,
    labels: list[Label],
    period: Period | None,
) -> Row:
    """The row of a number with a verb of its own."""
    words, noun, labels = counted_words(state, mention, predicate, labels)
    phrase = mention.phrase
    if predicate.base in RETURNS and phrase is not None:
        # Where they came back from is no nationality.
        labels = list(phrase.labels)
        if phrase.noun in {"citizens", "nationals"} and labels:
            words, noun, labels = phrase.noun, phrase.noun, labels[:-1]
    if noun in {"permits", "visas"} and predicate.complement.startswith("for "):
        # For whom they are belongs to no wording of permits.
        predicate = replace(predicate, complement="")
    if predicate.complement.startswith("among "):
        labels = [each for each in labels if each.part.split()[0] not in predicate.complement]
    if noun in LESSONS and (noun == "trainings" or "training" in words):
        predicate = replace(predicate, stage="trained")
    counted_by = predicate.subject
    if not (predicate.is_before and counted_by):
        counted_by = agent_after(state.tokens, *mention.following) or counted_by
    frame = state.frame
    if (
        frame is None
        or frame.predicate is None
        or frame.words != words
        or frame.predicate.indicator(words) != predicate.indicator(words)
        or (not labels and frame.total is not None)
    ):
        frame = Frame(words, noun, predicate, counted_by, predicate.speaker, predicate.act)
        state.begin_frame(frame)
    frame.counted_by = counted_by or frame.counted_by
    row = make_row(state, mention, labels, frame)
    cover_label(row, mention)
    row.counted_by, row.predicate = counted_by, predicate
    row.rules.append("headline-before" if predicate.is_before else "headline-after")
    set_period(row, period)
    if mention.kind in {"no", "any"}:
        # No number states the zero.
        row.rules.append("zero-in-words")
        row.note = f"worded {state.sentence.quote(mention.first, mention.number)!r}"
        row.doubts.append("zero from the wording, no number printed")
    frame.rows.append(row)
    return row


def part_row(
    state: SentenceState,
    mention: Mention,
    labels: list[Label],
    scope: Scope,
    parent: Row | None,
    frame: Frame,
) -> Row:
    """The row of a part of a headline, or of another part."""
    parent = parent or _labelled_headline(state, frame, scope)
    path = [*parent.path, *labels] if parent is not None and not parent.prior else labels
    row = make_row(state, mention, path, frame)
    row.rules.append("part-of-part" if len(row.path) > len(labels) else "part")
    row.parent = parent
    frame.rows.append(row)
    if parent is not None and parent in frame.rows:
        row.period, row.period_from = parent.period, parent.period_from
    return row


def _labelled_headline(state: SentenceState, frame: Frame, scope: Scope) -> Row | None:
    """The only headline, if it counts a part: `33 foreign victims. The victims came from`."""
    head = only_headline(frame)
    if frame.total is not None or head is None or not head.path or is_divided_anew(state, head):
        return None
    return head if head.sentence is not state.sentence or scope.kind != "main" else None


def only_headline(frame: Frame) -> Row | None:
    heads = [each for each in frame.current if each.is_headline]
    return heads[0] if len(heads) == 1 else None


def is_divided_anew(state: SentenceState, row: Row) -> bool:
    """Return whether a later sentence divides a headline that counts a part.

    `41 sex trafficking victims. Of the 41 victims, 30 were women`: its label is that of all.
    Where they are from is divided further: `12 foreign victims. Of these, two were from Fiji`.
    """
    return (
        row.sentence is not state.sentence
        and row.parent is None
        and row.is_headline
        and not any(each.axis == "nationality" for each in row.path)
    )
