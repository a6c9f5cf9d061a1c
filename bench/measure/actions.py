"""Rows of small things: trivial actions, answers from memory, the client, the daemon."""

import json
import subprocess
from pathlib import Path

from . import peers
from .bench import Bench, settle
from .bricolage import Bric
from .clock import Failed, in_turns, median, spread, spawned, timed
from .table import Row, over, time_of, unmeasured

ACTIONS = 300


def batch(program: list[str], first: str, jobs: int, cwd: Path, env: dict[str, str]) -> float:
    """Runs the program 300 times, each with another argument; gives seconds for each."""
    feed = f'seq -f "{first}-%g" {ACTIONS} | xargs -n 1 -P {jobs} "$@" > /dev/null'
    return timed(["sh", "-c", feed, "batch", *program], cwd, env) / ACTIONS


def trivial(bench: Bench) -> list[Row]:
    """`/bin/true N` 300 times through bric, never seen and seen, beside a bare exec and bubblewrap."""
    rows = []
    for jobs in (1, 2):
        work = f"{ACTIONS} trivial actions, {'one at a time' if jobs == 1 else '2 at a time'}, each"
        targets = ("≤ 2.5 ms" if jobs == 2 else "-", "-")
        try:
            rows += _trivial(bench, work, targets, jobs)
        except Failed as e:
            rows += [unmeasured(work, str(e), targets[0])]
    return rows


def _trivial(bench: Bench, work: str, targets: tuple[str, str], jobs: int) -> list[Row]:
    folder = bench.folder("trivial")
    bric = bench.bric("trivial").warmed(folder)
    run = [bric.program, "run", "-q", "--", "/bin/true"]
    env = peers.plain_env()
    sides = {
        "new": lambda turn: batch(run, f"r{turn}", jobs, folder, bric.env),
        "again": lambda turn: batch(run, f"r{turn}", jobs, folder, bric.env),
        "bare": lambda turn: batch(["/bin/true"], f"r{turn}", jobs, folder, env),
    }
    if peers.have("bwrap"):
        sides["bwrap"] = lambda turn: batch([*peers.bubblewrap(), "/bin/true"], "r", jobs, folder, env)
    rounds = bench.rounds(5, 2)
    samples: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(rounds):
        # Never seen comes before seen; the others' order does not matter to them.
        for name, side in sides.items():
            settle()
            samples[name].append(side(turn))
            if name in ("new", "again"):
                _expect_all(bric, "ran" if name == "new" else "remembered")
    notes = [f"{rounds} rounds; " + ", ".join(f"{name} {spread(s)}" for name, s in samples.items())]
    new, again, bare = (median(samples[name]) for name in ("new", "again", "bare"))
    beside = f"bare exec {time_of(bare)}"
    ratio = over(new, bare)
    if "bwrap" in samples:
        wrapped = median(samples["bwrap"])
        beside += f"; bwrap, not observed, {time_of(wrapped)}"
        ratio += f"; {over(new, wrapped)}"
    return [
        Row(work + ", never seen", time_of(new), beside, ratio, targets[0],
            new <= 0.0025 if targets[0] != "-" else None, "all said to have run", notes),
        Row(work + ", seen before", time_of(again), f"bare exec {time_of(bare)}", over(again, bare), targets[1],
            None, "all said to be remembered"),
    ]


def _expect_all(bric: Bric, answer: str) -> None:
    out = subprocess.run(
        [bric.program, "log", "--json", "-n", str(ACTIONS)], env=bric.env, capture_output=True, text=True,
        check=True).stdout
    answers = [json.loads(line)["run"]["answer"] for line in out.splitlines()]
    wrong = sum(1 for said in answers if said != answer)
    if wrong or len(answers) != ACTIONS:
        raise Failed(f"{wrong} of {len(answers)} runs were not '{answer}'")


def remembered(bench: Bench) -> Row:
    """One action answered from memory, from the client's start to its exit; ccache's hit beside it."""
    work = "one gcc -c answered from memory, client to exit"
    try:
        return _remembered(bench, work)
    except Failed as e:
        return unmeasured(work, str(e), "≤ 1.5 ms")


def _remembered(bench: Bench, work: str) -> Row:
    folder = bench.folder("hello")
    (folder / "hello.c").write_text('#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n')
    bric = bench.bric("hello").warmed(bench.folder("hello-warm"))
    run = bric.run("gcc", "-c", "hello.c", options=("-q",))
    compiler = ["ccache", "gcc", "-c", "hello.c", "-o", "cached.o"]
    env = peers.ccache_env(bench.folder("hello-ccache"))
    sides = {
        "ours": lambda _: spawned(run, folder, bric.env),
        "gcc": lambda _: spawned(["gcc", "-c", "hello.c", "-o", "plain.o"], folder, env),
    }
    if peers.have("ccache"):
        sides["ccache"] = lambda _: spawned(compiler, folder, env)
    in_turns(40, sides)
    rounds = bench.rounds(300, 50)
    samples = in_turns(rounds, sides)
    bric.expect("remembered")
    if (folder / "hello.o").read_bytes() != (folder / "plain.o").read_bytes():
        raise Failed("hello.o is not what gcc makes")
    mine = median(samples["ours"])
    beside = [f"{name} {time_of(median(samples[name]))}" for name in sides if name != "ours"]
    against = "ccache" if "ccache" in samples else "gcc"
    return Row(
        work, time_of(mine), "; ".join(beside), over(mine, median(samples[against])), "≤ 1.5 ms", mine <= 0.0015,
        "remembered, same bytes",
        [f"{rounds} rounds; " + ", ".join(f"{name} {spread(s)}" for name, s in samples.items())])


def in_daemon(bench: Bench) -> list[Row]:
    """The same answers without client, socket, command line and history; flatness at its most exact."""
    names = ("/bin/true answered from memory, inside the daemon", "gcc -c answered from memory, inside the daemon")
    try:
        medians = _in_daemon(bench)
    except Failed as e:
        return [unmeasured(names[0], str(e), "≤ 0.2 ms"), unmeasured(names[1], str(e))]
    many = next(name for name in medians if name.startswith("flat-") and name != "flat-1")
    ratio = medians[many] / medians["flat-1"]
    return [
        Row(names[0], time_of(medians["true"]), "-", "-", "≤ 0.2 ms", medians["true"] <= 0.0002, "remembered"),
        Row(names[1], time_of(medians["gcc"]), "-", "-", "-", None, "remembered"),
        Row(f"a hit with {many[5:]} traces of one key, inside the daemon", time_of(medians[many]),
            f"1 trace {time_of(medians['flat-1'])}", f"{ratio:.2f}", "≤ 2 times", ratio <= 2, "remembered"),
    ]


def _in_daemon(bench: Bench) -> dict[str, float]:
    folder = bench.folder("in-daemon")
    (folder / "hello.c").write_text('#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n')
    home = bench.bric("in-daemon").home
    dist = bench.program.parent.parent
    java = subprocess.run([str(dist / "libexec/find-jdk")], capture_output=True, text=True).stdout.strip()
    options = (dist / "libexec/jvm-options").read_text().split()
    program = [
        java or "java", *options, "-cp", f"{dist}/lib/*", str(Path(__file__).parent / "InDaemon.java"),
        str(dist / "libexec/bric-helper"), str(home), str(folder), str(bench.rounds(1000, 200)),
        str(bench.rounds(1000, 100)),
    ]  # fmt: skip
    done = subprocess.run(program, env=peers.plain_env(), capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"InDaemon.java: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return {name: int(nanos) / 1e9 for name, nanos in (line.split() for line in done.stdout.splitlines())}


def latency(bench: Bench) -> Row:
    """The client's own time, with a question that costs the daemon nothing."""
    folder = bench.folder("latency")
    bric = bench.bric("latency").warmed(folder)
    version = [bric.program, "--version"]
    sides = {
        "ours": lambda _: spawned(version, folder, bric.env),
        "true": lambda _: spawned(["/bin/true"], folder, bric.env),
        "git": lambda _: spawned(["git", "--version"], folder, bric.env),
    }
    in_turns(50, sides)
    rounds = bench.rounds(500, 100)
    samples = in_turns(rounds, sides)
    mine, true, git = (median(samples[name]) for name in ("ours", "true", "git"))
    return Row(
        "client: bric --version, warm", time_of(mine), f"/bin/true {time_of(true)}; git --version {time_of(git)}",
        f"{over(mine, true)}; {over(mine, git)}", "1 to 2 ms", mine <= 0.002, "exit status 0",
        [f"{rounds} rounds; ours {spread(samples['ours'])}"])


def cold_start(bench: Bench) -> Row:
    """From no daemon to the first answer."""
    folder = bench.folder("cold")
    bric = bench.bric("cold")
    rounds = bench.rounds(11, 4)
    samples = []
    run = bric.run("/bin/true", options=("-q",))
    for _ in range(rounds):
        bric.shutdown()
        samples.append(spawned([bric.program, "--version"], folder, bric.env))
    first = []
    for _ in range(rounds):
        bric.shutdown()
        first.append(spawned(run, folder, bric.env))
    return Row(
        "daemon's cold start to the first answer (--version; run)",
        f"{time_of(median(samples))}; {time_of(median(first))}", "-", "-", "0.4 to 0.7 s",
        median(samples) <= 0.7, "exit status 0", [f"{rounds} rounds; {spread(samples)}; run {spread(first)}"])


def unchanged_graph(bench: Bench) -> Row:
    """A graph of 300 steps with nothing to do: ninja and make look for themselves, we remember them."""
    work = f"{peers.STEPS} steps of ninja, unchanged, in place"
    target = "≤ 10 ms"
    if not peers.have("ninja"):
        return unmeasured(work, "no ninja here", target)
    try:
        return _unchanged_graph(bench, work, target)
    except Failed as e:
        return unmeasured(work, str(e), target)


def _unchanged_graph(bench: Bench, work: str, target: str) -> Row:
    run = bench.folder("graph")
    mine, theirs = peers.step_graph(run / "ours"), peers.step_graph(run / "peer")
    bric = bench.bric("graph").warmed(run / "warm")
    env = peers.plain_env()
    first = in_turns(1, {
        "ours": lambda _: timed(bric.run("ninja"), mine, bric.env),
        "ninja": lambda _: timed(["ninja"], theirs, env),
    })
    for number in range(peers.STEPS):
        if (mine / f"out{number:03}").read_bytes() != (theirs / f"out{number:03}").read_bytes():
            raise Failed(f"out{number:03} is not what ninja makes")
    timed(["make"], theirs, env)
    again = bric.run("ninja", options=("-q",))
    sides = {
        "ours": lambda _: spawned(again, mine, bric.env),
        "ninja": lambda _: spawned(["ninja"], theirs, env),
        "make": lambda _: spawned(["make"], theirs, env),
    }
    in_turns(20, sides)
    rounds = bench.rounds(200, 40)
    samples = in_turns(rounds, sides)
    bric.expect("remembered")
    ours, ninja, make = (median(samples[name]) for name in ("ours", "ninja", "make"))
    return Row(
        work, time_of(ours), f"ninja {time_of(ninja)}; make {time_of(make)}", f"{over(ours, ninja)}; {over(ours, make)}",
        target, ours <= 0.010, "remembered, same bytes",
        [f"{rounds} rounds; ours {spread(samples['ours'])}, ninja {spread(samples['ninja'])}; the first build took"
         f" {time_of(first['ours'][0])} through us and {time_of(first['ninja'][0])} plain"])


def memory(bench: Bench) -> Row:
    """The daemon's resident memory at three moments of one life."""
    from .sources import LUA, Unavailable, clone

    folder = bench.folder("memory")
    bric = bench.bric("memory")
    spawned([bric.program, "--version"], folder, bric.env)
    moments = [("started", bric.resident())]
    try:
        lua = clone(bench.sources.repository(LUA), folder / "lua")
        timed(bric.run(*LUA.build), lua, bric.env)
        moments.append(("after Lua", bric.resident()))
    except Unavailable:
        pass
    batch([bric.program, "run", "-q", "--", "/bin/true"], "m", 2, bench.folder("trivial"), bric.env)
    moments.append((f"after {ACTIONS} actions", bric.resident()))
    words = ", ".join(f"{name} {sizes['VmRSS'] / 2**20:.0f} MiB" for name, sizes in moments)
    last = moments[-1][1]
    return Row("daemon: resident memory", words, "-", "-", "-", None, "read from /proc",
               [f"at the end {last['RssAnon'] / 2**20:.0f} MiB its own, {last['RssFile'] / 2**20:.0f} MiB mapped files,"
                f" at most {last['VmHWM'] / 2**20:.0f} MiB in its life"])
