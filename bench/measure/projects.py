"""Rows of whole builds: the first, again in a fresh copy, again in place."""

import resource
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


def children_cpu() -> float:
    """Seconds of processor time of all processes that we have waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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
            before = children_cpu()
            took = self.plain(checkout)
            processors.append((turn, "plain", children_cpu() - before))
            return took

        def ours(turn: int) -> float:
            if cold:
                bric.emptied()
            checkout = self.checkout(f"ours-{kind}", f"{kind} {turn}")
            settle()
            before = 0.0 if cold else bric.cpu()
            took = self.ours(bric, checkout)
            processors.append((turn, "ours", bric.cpu() - before))
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
             f" rounds' ratios; processor time, daemon and all, {over(worked, 1.0)}"])

    # Again

    def again(self, rounds: int) -> list[Row]:
        """A fresh copy, and in place, of what the last round of `first` built."""
        names = [f"{self.project.name}: {what}" for what in
                 ("fresh copy, all seen before", "unchanged, in place", "outputs removed, in place")]
        targets = ["≥ 10 times faster than ccache", "≤ 10 ms", "-"]
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
