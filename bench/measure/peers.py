"""What we are measured beside."""

import os
import shutil
import subprocess
from pathlib import Path

STEPS = 300


def have(program: str) -> bool:
    return shutil.which(program) is not None


def plain_env() -> dict[str, str]:
    """The environment of peers: ours without what would steer a make or a compiler."""
    steering = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "CC", "CFLAGS", "CPPFLAGS", "LDFLAGS", "BRIC_HOME"}
    env = {name: value for name, value in os.environ.items() if name not in steering}
    return dict(env, LC_ALL="C.UTF-8")


def ccache_env(folder: Path) -> dict[str, str]:
    """ccache at its best: no hashing of the current folder, so that another checkout hits."""
    return dict(plain_env(), CCACHE_DIR=str(folder), CCACHE_NOHASHDIR="1", CCACHE_COMPILERCHECK="mtime")


def step_graph(folder: Path) -> Path:
    """300 steps, each one file copied to another, as build.ninja and as Makefile; a git checkout."""
    folder.mkdir(parents=True)
    names = [f"{n:03}" for n in range(STEPS)]
    for name in names:
        (folder / f"in{name}").write_text(f"{name}\n")
    rule = "rule copy\n  command = cp $in $out\n"
    edges = "".join(f"build out{name}: copy in{name}\n" for name in names)
    (folder / "build.ninja").write_text(rule + edges)
    outs = " ".join(f"out{name}" for name in names)
    (folder / "Makefile").write_text(f"all: {outs}\nout%: in%\n\t@cp $< $@\n")
    (folder / ".gitignore").write_text("out*\n.ninja_*\n")
    git = ["git", "-C", str(folder), "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "Steps"], check=True)
    return folder


def bubblewrap() -> list[str]:
    """A sandbox of the same strength as ours, without observation."""
    return [
        "bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr",
        "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",
    ]  # fmt: skip
