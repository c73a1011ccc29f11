"""The closing lines of a run: what a person reads."""

from collections import Counter
from pathlib import Path
from textwrap import indent

from tabulate import tabulate

from harness.facts.finding import Findings
from harness.facts.transcript import ScenarioResult, Transcript

WIDTH = 156
"""Columns of a line, but for its indentation."""

LINES = 60
"""Lines of a reason: room for the end of a dead pod's log."""

SHOWN = 20
"""Findings shown on the console; all of them are in result.json."""


def closing_lines(transcript: Transcript, folder: Path, command: str = "seedbed") -> str:
    """Verdict, what disagreed, how long each phase took, where the evidence lies, how to go on.

    Args:
        transcript: All that is to be said.
        folder: Where the evidence lies.
        command: How the reader can call `seedbed`.
    """
    parts = [
        _scenarios(transcript),
        *(_detail(result) for result in _worth_telling(transcript)),
        _unsupported(transcript),
        f"error: {transcript.error}" if transcript.error else "",
        _phases(transcript),
        _critical_path(transcript),
        _evidence(transcript, folder, command),
        _verdict(transcript),
    ]
    return "\n\n".join(part for part in parts if part)


def _verdict(transcript: Transcript) -> str:
    total = len(transcript.scenarios)
    counts = Counter(result.outcome for result in transcript.scenarios)
    detail = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    seconds = sum(seconds for _, seconds in transcript.phases)
    if transcript.is_too_little:
        detail += f"; {transcript.floor} had to be judged"
    return (
        f"verdict: {transcript.verdict} ({total} scenarios: {detail or 'none ran'}) "
        f"in {seconds:.1f} s, {transcript.federation}, seed {transcript.seed}"
    )


def _scenarios(transcript: Transcript) -> str:
    """One line per scenario; repetitions are counted."""
    rows: dict[str, list[ScenarioResult]] = {}
    for result in transcript.scenarios:
        rows.setdefault(result.name, []).append(result)
    lines = [
        (
            _outcomes(results),
            results[0].story,
            f"{sum(r.seconds for r in results) / len(results):.2f} s",
        )
        for results in rows.values()
    ]
    return tabulate(lines, tablefmt="plain", colalign=("left", "left", "right")) if lines else ""


def _outcomes(results: list[ScenarioResult]) -> str:
    counts = Counter(result.outcome for result in results)
    if len(results) == 1:
        return results[0].outcome
    return ", ".join(f"{number} x {outcome}" for outcome, number in counts.items())


def _worth_telling(transcript: Transcript) -> list[ScenarioResult]:
    """The first of each scenario that did not agree."""
    seen: dict[str, ScenarioResult] = {}
    for result in transcript.scenarios:
        if result.outcome not in ("agreed", "unsupported"):
            seen.setdefault(result.name, result)
    return list(seen.values())


def _unsupported(transcript: Transcript) -> str:
    """Why scenarios were left out; most have a reason in common."""
    why = Counter(r.reason for r in transcript.scenarios if r.outcome == "unsupported")
    return "\n".join(f"unsupported: {number}, as {reason}" for reason, number in why.items())


def _detail(result: ScenarioResult) -> str:
    lines = [f"{result.outcome}: {result.story}"]
    reason = result.reason.splitlines()
    lines += [f"  {line[:WIDTH]}" for line in reason[:LINES]]
    if len(reason) > LINES:
        lines.append(f"  … and {len(reason) - LINES} more lines in result.json")
    if result.left:
        lines.append(f"  left when it last settled: {', '.join(result.left)}")
    if result.findings:
        lines.append(indent(Findings(result.findings[:SHOWN]).table(), "  "))
        more = len(result.findings) - SHOWN
        if more > 0:
            lines.append(f"  … and {more} more findings in result.json")
    return "\n".join(lines)


def _phases(transcript: Transcript) -> str:
    return "phases: " + " · ".join(f"{name} {_rounded(s)} s" for name, s in transcript.phases)


def _critical_path(transcript: Transcript) -> str:
    """Which pod, scenario, settling and message took longest."""
    steps = transcript.critical_path
    if not steps:
        return ""
    rows = [(step.kind, f"{step.seconds:.3f} s", step.what) for step in steps]
    return "longest:\n" + indent(tabulate(rows, tablefmt="plain", disable_numparse=True), "  ")


def _rounded(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}"


def _evidence(transcript: Transcript, folder: Path, command: str) -> str:
    # Of several federations side by side each has a folder of its own.
    own = "gw*/" if transcript.side_by_side else ""
    files = [
        (f"{own}pods/*/log", "what each pod has logged"),
        (f"{own}pods/*/*.json", "what each pod believed"),
        (f"{own}wire.jsonl", "each message between pods"),
        ("result.json", "all of this, for programs"),
        ("junit.xml", "for continuous integration"),
    ]
    lines = [f"evidence: {folder}/", indent(tabulate(files, tablefmt="plain"), "  ")]
    failed = next(
        (r for r in transcript.scenarios if r.outcome not in ("agreed", "unsupported")), None
    )
    if failed:
        function = failed.name.rpartition("::")[2].partition("[")[0]
        lines += [
            "look closer:",
            f"  {command} run {function} --federation {transcript.federation} "
            f"--seed {transcript.seed} --order {transcript.order}",
        ]
    return "\n".join(lines)
