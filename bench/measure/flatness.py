"""Row: finding the right trace among a thousand of one key."""

from .bench import Bench
from .clock import Failed, in_turns, median, spread, spawned
from .table import Row, time_of, unmeasured

TRACES = 1000
HEADERS = 20


def flatness(bench: Bench) -> Row:
    """One command, one input edited a thousand times; a hit costs what it cost with one trace."""
    work = f"a hit with {TRACES} traces of one key, over one with 1"
    try:
        return _flatness(bench, work)
    except Failed as e:
        return unmeasured(work, str(e), "≤ 2 times")


def _flatness(bench: Bench, work: str) -> Row:
    traces = 200 if bench.quick else TRACES
    names = [f"header{n:02}.h" for n in range(HEADERS)]
    command = ["cat", *names, "edited.c"]
    few, many = bench.folder("flat-few"), bench.folder("flat-many")
    one, thousand = bench.bric("flat-few").warmed(few), bench.bric("flat-many").warmed(many)
    for folder in (few, many):
        for name in names:
            (folder / name).write_text(f"{name}\n")
        (folder / "edited.c").write_text("version 0\n")
    spawned(one.run(*command, options=("-q",)), few, one.env)
    for number in range(traces):
        (many / "edited.c").write_text(f"version {number}\n")
        spawned(thousand.run(*command, options=("-q",)), many, thousand.env)
    (few / "edited.c").write_text("version 0\n")
    hit_one, hit_many = one.run(*command, options=("-q",)), thousand.run(*command, options=("-q",))

    def among_many(turn: int) -> float:
        # Oldest, newest and what lies between in turn; the first ask after an edit pays for hashing.
        (many / "edited.c").write_text(f"version {turn * 389 % traces}\n")
        (many / "edited.c").stat()
        spawned(hit_many, many, thousand.env)
        return spawned(hit_many, many, thousand.env)

    def alone(_: int) -> float:
        (few / "edited.c").write_text("version 0\n")
        spawned(hit_one, few, one.env)
        return spawned(hit_one, few, one.env)

    sides = {"one": alone, "many": among_many}
    in_turns(30, sides)
    rounds = bench.rounds(200, 40)
    samples = in_turns(rounds, sides)
    thousand.expect("remembered")
    one.expect("remembered")
    a, b = median(samples["one"]), median(samples["many"])
    return Row(
        work, time_of(b), f"1 trace {time_of(a)}", f"{b / a:.2f}", "≤ 2 times", b / a <= 2,
        "remembered, all of them",
        [f"{traces} runs of `cat` on {HEADERS + 1} files recorded; {rounds} rounds; {spread(samples['many'])} and"
         f" {spread(samples['one'])}"])
