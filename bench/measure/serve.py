"""Rows of `bric serve`: a load of clients over loopback, and Bazel through us beside what it does alone."""

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .bench import Bench
from .bricolage import Bric
from .clock import Failed, in_turns, median, timed
from .ninja import LOGS, graph
from .outputs import require_equal
from .table import Row, over, time_of, unmeasured

CLIENTS = (1, 8, 64)
BLOB = 8_000_000
GENRULES = 2000
LOADER_JVM = ("-Xmx2g", "-XX:+UseSerialGC")


def rows(bench: Bench) -> list[Row]:
    return [*_rows("hits", _hits, bench), *_rows("blobs", _blobs, bench), *_rows("find", _find, bench),
            *_rows("huge", _huge, bench), *_rows("workers", _workers, bench), *_rows("Bazel", _bazel, bench)]


def _rows(name: str, measured, bench: Bench) -> list[Row]:
    try:
        return measured(bench)
    except Failed as e:
        return [unmeasured(f"serve: {name}", str(e))]


@dataclass(frozen=True)
class Server:
    bric: Bric
    port: int


@contextmanager
def _serving(bench: Bench, name: str, *words: str):
    """`bric serve` on an empty store, as long as the block takes."""
    bric = bench.bric(name)
    process = subprocess.Popen(
        [bric.program, "serve", "--listen", "127.0.0.1:0", "--allow-updates", *words], env=bric.env,
        stderr=subprocess.PIPE, text=True)
    try:
        said = process.stderr.readline()
        port = re.search(r"127\.0\.0\.1:(\d+)", said)
        if not port:
            raise Failed(f"bric serve: {said.strip()}")
        yield Server(bric, int(port.group(1)))
    finally:
        process.terminate()
        process.communicate()
        bric.shutdown()


@dataclass(frozen=True)
class Load:
    """What all clients of one load came to; times in seconds."""

    took: float
    count: int
    p50: float
    p99: float


def _load(bench: Bench, server: Server, *words: str) -> dict[str, Load]:
    dist = bench.program.parent.parent
    java = subprocess.run([str(dist / "libexec/find-jdk")], capture_output=True, text=True).stdout.strip()
    program = [java or "java", *LOADER_JVM, "--sun-misc-unsafe-memory-access=allow", "-cp", f"{dist}/lib/*",
               str(Path(__file__).parent / "ServeLoad.java"), str(server.port), *words]
    done = subprocess.run(program, env=peers.plain_env(), capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"ServeLoad.java {' '.join(words)}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    loads = {}
    for line in done.stdout.splitlines():
        name, took, count, p50, p99 = line.split()
        loads[name] = Load(float(took), int(count), int(p50) / 1e9, int(p99) / 1e9)
    return loads


def _title(what: str, clients: int) -> str:
    return f"serve: {what}, {clients} client{'' if clients == 1 else 's'}"


def _hits(bench: Bench) -> list[Row]:
    measured = []
    with _serving(bench, "serve-hits") as server:
        for clients in CLIENTS:
            calls = bench.rounds(20_000, 1_000) // clients
            load = _load(bench, server, "hits", str(clients), str(calls))["hits"]
            measured.append(Row(
                _title("results from the action cache", clients),
                f"{load.count / load.took:,.0f} a second; p50 {time_of(load.p50)}, p99 {time_of(load.p99)}",
                "-", "-", "-", None, "each with its output", [f"{load.count} calls; the clients share the machine"]))
    return measured


def _blobs(bench: Bench) -> list[Row]:
    measured = []
    with _serving(bench, "serve-blobs") as server:
        for clients in CLIENTS:
            each = max(1, bench.rounds(128, 16) // clients)
            loads = _load(bench, server, "blobs", str(clients), str(each), str(BLOB))
            for way in ("up", "down"):
                load = loads[way]
                measured.append(Row(
                    _title(f"blobs of {BLOB // 1_000_000} MB {way}", clients),
                    f"{load.count * BLOB / load.took / 1e6:,.0f} MB/s; p50 {time_of(load.p50)}, p99 {time_of(load.p99)}",
                    "-", "-", "-", None, "sizes; the server checks the hashes", [f"{load.count} blobs, random bytes"]))
    return measured


def _find(bench: Bench) -> list[Row]:
    with _serving(bench, "serve-find") as server:
        load = _load(bench, server, "find", "100000")["find"]
    return [Row("serve: 100,000 digests asked for, none there", time_of(load.p50), "-", "-", "-", None,
                "all said to be missing", [f"{load.count} rounds, 10,000 a message; p99 {time_of(load.p99)}"])]


def _huge(bench: Bench) -> list[Row]:
    gigabytes = bench.rounds(10, 1)
    with _serving(bench, "serve-huge") as server:
        _load(bench, server, "huge", str(100_000_000))  # what is loaded and compiled for it is there
        before = server.bric.resident()
        load = _load(bench, server, "huge", str(gigabytes * 1_000_000_000))["huge"]
        after = server.bric.resident()
    grown = (after["VmHWM"] - before["VmRSS"]) / 1e6
    return [Row(
        f"serve: one blob of {gigabytes} GB up", f"{gigabytes * 1000 / load.took:,.0f} MB/s, memory {grown:+,.0f} MB",
        "-", "-", "memory stays flat", grown < 200, "the server checks the hash",
        [f"resident before {before['VmRSS'] / 1e6:,.0f} MB, most until the end {after['VmHWM'] / 1e6:,.0f} MB"])]


def _workers(bench: Bench) -> list[Row]:
    """Edges of `bric ninja` on a worker over loopback, and the same edges here: the way there and back is the difference."""
    edges = bench.rounds(1_000, 100)
    with _serving(bench, "serve-workers") as server:
        client = bench.bric("serve-workers-client").warmed(bench.folder("serve-workers-warm"))
        here, there = bench.folder("serve-workers-here"), bench.folder("serve-workers-there")
        graph(here, edges)
        graph(there, edges)
        flags = [f"--remote-executor=grpc://127.0.0.1:{server.port}", "--remote-upload=false"]
        ours = timed([client.program, "ninja", *flags], there, client.env)
        local = timed([client.program, "ninja"], here, client.env)
        checked = require_equal(here, there, list(LOGS))
    return [Row(f"serve: {edges:,} edges of bric ninja, never seen, on a worker", f"{time_of(ours / edges)} an edge",
                f"bric ninja without {time_of(local / edges)}", over(ours, local), "-", None, checked,
                ["each edge is a `cat`; client, server and command share two processors"])]


class Bazel:
    """Debian's Bazel with a server and an output base of its own, on a workspace of genrules."""

    def __init__(self, workspace: Path, base: Path):
        self.workspace, self.base = workspace, base
        shutil.rmtree(base, ignore_errors=True)
        base.mkdir(parents=True)

    def run(self, command: str, *words: str) -> float:
        options = [] if command == "shutdown" else ["--symlink_prefix=/", "--noshow_progress", "--nosandbox_debug"]
        if command == "clean":
            options = ["--symlink_prefix=/"]
        argv = ["bazel", "--noworkspace_rc", "--nohome_rc", "--max_idle_secs=300", f"--output_user_root={self.base}",
                f"--output_base={self.base}/base", command, *options, *words]
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.base), "LC_ALL": "C.UTF-8"}
        began = time.perf_counter()
        done = subprocess.run(argv, cwd=self.workspace, env=env, capture_output=True, text=True)
        took = time.perf_counter() - began
        if done.returncode != 0:
            raise Failed(f"bazel {command}: {' / '.join(done.stderr.strip().splitlines()[-3:])}")
        self.said = done.stderr
        return took

    def expect(self, what: str) -> None:
        if what not in self.said:
            last = [line for line in self.said.splitlines() if " processes: " in line]
            raise Failed(f"Bazel should have said '{what}', it says '{' '.join(last)}'")


def _workspace(bench: Bench, count: int) -> Path:
    folder = bench.work / "run" / "serve-bazel"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "WORKSPACE").touch()
    (folder / "in.txt").write_text("in\n")
    (folder / "rules.bzl").write_text(
        "def many(count):\n"
        "    for i in range(count):\n"
        "        native.genrule(name='g%d' % i, srcs=['in.txt'], outs=['g%d.txt' % i],\n"
        "                       cmd='cat $< > $@; echo %d >> $@' % i)\n")
    (folder / "BUILD").write_text(f"load(':rules.bzl', 'many')\nmany({count})\n")
    return folder


def _bazel(bench: Bench) -> list[Row]:
    if not shutil.which("bazel", path="/usr/bin"):
        return [unmeasured("serve: Bazel", "no bazel: apt-get install bazel-bootstrap")]
    count = bench.rounds(GENRULES, 100)
    rounds = bench.rounds(3, 1)
    workspace = _workspace(bench, count)
    # Instances, lest one side answers the other.
    with _serving(bench, "serve-bazel", "--instance", "ours", "--instance", "cache") as server:
        jobs = f"--jobs={2 * (os.cpu_count() or 1)}"
        flags = {
            "ours": [f"--remote_executor=grpc://127.0.0.1:{server.port}", "--remote_instance_name=ours", jobs],
            "cache": [f"--remote_cache=grpc://127.0.0.1:{server.port}", "--remote_instance_name=cache",
                      "--spawn_strategy=linux-sandbox", jobs],
            "sandbox": ["--spawn_strategy=linux-sandbox", jobs],
            "disk": [f"--disk_cache={bench.work}/run/serve-disk-cache", "--spawn_strategy=linux-sandbox", jobs],
        }
        shutil.rmtree(bench.work / "run" / "serve-disk-cache", ignore_errors=True)
        sides = {name: Bazel(workspace, bench.work / "run" / f"serve-base-{name}") for name in flags}
        try:
            for name, bazel in sides.items():
                bazel.run("build", *flags[name], "//:g0")
            new = in_turns(rounds, {
                name: lambda turn, name=name: _new(sides[name], flags[name], name, count, turn) for name in flags})
            again = in_turns(rounds, {
                name: lambda turn, name=name: _again(sides[name], flags[name], count, rounds - 1)
                for name in ("ours", "cache", "disk")})
        finally:
            for bazel in sides.values():
                bazel.run("shutdown")
    return [_new_row(count, rounds, new), _again_row(count, rounds, again)]


RAN = {"ours": "remote.", "cache": "linux-sandbox", "sandbox": "linux-sandbox", "disk": "linux-sandbox"}


def _new(bazel: Bazel, flags: list[str], name: str, count: int, turn: int) -> float:
    took = bazel.run("build", *flags, f"--action_env=ROUND={turn}", "//:all")
    bazel.expect(f"{count} {RAN[name]}")
    return took


def _again(bazel: Bazel, flags: list[str], count: int, turn: int) -> float:
    bazel.run("clean")
    took = bazel.run("build", *flags, f"--action_env=ROUND={turn}", "//:all")
    bazel.expect(f"{count} ")
    bazel.expect("cache hit")
    return took


def _spread(samples: list[float]) -> str:
    return f"{min(samples):.2f}..{max(samples):.2f} s"


def _new_row(count: int, rounds: int, new: dict[str, list[float]]) -> Row:
    ours, sandbox = median(new["ours"]), median(new["sandbox"])
    return Row(
        f"serve: {count:,} genrules by Bazel, never seen, run by us", f"{ours:.2f} s, {time_of(ours / count)} each",
        f"Bazel's linux-sandbox {sandbox:.2f} s; with --disk_cache {median(new['disk']):.2f} s; with us as the cache"
        f" {median(new['cache']):.2f} s",
        over(ours, sandbox), "-", None, "all said to have run", [
            f"{rounds} rounds, Bazel's server warm; " + ", ".join(f"{k} {_spread(v)}" for k, v in new.items())])


def _again_row(count: int, rounds: int, again: dict[str, list[float]]) -> Row:
    ours, disk = median(again["ours"]), median(again["disk"])
    return Row(
        f"serve: {count:,} genrules by Bazel after bazel clean, from our cache",
        f"{ours:.2f} s, {time_of(ours / count)} each",
        f"Bazel's disk cache {disk:.2f} s; us as --remote_cache {median(again['cache']):.2f} s", over(ours, disk), "-",
        None, "all said to be cache hits",
        [f"{rounds} rounds; " + ", ".join(f"{k} {_spread(v)}" for k, v in again.items())])
