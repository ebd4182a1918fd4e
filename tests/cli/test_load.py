"""`tipgraph load` into a real store: content, output and errors."""

import hashlib
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from tests.conftest import MINI, Outcome, Run
from tests.endpoint.fake import FakeStore, NoGraphStore, serving
from tests.endpoint.message import StoreRequest, StoreResponse
from tests.endpoint.outcomes import assert_refused
from tests.export.quads import canonical
from tests.servers import oxigraph_in_memory, put
from tipgraph.cli import main
from tipgraph.loader import sources
from tipgraph.loader.sorted_ntriples import skolemize
from tipgraph.version import VERSION

G = "https://example.org/g"
OURS = "https://w3id.org/tipgraph/graph/"
SKOLEM = "https://w3id.org/tipgraph/.well-known/genid/"
XSD = "http://www.w3.org/2001/XMLSchema#"
HEAD = "action\tgraph\ttriples\tbefore\n"
BLANK = """\
<urn:s> <urn:p> [ <urn:q> [ ] , [ <urn:r> 1 ] ] .
_:a <urn:p> _:b . _:b <urn:p> _:a .
"""

# There are no certificates that it could verify.
HTTP = httpx.Client(verify=False, timeout=60)

Load = Callable[..., Outcome]
Write = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Oxigraph."""
    with oxigraph_in_memory(tmp_path_factory.mktemp("oxigraph")) as base:
        yield base


@pytest.fixture
def base(server: str) -> str:
    """The same, empty."""
    clear(server)
    return server


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_authorities: None, unhurried: None
) -> Path:
    """The working directory, so that files have short names."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("USER", "PASSWORD", "TOKEN", "CA_FILE"):
        monkeypatch.delenv(f"TIPGRAPH_{name}", raising=False)
    return tmp_path / "here"


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes a file."""

    def write(name: str, text: str) -> Path:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    return write


@pytest.fixture
def load(base: str, run: Run) -> Load:
    """Loads into the store."""

    def load(*arguments: object, tty: bool = False, stdin: bytes = b"") -> Outcome:
        return run("load", "--endpoint", base, *arguments, tty=tty, stdin=stdin)

    return load


class TestOutput:
    """Standard output, for terminals and pipes."""

    def test_pipe_gets_a_row_for_each_graph(self, mini, load):
        outcome = load()

        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith(f"{HEAD}create\t{OURS}actors\t9\t0\ncreate\t{OURS}derived\t")
        assert len(outcome.out.splitlines()) == 8

    def test_terminal_gets_a_table(self, mini, load, monkeypatch):
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "120")

        # NO_COLOR allows bold.
        out = re.sub("\x1b\\[[0-9;]*m", "", load(tty=True).out)

        assert "\t" not in out
        assert "─────" in out
        assert out.splitlines()[0].split() == ["action", "graph", "triples", "before"]
        assert ["create", f"{OURS}actors", "9", "0"] in [line.split() for line in out.splitlines()]

    def test_rows_show_triples_now_and_before(self, load, write):
        write("own.ttl", "<urn:s> <urn:p> 1 , 2 , 3 .")
        assert load("own.ttl", "--graph", G).out == f"{HEAD}create\t{G}\t3\t0\n"
        assert load("own.ttl", "--graph", G).out == f"{HEAD}keep\t{G}\t3\t3\n"

        write("own.ttl", "<urn:s> <urn:p> 1 .")
        assert load("own.ttl", "--graph", G, "--dry-run").out == f"{HEAD}replace\t{G}\t1\t3\n"
        assert load("own.ttl", "--graph", G).out == f"{HEAD}replace\t{G}\t1\t3\n"
        assert load("own.ttl", "--graph", G, "--force").out == f"{HEAD}replace\t{G}\t1\t1\n"

    def test_dry_run_changes_nothing(self, base, mini, load):
        outcome = load("--dry-run")

        assert outcome.code == 0
        assert outcome.out.count("create") == 7
        assert outcome.err == "tipgraph: nothing was changed (--dry-run)\n"
        assert graphs(base) == {}


class TestReport:
    """The file of `--report`."""

    def test_report_has_files_hashes_and_times(self, base, load, write):
        own = write("own.ttl", '<urn:s> <urn:p> 1 , "a" .')
        more = write("more/more.nt", "<urn:t> <urn:p> <urn:o> .\n")

        load("own.ttl", "more", "--graph", G, "--verify", "full", "--report", "report.json")

        report = json.loads(Path("report.json").read_text())
        started, finished = (datetime.fromisoformat(report.pop(k)) for k in ("started", "finished"))
        assert started <= finished
        assert started.tzinfo
        lines = [
            '<urn:s> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
            '<urn:s> <urn:p> "a" .\n',
            "<urn:t> <urn:p> <urn:o> .\n",
        ]
        [graph] = report.pop("graphs")
        assert report == {
            "tipgraph": VERSION,
            "endpoint": base,
            "store": "Oxigraph",
            "verify": "full",
            "complete": True,
            "error": None,
            "staging_of_other_loads": [],
        }
        assert graph == {
            "graph": G,
            "action": "create",
            "before": 0,
            "triples": 3,
            "sha256": sha256("".join(sorted(lines)).encode()),
            "sha256_by_value": graph["sha256_by_value"],
            "files": [
                {"path": "own.ttl", "sha256": sha256(own.read_bytes())},
                {"path": "more/more.nt", "sha256": sha256(more.read_bytes())},
            ],
        }
        assert re.fullmatch("[0-9a-f]{64}", graph["sha256_by_value"])

    def test_shipped_files_have_relative_paths(self, mini, load):
        load("--report", "report.json")

        graphs = json.loads(Path("report.json").read_text())["graphs"]
        files = {each["graph"].removeprefix(OURS): each["files"] for each in graphs}
        assert [each["path"] for each in files["tip-2021-xx"]] == [
            "data/tip-2021-xx/edition.ttl",
            "data/tip-2021-xx/statements.ttl",
        ]
        assert {each["path"] for each in files["derived"]} == {
            "queries/rules/edges.rq",
            "queries/rules/types.rq",
        }
        for each in (file for group in files.values() for file in group):
            assert each["sha256"] == sha256((MINI / "shipped" / each["path"]).read_bytes())

    def test_report_has_kept_and_removed_graphs(self, load, write):
        write("a.ttl", "<urn:s> <urn:p> 1 .")
        write("b.ttl", "<urn:s> <urn:p> 1 .")
        load("a.ttl", "b.ttl", "--base", G)

        load("a.ttl", "--base", G, "--prune", "--report", "report.json")

        kept, removed = json.loads(Path("report.json").read_text())["graphs"]
        assert (kept["action"], kept["triples"], kept["sha256_by_value"]) == ("keep", 1, None)
        assert removed == {
            "graph": f"{G}/b",
            "action": "remove",
            "before": 1,
            "triples": 0,
            "sha256": None,
            "sha256_by_value": None,
            "files": [],
        }

    def test_report_that_cannot_be_written_comes_after_a_complete_load(self, base, load, write):
        write("own.ttl", "<urn:s> <urn:p> 1 .")

        outcome = load("own.ttl", "--graph", G, "--report", "/dev/full")

        assert_refused(outcome, 4, "/dev/full", "No space left", "the load itself is complete")
        assert outcome.out == f"{HEAD}create\t{G}\t1\t0\n"
        assert graphs(base) == {G: 1}

    def test_report_to_a_folder_is_refused_before_the_load(self, base, load, write, folder):
        write("own.ttl", "<urn:s> <urn:p> 1 .")
        (folder / "reports").mkdir()

        assert_refused(load("own.ttl", "--graph", G, "--report", "reports"), 3, "this is a folder")
        assert graphs(base, all=True) == {}

    def test_staging_graphs_of_other_loads_are_reported_and_kept(self, base, load, write):
        other = f"{OURS}staging/of-another-load/"
        others = [f"{other}{number}" for number in range(2)]
        for each in others:
            put(base, each, "<urn:s> <urn:p> 1 .")
        write("own.ttl", "<urn:s> <urn:p> 1 .")

        for _ in ("create", "keep"):
            outcome = load("own.ttl", "--graph", G, "--report", "report.json")
            assert outcome.code == 0
            assert outcome.err.startswith(f"tipgraph: <{other}> is a staging graph of another load")
            assert f"'tipgraph load --clean --endpoint {base}'" in outcome.err
            report = json.loads(Path("report.json").read_text())
            assert outcome.err.count("\n") == 1
            assert report["staging_of_other_loads"] == others
        assert graphs(base) == {G: 1, **dict.fromkeys(others, 1)}

    def test_dry_run_of_clean_removes_nothing(self, base, load, write):
        put(base, f"{OURS}staging/x", "<urn:s> <urn:p> 1 .")

        outcome = load("--clean", "--dry-run")

        assert (outcome.code, outcome.err) == (0, f"tipgraph: would remove <{OURS}staging/x>\n")
        assert f"removed <{OURS}staging/x>" in load("--clean").err
        assert load("--clean").err == ""

    def test_clean_takes_no_path(self, load, write):
        outcome = load("--clean", write("own.ttl", "<urn:s> <urn:p> 1 ."))

        assert outcome.code == 2
        assert "--clean loads nothing; leave out PATH" in outcome.err

    def test_failed_load_writes_a_report(self, run, write, monkeypatch):
        monkeypatch.setattr("tipgraph.endpoint.profiles.RemoteStore.max_batch_bytes", 0)
        write("a.ttl", "<urn:s> <urn:p> 1 .")
        write("b.ttl", f'<urn:s> <urn:p> "{"x" * 9000}" .')
        with serving(FakeStore(limit=5000)) as root:
            where = "--query-url", f"{root}/ask", "--update-url", f"{root}/change/now"
            target = "--graph-store-url", f"{root}/graphs", "--base", G
            outcome = run("load", "a.ttl", "b.ttl", *where, *target, "--report", "report.json")

        report = json.loads(Path("report.json").read_text())
        assert outcome.code == 4
        assert outcome.out == f"{HEAD}create\t{G}/a\t1\t0\n"
        assert outcome.err == f"tipgraph: {report['error']}\n"
        assert report["error"].startswith(f"<{G}/b>: ")
        assert "1 of 2 graphs are loaded" in report["error"]
        assert (report["complete"], len(report["graphs"])) == (False, 1)

    def test_missing_folder_is_an_error_before_loading(self, base, load, write):
        write("own.ttl", "<urn:s> <urn:p> 1 .")

        outcome = load("own.ttl", "--graph", G, "--report", "nowhere/report.json")

        assert_refused(outcome, 3, "nowhere")
        assert graphs(base) == {}

    def test_standard_input_has_no_hash(self, load):
        load("-", "--graph", G, "--report", "report.json", stdin=b"<urn:s> <urn:p> 1 .")

        [graph] = json.loads(Path("report.json").read_text())["graphs"]
        assert graph["files"] == [{"path": "-", "sha256": None}]


class TestTargets:
    """The graph that each triple is loaded into."""

    def test_several_files_may_have_one_graph(self, base, load, write):
        write("a.ttl", "<urn:s> <urn:p> 1 .")
        write("b.nt", '<urn:s> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n')
        write("c/d.jsonld", '{"@id": "urn:s", "urn:p": 2}')

        assert load("a.ttl", "b.nt", "c", "--graph", G).out == f"{HEAD}create\t{G}\t2\t0\n"
        assert {str(quad.object.value) for quad in read(base, G)} == {"1", "2"}

    def test_base_gives_each_file_a_graph(self, base, load, write):
        write("all/a b.ttl", "<urn:s> <urn:p> 1 .")
        write("all/deep/ä.nt", "<urn:s> <urn:p> <urn:o> .\n")
        write("one.v2.ttl", "<urn:s> <urn:p> 1 .")
        names = {"/a%20b", "/deep/%C3%A4", "/one.v2"}

        assert load("all", "one.v2.ttl", "--base", G).code == 0
        assert set(graphs(base)) == {G + name for name in names}
        clear(base)
        assert load("all", "one.v2.ttl", "--base", f"{G}/").code == 0
        assert set(graphs(base)) == {G + name for name in names}
        clear(base)
        assert load("one.v2.ttl", "--base", f"{G}#").code == 0
        assert set(graphs(base)) == {f"{G}#one.v2"}

    @pytest.mark.parametrize(
        "files", [("a.ttl", "a.nt"), ("x/a.ttl", "y/a.ttl"), ("x y.ttl", "x y.nt")]
    )
    def test_two_files_with_the_same_graph_are_an_error(self, base, load, write, files):
        for file in files:
            write(file, "<urn:s> <urn:p> <urn:o> .\n")

        assert_refused(load(*files, "--base", G), 2, "another file has the same graph")
        assert graphs(base) == {}

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("own.trig", "<urn:g1> { <urn:s> <urn:p> 1 } <urn:g2> { <urn:s> <urn:p> 1 , 2 }"),
            (
                "own.nq",
                f'<urn:s> <urn:p> "1"^^<{XSD}integer> <urn:g1> .\n'
                f'<urn:s> <urn:p> "1"^^<{XSD}integer> <urn:g2> .\n'
                f'<urn:s> <urn:p> "2"^^<{XSD}integer> <urn:g2> .\n',
            ),
        ],
    )
    def test_quads_stay_in_their_graphs(self, base, load, write, name, text):
        write(name, text)

        assert load(name).code == 0
        assert graphs(base) == {"urn:g1": 1, "urn:g2": 2}
        assert load(name, "--base", G).out == f"{HEAD}keep\turn:g1\t1\t1\nkeep\turn:g2\t2\t2\n"

    def test_graph_option_is_for_triples_without_a_graph(self, base, load, write):
        write("own.trig", "<urn:s> <urn:p> 1 . <urn:g1> { <urn:s> <urn:p> 1 }")

        assert_refused(load("own.trig"), 2, "own.trig", "--graph or --base")
        assert graphs(base) == {}
        assert load("own.trig", "--graph", G).code == 0
        assert graphs(base) == {G: 1, "urn:g1": 1}

    @pytest.mark.parametrize(
        ("syntax", "text"),
        [
            ("turtle", "@prefix u: <urn:> . u:s u:p u:o ."),
            ("trig", f"<{G}> {{ <urn:s> <urn:p> <urn:o> }}"),
            ("ntriples", "<urn:s> <urn:p> <urn:o> ."),
            ("nquads", f"<urn:s> <urn:p> <urn:o> <{G}> ."),
            ("jsonld", '{"@id": "urn:s", "urn:p": {"@id": "urn:o"}}'),
            ("n3", "<urn:s> <urn:p> <urn:o> ."),
            (
                "rdfxml",
                '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:u="urn:x">'
                '<r:Description r:about="urn:s"><u:p r:resource="urn:o"/></r:Description></r:RDF>',
            ),
        ],
    )
    def test_standard_input_may_have_any_syntax(self, base, load, syntax, text):
        outcome = load("-", "--syntax", syntax, "--graph", G, stdin=text.encode())

        assert (outcome.code, outcome.err) == (0, "")
        assert graphs(base) == {G: 1}

    def test_standard_input_is_trig_by_default(self, base, load):
        assert load("-", stdin=f"<{G}> {{ <urn:s> <urn:p> 1 }}".encode()).code == 0
        assert load("-", "--base", f"{G}/", stdin=b"<urn:s> <urn:p> 1 .").code == 0
        assert graphs(base) == {G: 1, f"{G}/stdin": 1}
        assert load("-", "--syntax", "csv", "--graph", G).code == 2

    @pytest.mark.parametrize("name", ["g", "", "a b:c", "https://example.org/a b", "<urn:g>"])
    @pytest.mark.parametrize("option", ["--graph", "--base"])
    def test_graph_name_must_be_an_iri(self, base, load, write, option, name):
        write("own.ttl", "<urn:s> <urn:p> 1 .")

        outcome = load("own.ttl", option, name)

        assert outcome.code == 2
        assert outcome.err.count("\n") == 1
        assert graphs(base) == {}

    @pytest.mark.parametrize("name", [f"{OURS}loads", f"{OURS}staging/x"])
    def test_reserved_graphs_are_refused(self, base, load, write, name):
        write("own.ttl", "<urn:s> <urn:p> 1 .")

        assert_refused(load("own.ttl", "--graph", name, "--force"), 2, name, "another graph")
        assert graphs(base) == {}

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("own.ttl", "--graph", G, "--base", G), "not both"),
            (("--graph", G), "name the files"),
            (("--base", G), "name the files"),
            (("own.ttl", "--graph", G, "--prune"), "--prune needs --base"),
            (("own.ttl", "--graph", G, "--timeout", "0"), "--timeout"),
            (("own.ttl", "--graph", G, "--verify", "much"), "--verify"),
        ],
    )
    def test_conflicting_options_are_an_error(self, base, load, write, arguments, message):
        write("own.ttl", "<urn:s> <urn:p> 1 .")

        outcome = load(*arguments)

        assert outcome.code == 2
        assert message in outcome.err
        assert graphs(base) == {}


class TestContent:
    """The content of the graphs after a load."""

    def test_blank_nodes_get_the_same_iris_at_every_load(self, base, load, write):
        write("own.ttl", BLANK)
        counted = set()
        for _ in range(3):
            assert load("own.ttl", "--graph", G, "--force").code == 0
            counted.add((graphs(base)[G], frozenset(map(str, read(base, G)))))

        [(count, quads)] = counted
        assert count == 6
        assert not any("_:" in quad for quad in quads)
        assert load("own.ttl", "--graph", G).out == f"{HEAD}keep\t{G}\t6\t6\n"
        assert unskolemised(read(base, G)) == canonical(
            parse(BLANK.encode(), format=RdfFormat.TURTLE)
        )

    def test_blank_nodes_of_two_files_differ(self, base, load, write):
        write("a.nt", "_:x <urn:p> <urn:o> .\n")
        write("b/a.nt", "_:x <urn:p> <urn:o> .\n")

        load("a.nt", "b/a.nt", "--graph", G)

        assert graphs(base) == {G: 2}

    def test_blank_node_is_the_same_in_all_graphs_of_a_file(self, base, load, write):
        write("own.trig", "<urn:g1> { _:x <urn:p> 1 } <urn:g2> { _:x <urn:p> 1 }")

        load("own.trig")

        [one], [other] = read(base, "urn:g1"), read(base, "urn:g2")
        assert one.subject == other.subject
        assert str(one.subject).startswith(f"<{SKOLEM}")

    def test_blank_nodes_of_the_shapes_stay_blank(self, base, mini, load):
        load("--verify", "full")

        shapes = MINI / "shipped" / "ontology" / "shapes" / "mini.ttl"
        assert any(isinstance(quad.subject, BlankNode) for quad in read(base, f"{OURS}shapes"))
        assert canonical(read(base, f"{OURS}shapes")) == canonical(parse(path=str(shapes)))

    def test_duplicate_triples_are_loaded_once(self, base, load, write):
        write("a.nt", "<urn:s> <urn:p> <urn:o> .\n" * 3)
        write("b.ttl", "<urn:s> <urn:p> <urn:o> , <urn:o> .")

        assert load("a.nt", "b.ttl", "--graph", G).out == f"{HEAD}create\t{G}\t1\t0\n"
        assert graphs(base) == {G: 1}

    @pytest.mark.parametrize("how", ["counts", "full"])
    @pytest.mark.parametrize(
        ("spellings", "kept"),
        [
            (("1.0^^decimal", "1.00^^decimal"), 1),
            (("1.0^^decimal", "1.00^^decimal", "1^^integer", "01^^integer", "1.5^^decimal"), 3),
            (("1^^boolean", "true^^boolean"), 1),
            (("1e0^^double", "1.0E0^^double", "1^^float"), 2),
            (("2020-01-01T00:00:00Z^^dateTime", "2020-01-01T00:00:00.0Z^^dateTime"), 1),
            (("P1M^^duration", "P30D^^duration", "no^^integer"), 3),
        ],
    )
    def test_equal_values_are_verified_as_equal(self, base, load, write, how, spellings, kept):
        pairs = [each.split("^^") for each in spellings]
        lines = [f'<urn:s> <urn:p> "{text}"^^<{XSD}{kind}> .\n' for text, kind in pairs]
        write("own.nt", "".join(lines))

        outcome = load("own.nt", "--graph", G, "--verify", how)

        assert (outcome.code, outcome.err) == (0, "")
        assert graphs(base) == {G: kept}
        again = load("own.nt", "--graph", G, "--verify", how)
        assert again.out == f"{HEAD}keep\t{G}\t{len(lines)}\t{kept}\n"

    def test_dropped_graph_is_created_again(self, base, load, write):
        write("own.ttl", "<urn:s> <urn:p> 1 .")
        load("own.ttl", "--graph", G)
        update(base, f"DROP GRAPH <{G}>")

        assert load("own.ttl", "--graph", G).out == f"{HEAD}create\t{G}\t1\t0\n"


class TestRefusals:
    """Input that is refused, and that then nothing is loaded."""

    @pytest.mark.parametrize(
        ("name", "text", "parts"),
        [
            ("own.ttl", "", ("own.ttl", "no triples")),
            ("own.ttl", "# nothing\n@prefix u: <urn:> .", ("own.ttl", "no triples")),
            ("own.ttl", "<urn:s> <urn:p> 1 .\n<urn:s> <urn:p> .", ("own.ttl:2:",)),
            ("own.nt", "<urn:s> <urn:p> <urn:o> .\n<urn:s> .\n", ("own.nt:2:",)),
            ("own.jsonld", '{"@id": "urn:s", ', ("own.jsonld",)),
            ("own.csv", "a,b", ("own.csv", "unknown RDF file extension")),
            ("own.ttl", "<urn:s> <urn:p> <<( <urn:a> <urn:b> <urn:c> )>> .", ("RDF 1.2",)),
            ("own.ttl", "<urn:s> <urn:p> << <urn:a> <urn:b> <urn:c> >> .", ("RDF 1.2",)),
            ("own.ttl", "<urn:s> <urn:p> <urn:o> {| <urn:a> <urn:b> |} .", ("RDF 1.2",)),
            ("own.ttl", '<urn:s> <urn:p> "a"@en--ltr .', ("direction (RDF 1.2)",)),
            ("own.trig", "_:g { <urn:s> <urn:p> 1 }", ("blank node", "IRI")),
        ],
    )
    def test_unusable_file_is_an_error_and_nothing_is_loaded(
        self, base, load, write, name, text, parts
    ):
        write("good.ttl", "<urn:s> <urn:p> 1 .")
        write(name, text)

        outcome = load("good.ttl", name, "--graph", G)

        assert_refused(outcome, 3, name, *parts)
        assert outcome.out == ""
        assert graphs(base, all=True) == {}

    def test_file_that_is_cut_off_while_it_is_read_is_an_error(
        self, base, load, write, monkeypatch
    ):
        """The parser, which reads 4,096 bytes at a time, takes the rest for the whole."""
        file = write("own.nt", "<urn:s> <urn:p> <urn:object1> .\n" * 1_000)

        def cut_off(*given: Any) -> Iterator[Quad]:
            for quad in skolemize(*given):
                os.truncate(file, 4096)
                yield quad

        monkeypatch.setattr(sources, "skolemize", cut_off)

        assert_refused(load("own.nt", "--graph", G), 3, "own.nt", "changed while it was read")
        assert graphs(base, all=True) == {}

    def test_missing_file_is_an_error(self, base, load, folder):
        (folder / "empty").mkdir()

        assert_refused(load("missing.ttl", "--graph", G), 3, "missing.ttl")
        assert_refused(load("empty", "--graph", G), 3, "no RDF file")

    def test_broken_standard_input_is_reported_with_line(self, base, load):
        outcome = load("-", "--graph", G, stdin=b"<urn:s> <urn:p> 1 .\n<urn:s> .")

        assert_refused(outcome, 3, "-:2:")
        assert graphs(base, all=True) == {}

    def test_graph_that_was_not_loaded_needs_force(self, base, load, write):
        put(base, G, "<urn:theirs> <urn:p> 1 , 2 .")
        write("a.ttl", "<urn:s> <urn:p> 1 .")
        write("own.trig", f"<urn:first> {{ <urn:s> <urn:p> 1 }} <{G}> {{ <urn:s> <urn:p> 1 }}")

        assert_refused(load("a.ttl", "--graph", G), 2, G, "2 triples", "--force")
        assert_refused(load("own.trig"), 2, G, "--force")
        assert_refused(load("a.ttl", "--graph", G, "--dry-run"), 2, G)
        assert graphs(base, all=True) == {G: 2}

        outcome = load("a.ttl", "--graph", G, "--force")

        assert outcome.out == f"{HEAD}replace\t{G}\t1\t2\n"
        assert graphs(base) == {G: 1}
        assert load("a.ttl", "--graph", G).out.startswith(f"{HEAD}keep")


class TestPrune:
    """The graphs that are removed, and the ones that never are."""

    @pytest.fixture
    def three(self, base: str, load: Load, write: Write) -> None:
        """Three graphs that were loaded, one of them outside the base, and one that was not."""
        for name in ("a", "b"):
            write(f"{name}.ttl", "<urn:s> <urn:p> 1 .")
        load("a.ttl", "b.ttl", "--base", G)
        load("a.ttl", "--graph", f"{G}x/a")
        put(base, f"{G}/theirs", "<urn:s> <urn:p> 1 .")

    def test_prune_removes_graphs_loaded_below_the_base(self, base, load, three):
        outcome = load("a.ttl", "--base", G, "--prune")

        assert outcome.code == 0
        assert outcome.out == f"{HEAD}keep\t{G}/a\t1\t1\nremove\t{G}/b\t0\t1\n"
        assert f"<{G}/b> (1 triples)" in outcome.err
        assert set(graphs(base)) == {f"{G}/a", f"{G}x/a", f"{G}/theirs"}
        assert load("a.ttl", "--base", G, "--prune").out == f"{HEAD}keep\t{G}/a\t1\t1\n"

    def test_nothing_is_removed_without_prune(self, base, load, three):
        outcome = load("a.ttl", "--base", G)

        assert outcome.out == f"{HEAD}keep\t{G}/a\t1\t1\n"
        assert f"{G}/b" in graphs(base)

    def test_dry_run_shows_what_prune_removes(self, base, load, three):
        outcome = load("a.ttl", "--base", G, "--prune", "--dry-run")

        assert f"remove\t{G}/b\t0\t1\n" in outcome.out
        assert f"<{G}/b>" in outcome.err
        assert f"{G}/b" in graphs(base)

    def test_prune_of_shipped_graphs_keeps_other_graphs(self, base, mini, load, three, write):
        put(base, f"{OURS}theirs", "<urn:s> <urn:p> 1 .")
        put(base, f"{OURS}staging/of-another-load", "<urn:s> <urn:p> 1 .")
        load("a.ttl", "--graph", f"{OURS}own")

        outcome = load("--prune")

        assert outcome.code == 0
        assert f"remove\t{OURS}own\t0\t1\n" in outcome.out
        left = graphs(base, all=True)
        assert f"{OURS}own" not in left
        assert {f"{OURS}theirs", f"{OURS}staging/of-another-load", f"{G}/b"} <= set(left)


class Slow(NoGraphStore):
    """A store that takes its time with large updates."""

    def update(self, request: StoreRequest) -> StoreResponse:
        time.sleep(0.7 if len(request.body) > 100_000 else 0)
        return super().update(request)


@pytest.mark.slow(reason="loads for some seconds")
class TestProgress:
    """Progress of loads that take longer than a second."""

    @pytest.fixture
    def slow(self, write: Write) -> Iterator[list[str]]:
        """A load that takes three batches and some seconds."""
        lines = (f'<urn:s{n}> <urn:p> "{"x" * 60} {n}" .\n' for n in range(30_000))
        write("large.nt", "".join(lines))
        with serving(Slow()) as root:
            where = ["--query-url", f"{root}/sparql", "--update-url", f"{root}/sparql"]
            yield ["load", "large.nt", "--graph", G, *where]

    def test_log_gets_plain_lines(self, run, slow, monkeypatch):
        monkeypatch.setattr("tipgraph.cli.load.QUIET", 1)

        outcome = run(*slow)

        assert outcome.code == 0
        assert outcome.out == f"{HEAD}create\t{G}\t30000\t0\n"
        assert re.fullmatch(rf"(tipgraph: <{G}>: [12]\.0 of 2\.7 MB sent\n)+", outcome.err)

    def test_terminal_shows_a_bar(self, slow):
        shown, code = on_terminal([sys.executable, "-m", "tipgraph", *slow])

        assert code == 0
        assert "loading" in shown
        assert "━" in shown
        assert "MB sent" not in shown


IRIS = some.sampled_from(
    [
        "urn:a",
        "https://example.org/ä?q=1#f",
        "https://example.org/%C3%A4",
        "urn:x:'()",
        "urn:日本",
    ]
).map(NamedNode)
BLANKS = some.sampled_from("abc").map(BlankNode)
TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TYPED = some.sampled_from(
    [
        *((text, "integer") for text in ("1", "+1", "-0", "007", "9" * 30, "x", "")),
        *((text, "decimal") for text in ("1.0", "1.00", ".5", "-1.50", "0.1000000000000000001")),
        *((text, "double") for text in ("1e0", "1.0E0", "INF", "-INF", "NaN", "-0", "1e400")),
        *((text, "float") for text in ("1", "1.1", "3.40282346638528859e+38")),
        *((text, "boolean") for text in ("1", "true", "0", "TRUE")),
        *((text, "date") for text in ("2020-02-29", "2020-02-29Z", "2020-02-29+14:00", "today")),
        *((text, "time") for text in ("24:00:00", "00:00:00.50Z")),
        *((text, "dateTime") for text in ("2020-01-01T24:00:00", "2020-01-01T00:00:00.10Z")),
        *((text, "gYear") for text in ("2020", "-0001", "2020Z")),
        *((text, "duration") for text in ("P45D", "P1Y2M3DT4H5M6.70S", "PT0S", "-P1M")),
        *((text, "dayTimeDuration") for text in ("PT24H", "P1D")),
        *((text, "hexBinary") for text in ("0aFF",)),
        *((text, "byte") for text in ("300", "-1")),
        *((text, "string") for text in ("a", " ")),
        *((text, "anyURI") for text in ("https://example.org/ä",)),
    ]
).map(lambda pair: Literal(pair[0], datatype=NamedNode(XSD + pair[1])))
TAGGED = some.builds(
    lambda text, tag: Literal(text, language=tag),
    TEXTS,
    some.sampled_from(["en", "EN-gb", "de-CH"]),
)
ODD = some.builds(lambda text: Literal(text, datatype=NamedNode("urn:odd")), TEXTS)
OBJECTS = some.one_of(IRIS, BLANKS, TEXTS.map(Literal), TYPED, TAGGED, ODD)
GRAPHS = some.lists(
    some.builds(Triple, some.one_of(IRIS, BLANKS), IRIS, OBJECTS), min_size=1, max_size=12
)


@pytest.mark.slow(reason="loads twenty graphs twice")
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(triples=GRAPHS)
def test_any_graph_is_returned_as_it_was_loaded(base, capsys, triples):
    clear(base)
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "own.nt"
        own.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
        command = ["load", str(own), "--graph", G, "--endpoint", base, "--verify", "full"]

        assert main(command) == 0, capsys.readouterr().err
        assert capsys.readouterr().out.startswith(f"{HEAD}create")
        assert main(command) == 0
        assert capsys.readouterr().out.startswith(f"{HEAD}keep")
        sent = parse(path=str(own))

    assert unskolemised(read(base, G)) == canonical(by_value(sent))


def by_value(quads: Iterable[Quad]) -> Iterable[Quad]:
    """The quads with values as the engine writes them."""
    store = Store()
    store.extend(quads)
    return store


def unskolemised(quads: Iterable[Quad]) -> set[str]:
    """The triples with blank nodes as in the file, comparable whatever their labels."""

    def before(term: Any) -> Any:
        is_ours = isinstance(term, NamedNode) and term.value.startswith(SKOLEM)
        return BlankNode(term.value.removeprefix(SKOLEM).replace("/", "")) if is_ours else term

    return canonical(Quad(before(q.subject), q.predicate, before(q.object)) for q in quads)


def update(base: str, text: str) -> None:
    """Run an update in the store."""
    kind = {"Content-Type": "application/sparql-update"}
    HTTP.post(f"{base}/update", content=text.encode(), headers=kind).raise_for_status()


def clear(base: str) -> None:
    """Remove everything from the store."""
    update(base, "DROP ALL")


def graphs(base: str, all: bool = False) -> dict[str, int]:
    """The number of triples in each graph; the manifest only with `all`."""
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    accept = {"Accept": "application/sparql-results+json"}
    answer = HTTP.get(f"{base}/query", params={"query": query}, headers=accept)
    rows: Any = parse_query_results(answer.content, QueryResultsFormat.JSON)
    found = {row["g"].value: int(row["n"].value) for row in rows}
    return {name: count for name, count in found.items() if all or name != f"{OURS}loads"}


def read(base: str, graph: str) -> list[Any]:
    """The triples of a graph."""
    accept = {"Accept": "application/n-triples"}
    answer = HTTP.get(f"{base}/store", params={"graph": graph}, headers=accept)
    return list(parse(answer.raise_for_status().content, format=RdfFormat.N_TRIPLES))


def sha256(content: bytes) -> str:
    """The SHA-256 of the content."""
    return hashlib.sha256(content).hexdigest()


def on_terminal(command: list[str]) -> tuple[str, int]:
    """The output of a command on a terminal, and its exit code."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, stdin=theirs) as process:
        os.close(theirs)
        shown = b""
        # On Linux, reading from a terminal that was closed is an error.
        try:
            while piece := os.read(ours, 65_536):
                shown += piece
        except OSError:
            pass
    os.close(ours)
    return shown.decode(errors="replace"), process.returncode
