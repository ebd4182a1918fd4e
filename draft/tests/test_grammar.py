"""The grammar on invented sentences: texts of doubts and quotes, which the bank does not have."""

from draft.tests.conftest import Read


def test_not_reporting_any_goes_to_a_person(read: Read) -> None:
    rows = read(
        "The government did not report identifying any male victims.",
        *("part", "doubt"),
        kind="non-report",
    )

    assert rows[0][0] == "male"
    assert "a person decides" in rows[0][1]


def test_doubts_report_what_does_not_add_up(read: Read) -> None:
    rows = read("In 2030, police identified 20 victims, including 15 women and eight men.", "doubt")

    assert "parts by sex sum to 23, more than the total" in rows[0][0]


def test_typing_error_is_kept_and_noted(read: Read) -> None:
    rows = read("In 2030, police identifed 20 victims.", "quote", "indicator", "doubt")

    assert rows == [("20 victims", "victims identified", "typing error in the source: identifed")]


def test_verb_that_is_often_a_noun_goes_on_with_the_subject_before_it(read: Read) -> None:
    text = "NGOs noted delays and continued to report long waits."
    rows = read(text, "speaker", "act", "quote", kind="claim")

    assert rows == [
        ("NGOs", "new: notes", "NGOs noted delays"),
        ("NGOs", "new: reports", "continued to report long waits"),
    ]


def test_nothing_of_a_country_is_known(read: Read) -> None:
    text = "In 2030, {} authorities identified 12 victims, including three {} women."
    first = read(text.format("Danish", "Nepali"), "value", "axis")
    second = read(text.format("Kenyan", "Peruvian"), "value", "axis")

    assert first == second == [(12, "total"), (3, "nationality / sex")]
