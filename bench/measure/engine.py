"""Rows of the memo engine alone: a million nodes cold and after an edit, beside a plain map."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .bench import Bench
from .clock import Failed, median
from .table import Row, over, time_of, unmeasured

MODULE = Path(__file__).resolve().parent.parent / "engine" / "target"
PACKAGE = "dev.bricolage.bench.engine"

# The collector is the daemon's; the heap is all there from the start, so that its growth is in no time.
JVM = ["-Xms3g", "-Xmx3g", "-XX:+UseSerialGC"]

PEERS = {
    "HASH_MAP": "HashMap",
    "CONCURRENT_HASH_MAP": "ConcurrentHashMap, 2 threads",
    "JAVAFX": "JavaFX bindings",
}
MILLION = 1_000_000
WIDE = 100_000


@dataclass(frozen=True)
class Work:
    """One row: which benchmark, what it computes, who is measured (ours first)."""

    name: str
    benchmark: str
    what: str
    sides: tuple[str, ...]
    target: str = "-"
    limit: float = 0
    nodes: int = 0
    options: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"engine: {self.name}"

    def said(self, seconds: float) -> str:
        """A time, and what that is a node or a second where nodes are what it is spent on."""
        if not self.nodes:
            return time_of(seconds)
        if self.benchmark == "GraphBench":
            return f"{time_of(seconds)}, {self.nodes / seconds:,.0f} nodes/s"
        return f"{time_of(seconds)}, {time_of(seconds / self.nodes)} a node"


ALL = ("HASH_MAP", "CONCURRENT_HASH_MAP", "JAVAFX")
FLOOR = ("HASH_MAP", "JAVAFX")
COLD_TARGET = {"target": "≥ 500,000 nodes/s", "limit": 2.0, "nodes": MILLION}

WORKS = [
    Work("1,000,000 nodes cold, 2 slots", "GraphBench", "LAYERED", ("MEMO_2", *ALL), **COLD_TARGET),
    Work("1,000,000 nodes cold, 1 slot", "GraphBench", "LAYERED", ("MEMO_1", "HASH_MAP"), nodes=MILLION),
    Work("1,000,000 nodes cold, 2 slots, records' own hash codes", "GraphBench", "LAYERED", ("MEMO_2", *ALL),
         nodes=MILLION, options=("-Dbench.record-hash=true",)),
    Work("100,000 asked by one, in turn, cold", "GraphBench", "WIDE", ("MEMO_2", *FLOOR), nodes=WIDE),
    Work("fetchAll of 100,000, cold", "GraphBench", "WIDE_ALL", ("MEMO_2", *ALL), nodes=WIDE),
    Work("chain of 1,000,000, cold", "GraphBench", "CHAIN", ("MEMO_2", *FLOOR), nodes=MILLION),
    Work("nothing changed, the root of 1,000,000", "EditBench", "NOTHING", ("MEMO_2", *FLOOR)),
    Work("one leaf changed, 10 nodes above it", "EditBench", "FEW", ("MEMO_2", *FLOOR), "< 1 ms", 1e-3, 10),
    Work("one leaf changed, 1,000 nodes above it", "EditBench", "SOME", ("MEMO_2", *FLOOR), nodes=1000),
    Work("one leaf changed, all 1,000,000 above it", "EditBench", "ALL", ("MEMO_2", *ALL), nodes=MILLION),
    Work("one leaf changed, all 1,000,000 above it, 1 slot", "EditBench", "ALL", ("MEMO_1", "HASH_MAP"),
         nodes=MILLION),
    Work("one of 100,000 asked in turn changed", "EditBench", "WIDE", ("MEMO_2", *FLOOR)),
    Work("one of 100,000 asked at once changed", "EditBench", "WIDE_ALL", ("MEMO_2", *FLOOR)),
    Work("one of 100,000 changed and cut off", "EditBench", "WIDE_CUT_OFF", ("MEMO_2", *FLOOR)),
    Work("chain of 1,000,000, its first leaf changed", "EditBench", "CHAIN", ("MEMO_2", *FLOOR), nodes=MILLION),
]


def rows(bench: Bench) -> list[Row]:
    rounds = bench.rounds(1, 1)  # a fork of its own for each side, 45 of them, takes long
    samples: list[dict[str, list[float]]] = [{side: [] for side in work.sides} for work in WORKS]
    failures: dict[int, str] = {}
    for turn in range(rounds):
        for number, work in enumerate(WORKS):
            shift = turn % len(work.sides)
            for side in work.sides[shift:] + work.sides[:shift]:
                try:
                    samples[number][side] += _jmh(bench, work, side)
                except Failed as e:
                    failures[number] = str(e)
    measured = []
    for number, work in enumerate(WORKS):
        if number in failures:
            measured.append(unmeasured(work.title, failures[number], work.target))
        else:
            measured.append(_row(work, samples[number], rounds))
    return [*measured, _bytes(), _recall(bench, rounds)]


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin/java") if home else "java"


def _command(*words: str) -> list[str]:
    return [_java(), "-cp", f"{MODULE / 'classes'}:{MODULE / 'lib'}/*", *words]


def _run(command: list[str]) -> str:
    if not (MODULE / "lib").exists():
        raise Failed("bench/engine is not built: ./dev build")
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        raise Failed(f"exit status {done.returncode}: {' / '.join(last)}")
    return done.stdout


SECONDS = {"ns/op": 1e-9, "us/op": 1e-6, "ms/op": 1e-3, "s/op": 1.0}


def _jmh(bench: Bench, work: Work, side: str) -> list[float]:
    """One fork; the seconds of each of its measured iterations."""
    parameter = "shape" if work.benchmark == "GraphBench" else "change"
    return _forked(bench, work.benchmark, work.options, **{parameter: work.what, "side": side})


def _forked(bench: Bench, benchmark: str, options: tuple[str, ...], **parameters: str) -> list[float]:
    report = bench.work / "jmh.json"
    report.unlink(missing_ok=True)
    words = ["org.openjdk.jmh.Main", f"{PACKAGE}.{benchmark}.", "-foe", "true", "-rf", "json", "-rff", str(report),
             "-jvmArgs", " ".join([*JVM, *options])]
    for name, value in parameters.items():
        words += ["-p", f"{name}={value}"]
    if bench.quick:
        words += ["-wi", "2", "-i", "3"]
    said = _run(_command(*words))
    if not report.exists():
        raise Failed(f"{benchmark} {parameters}: {' / '.join(said.strip().splitlines()[-3:])}")
    metric = json.loads(report.read_text())[0]["primaryMetric"]
    return [score * SECONDS[metric["scoreUnit"]] for fork in metric["rawData"] for score in fork]


def _row(work: Work, samples: dict[str, list[float]], rounds: int) -> Row:
    ours, *peers = work.sides
    mine = median(samples[ours])
    beside = "; ".join(f"{PEERS[peer]} {time_of(median(samples[peer]))}" for peer in peers)
    ratio = "; ".join(over(mine, median(samples[peer])) for peer in peers)
    reached = mine <= work.limit if work.limit else None
    spreads = ", ".join(f"{side} {_spread(samples[side])}" for side in work.sides)
    return Row(work.title, work.said(mine), beside, ratio, work.target, reached, "same values as HashMap's",
               [f"{rounds} JVMs each; {spreads}"])


def _spread(samples: list[float]) -> str:
    return f"{time_of(min(samples))}..{time_of(max(samples))}"


def _bytes() -> Row:
    work, target = "engine: bytes a node, with key and value; with compact object headers", "≤ 300 bytes"
    try:
        sides = {side: (_weight(side), _weight(side, "-XX:+UseCompactObjectHeaders"))
                 for side in ("MEMO_2", "HASH_MAP", "JAVAFX")}
    except Failed as e:
        return unmeasured(work, str(e), target)
    mine, floor = sides["MEMO_2"], sides["HASH_MAP"]
    beside = "; ".join(f"{PEERS[side]} {plain:.0f}; {compact:.0f}" for side, (plain, compact) in sides.items()
                       if side in PEERS)
    return Row(work, f"{mine[0]:.0f}; {mine[1]:.0f}", beside,
               f"{mine[0] / floor[0]:.2f}; {mine[1] / floor[1]:.2f}", target, mine[0] <= 300, "asked again afterwards")


def _weight(side: str, *options: str) -> float:
    size, nodes = _run(_command(*JVM, *options, f"{PACKAGE}.Footprint", side)).split()
    return int(size) / int(nodes)


def _recall(bench: Bench, rounds: int) -> Row:
    work, target = "engine: recall of a persistent key with 1,000 traces, over one with 1", "≤ 2 times"
    samples: dict[str, list[float]] = {"1": [], "1000": []}
    try:
        for _ in range(rounds):
            for traces in samples:
                samples[traces] += _forked(bench, "RecallBench", (), traces=traces)
    except Failed as e:
        return unmeasured(work, str(e), target)
    one, many = median(samples["1"]), median(samples["1000"])
    return Row(work, time_of(many), f"1 trace {time_of(one)}", f"{many / one:.2f}", target, many / one <= 2,
               "recalled, right value", [f"{_spread(samples['1000'])} and {_spread(samples['1'])}"])
