"""bric as the measurements use it: a private BRIC_HOME, and its daemon's life."""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from . import clock


class Bric:
    """One installation with one home of its own. Its daemon is ours to start and to end."""

    def __init__(self, program: Path, home: Path):
        self.program = str(program)
        self.home = home
        self.env = dict(os.environ, BRIC_HOME=str(home), LC_ALL="C.UTF-8")

    def run(self, *command: str, options: tuple[str, ...] = ()) -> list[str]:
        return [self.program, "run", *options, "--", *command]

    def emptied(self) -> "Bric":
        """Ends the daemon and forgets everything."""
        self.shutdown()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        return self

    def shutdown(self) -> None:
        if self.home.exists():
            subprocess.run([self.program, "shutdown"], env=self.env, capture_output=True, check=False)

    def warmed(self, folder: Path, runs: int = 30) -> "Bric":
        """A daemon that has been at work for a while, on a store that knows nothing of use."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "bric.toml").touch()
        for number in range(runs):
            for _ in range(2):
                clock.timed(self.run("/bin/echo", f"warm {number}"), folder, self.env)
        return self

    def pid(self) -> int:
        """The daemon's process, which must be there."""
        return int((self.home / "daemon.pid").read_text().split()[0])

    def resident(self) -> dict[str, int]:
        """The daemon's memory in bytes: what is resident, and of that what is its own."""
        sizes = {}
        for line in Path(f"/proc/{self.pid()}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in ("VmRSS", "RssAnon", "RssFile", "VmHWM"):
                sizes[name] = int(value.split()[0]) * 1024
        return sizes

    def last(self) -> dict:
        """The newest run, as bric's own history has it."""
        out = subprocess.run(
            [self.program, "log", "--json", "-n", "1"], env=self.env, capture_output=True, text=True,
            check=True).stdout
        return json.loads(out.splitlines()[0])["run"]

    def last_answer(self) -> str:
        """`remembered` or `ran`."""
        return self.last()["answer"]

    def tools(self) -> tuple[int, int]:
        """Of the newest run: how many tools it started, and how many of them ran."""
        counters = self.last()["counters"]
        return counters.get("inner.asked", 0), counters.get("inner.ran", 0)

    def expect(self, answer: str) -> None:
        said = self.last_answer()
        if said != answer:
            raise clock.Failed(f"bric should have said '{answer}', its history says '{said}'")
