"""Time `tipgraph assess` as a whole process beside `tipgraph query`.

The cases are invented: one with few facts, one with many, and one for which a fact
that is worded apart is looked into as well. All take turns, so that whatever else the machine does
weighs on all alike. Prints medians, ratios to the query and peak memory.
"""

import statistics
import tempfile
from pathlib import Path

from bench.processes import COMMAND, Run, machine, run

ROUNDS = 15
PERSON = ["--citizenship", "ALB", "--age", "30", "--met", "identified"]
MUCH = [
    *("--met", "assists-prosecution", "--met", "takes-part-in-proceedings"),
    *("--met", "able-to-bring-charges", "--met", "criminal-case-ended"),
    *("--not-met", "conviction-and-sentence"),
]
CONTENDERS = {
    "query": ["query", "figures", "--format", "tsv"],
    "assess, few facts": ["assess", *PERSON, "--format", "json"],
    "assess, many facts": ["assess", *PERSON, *MUCH, "--format", "json"],
    "assess, worded apart": ["assess", *PERSON, *MUCH[:2], "--format", "json"],
    "assess, as text": ["assess", *PERSON, *MUCH],
}


def main() -> None:
    """Let them take turns, and print what they took."""
    runs: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
    before = machine(ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for name, arguments in CONTENDERS.items():
                runs[name].append(run([COMMAND, *arguments], Path(folder, "out")))
    usual = statistics.median(each.seconds for each in runs["query"])
    print(before)
    print(f"{'':<21} {'median':>9} {'fastest':>9} {'memory':>9}  of the query's time")
    for name, measured in runs.items():
        seconds = [each.seconds for each in measured]
        median, memory = statistics.median(seconds), max(each.memory for each in measured)
        print(
            f"{name:<21} {median * 1000:>6.0f} ms {min(seconds) * 1000:>6.0f} ms"
            f" {memory:>5.0f} MiB  {median / usual:.2f} times"
        )


if __name__ == "__main__":
    main()
