"""`tipgraph query`: what it prints, for people and for pipes, and how it ends."""

import json
import re
from pathlib import Path

import pytest

from tests.listener import listening
from tipgraph.namespaces import ONTOLOGY_GRAPH

ID = "https://w3id.org/tipgraph/id/"


def test_pipe_gets_tsv_with_labels_or_with_iris(mini, run):
    code, out, err = run("query", "figures", "-p", "edition=tip-2021-xx")
    iris = run("query", "figures", "-p", "edition=tip-2021-xx", "--iris").out

    assert (code, err) == (0, "tipgraph: editions: read in part: tip-2021-xx\n")
    head, line = out.splitlines()
    assert head == "edition\tvalue\tstatement\tpassage"
    assert line.split("\t") == [
        *("TIP Report 2021, Xland", "12", "12 victims identified in 2021", "S01"),
    ]
    assert iris.splitlines()[1].split("\t")[:2] == [f"{ID}tip-2021-xx", "12"]


@pytest.mark.parametrize("tty", [True, False])
@pytest.mark.parametrize("style", ["table", "csv", "json", "html"])
def test_few_columns_are_shown_unless_others_are_chosen(run, style, tty, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    given = ("query", "figures", "--edition", "tip-2021-be", "--format", style)

    def columns(*more):
        out = run(*given, *more, tty=tty).out.replace(" ", "_")
        return [name for name in ("counted_by", "part_wording", "stage", "place") if name in out]

    assert columns() == ["counted_by", "place"]
    assert columns("--columns", "stage,place") == ["stage", "place"]
    assert columns("--columns", "all") == ["counted_by", "part_wording", "stage", "place"]


def test_country_of_each_row_is_shown_where_several_are_asked(run):
    one = run("query", "figures", "--area", "LUX", "--format", "tsv").out
    two = run("query", "figures", "--area", "LUX", "--area", "MLT", "--format", "tsv").out

    assert two.splitlines()[0] == "area\t" + one.splitlines()[0]


@pytest.mark.parametrize("query", ["figures", "compare-countries"])
def test_rows_of_many_countries_that_are_written_as_they_come_are_those_of_one_answer(
    run, monkeypatch, tmp_path, query
):
    monkeypatch.setattr("tipgraph.cli.query.MANY", 2)
    monkeypatch.setattr("tipgraph.cli.query.PART", 5)
    given = ("query", query, "-p", "indicator=victims-identified", "--format", "csv")
    together = tmp_path / "together.csv"

    code, out, err = run(*given)

    assert (code, err) == (0, run(*given, "--output", together).err)
    assert out.encode() == together.read_bytes()
    assert {"(2017-hu)", "(2019-hu)"} <= set(out.replace('"', " ").split())


def test_unknown_column_suggests_the_nearest(run):
    outcome = run("query", "figures", "--columns", "value,counter")

    assert outcome.code == 2
    assert outcome.err.startswith("tipgraph: the query has no column 'counter'; did you mean")


def test_explanation_has_engine_and_time_and_rows_of_each_step(run):
    given = ("query", "-e", "SELECT ?number { VALUES ?number { 1 2 } }")
    # First: the engine that tests share remembers what it was asked.
    explained, plain = run(*given, "--explain"), run(*given)

    assert (plain.out, plain.err) == (explained.out, "")
    engine, *steps = explained.err.splitlines()
    assert engine.startswith("tipgraph: engine: pyoxigraph 0.")
    assert [re.sub(r"[\d,]+ ms", "N ms", line.removeprefix("tipgraph: ")) for line in steps] == [
        *("open: N ms", "bind: N ms", "evaluate: N ms, 1 query, 2 rows read"),
        *("label: N ms", "print: N ms"),
    ]


@pytest.mark.parametrize("style", ["csv", "tsv", "markdown", "html"])
def test_statement_with_two_quotes_of_a_sentence_has_one_row_with_both(run, style):
    given = ("query", "claims", "--area", "BEL", "--format", style, "--quotes")
    rows = run(*given).out.split("</tr>" if style == "html" else "\n")

    one = [row for row in rows if "confused child trafficking with other crimes" in row]
    assert len(one) == 1
    assert all(quote in one[0] for quote in ("confused child trafficking", "did not specialize"))


def test_terminal_gets_a_table_with_labels_and_sentences(mini, run, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")

    out = run("query", "figures", "-p", "edition=tip-2021-xx", tty=True).out

    assert "TIP Report 2021, Xland" in out
    assert out.split()[-1] == "S01"
    assert "\x1b[3" not in out


def test_sentence_names_its_edition_where_there_are_several(mini, run):
    out = run("query", "figures", "--format", "tsv").out

    assert out.splitlines()[1:] == [
        "TIP Report 2022, Xland\t9\t9 victims identified in 2022\tS01 (2022-xx)",
        "TIP Report 2021, Xland\t12\t12 victims identified in 2021\tS01 (2021-xx)",
    ]


@pytest.mark.parametrize("style", ["csv", "tsv"])
def test_labels_and_quotes_work_in_any_format(mini, run, style):
    out = run("query", "figures", "--quotes", "--format", style).out

    assert "TIP Report 2021, Xland" in out
    assert "identified 12 victims" in out
    assert "passage_quote" in out
    assert "https://example.org/2021/xland/#:~:text=Xland-,identified%2012%20victims" in out


def test_json_is_sparql_results(mini, run):
    result = json.loads(run("query", "figures", "--format", "json").out)

    assert result["head"]["vars"] == ["edition", "value", "statement", "passage"]
    assert result["results"]["bindings"][0]["value"] == {
        "type": "literal",
        "value": "9",
        "datatype": "http://www.w3.org/2001/XMLSchema#integer",
    }


@pytest.mark.parametrize("asked", [("--sort", "value"), ("-p", "rank=value"), ("-p", "rate=1")])
def test_rank_and_rate_of_countries_are_refused_with_the_reason(run, asked):
    outcome = run("query", "compare-countries", *asked)

    assert outcome.code == 2
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert "counts measure what was found and not how much there is" in line


def test_cells_that_count_something_else_stand_in_tables_of_their_own(run):
    given = ("query", "compare-countries", "-p", "period=2020")
    shown = run(*given, tty=True).out.splitlines()
    markdown = run(*given, "--format", "markdown").out.splitlines()
    headings = [line for line in shown if line.startswith("identified") and "persons" in line]

    assert headings[0] == "identified: victims, persons, flow"
    assert "identified and assisted: victims, persons, stock or flow not stated" in headings
    assert len(headings) == len(set(headings)) > 2
    assert [line.strip("*") for line in markdown if line.startswith("**")] == headings


def test_quotes_add_columns_without_rows(mini, run):
    out = run("query", "figures", "-p", "least=99", "--quotes").out

    assert out == "edition\tvalue\tstatement\tpassage\tpassage_quote\tpassage_link\n"
    assert "no rows" in run("query", "figures", "-p", "least=99", tty=True).out


def no_rows(run, *parameters, tty=True):
    """Return the text from "no rows" on: of a terminal, or of standard error in a pipe."""
    outcome = run("query", *parameters, tty=tty)
    assert outcome.code == 0
    text = outcome.out[outcome.out.index("no rows") :] if tty else outcome.err
    return text.splitlines()


def test_no_rows_for_an_indicator_names_related_ones_with_rows(run):
    given = ("figures", "-p", "indicator=victims-identified", "-p", "period=2020", "-p", "area=BEL")
    first, *rest = no_rows(run, *given)

    assert first == "no rows; that is not zero"
    assert (
        "4 rows for victims identified and assisted (of a joined stage): tipgraph query figures"
        " -p indicator=victims-identified-and-assisted -p period=2020 -p area=BEL"
    ) in rest
    assert any(line.startswith("victims identified: ") and "in no row" in line for line in rest)
    # The edition of 2021 has statements on a wording of the notion.
    assert not any("not stated in TIP Report 2021" in line for line in rest)


def test_no_rows_for_a_total_leads_to_the_figures_of_parts(run):
    lines = no_rows(run, "series", "-p", "indicator=victims-identified", "-p", "area=NLD")
    line = next(line for line in lines if "all that is stated on it" in line)
    number, command = int(line.split()[0]), line.partition("tipgraph ")[2].split()

    assert command[:2] == ["query", "figures"]
    assert len(run(*command).out.splitlines()) == 1 + number


def test_command_for_a_related_value_has_the_rows(run):
    given = ("figures", "-p", "indicator=victims-identified", "-p", "period=2020", "-p", "area=BEL")
    line = next(line for line in no_rows(run, *given) if "tipgraph query" in line)
    command = line.partition("tipgraph ")[2].split()

    assert len(run(*command).out.splitlines()) == 1 + int(line.split()[0])


def test_no_rows_for_a_topic_is_not_stated_in_an_edition_read_in_full(run):
    lines = no_rows(run, "statements", "-p", "topic=beds", "-p", "edition=tip-2021-be")

    at = lines.index(
        "number of beds: not stated in TIP Report 2021, Belgium (Protection), read in full"
    )
    assert lines[at + 1].startswith("  nearest: S20 ")


def test_no_rows_for_a_topic_is_not_extracted_from_an_edition_read_in_part(run):
    lines = no_rows(run, "statements", "-p", "topic=beds", "-p", "edition=tip-2020-be")

    assert "number of beds: not extracted from tip-2020-be, read in part" in lines
    assert "not stated" not in "".join(lines)


def test_area_selects_the_editions_that_no_rows_is_about(run):
    lines = no_rows(run, "statements", "-p", "topic=beds", "-p", "area=LUX")

    assert "number of beds: not extracted from tip-2023-lu, read in part" in lines


def test_pipe_gets_the_reason_for_no_rows_on_standard_error(run):
    given = ("statements", "-p", "topic=beds", "-p", "edition=tip-2020-be")

    assert "tipgraph: number of beds: not extracted from tip-2020-be, read in part" in no_rows(
        run, *given, tty=False
    )
    assert len(run("query", *given).out.splitlines()) == 1
    assert json.loads(run("query", *given, "--format", "json").out)["results"]["bindings"] == []


def test_no_rows_without_codes_names_the_queries_on_silence(run):
    (line,) = no_rows(run, "unreachable-entitlements")

    assert line.startswith("no rows; that is not zero (see the queries not-reported and")
    assert no_rows(run, "unreachable-entitlements", tty=False) == []


@pytest.mark.parametrize(
    "name",
    ["state-department", "State Department", "us department of state", f"{ID}state-department"],
)
def test_parameter_accepts_what_show_accepts(mini, run, name):
    assert len(run("query", "speaks", "-p", f"speaker={name}").out.splitlines()) == 4


def test_exit_code_option_reports_rows(mini, run):
    assert run("query", "figures", "--exit-code").code == 1
    assert run("query", "unsaid", "--exit-code").code == 0
    assert run("query", "any-actor", "--exit-code").code == 1


@pytest.mark.parametrize("style", ["table", "csv", "tsv", "markdown"])
def test_ask_returns_true_or_false(mini, run, style):
    assert run("query", "any-actor", "--format", style).out == "true\n"
    assert run("query", "-e", "ASK { id:no ?p ?o }", "--format", style).out == "false\n"


def test_ask_returns_json_and_xml(mini, run):
    assert json.loads(run("query", "any-actor", "--format", "json").out)["boolean"] is True
    assert "<boolean>true</boolean>" in run("query", "any-actor", "--format", "xml").out


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("turtle", "id:xland-government tip:oversees id:shelters ."),
        ("ntriples", f"<{ID}xland-government> <https://w3id.org/tipgraph/ns#oversees>"),
        ("trig", "id:xland-government tip:oversees id:shelters ."),
        ("jsonld", f'"@id":"{ID}xland-government"'),
    ],
)
def test_construct_returns_triples(mini, run, style, text):
    assert text in run("query", "network", "--format", style).out


def test_construct_and_describe_default_to_turtle(mini, run):
    assert "id:xland-government tip:oversees id:shelters ." in run("query", "network").out
    assert "Government of Xland" in run("query", "-e", "DESCRIBE id:xland-government").out


def test_triple_in_two_graphs_of_a_file_counts_once(mini, run, tmp_path: Path):
    file = tmp_path / "two.trig"
    file.write_text("<urn:1> { <urn:a> <urn:p> 3 } <urn:2> { <urn:a> <urn:p> 3, 4 }")
    asked = "SELECT (SUM(?n) AS ?all) { ?a <urn:p> ?n }"

    assert run("query", "-e", asked, "--data", file).out == "all\n7\n"


def test_own_query_is_read_from_text_file_or_standard_input(mini, run, tmp_path: Path):
    text = "SELECT ?label { id:shelters rdfs:label ?label }"
    file = tmp_path / "own.rq"
    file.write_text(text, encoding="utf-8")

    outs = {
        run("query", "-e", text).out,
        run("query", "-f", file).out,
        run("query", "-", stdin=text.encode()).out,
        run("query", "-f", "-", stdin=text.encode()).out,
    }

    assert outs == {"label\nshelters\n"}


def test_own_file_may_declare_parameters(mini, run, tmp_path: Path):
    file = tmp_path / "own.rq"
    file.write_text(
        "#+ params: {who: {type: tip:Actor}}\nSELECT ?label { ?who rdfs:label ?label }",
        encoding="utf-8",
    )

    assert run("query", "-f", file, "-p", "who=shelters").out == "label\nshelters\n"
    assert "has no parameters" in run("query", "-e", "ASK { }", "-p", "a=b").err


def test_unknown_type_of_a_parameter_suggests_near_ones(run, tmp_path: Path):
    file = tmp_path / "own.rq"
    for wrong, near in (("tip:Editon", "tip:Edition"), ("code:indicator", "code:indicators")):
        text = f"#+ params: {{x: {{type: {wrong}}}}}\nSELECT ?x {{ ?x ?y ?z }}"
        file.write_text(text, encoding="utf-8")

        outcome = run("query", "-f", file, "-p", "x=any")

        assert outcome.code == 3
        assert f"parameter 'x' has the type {wrong}, which is no class" in outcome.err
        assert f"did you mean '{near}'" in outcome.err


def test_own_data_is_added_or_replaces_the_shipped_data(mini, run, tmp_path: Path):
    own = tmp_path / "own.nt"
    own.write_text("<urn:x> <https://w3id.org/tipgraph/ns#speaker> <urn:y> .", encoding="utf-8")
    count = ("query", "-e", "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s tip:speaker ?o }")

    assert run(*count, "--data", own).out == "n\n6\n"
    assert run(*count, "--data", own, "--no-bundled").out == "n\n1\n"


def test_unknown_term_in_own_query_is_a_warning(run, tmp_path: Path):
    file = tmp_path / "own.rq"
    text = "SELECT ?x { ?x tip:subject_matter code:training ; tip:agent ?y }"
    file.write_text(text, encoding="utf-8")
    warning = (
        "tipgraph: warning: the graph has no tip:subject_matter, so nothing matches it;"
        " did you mean 'tip:subjectMatter', 'tip:subjectMatterNames' or 'tip:subject'?\n"
    )

    for outcome in (run("query", "-e", text), run("query", "-f", file)):
        assert outcome == (0, "x\n", warning)
    assert (
        run("query", "-e", "ASK { ?x a tip:Statement FILTER(STRSTARTS(?y, STR(tip:))) }").err == ""
    )
    assert "warning" not in run("query", "figures").err


def test_query_without_name_lists_the_queries(mini, run):
    assert run("query").out.startswith("name,summary,parameters,tags")


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["figurs"], 2, "unknown query 'figurs'; did you mean 'figures'?"),
        (["zzz"], 2, "'tipgraph queries' lists them"),
        (["mine.rq"], 2, "unknown query 'mine.rq'; did you mean --file mine.rq?"),
        (["speaks"], 2, "needs the parameter 'speaker': it takes one of actor: officials, "),
        (["speaks"], 2, "for example -p speaker=officials"),
        (
            ["figures", "-p", "indikator=x"],
            2,
            "no parameter 'indikator'; did you mean 'indicator'?",
        ),
        (["figures", "-p", "least=many"], 2, "least: 'many' does not fit; it takes a whole number"),
        (
            ["figures", "-p", "indicator=victims"],
            2,
            "did you mean 'victims-assisted', 'victims assisted'",
        ),
        (
            ["figures", "-p", "indicator=victims"],
            2,
            "It takes one of indicators: victims-identified",
        ),
        (["figures", "-p", "edition=shelters"], 2, "or one of edition: tip-2021-xx, tip-2022-xx"),
        (["figures", "-p", "least"], 2, "NAME=VALUE"),
        (["figures", "-p", "least=1", "-p", "least=2"], 2, "given twice"),
        (["figures", "-e", "ASK { }"], 2, "give exactly one query"),
        (["figures", "--format", "turtle"], 2, "SELECT queries take table, csv, tsv, json"),
        (["network", "--format", "csv"], 2, "CONSTRUCT and DESCRIBE queries take turtle"),
        (["figures", "--format", "pdf"], 2, "'pdf' is not one of"),
        (["figures", "--nonsense"], 2, "No such option"),
        (["-e", "SELECT ?x\n{ ?x ?y }"], 3, "query:2:10: syntax error near '{ ?x ?y }'"),
        (["-e", "SELECT ?x { ?x z:y ?z }"], 3, "query:1:16: the prefix z: is not declared"),
        (["-e", "INSERT DATA { id:a id:b id:c }"], 3, "a SELECT, ASK"),
        (
            ["-e", "SELECT (<urn:f>(1) AS ?x) { }"],
            3,
            "the custom function <urn:f> is not supported",
        ),
        (
            ["-e", "SELECT * { SERVICE <http://localhost/> { ?a ?b ?c } }"],
            3,
            "SERVICE is not supported",
        ),
        (["-f", "nowhere.rq"], 3, "nowhere.rq: cannot be read"),
        (["figures", "--data", "nowhere.ttl"], 3, "nowhere.ttl: no such file or folder"),
    ],
)
def test_bad_input_gets_one_line(mini, run, arguments, code, problem):
    outcome = run("query", *arguments)

    assert outcome.code == code
    assert outcome.out == ""
    assert outcome.err.startswith("tipgraph: ")
    assert outcome.err.count("\n") == 1
    assert problem in outcome.err


def test_broken_own_file_is_reported_with_its_place(mini, run, tmp_path: Path):
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b>\n  oops .", encoding="utf-8")
    (tmp_path / "bad.rq").write_text("SELECT ?a\nWHERE ?a", encoding="utf-8")

    data = run("query", "figures", "--data", tmp_path / "bad.ttl")
    query = run("query", "-f", tmp_path / "bad.rq")

    assert (data.code, query.code) == (3, 3)
    assert "bad.ttl:2:3: " in data.err
    assert "bad.rq:2:" in query.err


@pytest.mark.parametrize("name", ["own.ttl", "own.nq", "own.n3", "own.jsonld"])
def test_byte_order_mark_is_ignored(mini, run, tmp_path: Path, name):
    line = '{"@id": "urn:a", "urn:p": "1"}' if name == "own.jsonld" else '<urn:a> <urn:p> "1" .'
    (tmp_path / name).write_text(line, encoding="utf-8-sig")
    (tmp_path / "own.rq").write_text("SELECT ?a { ?a <urn:p> ?b }", encoding="utf-8-sig")
    data = ("--data", tmp_path / name, "--no-bundled")

    of_file = run("query", "-f", tmp_path / "own.rq", *data)
    typed = run("query", "-", *data, stdin=(tmp_path / "own.rq").read_bytes())

    assert of_file == typed == (0, "a\nurn:a\n", "")


@pytest.mark.parametrize("style", ["csv", "table", "html", "json"])
def test_triple_term_that_a_query_makes_is_shown(mini, run, style):
    query = "SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?triple) { }"

    code, out, err = run("query", "-e", query, "--format", style)

    assert (code, err) == (0, "")
    assert "urn:b" in out


def test_triple_terms_in_data_are_an_error(run, tmp_path: Path):
    (tmp_path / "own.ttl").write_text("<urn:a> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .")

    for arguments in (["show", "urn:a"], ["query", "figures"]):
        code, out, err = run(*arguments, "--data", tmp_path / "own.ttl", "--no-bundled")
        assert (code, out) == (3, "")
        assert "own.ttl: has a triple term (RDF 1.2)" in err


@pytest.mark.parametrize("keyword", ["SERVICE", "service", "SERVICE SILENT", r"\u0053ERVICE"])
def test_service_contacts_no_server(mini, run, keyword):
    with listening() as listener:
        code, out, err = run(
            "query", "-e", f"SELECT * {{ {keyword} <{listener.url}> {{ ?s ?p ?o }} }}"
        )

    assert (code, out) == (3, "")
    assert "SERVICE is not supported" in err
    assert listener.connections == 0


@pytest.mark.parametrize("style", ["csv", "json", "markdown"])
def test_figure_without_a_known_quote_says_so(run, style):
    given = ("--edition", "tip-2017-be", "--quotes", "--format", style)

    assert "no quote known" in run("query", "figures", *given).out


@pytest.mark.parametrize(
    ("dataset", "is_empty"),
    [
        ("FROM <urn:none>", True),
        ("FROM NAMED <urn:none>", True),
        (f"FROM <{ONTOLOGY_GRAPH}>", False),
    ],
)
def test_graphs_that_a_query_names_are_those_it_asks(run, dataset, is_empty):
    asked = run("query", "-e", f"ASK {dataset} {{ tip:Edition a ?class }}", "--format", "csv")
    all_of_it = run("query", "-e", f"ASK {dataset} {{ ?edition a tip:Edition }}", "--format", "csv")

    assert (asked.code, "true" in asked.out) == (0, not is_empty)
    assert "true" not in all_of_it.out
