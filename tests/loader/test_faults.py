"""Each fault of a network or a server, at each request of a load into a real store.

After each: the graph has its old content or its new content, success is reported only for a
complete load, and no staging graph is left, or the error names it with the command that removes it.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate
from itertools import product

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


# One status of each kind that the client distinguishes: it is certain that nothing was changed, or
# not, and a later attempt may succeed, or not. tests/endpoint/test_retry.py lists all statuses.
DENIED = unprocessed(401, headers=challenge)
REJECTED = unprocessed(413)
FAILED = unprocessed(500)
BUSY = unprocessed(503)
UNPROCESSED = [REJECTED, unprocessed(429, headers=retry_after(lambda: "0")), FAILED, BUSY]
PROCESSED = [
    processed(413),
    processed(429, headers=retry_after(lambda: "0")),
    processed(500),
    processed(503),
]
REFUSED = Kind("refused", proxy.refused(0.02), is_certain=True)
# The server gets a part of the request, all or nothing of it; the client gets a part of the reply.
PARTLY_SENT = Kind("reset-within", proxy.reset_within(40))
REQUEST_LOST = Kind("request-lost", proxy.request_lost)
REPLY_LOST = Kind("reply-lost", proxy.reply_lost, is_done=True)
CUT = Kind("cut", proxy.cut(0.99), is_done=True)
PAGE = Kind("page", proxy.page, is_transient=False)
DISCONNECTED = [PARTLY_SENT, REQUEST_LOST, REPLY_LOST, CUT, PAGE]
HANGING = Kind("hanging", proxy.never_forwarded)
SILENT = [HANGING, Kind("answerless", proxy.never_answered, is_done=True)]
ALL = [*UNPROCESSED, *PROCESSED, *DISCONNECTED, *SILENT, REFUSED]
ON_VIRTUOSO = [FAILED, BUSY, *PROCESSED[2:], *DISCONNECTED, *SILENT, REFUSED]

READS = ["manifest", "count", "verify", "staging-exists", "target-exists"]
WRITES = ["put", "claim", "move", "record"]
# The requests of a place, where they have another name, or come only after another request.
STEPS_OF_PLACE = {"staging-exists": ("staging-exists", "move"), "gone": ("staging-exists", "drop")}


def at(place: str) -> At:
    return At(*STEPS_OF_PLACE.get(place, (place,)))


def with_each(kinds: Iterable[Kind], on_virtuoso: Iterable[Kind] = ()) -> pytest.MarkDecorator:
    """Run a test with each fault on Oxigraph, which has snapshots, and on Virtuoso, without."""
    cells = [
        pytest.param(store, kind, id=f"{store}-{kind.name}")
        for store, chosen in (("oxigraph", kinds), ("virtuoso", on_virtuoso))
        for kind in chosen
    ]
    return pytest.mark.parametrize(("site", "kind"), cells, indirect=["site"])


def combined(kinds: Iterable[Kind], places: Iterable[str], *stores: str) -> Iterator[object]:
    """Each fault at each place on each store."""
    for store, kind, place in product(stores or ["oxigraph"], kinds, places):
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


# The server of Virtuoso sees one of three things: nothing, a part of a request, or it twice.
@with_each((kind for kind in ALL if kind.is_transient), [BUSY, PARTLY_SENT, REPLY_LOST])
def test_load_survives_a_transient_fault_at_every_request(lab: Lab, kind: Kind) -> None:
    for place in ["detect", *READS, *WRITES]:
        if place != "move":
            lab.proxy.inject(kind.fault, at(place), times=1)

    outcome = lab.load(*timeout_option(lab, kind))

    assert lab.proxy.is_exhausted, outcome.err
    assert outcome.code == 0, outcome.err
    lab.check(outcome.code, outcome.err)


@in_cells(
    # It does not matter to a request that reads what a status states.
    combined([FAILED, PAGE], READS),
    combined([DENIED, REJECTED, FAILED, PAGE], ["put"]),
    combined([REJECTED, FAILED, PAGE], ["claim", "record"], "oxigraph", "virtuoso"),
    combined([DENIED], ["claim"], "virtuoso"),
    combined([PROCESSED[0], PROCESSED[2]], ["put", "claim", "record"]),
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
@with_each([DENIED, *UNPROCESSED, *(kind for kind in DISCONNECTED if kind is not CUT)])
def test_failed_detection_is_reported(lab: Lab, kind: Kind) -> None:
    lab.proxy.inject(kind.fault, at("detect"))

    outcome = lab.load()

    assert outcome.code == 4
    assert {step(request) for request in lab.proxy.seen} == {"detect"}
    assert lab.site.content(GRAPH) == OLD
    lab.check(outcome.code, outcome.err)


@with_each(ALL, ON_VIRTUOSO)
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
    combined([*UNPROCESSED, *DISCONNECTED, *SILENT, REFUSED], ["drop"]),
    combined([FAILED, BUSY, REPLY_LOST, PAGE, HANGING, REFUSED], ["gone"]),
    combined([FAILED, REPLY_LOST], ["drop", "gone"], "virtuoso"),
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


@in_cells(
    combined([replace(REFUSED, fault=proxy.refused())], ["detect", *READS, *WRITES]),
    combined([BUSY, REPLY_LOST, PAGE], WRITES),
    combined([REPLY_LOST], WRITES, "virtuoso"),
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
@pytest.mark.parametrize(
    ("place", "value"),
    [("put", "3600"), ("verify", "Fri, 31 Dec 2100 23:59:59 GMT"), ("move", "3600")],
)
def test_long_retry_after_is_an_error(lab: Lab, place: str, value: str) -> None:
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


@with_each([*DISCONNECTED, *SILENT, FAILED, BUSY])
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
