"""Rows of what watching costs: commands run anew each time, bare, notified only, and with the recorder."""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import peers
from .bench import Bench, settle
from .bricolage import Bric
from .clock import Failed, in_turns, median, spread, spawned
from .outputs import contents
from .sources import REDIS, ZLIB, Unavailable, clone
from .table import Row, over, time_of, unmeasured

COMPILES, CONFIGURES = "≤ +3 %", "≤ +15 %"
LIMITS = {COMPILES: 1.03, CONFIGURES: 1.15}
SHORTEST = 0.1  # seconds that a compile must take to have a target

TREE = 3000  # files of the repository
CLASSES = 200
ARCHIVED = 10_000
OPENED = 2000


@dataclass(frozen=True)
class Work:
    """
    A command and how its folder is made ready. `prepare` fills an empty folder once, `reset` takes away
    what a run left there.
    """

    name: str
    prepare: Callable[[Bench, Path], None]
    command: tuple[str, ...]
    at: str = "."  # below the folder
    reset: Callable[[Path], None] = lambda folder: None
    compared: tuple[str, ...] | None = None  # outputs that must be the same; None: all
    target: str = "-"
    rounds: int = 15
    options: tuple[str, ...] = field(default=())


def rows(bench: Bench) -> list[Row]:
    bric = bench.bric("watch").warmed(bench.folder("watch-warm"), bench.rounds(30, 3))
    bric.env["PATH"] = "/usr/local/bin:/usr/bin:/bin"  # the same for all, and nobody's wrappers
    found = [_measured(bench, bric, work) for work in works(bench)]
    return found + [_elsewhere("whole builds", "groups `lua` and `redis`"),
                    _elsewhere("a trivial action end to end, 300 on two cores", "group `actions`")]


def _elsewhere(work: str, where: str) -> Row:
    return Row(f"watching: {work}", f"see {where}", "-", "-", "-", None, "-")


# What is run

SMALL = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'

CXX = """#include <iostream>
#include <map>
#include <string>
int main() {
  std::map<std::string, int> words;
  for (std::string word; std::cin >> word;) words[word]++;
  for (const auto &[word, count] : words) std::cout << word << ' ' << count << '\\n';
}
"""

# As Go's programs: static, and each look a call that goes past no library.
LOOKS = """#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  long sum = 0;
  for (int i = 0; i < %d; i++) {
    char path[64], byte[16];
    struct stat status;
    snprintf(path, sizeof path, "tree/d%%02d/f%%04d", i %% 50, i);
    if (stat(path, &status)) return 1;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, byte, sizeof byte) < 0) return 2;
    close(file);
    sum += status.st_size;
  }
  printf("%%ld\\n", sum);
}
"""

ZSET = ("gcc", "-c", "-O2", "-std=c11", "-I../deps/hiredis", "-I../deps/linenoise", "-I../deps/lua/src",
        "-I../deps/hdr_histogram", "-I../deps/fpconv", "t_zset.c", "-o", "t_zset.o")

# Outside the workspace nothing is stored or written back, so what is left is the watching.
UNPACK = "mkdir /dev/shm/bench-watch && tar xf files.tar -C /dev/shm/bench-watch && rm -r /dev/shm/bench-watch"


def works(bench: Bench) -> list[Work]:
    javac = _jdk(bench) / "bin" / "javac"
    shown = () if str(javac).startswith("/usr/") else ("--ro", str(javac.parent.parent))
    classes = tuple(f"src/p/C{number}.java" for number in range(CLASSES))
    python = "/usr/bin/python3"
    return [
        Work("true", _nothing, ("/bin/true",), rounds=50),
        Work("gcc -c, small", _text("hello.c", SMALL), ("gcc", "-c", "hello.c"), reset=_without("hello.o"),
             target=COMPILES, rounds=30),
        Work("gcc -c -O2, Redis's t_zset.c", _project(REDIS), ZSET, at="src", reset=_without("src/t_zset.o"),
             compared=("src/t_zset.o",), target=COMPILES, rounds=11),
        Work("g++ -c, <iostream> and <map>", _text("words.cc", CXX), ("g++", "-c", "words.cc"),
             reset=_without("words.o"), target=COMPILES, rounds=15),
        Work(f"a static program that stats and opens {OPENED} files", _looker, ("./looks",)),
        Work(f"javac, {CLASSES} classes", _classes, (str(javac), "-proc:none", "-d", "out", *classes),
             reset=_without("out"), target=COMPILES, rounds=11, options=shown),
        Work(f"tar x, {ARCHIVED} files", _archive, ("tar", "xf", "files.tar"), reset=_without("files"), rounds=10),
        Work(f"tar x, {ARCHIVED} files, kept nowhere (tmpfs)", _archive, ("sh", "-c", UNPACK),
             reset=_without("/dev/shm/bench-watch"), rounds=10),
        Work(f"git status, {TREE} files", _repository, (*GIT, "status", "--short")),
        Work(f"find, {TREE} files", _tree, ("find", ".", "-name", "*7", "-type", "f")),
        Work("python3 -c pass", _nothing, (python, "-c", "pass"), rounds=30),
        Work("python3 -c, 5 imports", _nothing,
             (python, "-c", "import json, argparse, subprocess, unittest, email.message"), rounds=30),
        Work("configure, zlib's", _project(ZLIB), ("sh", "./configure"), reset=_as_cloned,
             compared=("Makefile", "zconf.h", "zlib.pc"), target=CONFIGURES, rounds=11),
        Work("configure, jemalloc's (autoconf)", _project(REDIS), ("sh", "./configure"), at="deps/jemalloc",
             reset=_as_cloned, compared=("deps/jemalloc/include/jemalloc/jemalloc.h",), target=CONFIGURES,
             rounds=5),
    ]


def _jdk(bench: Bench) -> Path:
    found = subprocess.run([str(bench.program.parent.parent / "libexec/find-jdk")], capture_output=True, text=True)
    return Path(found.stdout.strip() or "/usr/bin/java").resolve().parent.parent


def _nothing(bench: Bench, folder: Path) -> None:
    pass


def _text(name: str, text: str) -> Callable[[Bench, Path], None]:
    return lambda bench, folder: (folder / name).write_text(text) and None


def _project(project) -> Callable[[Bench, Path], None]:
    def prepare(bench: Bench, folder: Path) -> None:
        clone(bench.sources.repository(project), folder)
    return prepare


def _fill(folder: Path, count: int, folders: int) -> None:
    for number in range(folders):
        (folder / f"d{number:02}").mkdir(parents=True)
    for number in range(count):
        (folder / f"d{number % folders:02}" / f"f{number:04}").write_text(f"{number}\n")


def _tree(bench: Bench, folder: Path) -> None:
    _fill(folder / "tree", TREE, 50)


# A sandbox shows no .git, so this one has another name.
GIT = ("git", "--no-optional-locks", "--git-dir=history", "--work-tree=tree")


def _repository(bench: Bench, folder: Path) -> None:
    _tree(bench, folder)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", "history"], cwd=folder, check=True)
    git = [*GIT, "-c", "core.bare=false", "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for arguments in (["config", "core.bare", "false"], ["add", "-A"], ["commit", "-q", "-m", "Files"], ["gc", "-q"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)


def _looker(bench: Bench, folder: Path) -> None:
    _fill(folder / "tree", OPENED, 50)
    (folder / "looks.c").write_text(LOOKS % OPENED)
    made = subprocess.run(["gcc", "-static", "-O2", "looks.c", "-o", "looks"], cwd=folder, capture_output=True,
                          text=True)
    if made.returncode != 0:
        raise Unavailable(f"no static program can be linked here: {made.stderr.strip().splitlines()[-1]}")


def _classes(bench: Bench, folder: Path) -> None:
    package = folder / "src" / "p"
    package.mkdir(parents=True)
    for number in range(CLASSES):
        other = (number + 1) % CLASSES
        methods = "".join(f"  public int m{i}(int x) {{ return x * {i + 1} + {number}; }}\n" for i in range(20))
        (package / f"C{number}.java").write_text(
            "package p;\nimport java.util.*;\n"
            f"public class C{number} {{\n  private final Map<String, List<Integer>> all = new HashMap<>();\n{methods}"
            f"  public int next(C{other} other, int x) {{ return other.m1(x) + all.size(); }}\n}}\n")


def _archive(bench: Bench, folder: Path) -> None:
    with tarfile.open(folder / "files.tar", "w") as archive:
        for number in range(ARCHIVED):
            entry = tarfile.TarInfo(f"files/d{number % 100:02}/f{number:05}")
            text = f"{number}\n".encode() * 20
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))


def _without(name: str) -> Callable[[Path], None]:
    def remove(folder: Path) -> None:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return remove


def _as_cloned(folder: Path) -> None:
    git = ["git", "-C", str(folder)]
    subprocess.run([*git, "checkout", "-q", "-f"], check=True)
    subprocess.run([*git, "clean", "-q", "-fdx", "-e", "bric.toml"], check=True)


# How it is measured


def _measured(bench: Bench, bric: Bric, work: Work) -> Row:
    name = f"watching: {work.name}"
    print(f"bench: {name}", file=sys.stderr, flush=True)
    try:
        return _row(bench, bric, work, name)
    except (Failed, Unavailable) as e:
        return unmeasured(name, str(e), work.target)


def _row(bench: Bench, bric: Bric, work: Work, name: str) -> Row:
    off = dict(bric.env, BRIC_RECORDER="off")
    env = dict(peers.plain_env(), PATH=bric.env["PATH"])
    slug = re.sub(r"\W+", "-", work.name).strip("-")
    folders = {side: bench.folder(f"watch/{slug}/{side}") for side in ("bare", "off", "on")}
    for folder in folders.values():
        work.prepare(bench, folder)
        (folder / "bric.toml").touch()  # a clone begins with an empty folder
    ours = bric.run(*work.command, options=("-q", "--fresh", *work.options))
    empty = bric.run("/bin/true", options=("-q", "--fresh", *work.options))
    commands = {
        "bare": (list(work.command), folders["bare"], env),
        "off": (ours, folders["off"], off),
        "on": (ours, folders["on"], bric.env),
        # What a run costs whatever it runs, in the same folder.
        "empty": (empty, folders["on"], bric.env),
        "true": (["/bin/true"], folders["bare"], env),
    }

    def side(which: str) -> Callable[[int], float]:
        argv, folder, its_env = commands[which]

        def run(_: int) -> float:
            work.reset(folder)
            settle()
            return spawned(argv, folder / work.at, its_env)

        return run

    sides = {which: side(which) for which in commands}
    in_turns(2, {which: sides[which] for which in ("empty", "true")})
    counts = _checked(bric, work, sides, commands, folders)
    samples = in_turns(bench.rounds(work.rounds, 2), sides)
    bric.expect("ran")
    return _told(work, name, samples, counts)


def _checked(bric: Bric, work: Work, sides, commands, folders) -> dict[str, tuple[int, int]]:
    """Runs each side once: the same text and the same bytes. Gives the calls that were recorded and notified."""
    said, made, counts = {}, {}, {}
    for which in ("bare", "off", "on"):
        argv, folder, env = commands[which]
        work.reset(folder)
        done = subprocess.run(argv, cwd=folder / work.at, env=env, stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            last = (done.stderr + done.stdout).decode(errors="replace").strip().splitlines()[-2:]
            raise Failed(f"{which}: exit status {done.returncode}: {' / '.join(last)}")
        text = done.stdout.replace(bytes(folder), b"/build")
        said[which] = sorted(re.sub(rb"\d+", b"N", text).splitlines())
        found = {path: what for path, what in contents(folder).items() if not path.startswith("history/")}
        made[which] = {path: found.get(path) for path in work.compared or found.keys()}
        if which != "bare":
            run = bric.last()
            if run["answer"] != "ran" or run["forgotten"]:
                raise Failed(f"{which}: {run['answer']}, {run['forgotten'] or 'to be remembered'}")
            counts[which] = run["counters"]["recorded"], run["counters"]["notifications"]
    for which in ("off", "on"):
        if said[which] != said["bare"]:
            raise Failed(f"{which}: another output than the bare command's")
        different = sorted(path for path in made["bare"].keys() | made[which].keys()
                           if made["bare"].get(path) != made[which].get(path))
        if different or None in made["bare"].values():
            raise Failed(f"{which}: {len(different)} files differ, the first: {(different or ['none made'])[0]}")
    if counts["off"][0]:
        raise Failed(f"{counts['off'][0]} calls were recorded although the recorder was off")
    return counts


def _ratio(ratio: float) -> str:
    return over(ratio, 1.0) if ratio >= 2 else f"{(ratio - 1) * 100:+.1f} %"


def _told(work: Work, name: str, samples: dict[str, list[float]], counts: dict[str, tuple[int, int]]) -> Row:
    bare, off, on = (median(samples[which]) for which in ("bare", "off", "on"))
    fixed = median([a - b for a, b in zip(samples["empty"], samples["true"])])

    def ratio(which: str, less: float = 0.0) -> float:
        return median([(a - less) / b for a, b in zip(samples[which], samples["bare"])])

    end_to_end = ratio("on")
    target = work.target if work.target != COMPILES or bare >= SHORTEST else "-"
    words = _ratio(end_to_end)
    notes = [f"{len(samples['on'])} rounds; " + ", ".join(
        f"{which} {spread(samples[which])}" for which in ("on", "off", "bare"))]
    if work.name != "true":
        words += f"; less the run itself {_ratio(ratio('on', fixed))}"
        notes[0] += f"; the run itself (`true` in this folder, over bare) {time_of(fixed)}"
    words += f"; recorder off {_ratio(ratio('off'))}"
    recorded, notified = counts["on"]
    notes[0] += f"; {recorded} calls recorded and {notified} notified, off {counts['off'][1]} notified"
    return Row(
        name, time_of(on), f"bare {time_of(bare)}; recorder off {time_of(off)}", words, target,
        end_to_end <= LIMITS[target] if target in LIMITS else None, "ran, same output and bytes", notes)
