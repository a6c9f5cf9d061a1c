"""What a build left in its folder, for comparing one build with another."""

import hashlib
import os
import stat
import subprocess
import tempfile
from collections.abc import Collection
from pathlib import Path

from .clock import Failed


def contents(root: Path) -> dict[str, str]:
    """Path to kind, executable bit and content, of everything but git's own folder."""
    found = {}
    for folder, folders, names in os.walk(root):
        if ".git" in folders and Path(folder) == root:
            folders.remove(".git")
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, root)] = _content(path)
    return found


def _content(path: str) -> str:
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        return "link " + os.readlink(path)
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return f"file {'x' if mode & 0o100 else '-'} {digest}"


def require_equal(one: Path, other: Path, unstable: Collection[str] = (), without_debug: bool = False) -> str:
    """Fails unless both folders hold the same bytes; gives the words for the table.

    `without_debug`: object files are compared stripped, since -g writes the folder's name into them.
    """
    left, right = contents(one), contents(other)
    different = sorted(
        path for path in left.keys() | right.keys()
        if left.get(path) != right.get(path) and path not in unstable)
    if without_debug:
        different = [path for path in different if not _equal_stripped(one / path, other / path)]
    if different:
        raise Failed(f"{len(different)} files differ between {one} and {other}, the first: {different[0]}")
    return "same bytes" if not without_debug else "same bytes but for debug paths"


def _equal_stripped(one: Path, other: Path) -> bool:
    if one.suffix not in (".o", ".a", "") or not (one.is_file() and other.is_file()):
        return False
    return _stripped(one) == _stripped(other)


def _stripped(path: Path) -> bytes:
    # Never to /dev/stdout: objcopy replaces what it writes to, and root's objcopy replaces that link.
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "stripped"
        done = subprocess.run(["objcopy", "--strip-debug", "-D", str(path), str(target)], capture_output=True)
        if done.returncode != 0:
            return path.read_bytes()
        stripped = target.read_bytes()
    if not stripped:
        raise Failed(f"objcopy made nothing of {path}, so it cannot be compared")
    return stripped
