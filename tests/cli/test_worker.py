"""A command can be stopped, whatever it computes, and leaves no process behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "tipgraph"]
SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:S> a sh:NodeShape ; sh:targetNode <urn:s> ; """
PATTERN = SHAPE + 'sh:property [ sh:path <urn:p> ; sh:pattern "^(a+)+$" ] .'
SPARQL = (
    SHAPE
    + """sh:sparql [ sh:select "SELECT $this { $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i .
    ?j ?k ?l . ?m ?n ?q FILTER(STRLEN(?c) + STRLEN(?f) + STRLEN(?i) + STRLEN(?l) + STRLEN(?q) = 1)
    }" ] .""".replace("\n", "")
)
DATA = f'<urn:s> <urn:p> "{"a" * 60}!" .\n' + "".join(
    f'<urn:s{n}> <urn:p> "text {n}" .\n' for n in range(300)
)
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WORK = {
    "cross product": ["query", "-e", CROSS],
    "order": ["query", "-e", "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"],
    "pattern": ["validate", "data.ttl", "--shapes", "pattern.ttl", "--engine", "pyshacl"],
    "constraint": ["validate", "data.ttl", "--shapes", "sparql.ttl"],
}
HOURS = pytest.mark.slow(reason="starts a process for each query and shape, and lets it compute")
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Starts a command in a process group of its own, beside data and shapes."""
    (tmp_path / "data.ttl").write_text(DATA)
    (tmp_path / "pattern.ttl").write_text(PATTERN)
    (tmp_path / "sparql.ttl").write_text(SPARQL)

    def start(*arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env={**os.environ, "TMPDIR": str(tmp_path)},
            start_new_session=True,
            # Tests that run in the background ignore interrupts, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    return start


def no_process_left(group: int) -> bool:
    """Return whether all processes of the group end within seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def group_size(group: int) -> int:
    """Return the number of processes of the group."""
    found = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found += int(file.read_text().rpartition(")")[2].split()[2]) == group
    return found


def worker_of(process: subprocess.Popen[bytes]) -> int:
    """Return the process that works for a program, once there is one."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not children.read_text():
        time.sleep(0.1)
    return int(children.read_text())


@pytest.mark.parametrize(
    "work", [pytest.param(name, marks=() if name == "cross product" else HOURS) for name in WORK]
)
def test_timeout_stops_it(start: Start, work: str, tmp_path: Path):
    seconds = "0.5" if work == "cross product" else "2"
    process = start(*WORK[work], "--timeout", seconds)
    out, err = process.communicate(timeout=120)

    assert process.returncode == 124
    assert out == b""
    assert err == f"tipgraph: stopped after {seconds} s; --timeout gives it more\n".encode()
    assert no_process_left(process.pid)
    assert {file.name for file in tmp_path.iterdir()} == {"data.ttl", "pattern.ttl", "sparql.ttl"}


@pytest.mark.slow(reason="makes the graph")
def test_time_starts_once_the_graph_is_made(start: Start, cache: Path):
    process = start("query", "figures", "--timeout", "1.5")
    _, err = process.communicate(timeout=120)

    assert (process.returncode, b"stopped" in err) == (0, False)
    assert list(cache.iterdir())


@HOURS
@pytest.mark.parametrize(
    ("work", "sign"),
    [("cross product", signal.SIGINT), ("cross product", signal.SIGTERM),
     ("pattern", signal.SIGTERM), ("constraint", signal.SIGALRM)],
)  # fmt: skip
def test_signal_stops_it(start: Start, work: str, sign: signal.Signals):
    process = start(*WORK[work])
    time.sleep(2)
    process.send_signal(sign)
    began = time.monotonic()
    out, err = process.communicate(timeout=120)

    assert process.returncode == 128 + sign
    assert (out, err) == (b"", f"tipgraph: stopped by {sign.name}\n".encode())
    assert time.monotonic() - began < 20
    assert no_process_left(process.pid)


@HOURS
@pytest.mark.skipif(sys.platform != "linux", reason="the system ends orphans on Linux only")
@pytest.mark.parametrize(
    ("work", "processes"),
    [(WORK["cross product"], 2), (["validate", "--jobs", "2", "--engine", "pyshacl"], 4)],
)
def test_killed_program_leaves_no_process(start: Start, work: list[str], processes: int):
    process = start(*work)
    while group_size(process.pid) < processes:
        time.sleep(0.1)
    # They compute.
    time.sleep(1)
    process.kill()
    process.communicate(timeout=120)

    assert process.returncode == -signal.SIGKILL
    assert no_process_left(process.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not end it")
def test_worker_whose_program_was_killed_at_once_does_nothing():
    forks = [
        "import os, time; from tipgraph.processes import end_with_parent; program = os.getpid()",
        "if os.fork(): os._exit(0)",
        "while os.getppid() == program: time.sleep(0.01)",
        "end_with_parent(program); print('it works')",
    ]
    outcome = subprocess.run([sys.executable, "-c", "\n".join(forks)], capture_output=True)

    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, b"", b"")


@HOURS
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit it")
def test_memory_ends_at_what_is_available(start: Start):
    import resource

    process = start(*WORK["order"])
    worker = worker_of(process)
    # It evaluates: to open the graph takes less than a gigabyte.
    pages = (1 << 30) // resource.getpagesize()
    while int(Path(f"/proc/{worker}/statm").read_text().split()[1]) < pages:
        time.sleep(0.05)
    most, hard = resource.prlimit(worker, resource.RLIMIT_DATA)
    resource.prlimit(worker, resource.RLIMIT_DATA, (1 << 20, hard))
    _, err = process.communicate(timeout=120)

    assert 0 < most <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert process.returncode == 3
    assert err.splitlines()[-1].startswith(b"tipgraph: stopped by SIG")


@HOURS
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such file")
def test_end_by_a_file_that_became_shorter_is_named(start: Start):
    process = start(*WORK["order"])
    os.kill(worker_of(process), signal.SIGBUS)
    _, err = process.communicate(timeout=120)

    assert process.returncode == 3
    assert err.endswith(b"tipgraph: stopped, because a file became shorter while it was read\n")


@HOURS
def test_crash_of_the_engine_is_one_line(start: Start, tmp_path: Path):
    wide = " UNION ".join(["{ ?s ?p ?o }"] * 9000)
    (tmp_path / "wide.rq").write_text(f"SELECT * {{ {wide} }}")
    process = start("query", "-f", "wide.rq")
    out, err = process.communicate(timeout=120)

    assert (process.returncode, out) == (3, b"")
    assert err.startswith(b"tipgraph: stopped by SIG")
    assert err.count(b"\n") == 1


@HOURS
def test_result_passes_through(start: Start):
    """The worker writes to the program's own standard output."""
    process = start("query", "-e", "SELECT ?s { ?s ?p ?o } LIMIT 9000", "--format", "csv")
    out, err = process.communicate(timeout=120)

    assert (process.returncode, err) == (0, b"")
    assert out.count(b"\n") == 9001


# The time of a worker is up after it has ended, and before the program has noticed.
LATE = """
import os, signal
from tipgraph.cli import process

wait = os.waitpid

def late(worker, options):
    ended = wait(worker, options)
    signal.raise_signal(signal.SIGALRM)
    return ended

os.waitpid = late
worker = os.fork()
if not worker:
    os._exit(7)
os._exit(process._outcome(worker, 60))
"""


def test_worker_that_ends_as_its_time_is_up_has_its_own_exit_code():
    ended = subprocess.run([sys.executable, "-c", LATE], capture_output=True, check=False)

    assert (ended.returncode, ended.stderr) == (7, b"")


INHERITED = """
import os, signal, sys
sys.argv[0] = "tipgraph"
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
os.execv(sys.executable, [sys.executable, "-m", *sys.argv])
"""


def test_time_limit_holds_where_the_caller_ignores_or_blocks_signals():
    """Children inherit both, for example from a supervisor."""
    command = [sys.executable, "-c", INHERITED, "query", "-e", CROSS, "--timeout", "0.3"]

    ended = subprocess.run(command, capture_output=True, check=False, timeout=60)

    late = b"tipgraph: stopped after 0.3 s; --timeout gives it more\n"
    assert (ended.returncode, ended.stderr) == (124, late)


CHILD = """
import os, signal
from tipgraph.cli.process import guarded
signal.signal(signal.SIGCHLD, signal.SIG_IGN)

def main():
    child = os.fork()
    if not child:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

os._exit(guarded(main))
"""


def test_program_has_the_outcome_of_its_children_also_where_a_caller_ignores_it():
    ended = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, check=False)

    assert (ended.returncode, ended.stderr) == (7, b"")
