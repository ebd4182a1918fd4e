"""Each fault of a network or a server, at each request of a load into a real store.

After each: the graph has its old content or its new content, success is reported only for a
complete load, and no staging graph is left, or the error names it with the command that removes it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate

import pytest

from tests import proxy
from tests.conftest import Run
from tests.loader.conftest import GRAPH, NEW, OLD, Lab
from tests.loader.site import entry
from tests.loader.steps import At, step
from tests.proxy import Fault, status

pytestmark = pytest.mark.store


@dataclass(frozen=True)
class Kind:
    """A fault.

    `is_transient`: it may be gone at the next attempt. `is_done`: the server processed the request.
    `is_certain`: the client can know that the request had no effect.
    """

    name: str
    fault: Fault
    is_transient: bool = True
    is_done: bool = False
    is_certain: bool = False


def retry_after(value: Callable[[], str]) -> Callable[[], dict[str, str]]:
    return lambda: {"Retry-After": value()}


def challenge() -> dict[str, str]:
    return {"WWW-Authenticate": 'Basic realm="store"'}


def unprocessed(code: int, name: str = "", headers: Callable[[], dict[str, str]] = dict) -> Kind:
    """A response with this status, from a proxy: the server did not get the request."""
    is_transient = code in (429, 502, 503, 504)
    return Kind(
        name or str(code), status(code, headers=headers), is_transient, is_certain=code < 500
    )


def processed(code: int, name: str = "", headers: Callable[[], dict[str, str]] = dict) -> Kind:
    """A response with this status, though the server processed the request."""
    fault = status(code, after=True, headers=headers)
    kind = unprocessed(code, name or f"{code}-after", headers)
    return replace(kind, fault=fault, is_done=True, is_certain=False)


# Other statuses are final as 401 and 413 are, or 500, or pass as 503 does:
# tests/endpoint/test_retry.py lists them, and a date in place of seconds is tried below.
UNPROCESSED = [
    unprocessed(401, headers=challenge),
    unprocessed(413),
    unprocessed(429, "429-seconds", retry_after(lambda: "0")),
    unprocessed(500),
    unprocessed(503),
    unprocessed(503, "503-seconds", retry_after(lambda: "0")),
]
PROCESSED = [
    processed(401, headers=challenge),
    processed(413),
    processed(429, "429-after", retry_after(lambda: "0")),
    processed(500),
    processed(503, "503-after", retry_after(lambda: "0")),
]
REFUSED = Kind("refused", proxy.refused(0.02), is_certain=True)
DISCONNECTED = [
    Kind("reset-at-once", proxy.reset_within(0)),
    Kind("reset-within", proxy.reset_within(40)),
    Kind("request-lost", proxy.request_lost),
    Kind("reply-lost", proxy.reply_lost, is_done=True),
    Kind("cut", proxy.cut(0.99), is_done=True),
    Kind("cut-head", proxy.cut(0.1), is_done=True),
    Kind("page", proxy.page, is_transient=False),
]
SILENT = [
    Kind("hanging", proxy.never_forwarded),
    Kind("answerless", proxy.never_answered, is_done=True),
]
ALL = [*UNPROCESSED, *PROCESSED, *DISCONNECTED, *SILENT]

# One store with snapshots, and one without.
STORES = ("oxigraph", "virtuoso")
READS = ["manifest", "count", "verify", "staging-exists", "target-exists"]
WRITES = ["put", "claim", "move", "record"]
# The requests of a place, where they have another name, or come only after another request.
STEPS_OF_PLACE = {"staging-exists": ("staging-exists", "move"), "gone": ("staging-exists", "drop")}


# Virtuoso, where a move that may be under way is not repeated, gets one fault of each kind.
ON_VIRTUOSO = [*UNPROCESSED[3:5], *PROCESSED[3:], *DISCONNECTED, *SILENT, REFUSED]


def at(place: str) -> At:
    return At(*STEPS_OF_PLACE.get(place, (place,)))


def on_each_store(kinds: Iterable[Kind], stores: Iterable[str] = STORES) -> pytest.MarkDecorator:
    """Run a test with each fault on each store."""
    kinds = list(kinds)
    cells = [
        pytest.param(store, kind, id=f"{store}-{kind.name}")
        for store in stores
        for kind in kinds
        if store == "oxigraph" or kind in ON_VIRTUOSO
    ]
    return pytest.mark.parametrize(("site", "kind"), cells, indirect=["site"])


def combined(
    kinds: Iterable[Kind], places: Iterable[str], stores: Iterable[str] = STORES
) -> Iterator[object]:
    """Each fault at each place on each store."""
    kinds, places = list(kinds), list(places)
    for store in stores:
        for kind in kinds:
            for place in places:
                yield pytest.param(store, kind, place, id=f"{store}-{kind.name}-at-{place}")


def in_cells(*cells: Iterator[object]) -> pytest.MarkDecorator:
    """Run a test in each of these cells."""
    return pytest.mark.parametrize(
        ("site", "kind", "place"), [cell for some in cells for cell in some], indirect=["site"]
    )


def timeout_option(lab: Lab, kind: Kind) -> list[object]:
    """A short time limit where no response will come.

    A store that gets a move once must have the time for it, also on a busy machine.
    """
    return ["--timeout", 0.2 if lab.site.has_snapshots else 1] if kind in SILENT else []


@on_each_store(kind for kind in [*ALL, REFUSED] if kind.is_transient)
def test_load_survives_a_transient_fault_at_every_request(lab: Lab, kind: Kind) -> None:
    for place in ["detect", *READS, *WRITES]:
        if place != "move":
            lab.proxy.inject(kind.fault, at(place), times=1)

    outcome = lab.load(*timeout_option(lab, kind))

    assert lab.proxy.is_exhausted, outcome.err
    assert outcome.code == 0, outcome.err
    lab.check(outcome.code, outcome.err)


@in_cells(
    combined(
        (kind for kind in [*UNPROCESSED, *DISCONNECTED] if not kind.is_transient),
        [*READS, "put"],
        ["oxigraph"],
    ),
    combined(
        (kind for kind in [*UNPROCESSED, *DISCONNECTED] if not kind.is_transient),
        ["claim", "record"],
    ),
    combined(
        (kind for kind in PROCESSED if not kind.is_transient),
        ["put", "claim", "record"],
        ["oxigraph"],
    ),
)
def test_permanent_fault_is_reported(lab: Lab, kind: Kind, place: str) -> None:
    lab.proxy.inject(kind.fault, at(place), times=1)

    outcome = lab.load(*timeout_option(lab, kind))

    assert lab.proxy.is_exhausted
    assert outcome.code == 4, outcome.err
    assert lab.site.content(GRAPH) == (
        NEW if place in ("staging-exists", "target-exists", "record") else OLD
    )
    lab.check(outcome.code, outcome.err)


# Detection reads the head of a response only, so a cut body does not matter.
@on_each_store([*UNPROCESSED, *(kind for kind in DISCONNECTED if kind.name != "cut")], ["oxigraph"])
def test_failed_detection_is_reported(lab: Lab, kind: Kind) -> None:
    lab.proxy.inject(kind.fault, at("detect"))

    outcome = lab.load()

    assert outcome.code == 4
    assert {step(request) for request in lab.proxy.seen} == {"detect"}
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@on_each_store([*ALL, REFUSED])
def test_query_confirms_the_move(lab, kind):
    # Connections are refused after a request, so the fault is at the one before.
    lab.proxy.inject(kind.fault, at("claim" if kind is REFUSED else "move"), times=1)
    if kind.is_certain:
        code = 0 if kind.is_transient else 4
    else:
        # Some stores must not get a second move while the first one may be under way.
        code = 0 if kind.is_done or lab.site.has_snapshots else 4

    outcome = lab.load(*timeout_option(lab, kind))

    assert lab.proxy.is_exhausted
    assert outcome.code == code, outcome.err
    assert lab.site.content(GRAPH) == (OLD if code else NEW)
    lab.check(outcome.code, outcome.err)


@in_cells(
    combined([*UNPROCESSED, *DISCONNECTED, *SILENT, REFUSED], ["drop"], ["oxigraph"]),
    combined([*UNPROCESSED[3:5], *DISCONNECTED, *SILENT, REFUSED], ["gone"], ["oxigraph"]),
    combined([UNPROCESSED[3], DISCONNECTED[3]], ["drop", "gone"], ["virtuoso"]),
)
def test_fault_while_cleaning_up_names_what_is_left(lab: Lab, kind: Kind, place: str) -> None:
    lab.proxy.inject(status(413), at("claim"), times=1)
    lab.proxy.inject(kind.fault, at(place), times=1)

    outcome = lab.load(*timeout_option(lab, kind))

    assert lab.proxy.is_exhausted
    assert outcome.code == 4
    assert "does not accept that much in one request" in outcome.err
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


DOWN = [UNPROCESSED[4], DISCONNECTED[3], DISCONNECTED[6], replace(REFUSED, fault=proxy.refused())]


@in_cells(
    combined(DOWN[::3], ["detect", *READS, *WRITES], ["oxigraph"]),
    combined(DOWN[1:3], WRITES, ["oxigraph"]),
    combined(DOWN[:2], WRITES, ["virtuoso"]),
)
def test_store_that_stays_down_is_reported(lab: Lab, kind: Kind, place: str) -> None:
    first = at(place)
    lab.proxy.inject(kind.fault, lambda request: first(request) or lab.proxy.has_struck.is_set())

    outcome = lab.load()

    assert outcome.code == 4
    if place in READS[:2] or place == "claim":
        assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize("place", [*READS, *WRITES])
def test_request_that_always_fails_is_reported(lab: Lab, place: str) -> None:
    lab.proxy.inject(status(503), at(place))

    outcome = lab.load()

    assert outcome.code == 4
    assert "failed with status 503" in outcome.err
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize(("times", "code"), [(5, 0), (6, 4)])
def test_number_of_attempts_is_limited(lab: Lab, times: int, code: int) -> None:
    lab.proxy.inject(status(502), at("verify"), times)

    outcome = lab.load()

    assert lab.proxy.is_exhausted
    assert outcome.code == code
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize(
    ("code", "value"),
    [(429, lambda: formatdate(time.time() + 2, usegmt=True)), (503, lambda: "1")],
    ids=["429-date", "503-seconds"],
)
def test_retry_after_is_respected(lab: Lab, code: int, value: Callable[[], str]) -> None:
    lab.proxy.inject(status(code, headers=retry_after(value)), at("claim"), times=1)
    begun = time.monotonic()

    outcome = lab.load()

    assert outcome.code == 0
    assert time.monotonic() - begun >= 1
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize("site", ["oxigraph"], indirect=True)
@pytest.mark.parametrize("value", ["3600", "Fri, 31 Dec 2100 23:59:59 GMT"])
@pytest.mark.parametrize("place", ["put", "verify", "move"])
def test_long_retry_after_is_an_error(lab: Lab, value: str, place: str) -> None:
    lab.proxy.inject(status(429, headers=retry_after(lambda: value)), at(place))

    outcome = lab.load()

    assert outcome.code == 4
    assert "it asks to wait " in outcome.err
    assert [step(request) for request in lab.proxy.seen].count(place) == 1
    lab.check(outcome.code, outcome.err)


def test_slow_store_is_waited_for(lab: Lab) -> None:
    for place in ["detect", *READS, *WRITES]:
        lab.proxy.inject(proxy.slow(0.1), at(place), times=1)

    outcome = lab.load()

    assert lab.proxy.is_exhausted
    assert outcome.code == 0
    lab.check(outcome.code, outcome.err)


@on_each_store([*DISCONNECTED, *SILENT, *UNPROCESSED[3:5]], ["oxigraph"])
def test_broken_read_back_fails_the_verification(lab: Lab, kind: Kind) -> None:
    lab.proxy.inject(kind.fault, at("read back"))

    outcome = lab.load("--verify", "full", *timeout_option(lab, kind))

    assert lab.proxy.has_struck.is_set()
    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


def test_late_upload_is_removed_or_named(lab: Lab) -> None:
    lab.proxy.inject(proxy.late, at("put"))

    outcome = lab.load("--timeout", 0.2)

    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


def test_late_move_changes_nothing(lab: Lab) -> None:
    lab.proxy.inject(proxy.late, at("move"))

    outcome = lab.load("--timeout", 0.2)

    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@pytest.mark.parametrize(
    ("fault", "is_at_once"), [(proxy.twice, True), (proxy.echoed, True), (proxy.echoed, False)]
)
def test_update_that_arrives_twice_changes_nothing_more(lab, fault, is_at_once):
    # The copies arrive before the reply, beside the next request, or after the load.
    lab.proxy.inject(fault, lambda request: step(request) in ("claim", "move", "record"))
    if is_at_once:
        lab.proxy.released.set()

    outcome = lab.load()

    assert (outcome.code, outcome.err) == (0, "")
    lab.proxy.release()
    assert lab.site.content(GRAPH) == NEW
    lab.check(outcome.code, outcome.err)


def test_late_removal_removes_no_graph_of_a_later_load(lab: Lab, run: Run) -> None:
    options = ["--base", GRAPH.removesuffix("a"), "--endpoint", lab.proxy.address]
    lab.file.with_name("a.nt").write_text(lab.file.read_text())
    other = lab.file.rename(lab.file.with_name("b.nt"))
    # The same content is there again when a copy of the removal arrives.
    lab.proxy.inject(proxy.echoed, at("remove"), times=1)
    for arguments in ([lab.file.parent], [other, "--prune"], [lab.file.parent]):
        assert run("load", *arguments, *options).code == 0
    assert lab.proxy.is_exhausted

    lab.proxy.release()

    assert lab.site.content(GRAPH) == NEW


@pytest.mark.parametrize("is_processed", [True, False])
def test_removed_staging_graph_is_not_mistaken_for_moved(lab: Lab, is_processed: bool) -> None:
    def removed(exchange: proxy.Exchange) -> None:
        """Another client removes the staging graph just before the move."""
        lab.site.update("; ".join(f"DROP SILENT GRAPH <{it}>" for it in lab.site.staging()))
        (proxy.passed if is_processed else proxy.request_lost)(exchange)

    lab.proxy.inject(removed, at("move"), times=1)

    outcome = lab.load()

    assert outcome.code == 4
    assert lab.site.content(GRAPH) == OLD
    assert lab.site.manifest() == {GRAPH: entry(OLD)}


def test_load_after_a_failed_one_succeeds(lab: Lab) -> None:
    lab.proxy.inject(proxy.reply_lost, at("record"))
    assert lab.load().code == 4
    lab.proxy.remove_faults()

    outcome = lab.load()

    lab.check(outcome.code, outcome.err)
