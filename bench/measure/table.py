"""The rows of the report and their place in README.md."""

import re
from dataclasses import dataclass, field
from pathlib import Path

BEGIN = "<!-- table: written by bench/run -->"
END = "<!-- end of table -->"


@dataclass
class Row:
    """One comparison. Times in seconds, medians; `reached` is None where there is no target."""

    work: str
    ours: str
    peer: str
    ratio: str
    target: str
    reached: bool | None
    checked: str
    notes: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        verdict = {True: "yes", False: "**no**", None: "-"}[self.reached]
        return [self.work, self.ours, self.peer, self.ratio, self.target, verdict, self.checked]


HEADER = ["work", "ours", "peer", "ratio", "target", "reached", "checked"]


def unmeasured(work: str, reason: str, target: str = "-") -> Row:
    """A row that could not be measured says why, in place of a time; a target it has is not reached."""
    return Row(work, "-", "-", "-", target, None if target == "-" else False, f"not measured: {reason}")


def time_of(seconds: float) -> str:
    if seconds < 1e-3:
        return f"{seconds * 1e6:.3g} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.2f} s"


def over(ours: float, peer: float) -> str:
    """Ours over the peer, said so that a reader need not divide."""
    ratio = ours / peer
    if 0.5 < ratio < 2:
        return f"{(ratio - 1) * 100:+.1f} %"
    return f"{ratio:.3g} times as long" if ratio >= 1 else f"{1 / ratio:.3g} times faster"


def markdown(rows: list[Row]) -> str:
    lines = ["| " + " | ".join(HEADER) + " |", "|" + " --- |" * len(HEADER)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row.cells()) + " |" for row in rows]
    notes = [f"- {row.work}: {note}" for row in rows for note in row.notes]
    return "\n".join(lines + ([""] + notes if notes else []))


def publish(readme: Path, order: list[str], group: str, circumstances: list[str], rows: list[Row]) -> None:
    """Puts one group's report in its place between the markers; the rest of the file is people's."""
    text = readme.read_text()
    if BEGIN not in text or END not in text:
        raise SystemExit(f"bench: {readme} has lost its markers {BEGIN} and {END}")
    before, _, rest = text.partition(BEGIN)
    inside, _, after = rest.partition(END)
    parts = re.split(r"^### (\S+)\n", inside, flags=re.M)
    reports = dict(zip(parts[1::2], parts[2::2]))
    reports[group] = "\n".join(["", *circumstances, "", markdown(rows), "", ""])
    known = [name for name in order if name in reports]
    sections = "".join(f"### {name}\n{reports[name]}" for name in known)
    readme.write_text(f"{before}{BEGIN}\n\n{sections}{END}{after}")
