"""Row: finding the right trace among a thousand of one key."""

from .bench import Bench
from .clock import Failed, in_turns, median, spread, spawned
from .table import Row, time_of, unmeasured

TRACES = 1000
HEADERS = 20


def flatness(bench: Bench) -> Row:
    """One command, one input edited a thousand times; a hit costs what it cost with one trace."""
    traces = 200 if bench.quick else TRACES
    work = f"a hit with {traces} traces of one key, over one with 1"
    try:
        return _flatness(bench, work, traces)
    except Failed as e:
        return unmeasured(work, str(e), "≤ 2 times")


def _flatness(bench: Bench, work: str, traces: int) -> Row:
    folder = bench.folder("flat")
    edited = folder / "edited.c"
    names = [f"header{n:02}.h" for n in range(HEADERS)]
    for name in names:
        (folder / name).write_text(f"{name}\n")
    bric = bench.bric("flat").warmed(bench.folder("flat-warm"))
    few = bric.run("cat", "-u", *names, "edited.c", options=("-q",))
    many = bric.run("cat", *names, "edited.c", options=("-q",))

    def hit(command: list[str], version: int) -> float:
        # The first ask after an edit pays for hashing the file; the second is the hit.
        edited.write_text(f"version {version}\n")
        spawned(command, folder, bric.env)
        return spawned(command, folder, bric.env)

    for number in range(traces):
        edited.write_text(f"version {number}\n")
        spawned(many, folder, bric.env)
    bric.expect("ran")
    hit(few, 0)
    # Oldest, newest and what lies between, in turn: 389 shares no factor with the number of traces.
    sides = {"one": lambda _: hit(few, 0), "many": lambda turn: hit(many, turn * 389 % traces)}
    in_turns(30, sides)
    rounds = bench.rounds(200, 40)
    samples = in_turns(rounds, sides)
    bric.expect("remembered")
    a, b = median(samples["one"]), median(samples["many"])
    return Row(
        work, time_of(b), f"1 trace {time_of(a)}", f"{b / a:.2f}", "≤ 2 times", b / a <= 2,
        "remembered",
        [f"{traces} runs of `cat` on {HEADERS + 1} files recorded; {rounds} rounds; {spread(samples['many'])} and"
         f" {spread(samples['one'])}"])
