"""The closing lines of a run: what a person reads."""

from collections import Counter
from pathlib import Path

from tabulate import tabulate

from harness.facts.finding import Findings
from harness.facts.transcript import ScenarioResult, Transcript

SHOWN = 20
"""Findings shown on the console; all of them are in result.json."""


def closing_lines(transcript: Transcript, folder: Path) -> str:
    """Verdict, what disagreed, how long each phase took, where the evidence lies, how to go on."""
    parts = [
        _scenarios(transcript),
        *(_detail(result) for result in _worth_telling(transcript)),
        f"error: {transcript.error}" if transcript.error else "",
        _phases(transcript),
        _evidence(transcript, folder),
        _verdict(transcript),
    ]
    return "\n\n".join(part for part in parts if part)


def _verdict(transcript: Transcript) -> str:
    total = len(transcript.scenarios)
    counts = Counter(result.outcome for result in transcript.scenarios)
    detail = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
    seconds = sum(seconds for _, seconds in transcript.phases)
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
        if result.outcome != "agreed":
            seen.setdefault(result.name, result)
    return list(seen.values())


def _detail(result: ScenarioResult) -> str:
    lines = [f"{result.outcome}: {result.story}", f"  {result.name}"]
    lines += [f"  {line}" for line in result.reason.splitlines()[:SHOWN]]
    if result.findings:
        lines.append(Findings(result.findings[:SHOWN]).table())
        more = len(result.findings) - SHOWN
        if more > 0:
            lines.append(f"… and {more} more findings in result.json")
    return "\n".join(lines)


def _phases(transcript: Transcript) -> str:
    return "phases: " + " · ".join(f"{name} {s:.2f} s" for name, s in transcript.phases)


def _evidence(transcript: Transcript, folder: Path) -> str:
    lines = [
        f"evidence: {folder}/",
        "  result.json   everything below, for programs    wire.jsonl  every message between pods",
        "  junit.xml     for continuous integration        pods/       log and state of each pod",
    ]
    failed = next(
        (r for r in transcript.scenarios if r.outcome not in ("agreed", "unsupported")), None
    )
    if failed:
        lines.append(
            f"look closer: seedbed run {failed.name.rpartition('::')[2]} "
            f"--federation {transcript.federation} --seed {transcript.seed} "
            f"--order {transcript.order + failed.repetition - 1}"
        )
    return "\n".join(lines)
