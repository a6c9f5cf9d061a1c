"""Times processes, the sides of a comparison taking turns so that a busy moment hits them all."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path


class Failed(Exception):
    """A measured command that did not end as it should; its row tells so instead of a time."""


def timed(argv: Sequence[str], cwd: Path, env: dict[str, str] | None = None, status: int = 0) -> float:
    """Runs a command and gives its wall time in seconds; its output is kept for the error."""
    with open(os.devnull, "rb") as nothing:
        began = time.perf_counter()
        done = subprocess.run(
            argv, cwd=cwd, env=env, stdin=nothing, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        took = time.perf_counter() - began
    if done.returncode != status:
        last = done.stdout.decode(errors="replace").strip().splitlines()[-3:]
        raise Failed(f"{' '.join(argv)}: exit status {done.returncode}: {' / '.join(last)}")
    return took


def spawned(argv: Sequence[str], cwd: Path, env: dict[str, str]) -> float:
    """As timed, for commands of milliseconds: no pipes, no Python between spawn and exit."""
    os.chdir(cwd)
    nothing = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    program = argv[0] if "/" in argv[0] else _found(argv[0], env)
    began = time.perf_counter()
    pid = os.posix_spawn(program, argv, env, file_actions=nothing)
    _, code = os.waitpid(pid, 0)
    took = time.perf_counter() - began
    if code != 0:
        raise Failed(f"{' '.join(argv)}: wait status {code}")
    return took


def _found(name: str, env: dict[str, str]) -> str:
    for folder in env.get("PATH", os.defpath).split(":"):
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    raise Failed(f"no {name} on PATH")


def in_turns(rounds: int, sides: dict[str, Callable[[int], float]]) -> dict[str, list[float]]:
    """Asks each side once a round, another one first each time; a side returns its own seconds."""
    samples: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    for turn in range(rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            samples[name].append(sides[name](turn))
    return samples


def median(samples: Sequence[float]) -> float:
    return statistics.median(samples)


def spread(samples: Sequence[float]) -> str:
    """The middle half, as milliseconds."""
    if len(samples) < 4:
        return f"{min(samples) * 1e3:.4g}..{max(samples) * 1e3:.4g} ms"
    low, _, high = statistics.quantiles(samples, n=4)
    return f"{low * 1e3:.4g}..{high * 1e3:.4g} ms"
