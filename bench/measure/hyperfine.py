"""hyperfine's figures for the shortest commands: a second opinion on our own clock."""

import json
import subprocess

from . import peers
from .bench import Bench
from .table import Row, over, time_of, unmeasured


def second_opinion(bench: Bench) -> list[Row]:
    if not peers.have("hyperfine"):
        return [unmeasured("hyperfine's second opinion", "no hyperfine here")]
    folder = bench.folder("hyperfine")
    bric = bench.bric("hyperfine").warmed(folder)
    report = folder / "report.json"
    commands = {
        "bric --version": f"{bric.program} --version",
        "bric run, remembered": " ".join(bric.run("/bin/true", options=("-q",))),
        "/bin/true": "/bin/true",
    }
    subprocess.run(
        ["hyperfine", "-N", "--style", "none", "--warmup", "50", "--runs", str(bench.rounds(500, 100)),
         "--export-json", str(report), *commands.values()],
        cwd=folder, env=bric.env, check=True, stdout=subprocess.DEVNULL)
    results = json.loads(report.read_text())["results"]
    medians = dict(zip(commands, (result["median"] for result in results)))
    true = medians.pop("/bin/true")
    return [
        Row(f"hyperfine: {name}", time_of(took), f"/bin/true {time_of(true)}", over(took, true), "-", None,
            "exit status 0")
        for name, took in medians.items()
    ]
