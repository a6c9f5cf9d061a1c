"""Rows of whole builds: the first, again in a fresh copy, again in place."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .bench import Bench, settle
from .bricolage import Bric
from .clock import Failed, in_turns, median, spread, spawned, timed
from .outputs import require_equal
from .sources import Project, clone, stamp
from .table import Row, over, time_of, unmeasured


def busy() -> float:
    """
    Seconds that the machine's processors have worked. A sandbox's processes end with it and leave their
    times to nobody, so one process and its children would not be all.
    """
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, softirq = [int(field) for field in file.readline().split()[1:8]]
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Built:
    """What the last round of first makes left: who remembers it, its sources' mark, both checkouts."""

    bric: Bric
    mark: str
    plain: Path
    ours: Path
    plain_seconds: float


class ProjectRows:
    """All that is measured of one project, in one folder with one home."""

    def __init__(self, bench: Bench, project: Project, debug_paths: bool, warm_builds: int):
        self.bench = bench
        self.project = project
        self.warm_builds = warm_builds
        self.built: Built | None = None
        self.debug_paths = debug_paths
        self.repository = bench.sources.repository(project)
        self.run = bench.folder(project.name)
        self.env = peers.plain_env()

    def checkout(self, name: str, mark: str = "") -> Path:
        target = clone(self.repository, self.run / name)
        if mark:
            stamp(target, mark)
        return target

    def place(self, checkout: Path) -> Path:
        return checkout / self.project.folder

    def plain(self, checkout: Path) -> float:
        return timed(self.project.build, self.place(checkout), self.env)

    def ours(self, bric: Bric, checkout: Path) -> float:
        return timed(bric.run(*self.project.build), self.place(checkout), bric.env)

    def same(self, plain: Path, ours: Path) -> str:
        return require_equal(plain, ours, self.project.unstable, self.debug_paths)

    # First run

    def first(self, rounds: int, cold: bool) -> Row:
        """Every source file is new to the memo in each round; `cold` also starts store and daemon new."""
        work = f"{self.project.name}: first make, {'cold store and daemon' if cold else 'warm daemon'}"
        target = "-" if cold else "≤ +5 %"
        try:
            return self._first(work, target, rounds, cold)
        except Failed as e:
            return unmeasured(work, str(e), target)

    def _first(self, work: str, target: str, rounds: int, cold: bool) -> Row:
        kind = "cold" if cold else "first"
        bric = self.bench.bric(f"{self.project.name}-{kind}")
        if not cold:
            bric.warmed(self.run / "warm")
            for number in range(self.warm_builds):
                self.ours(bric, self.checkout("ours-warm", f"warm {number}"))
        checked, walls, processors = "", [], []

        def plain(turn: int) -> float:
            checkout = self.checkout(f"plain-{kind}", f"{kind} {turn}")
            settle()
            before = busy()
            took = self.plain(checkout)
            processors.append((turn, "plain", busy() - before))
            return took

        def ours(turn: int) -> float:
            if cold:
                bric.emptied()
            checkout = self.checkout(f"ours-{kind}", f"{kind} {turn}")
            settle()
            before = busy()
            took = self.ours(bric, checkout)
            processors.append((turn, "ours", busy() - before))
            bric.expect("ran")
            return took

        for turn in range(rounds):
            sides = [plain, ours] if turn % 2 else [ours, plain]
            took = {side.__name__: side(turn) for side in sides}
            walls.append((took["ours"], took["plain"]))
            checked = self.same(self.run / f"plain-{kind}", self.run / f"ours-{kind}")
        mine, theirs = [a for a, _ in walls], [b for _, b in walls]
        if not cold:
            self.built = Built(
                bric, f"{kind} {rounds - 1}", self.run / f"plain-{kind}", self.run / f"ours-{kind}", median(theirs))
        ratio = median([a / b for a, b in walls])
        spent = {(turn, side): seconds for turn, side, seconds in processors}
        worked = median([spent[turn, "ours"] / spent[turn, "plain"] for turn in range(rounds)])
        return Row(
            work, time_of(median(mine)), f"plain make {time_of(median(theirs))}", over(ratio, 1.0), target,
            None if cold else ratio <= 1.05, checked,
            [f"{rounds} rounds; ours {spread(mine)}, plain {spread(theirs)}; the ratio is the median of the"
             f" rounds' ratios; the whole machine's processor time {over(worked, 1.0)}"])

    # Again

    def again(self, rounds: int) -> list[Row]:
        """A fresh copy, and in place, of what the last round of `first` built."""
        names = [f"{self.project.name}: {what}" for what in
                 ("fresh copy, all seen before", "unchanged, in place", "outputs removed, in place",
                  "fresh copy, only its tools seen before", "one file edited")]
        targets = ["≥ 10 times faster than ccache", "≤ 10 ms", "-", "≤ 3 ms a tool", "-"]
        try:
            return self._again(names, targets, rounds)
        except Failed as e:
            return [unmeasured(name, str(e), target) for name, target in zip(names, targets)]

    def _again(self, names: list[str], targets: list[str], rounds: int) -> list[Row]:
        if self.built is None:
            raise Failed("the first make failed, so there is nothing to remember")
        built = self.built
        return [
            self._fresh_copy(names[0], targets[0], built, rounds),
            self._in_place(names[1], targets[1], built.bric, built.ours, built.plain, rounds * 5),
            self._outputs_removed(names[2], targets[2], built, rounds),
            self._only_tools(names[3], targets[3], built, rounds),
            self._edited(names[4], targets[4], built, rounds),
        ]

    def _fresh_copy(self, work: str, target: str, built: Built, rounds: int) -> Row:
        bric, made = built.bric, built.plain_seconds
        cached = peers.have("ccache")
        ccache = peers.ccache_env(self.run / "ccache")
        command = [*self.project.build, *self.project.ccache]
        if cached:
            timed(command, self.place(self.checkout("cached", built.mark)), ccache)

        def with_ccache(_: int) -> float:
            checkout = self.checkout("cached", built.mark)
            settle()
            return timed(command, self.place(checkout), ccache)

        def ours(_: int) -> float:
            checkout = self.checkout("again", built.mark)
            settle()
            took = self.ours(bric, checkout)
            bric.expect("remembered")
            return took

        sides = {"ours": ours} | ({"ccache": with_ccache} if cached else {})
        samples = in_turns(rounds, sides)
        require_equal(built.ours, self.run / "again")
        mine = median(samples["ours"])
        notes = [f"{rounds} rounds; ours {spread(samples['ours'])}"]
        if not cached:
            return Row(work, time_of(mine), f"plain make {time_of(made)}; no ccache here", over(mine, made),
                       target, False, "remembered, same bytes as the first run", notes)
        theirs = median(samples["ccache"])
        notes[0] += f", ccache {spread(samples['ccache'])}"
        return Row(
            work, time_of(mine), f"ccache {time_of(theirs)}; plain make {time_of(made)}",
            f"{over(mine, theirs)}; {over(mine, made)}", target, theirs / mine >= 10,
            "remembered, same bytes as the first run", notes)

    def _in_place(self, work: str, target: str, bric: Bric, first: Path, plain: Path, rounds: int) -> Row:
        command = bric.run(*self.project.build, options=("-q",))
        place, other = self.place(first), self.place(plain)
        before = {path: path.stat().st_mtime_ns for path in first.rglob("*.o")}
        if not before:
            raise Failed(f"no object files in {first}")
        for _ in range(20):
            spawned(command, place, bric.env)
        samples = in_turns(rounds, {
            "ours": lambda _: spawned(command, place, bric.env),
            "make": lambda _: spawned(list(self.project.build), other, self.env),
        })
        bric.expect("remembered")
        if before != {path: path.stat().st_mtime_ns for path in first.rglob("*.o")}:
            raise Failed("an unchanged run touched outputs")
        mine, theirs = median(samples["ours"]), median(samples["make"])
        return Row(
            work, time_of(mine), f"make with nothing to do {time_of(theirs)}", over(mine, theirs), target,
            mine <= 0.010, "remembered, no file touched",
            [f"{rounds} rounds; ours {spread(samples['ours'])}, make {spread(samples['make'])}"])

    def _outputs_removed(self, work: str, target: str, built: Built, rounds: int) -> Row:
        clean = ["git", "-C", str(built.ours), "clean", "-qxfd"]
        samples = []
        for _ in range(rounds):
            subprocess.run(clean, check=True)
            settle()
            samples.append(self.ours(built.bric, built.ours))
            built.bric.expect("remembered")
        require_equal(self.run / "again", built.ours)
        return Row(work, time_of(median(samples)), "-", "-", target, None, "remembered, same bytes",
                   [f"{rounds} rounds; {spread(samples)}"])

    def _only_tools(self, work: str, target: str, built: Built, rounds: int) -> Row:
        """The whole is another command each time, so make runs; each compiler in it is known."""
        ccache, cached = peers.ccache_env(self.run / "ccache"), peers.have("ccache")
        make = " ".join(self.project.build)

        def with_ccache(_: int) -> float:
            checkout = self.checkout("cached", built.mark)
            settle()
            return timed([*self.project.build, *self.project.ccache], self.place(checkout), ccache)

        def ours(turn: int) -> float:
            checkout = self.checkout("again", built.mark)
            settle()
            command = built.bric.run("sh", "-c", f"{make} && : {turn}")
            return timed(command, self.place(checkout), built.bric.env)

        samples = in_turns(rounds, {"ours": ours} | ({"ccache": with_ccache} if cached else {}))
        built.bric.expect("ran")
        asked, ran = built.bric.tools()
        require_equal(built.ours, self.run / "again", self.project.unstable, self.debug_paths)
        mine = median(samples["ours"])
        theirs = median(samples["ccache"]) if cached else 0.0
        # What make and its shells take is in both sides and in no tool.
        notes = [f"{rounds} rounds; ours {spread(samples['ours'])}"
                 + (f", ccache {spread(samples['ccache'])}" if cached else "")
                 + f"; {asked} tools, {ran} of them ran; make, shells and sandbox are in the time a tool"]
        return Row(
            work, f"{time_of(mine)}, {time_of(mine / asked)} a tool", f"ccache {time_of(theirs)}" if cached else "-",
            over(mine, theirs) if cached else "-", target, mine / asked <= 0.003,
            "the tools remembered, same bytes", notes)

    def _edited(self, work: str, target: str, built: Built, rounds: int) -> Row:
        """One source file gets a function, in both checkouts that the first make left."""
        ran_tools = 0

        def edit(checkout: Path, turn: int) -> None:
            with open(checkout / self.project.edited, "a", encoding="utf-8") as file:
                file.write(f"int edited_{turn}(int n); int edited_{turn}(int n) {{ return n + {turn}; }}\n")
            settle()

        def ours(turn: int) -> float:
            nonlocal ran_tools
            edit(built.ours, turn)
            took = self.ours(built.bric, built.ours)
            built.bric.expect("ran")
            ran_tools = built.bric.tools()[1]
            return took

        def plain(turn: int) -> float:
            edit(built.plain, turn)
            return self.plain(built.plain)

        self.plain(built.plain)
        samples = in_turns(rounds, {"ours": ours, "plain": plain})
        mine, theirs = median(samples["ours"]), median(samples["plain"])
        asked = built.bric.tools()[0]
        return Row(
            work, time_of(mine), f"plain make, incremental, {time_of(theirs)}", over(mine, theirs), target, None,
            self.same(built.plain, built.ours),
            [f"{rounds} rounds; ours {spread(samples['ours'])}, plain {spread(samples['plain'])};"
             f" {self.project.edited} gets a function; of {asked} tools {ran_tools} ran"])
