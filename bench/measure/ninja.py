"""Rows of `bric ninja` beside ninja: nothing to do, one file edited, a whole build of C++."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import peers
from .bench import Bench, settle
from .bricolage import Bric
from .clock import Failed, in_turns, median, spread, spawned, timed
from .outputs import require_equal
from .table import Row, over, time_of, unmeasured

LOGS = (".ninja_log", ".ninja_deps")


def graph(folder: Path, edges: int) -> None:
    """Files that are copied, a hundred of them joined to one, and all of these joined."""
    lines = ["rule cat", "  command = cat $in > $out"]
    joined = []
    for group in range(edges // 100):
        (folder / f"src/{group}").mkdir(parents=True)
        names = [f"{group}/{number}" for number in range(99)]
        for name in names:
            (folder / f"src/{name}").write_text(f"{name}\n")
        lines += [f"build out/{name}: cat src/{name}" for name in names]
        joined.append(f"out/{group}/all")
        lines.append(f"build {joined[-1]}: cat {' '.join('out/' + name for name in names)}")
    lines.append(f"build out/all: cat {' '.join(joined)}")
    (folder / "build.ninja").write_text("\n".join(lines) + "\n")


@dataclass(frozen=True)
class Twins:
    """The same project twice, built by ninja in one place and by us in the other."""

    name: str
    bric: Bric
    plain: Path
    ours: Path

    def ninja(self, *words: str) -> float:
        return timed(["ninja", *words], self.plain, peers.plain_env())

    def bricolage(self, *words: str) -> float:
        return timed([self.bric.program, "ninja", *words], self.ours, self.bric.env)

    def same(self) -> str:
        return require_equal(self.plain, self.ours, [name for name in LOGS])

    def nothing_to_do(self) -> None:
        """Ninja itself must find ours finished."""
        said = subprocess.run(["ninja", "-n"], cwd=self.ours, capture_output=True, text=True, check=True).stdout
        if "no work to do" not in said:
            raise Failed(f"plain ninja finds work to do in {self.ours}")


def twins(bench: Bench, edges: int) -> Twins:
    name = f"ninja-{edges}"
    plain, ours = bench.folder(f"{name}-plain"), bench.folder(f"{name}-ours")
    graph(plain, edges)
    graph(ours, edges)
    return Twins(name, bench.bric(name).warmed(bench.folder(f"{name}-warm")), plain, ours)


def rows(bench: Bench) -> list[Row]:
    """Up to 10,000 edges, and a project of C++."""
    sizes = [(1_000, "-"), (10_000, "≤ 2 times ninja")] if not bench.quick else [(1_000, "-")]
    measured = []
    for edges, target in sizes:
        measured += graph_rows(bench, edges, target)
    return measured + cplusplus(bench)


def large(bench: Bench) -> list[Row]:
    """100,000 edges; making them once takes a quarter of an hour."""
    return graph_rows(bench, 100_000, "faster than ninja")


def graph_rows(bench: Bench, edges: int, target: str) -> list[Row]:
    work = f"ninja: {edges:,} edges"
    if not peers.have("ninja"):
        return [unmeasured(work, "no ninja here", target)]
    try:
        return _graph_rows(bench, work, edges, target)
    except Failed as e:
        return [unmeasured(work, str(e), target)]


def _graph_rows(bench: Bench, work: str, edges: int, target: str) -> list[Row]:
    two = twins(bench, edges)
    plain_first, ours_first = two.ninja(), two.bricolage()
    checked = two.same()
    two.nothing_to_do()
    first = Row(f"{work}, first build", time_of(ours_first), f"ninja {time_of(plain_first)}",
                over(ours_first, plain_first), "-", None, checked,
                [f"each edge is a `cat`: {time_of(ours_first / edges)} an edge, ninja's {time_of(plain_first / edges)}"])
    return [first, _idle(bench, two, work, edges, target), _cold(bench, two, work), _edit(bench, two, work),
            _memory(two, work)]


def _idle(bench: Bench, two: Twins, work: str, edges: int, target: str) -> Row:
    ours = [two.bric.program, "ninja"]
    sides = {
        "ours": lambda _: spawned(ours, two.ours, two.bric.env),
        "ninja": lambda _: spawned(["ninja"], two.plain, peers.plain_env()),
    }
    in_turns(10, sides)
    rounds = bench.rounds(50 if edges < 100_000 else 15, 5)
    samples = in_turns(rounds, sides)
    _expect_idle(two)
    mine, theirs = median(samples["ours"]), median(samples["ninja"])
    reached = {"≤ 2 times ninja": mine <= 2 * theirs, "faster than ninja": mine <= theirs}.get(target)
    return Row(f"{work}, nothing to do, warm daemon", time_of(mine), f"ninja {time_of(theirs)}", over(mine, theirs),
               target, reached, "both say so",
               [f"{rounds} rounds; ours {spread(samples['ours'])}, ninja {spread(samples['ninja'])}"])


def _expect_idle(two: Twins) -> None:
    said = subprocess.run([two.bric.program, "ninja"], cwd=two.ours, env=two.bric.env, capture_output=True, text=True,
                          check=True).stdout
    if said != "ninja: no work to do.\n":
        raise Failed(f"there was work to do: {said.splitlines()[:1]}")


def _cold(bench: Bench, two: Twins, work: str) -> Row:
    """The daemon is started for it, and knows nothing but what the store holds."""
    samples = []
    for _ in range(bench.rounds(3, 1)):
        two.bric.shutdown()
        samples.append(two.bricolage())
        _expect_idle(two)
    theirs = median([two.ninja() for _ in samples])
    return Row(f"{work}, nothing to do, cold daemon", time_of(median(samples)), f"ninja {time_of(theirs)}",
               over(median(samples), theirs), "-", None, "both say so",
               [f"{len(samples)} rounds; {spread(samples)}; every edge's trace is walked"])


def _edit(bench: Bench, two: Twins, work: str) -> Row:
    def edit(folder: Path, turn: int) -> None:
        (folder / "src/0/7").write_text(f"edited {turn}\n")
        settle()

    def ours(turn: int) -> float:
        edit(two.ours, turn)
        return two.bricolage()

    def ninja(turn: int) -> float:
        edit(two.plain, turn)
        return two.ninja()

    samples = in_turns(bench.rounds(11, 3), {"ours": ours, "ninja": ninja})
    mine, theirs = median(samples["ours"]), median(samples["ninja"])
    return Row(f"{work}, one file edited, three edges run", time_of(mine), f"ninja {time_of(theirs)}",
               over(mine, theirs), "-", None, two.same(),
               [f"ours {spread(samples['ours'])}, ninja {spread(samples['ninja'])}"])


def _memory(two: Twins, work: str) -> Row:
    said = subprocess.run(["/usr/bin/env", "python3", "-c",
                           "import resource,subprocess;subprocess.run(['ninja'],stdout=subprocess.DEVNULL);"
                           "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"],
                          cwd=two.plain, capture_output=True, text=True, check=True).stdout
    resident = two.bric.resident()["VmRSS"]
    return Row(f"{work}, memory", f"daemon {resident >> 20} MiB", f"ninja {int(said) >> 10} MiB at most", "-", "-",
               None, "read from /proc and getrusage")


# A whole build

FILES = 300
SOURCE = """#include <algorithm>
#include <map>
#include <string>
#include <vector>
#include "common.h"
std::string part{n}(const std::vector<std::string> &words) {{
  std::map<std::string, int> counts;
  for (const auto &word : words) counts[word + std::to_string({n})]++;
  std::vector<std::pair<int, std::string>> sorted;
  for (const auto &[word, count] : counts) sorted.emplace_back(count, word);
  std::sort(sorted.begin(), sorted.end());
  return sorted.empty() ? mark() : sorted.back().second;
}}
"""
CMAKE = """cmake_minimum_required(VERSION 3.18)
project(parts CXX)
set(CMAKE_CXX_STANDARD 17)
file(GLOB PARTS CONFIGURE_DEPENDS part*.cpp)
add_library(parts STATIC ${PARTS})
add_executable(whole main.cpp)
target_link_libraries(whole parts)
"""


def _project(folder: Path, files: int, mark: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "CMakeLists.txt").write_text(CMAKE)
    (folder / "common.h").write_text(f'#include <string>\ninline std::string mark() {{ return "{mark}"; }}\n')
    for n in range(files):
        (folder / f"part{n}.cpp").write_text(SOURCE.format(n=n))
    (folder / "main.cpp").write_text(
        '#include <iostream>\n#include <vector>\n#include <string>\n'
        "std::string part0(const std::vector<std::string> &);\n"
        'int main() { std::cout << part0({"a", "b"}) << std::endl; }\n')
    env = peers.plain_env()
    timed(["cmake", "-G", "Ninja", "-S", ".", "-B", "build", "-DCMAKE_BUILD_TYPE=Debug"], folder, env)


def cplusplus(bench: Bench) -> list[Row]:
    """A CMake project of 300 C++ files, at one path for both sides, so that outputs can be equal."""
    files = bench.rounds(FILES, 10)
    names = [f"ninja: {files} C++ files by CMake, {what}" for what in
             ("first build", "build folder's outputs removed", "nothing to do", "one file edited")]
    targets = ["≤ +5 %", "-", "-", "-"]
    if not peers.have("cmake") or not peers.have("ninja"):
        return [unmeasured(name, "no cmake or no ninja here", target) for name, target in zip(names, targets)]
    try:
        return _cplusplus(bench, names, targets, files)
    except Failed as e:
        return [unmeasured(name, str(e), target) for name, target in zip(names, targets)]


def _cplusplus(bench: Bench, names: list[str], targets: list[str], files: int) -> list[Row]:
    bric = bench.bric("ninja-cpp").warmed(bench.folder("ninja-cpp-warm"))
    place = bench.folder("ninja-cpp")
    kept = bench.folder("ninja-cpp-kept")
    env = peers.plain_env()
    first: dict[str, list[float]] = {"ours": [], "ninja": []}
    for turn in range(bench.rounds(2, 1)):
        order = ["ours", "ninja"] if turn % 2 == 0 else ["ninja", "ours"]
        for side in order:
            shutil.rmtree(place)
            _project(place, files, f"round {turn}")
            (place / "bric.toml").touch()
            settle()
            build = place / "build"
            first[side].append(timed(["ninja"], build, env) if side == "ninja"
                               else timed([bric.program, "ninja"], build, bric.env))
            shutil.rmtree(kept / side, ignore_errors=True)
            shutil.copytree(place, kept / side, symlinks=True)
    unstable = [f"build/{log}" for log in LOGS]
    checked = require_equal(kept / "ninja", kept / "ours", unstable + ["build/CMakeFiles/CMakeOutput.log"])
    ratio = median([a / b for a, b in zip(first["ours"], first["ninja"])])
    result = [Row(names[0], time_of(median(first["ours"])), f"ninja {time_of(median(first['ninja']))}",
                  over(ratio, 1.0), targets[0], ratio <= 1.05, checked,
                  [f"{len(first['ours'])} rounds; ours {spread(first['ours'])}, ninja {spread(first['ninja'])}"])]
    build = place / "build"
    timed([bric.program, "ninja"], build, bric.env)
    again = []
    for _ in range(bench.rounds(5, 2)):
        timed(["ninja", "-t", "clean"], build, env)
        settle()
        again.append(timed([bric.program, "ninja"], build, bric.env))
    result.append(Row(names[1], time_of(median(again)), f"ninja's first build {time_of(median(first['ninja']))}",
                      over(median(again), median(first["ninja"])), targets[1], None, "remembered", [spread(again)]))
    idle = in_turns(bench.rounds(20, 5), {
        "ours": lambda _: spawned([bric.program, "ninja"], build, bric.env),
        "ninja": lambda _: spawned(["ninja"], build, env),
    })
    result.append(Row(names[2], time_of(median(idle["ours"])), f"ninja {time_of(median(idle['ninja']))}",
                      over(median(idle["ours"]), median(idle["ninja"])), targets[2], None, "-",
                      [f"ours {spread(idle['ours'])}, ninja {spread(idle['ninja'])}"]))

    def edited(turn: int, side: str) -> float:
        with open(place / "part0.cpp", "a", encoding="utf-8") as file:
            file.write(f"int edited_{side}_{turn}() {{ return {turn}; }}\n")
        settle()
        return (timed(["ninja"], build, env) if side == "ninja"
                else timed([bric.program, "ninja"], build, bric.env))

    edits = in_turns(bench.rounds(7, 2), {side: (lambda turn, side=side: edited(turn, side))
                                          for side in ("ours", "ninja")})
    result.append(Row(names[3], time_of(median(edits["ours"])), f"ninja {time_of(median(edits['ninja']))}",
                      over(median(edits["ours"]), median(edits["ninja"])), targets[3], None, "-",
                      [f"ours {spread(edits['ours'])}, ninja {spread(edits['ninja'])}"]))
    return result
