"""Several processes find the same as one."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from tests.validate.conftest import Write
from tipgraph.editions.table import CellError, TableError
from tipgraph.errors import InputError
from tipgraph.processes import in_processes
from tipgraph.rdf.files import BrokenText

SHAPES = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

ex:Named a sh:NodeShape ; sh:targetClass ex:Human ;
    sh:property [ sh:path ex:name ; sh:minCount 1 ] .
ex:Aged a sh:NodeShape ; sh:targetSubjectsOf ex:age ;
    sh:property [ sh:path ex:age ; sh:maxInclusive 90 ] .
ex:Known a sh:NodeShape ; sh:targetObjectsOf ex:knows ; sh:class ex:Human .
[] a sh:NodeShape ; sh:targetNode ex:p7 ; sh:property [ sh:path ex:knows ; sh:maxCount 1 ] .

# A class that is its own shape through a class of classes.
ex:Group a sh:NodeShape , ex:Kind ; sh:property [ sh:path ex:label ; sh:minCount 1 ] .
ex:Kind rdfs:subClassOf rdfs:Class .
"""
RULE = """\
ex:Old a sh:NodeShape ; sh:targetSubjectsOf ex:age ;
    sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate ex:old ; sh:object true ] .
ex:NotOld a sh:NodeShape ; sh:targetSubjectsOf ex:old ; sh:nodeKind sh:Literal .
"""
# Validates data by shapes. Its first process gets SIGTERM before it has done anything.
STOPPED_AT_ONCE = """
import ctypes, os, signal, sys
from dataclasses import replace
from functools import partial
from tipgraph.cli.process import stop_gracefully
from tipgraph.errors import InputError
from tipgraph.validate import ValidationRequest, validate
from tipgraph.validate.engines import pyshacl_engine

pyshacl_engine.MIN_TRIPLES = 400
sign = ctypes.c_int(signal.SIGTERM)
os.register_at_fork(
    # No code of Python, after which its handler would run before the fork has returned.
    after_in_child=partial(getattr(ctypes.CDLL(None), "raise"), sign),
    after_in_parent=lambda: setattr(sign, "value", 0),
)
stop_gracefully()
data, shapes = sys.argv[1:]
try:
    request = ValidationRequest([data], shapes=[shapes], check_shapes=False, jobs=2)
    validate(replace(request, engine='pyshacl'))
except InputError as error:
    print(error, flush=True)
"""


@pytest.fixture
def crowd(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enough data for several processes."""
    monkeypatch.setattr("tipgraph.validate.engines.pyshacl_engine.MIN_TRIPLES", 400)
    people = (
        f"ex:p{n} a ex:Human ; ex:age {n % 100} ; ex:knows ex:p{n + 1} , ex:p{n * 7 % 150} ."
        for n in range(130)
    )
    return write("crowd.ttl", "\n".join(people) + "\nex:g a ex:Group .\n")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares memory between processes")
@pytest.mark.parametrize("more", ["", RULE])
def test_number_of_processes_does_not_change_findings(crowd, write, run, more):
    write("shapes.ttl", SHAPES + more)
    options = ["--shapes", "shapes.ttl", "--no-shape-checks", "--format", "json"]
    options += ["--engine", "pyshacl", "--jobs"]

    one, three = (run("validate", crowd, *options, jobs) for jobs in (1, 3))

    assert one.code == three.code == 1
    assert one.out == three.out
    shapes = {each["shape"].rpartition("/")[2] for each in json.loads(one.out)["findings"]}
    assert shapes >= {"Named", "Aged", "Known", "Group"}
    assert ("NotOld" in shapes) == bool(more)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares memory between processes")
def test_process_that_is_stopped_ends_the_validation_and_is_no_second_parent(crowd, write):
    shapes = write("shapes.ttl", SHAPES)
    command = [sys.executable, "-c", STOPPED_AT_ONCE, str(crowd), str(shapes)]

    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    message = "a process was killed; perhaps there is too little memory\n"
    assert (done.stdout, done.stderr, done.returncode) == (message, "", 0)


class Slowly(list[int]):
    """Tasks that are there one after the other, as on a busy machine."""

    def __iter__(self) -> Iterator[int]:
        for each in super().__iter__():
            yield each
            sleep(0.5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares memory between processes")
def test_process_that_is_killed_before_all_work_is_given_out_is_reported() -> None:
    def work(task: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(InputError, match="a process was killed"):
        list(in_processes(work, Slowly([1, 2]), 2))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shares memory between processes")
@pytest.mark.parametrize(
    "error",
    [
        BrokenText("a.ttl", SyntaxError("a", ("a", 1, 2, ""))),
        TableError("a", [CellError(1, "", "")]),
    ],
)
def test_error_of_a_process_is_the_same_one_here(error: InputError) -> None:
    def work(task: int) -> None:
        raise error

    with pytest.raises(type(error), match=str(error)) as raised:
        list(in_processes(work, [1], 1))

    assert raised.value.lines == error.lines
