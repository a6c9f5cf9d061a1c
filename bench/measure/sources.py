"""Real projects to build, from Debian's source packages.

Nothing of the machine's apt is changed: the list of sources, its index and the archives all lie
in the work folder. Where Debian is found is taken from the machine's own configuration.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path


class Unavailable(Exception):
    """A project that cannot be had here; its rows are left out and the reason is told."""


@dataclass(frozen=True)
class Project:
    """A project, how it is built, and which of its files may differ from build to build."""

    name: str
    package: str
    folder: str  # to build in, below the project's root
    build: tuple[str, ...]
    ccache: tuple[str, ...]  # arguments that put ccache before the compiler
    unstable: frozenset[str]  # outputs with the time or the host's name in them
    edited: str  # the file that somebody works on


LUA = Project("lua", "lua5.4", ".", ("make", "-j2", "linux"), ("CC=ccache gcc -std=gnu99",), frozenset(),
              "src/lcode.c")
REDIS = Project(
    "redis",
    "redis",
    "src",
    # The time of the build goes into release.h and so into every program, unless this says another.
    ("env", "SOURCE_DATE_EPOCH=1", "make", "-j2", "MALLOC=libc"),
    ("CC=ccache cc",),
    # release.h has git's commit in it, which a sandbox does not show, and so have the programs.
    # Makefile.dep is made and removed at once by two makes of the Makefile; who is last is chance.
    frozenset(
        "src/" + name
        for name in (
            "Makefile.dep release.h release.o redis-server redis-sentinel redis-check-rdb redis-check-aof"
            " redis-benchmark redis-cli"
        ).split()
    ),
    "src/t_zset.c",
)

ZLIB = Project("zlib", "zlib", ".", ("sh", "./configure"), (), frozenset(), "adler32.c")


class Sources:
    """The projects' pristine trees, each a git repository of one commit."""

    def __init__(self, work: Path):
        self.work = work / "sources"

    def repository(self, project: Project) -> Path:
        """The repository to clone from; fetched the first time."""
        repository = self.work / project.name
        if not (repository / ".git" / "bench-complete").exists():
            subprocess.run(["rm", "-rf", str(repository)], check=True)
            self._unpack(self._archive(project), repository)
            self._commit(repository)
        return repository

    def _archive(self, project: Project) -> Path:
        found = self._downloaded(project)
        if not found:
            self._apt("update")
            self._fetch(project.package)
            found = self._downloaded(project)
        if not found:
            raise Unavailable(f"apt-get source {project.package} brought no *.orig.tar.*")
        return found[0]

    def _fetch(self, package: str) -> None:
        """
        A version that is in several suites is named by each, but its files may be gone from one's pool:
        that of security updates keeps only the newest. Apt asks one of them and gives up; so each is asked.
        """
        suites = sorted({line.split()[2] for line in self._source_lines().splitlines()})
        reasons = []
        for wanted in (package, *(f"{package}/{suite}" for suite in suites)):
            try:
                return self._apt("source", "--download-only", wanted)
            except Unavailable as e:
                reasons.append(e)
        raise reasons[0]

    def _downloaded(self, project: Project) -> list[Path]:
        return sorted(self.work.glob(f"{project.package}_*.orig.tar.[bgx]z*"))

    def _apt(self, *arguments: str) -> None:
        folder = self.work / "apt"
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        listed = folder / "sources.list"
        listed.write_text(self._source_lines())
        options = {
            "Dir::Etc::sourcelist": listed,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "APT::Sandbox::User": "root",
        }
        command = ["apt-get", "-qq"]
        for name, value in options.items():
            command += ["-o", f"{name}={value}"]
        done = subprocess.run(command + list(arguments), cwd=self.work, capture_output=True, text=True)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no message"])[-1]
            raise Unavailable(f"apt-get {' '.join(arguments)} failed: {last}")

    @staticmethod
    def _source_lines() -> str:
        """The machine's binary repositories of Debian, as repositories of sources."""
        try:
            targets = subprocess.run(
                ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)",
                 "Created-By: Packages"],
                capture_output=True, text=True, check=True,
            ).stdout
        except (OSError, subprocess.CalledProcessError) as e:
            raise Unavailable(f"this machine has no apt to fetch sources with: {e}") from e
        lines = set()
        for target in targets.splitlines():
            words = target.split()
            if len(words) == 4 and words[3] == "Debian":
                lines.add(f"deb-src {' '.join(words[:3])}\n")
        if not lines:
            raise Unavailable("apt knows no repository of Debian; run apt-get update first")
        return "".join(sorted(lines))

    @staticmethod
    def _unpack(archive: Path, repository: Path) -> None:
        """The upstream tree as its authors ship it, without Debian's patches."""
        repository.mkdir(parents=True)
        subprocess.run(
            ["tar", "-xf", str(archive), "--strip-components=1", "-C", str(repository)], check=True)

    @staticmethod
    def _commit(repository: Path) -> None:
        git = ["git", "-C", str(repository), "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
        subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
        subprocess.run([*git, "add", "-A", "-f"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", "As shipped"], check=True)
        (repository / ".git" / "bench-complete").touch()


def clone(repository: Path, target: Path) -> Path:
    """A fresh checkout, as a colleague would make it."""
    subprocess.run(["rm", "-rf", str(target)], check=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", str(repository), str(target)], check=True)
    return target


def stamp(checkout: Path, mark: str) -> None:
    """Makes every C file one that nobody has seen, and leaves what it compiles to as it was."""
    for folder, _, names in os.walk(checkout):
        if "/.git" in folder:
            continue
        for name in names:
            if name.endswith((".c", ".h")):
                with open(os.path.join(folder, name), "a") as file:
                    file.write(f"/* {mark} */\n")
