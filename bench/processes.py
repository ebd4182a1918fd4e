"""Measure the time and memory of whole processes, for every benchmark."""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple

COMMAND = str(Path(sys.executable).with_name("tipgraph"))


class Run(NamedTuple):
    """The seconds that something took, those of a processor, and the peak memory in MiB."""

    seconds: float
    processor: float
    memory: float


def run(command: list[str], output: Path, errors: Path | None = None, **environment: str) -> Run:
    """Let a command, named by its path, write to a file, and its messages to another if given.

    The memory is at least that of this process, from which the system counts on. Raises SystemExit
    when the command fails.
    """
    target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    actions: list[tuple[int, int, int]] = [(os.POSIX_SPAWN_DUP2, target, 1)]
    messages = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) if errors else None
    if messages is not None:
        actions.append((os.POSIX_SPAWN_DUP2, messages, 2))
    begin = time.perf_counter()
    process = os.posix_spawn(
        command[0],
        command,
        {**os.environ, **environment},
        file_actions=actions,
    )
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - begin
    os.close(target)
    if messages is not None:
        os.close(messages)
    if status:
        raise SystemExit(f"{' '.join(command[:4])} failed")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def machine(rounds: int) -> str:
    """Return the conditions of the times: rounds, processors, and their load."""
    load, _, _ = os.getloadavg()
    return f"rounds: {rounds}, {os.cpu_count()} processors, load {load:.1f} before"
