"""Where a measurement happens: its folders, its bric, how often it is repeated."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .bricolage import Bric
from .sources import Sources


@dataclass(frozen=True)
class Bench:
    work: Path
    program: Path
    quick: bool

    @property
    def sources(self) -> Sources:
        return Sources(self.work)

    def rounds(self, usual: int, quick: int) -> int:
        return quick if self.quick else usual

    def bric(self, name: str) -> Bric:
        """bric with a home of this name, empty."""
        return Bric(self.program, self.work / "homes" / name).emptied()

    def folder(self, name: str) -> Path:
        """A folder with a bric.toml: a workspace of its own, no part of the checkout around it."""
        folder = self.work / "run" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "bric.toml").touch()
        return folder

    def end_daemons(self) -> None:
        """No daemon of ours outlives its rows, and none is at work beside another's."""
        homes = self.work / "homes"
        for home in sorted(homes.iterdir()) if homes.exists() else []:
            Bric(self.program, home).shutdown()


def settle() -> None:
    """Lets the disk finish with what was prepared, so that nobody's fsync pays for it."""
    os.sync()
