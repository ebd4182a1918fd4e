"""The test graph, small resources, one cache for all, and the command line as a function."""

import functools
import gc
import io
import os
import re
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from pyoxigraph import Quad, RdfFormat, Store

import tipgraph
from tests.graphs import SharedGraphs
from tests.servers import quick
from tipgraph.cli import main
from tipgraph.rdf import files
from tipgraph.render import page
from tipgraph.resources import folders
from tipgraph.resources.folders import Resources
from tipgraph.store import build, rules
from tipgraph.store.engine import Embedded, Rows

# These need terminals, pipes and shells as POSIX has them.
collect_ignore = (
    ["ci", "cli/test_load.py", "cli/test_process.py", "docs", "loading"]
    if sys.platform == "win32"
    else []
)

# A busy machine is no reason for a test to fail.
# Examples of a property; `pytest --hypothesis-profile thorough` tries many more.
UNCHECKED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
settings.register_profile("tests", deadline=None, max_examples=15, suppress_health_check=UNCHECKED)
settings.register_profile("thorough", settings.get_profile("tests"), max_examples=500)
settings.load_profile("tests")

MINI = Path(__file__).parent / "fixtures" / "mini"
CHECKOUT = Path(__file__).parents[1]
# The test graph: all that is shipped but for the data on other countries, a fifth of all figures.
TEST_GRAPH = "the editions and documents of Belgium, Hungary, Luxembourg, Malta and the Netherlands"
OTHER_ACTORS = "actors/(?!shared|belgium|hungary|luxembourg|malta|netherlands)"
OTHER_COUNTRY = re.compile(rf"[\w-]+-(?!be|hu|lu|mt|nl)[a-z]{{2}}/|{OTHER_ACTORS}")
OTHER_EDITION = re.compile(rf"(?!tip-2017-be)[\w-]+-[a-z]{{2}}/|{OTHER_ACTORS}")
OPEN_GRAPH = build.open_graph
GRAPHS = SharedGraphs()
# The folders of what is shipped, with links to all of it or to a part.
SHIPPED_ROOTS = {str(CHECKOUT)}


class Outcome(NamedTuple):
    """The exit code, the output and the errors of a command line."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that is marked as slow and does not give the reason.

    A test of all countries is one: to make and open their graph takes each worker ten seconds. The
    modules with such tests are the first ones, and before them those with a loaded store, so that
    one worker runs most of them: workers take tests from each other's ends.
    """
    places: dict[str, int] = {}
    for item in items:
        fixtures = {*getattr(item, "fixturenames", ())}
        module = item.nodeid.partition("::")[0]
        place = 0 if "loaded" in fixtures else 2
        if {"all_countries", "everything"} & fixtures:
            item.add_marker(pytest.mark.slow(reason="the graph of all countries"))
            place = 1
        places[module] = min(place, places.get(module, place))
        for mark in item.iter_markers("slow"):
            if mark.args or set(mark.kwargs) != {"reason"} or not mark.kwargs["reason"]:
                raise pytest.UsageError(f'{item.nodeid}: write slow(reason="...")')
    items.sort(key=lambda item: places[item.nodeid.partition("::")[0]])


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end: a tenth of the time of all tests."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_sessionfinish() -> None:
    """Collect garbage once: pytest does it five times, and all graphs are looked through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def shared_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One cache for all tests and all workers, empty when the session begins, and no data.

    Its entries are named by the content that they are made from, so no test can see another's.
    """
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_CACHE_HOME", str(root / "cache"))
        environment.setenv("XDG_DATA_HOME", str(root / "data"))
        yield


@pytest.fixture(scope="session", autouse=True)
def test_graph(shared_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The resources of tests: links to all that is shipped for `TEST_GRAPH`.

    Tests of a command, a query or a page need no more. A test of what is shipped as a whole takes
    the fixture `all_countries`, or `everything`; one of the user's own files, `one_edition`.
    """
    root = link_resources("test-graph", OTHER_COUNTRY, tmp_path_factory)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(folders.VARIABLE, str(root))
        yield root


@pytest.fixture(scope="session")
def small_resources(shared_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with one small edition, Belgium in 2017."""
    return link_resources("one-edition", OTHER_EDITION, tmp_path_factory)


def link_resources(
    name: str, without: re.Pattern[str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Link what is shipped, but for data whose path matches; one folder for all workers."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    # Each worker makes it, and the first one counts, so that all have one cache.
    made = tmp_path_factory.mktemp("resources") / "made"
    for file in (CHECKOUT / "data").rglob("*"):
        path = file.relative_to(CHECKOUT / "data")
        if file.is_file() and not without.match(path.as_posix()):
            (made / "data" / path).parent.mkdir(parents=True, exist_ok=True)
            (made / "data" / path).symlink_to(file)
    for folder in ("ontology", "queries"):
        (made / folder).symlink_to(CHECKOUT / folder)
    with suppress(OSError):
        made.rename(root)
    SHIPPED_ROOTS.add(str(root))
    return root


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Name the test graph where a test fails that has no other one."""
    report = yield
    others = {"all_countries", "everything", "mini", "graph", "one_edition"}
    if report.failed and not others.intersection(getattr(item, "fixturenames", ())):
        report.sections.append(
            ("test graph", f"{TEST_GRAPH}; a test on another country takes `all_countries`")
        )
    return report


@pytest.fixture(scope="session", autouse=True)
def shipped_files() -> Iterator[None]:
    """Parse the shipped files once in each worker, for all graphs made from them.

    Nobody changes them meanwhile, so their digest is also made once: each command would do it.
    """
    parse, parse_rule, stamps = files.read, rules.read_rule, Resources.stamped

    def is_shipped(path: str) -> bool:
        names = ("data", "ontology", "queries")
        return path.startswith(
            tuple(os.path.join(root, name, "") for root in SHIPPED_ROOTS for name in names)
        )

    @functools.cache
    def quads(path: str, graph: str) -> list[Quad]:
        return list(parse(path, graph))

    def read(path: str, graph: str, *syntax: RdfFormat) -> Iterator[Quad]:
        if is_shipped(path):
            return iter(quads(os.path.realpath(path), graph))
        return parse(path, graph, *syntax)

    parsed = functools.cache(parse_rule)

    def read_rule(path: str) -> rules.Rule:
        if is_shipped(path):
            return replace(parsed(os.path.realpath(path)), path=path)
        return parse_rule(path)

    kept = functools.cache(lambda root: stamps(Resources(root)))

    def stamped(resources: Resources) -> str:
        is_kept = resources.root in SHIPPED_ROOTS
        return kept(resources.root) if is_kept else stamps(resources)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Resources, "stamped", stamped)
        patch.setattr(files, "read", read)
        patch.setattr(rules, "read_rule", read_rule)
        yield


class CompiledTemplates(BytecodeCache):
    """The code of templates, which each site would compile for itself."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> Iterator[None]:
    """Compile each template once in each worker, for all sites: it takes longer than a page."""
    make, compiled = page.environment, CompiledTemplates()

    def environment(*given: Any) -> Environment:
        made = make(*given)
        made.bytecode_cache = compiled
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page, "environment", environment)
        yield


@pytest.fixture
def all_countries(everything: tipgraph.LocalGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """The graph of this test is the shipped one, with the editions of all countries."""
    monkeypatch.delenv(folders.VARIABLE)


@pytest.fixture
def one_edition(small_resources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One small edition, for tests of own files: the graph is made in a third of the time."""
    monkeypatch.setenv(folders.VARIABLE, str(small_resources))


@pytest.fixture(scope="session")
def everything(shared_graph: None) -> tipgraph.LocalGraph:
    """The shipped graph with the editions of all countries, opened once."""
    resources = Resources(str(CHECKOUT))
    engine = Embedded(build.open_graph(resources))
    return tipgraph.LocalGraph(engine, resources, own=(), bundled=True)


@pytest.fixture(scope="session", autouse=True)
def shared_graph(test_graph: Path) -> Iterator[None]:
    """The test graph and the shipped graph are made once in each worker, as are their rows."""
    shared = functools.cache(lambda root: GRAPHS.shipped(Resources(root)))
    select = Embedded.select

    def opened(
        resources: Resources, own: tuple[str, ...] = (), bundled: bool = True, name: str = ""
    ) -> Store:
        if resources.root not in SHIPPED_ROOTS:
            return OPEN_GRAPH(resources, own, bundled, name)
        if own or not bundled:
            return GRAPHS.with_own_files(resources, own, bundled)
        return shared(resources.root)

    def selected(engine: Embedded, query: str, allow_empty_rows: bool = False) -> Rows:
        return GRAPHS.rows(engine.store, query, lambda: select(engine, query, allow_empty_rows))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "open_graph", opened)
        patch.setattr(Embedded, "select", selected)
        yield


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, for tests of the cache itself."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tipgraph"


@pytest.fixture
def user_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for what the user has given, such as texts."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "tipgraph"


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    """No width of a terminal: tests that run in several processes are given one."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def shipped() -> tipgraph.LocalGraph:
    """The test graph, opened once, and its queries, which are read."""
    graph = tipgraph.open()
    assert graph.queries
    return graph


@pytest.fixture(scope="session")
def server_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Gives the address of a store of a kind, one for each worker; tests use their own graphs."""
    with ExitStack() as servers:
        yield functools.cache(
            lambda kind: servers.enter_context(quick(kind, tmp_path_factory.mktemp(kind)))
        )


@pytest.fixture
def no_authorities(monkeypatch: pytest.MonkeyPatch) -> None:
    """No certificate authorities: to read all that there are takes longer than a request."""
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses before a request is sent again."""
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda seconds: None)


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No progress of a load is shown, however busy the machine is."""
    monkeypatch.setattr("tipgraph.cli.load.QUIET", 3600)


@pytest.fixture
def mini(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small resources stands in for the shipped one."""
    monkeypatch.setenv(folders.VARIABLE, str(MINI / "shipped"))
    return MINI / "shipped"


@pytest.fixture
def graph(mini: Path) -> tipgraph.LocalGraph:
    """The small resources's graph."""
    return tipgraph.open()


@pytest.fixture
def texts() -> Path:
    """The source texts of the small resources's editions."""
    return MINI / "texts"


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command line; `tty` makes a person look, `stdin` is standard input.

    The output may be a workbook, in which some bytes are no text.
    """

    def run(*arguments: object, tty: bool = False, stdin: bytes = b"") -> Outcome:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: tty)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main([str(argument) for argument in arguments])
        return Outcome(code, *(each.decode(errors="replace") for each in capsysbinary.readouterr()))

    return run
