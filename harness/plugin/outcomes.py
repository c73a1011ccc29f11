"""What became of a scenario: agreed, disagreed, unsupported, unknown, or our own trouble."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from harness.driver.adapter import Adapter
from harness.errors import CannotJudge, HarnessError, PodDied
from harness.facts.transcript import Outcome, ScenarioResult
from harness.plugin.contrasts import plainly
from harness.plugin.evidence import Evidence
from harness.runtime import ABILITIES
from harness.runtime.choice import lacking
from harness.settings import HarnessSettings

_REPETITION: Final = re.compile(r"-?\d+ of \d+$")
_CLAUSES: Final = re.compile(r"^ *Clauses?: (.+(?:(?<=,)\n.+)*)", re.MULTILINE)
"""A line that ends with a comma goes on in the next."""


def is_scenario(item: pytest.Item) -> bool:
    """Whether a test acts in the federation."""
    return "federation" in getattr(item, "fixturenames", ())


def without_ability(item: pytest.Item, adapter: Adapter, settings: HarnessSettings) -> str:
    """Which ability the scenario needs, and implementation or federation lacks; empty if none."""
    needed = [ability for marker in item.iter_markers("needs") for ability in marker.args]
    for ability in needed:
        if ability in ABILITIES:
            if missing := lacking(settings, ability):
                return missing
        elif not isinstance(adapter, ability):
            return f"the adapter {adapter.name} lacks the ability {ability.__name__}"
    return ""


def result_of(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    report: pytest.TestReport,
    evidence: Evidence | None,
    seconds: float,
) -> ScenarioResult | None:
    """The outcome that this phase of the test decides; None if it decides nothing."""
    outcome = _outcome(call, report)
    if outcome is None:
        return None
    return ScenarioResult(
        name=f"{item.path.name}::{_name(item)}",
        story=_story(item),
        outcome=outcome,
        seconds=seconds,
        reason=_reason(item, call, report),
        findings=tuple(evidence.findings) if evidence else (),
        clauses=_clauses(item),
        repetition=repetition_of(item),
    )


def doubted(result: ScenarioResult, reason: str) -> ScenarioResult:
    """The same result; but one that agreed, and may have overlooked something, is unknown."""
    if result.outcome != "agreed" or not reason:
        return result
    return replace(result, outcome="unknown", reason=reason)


def _outcome(call: pytest.CallInfo[None], report: pytest.TestReport) -> Outcome | None:
    error = call.excinfo.value if call.excinfo else None
    if report.skipped and isinstance(error, pytest.skip.Exception):
        return "unsupported"
    if report.passed:
        return "agreed" if report.when == "call" else None
    # What was expected to fail (xfail), and did, is reported as skipped: it has disagreed.
    if isinstance(error, CannotJudge):
        return "unknown"
    is_the_pods = isinstance(error, AssertionError | pytest.fail.Exception | PodDied)
    return "disagreed" if report.when == "call" and is_the_pods else "harness error"


def _reason(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> str:
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    if call.excinfo is None or report.passed:
        return ""
    error = call.excinfo.value
    text = plainly(str(error)) or type(error).__name__
    known = isinstance(error, HarnessError | AssertionError | pytest.fail.Exception)
    text = text if known else f"{type(error).__name__}: {text}"
    return f"{_place(item, call.excinfo)}{text}" if report.when == "call" else text


def _place(item: pytest.Item, trouble: pytest.ExceptionInfo[BaseException]) -> str:
    """The line of the scenario in which it ended."""
    entries = [entry for entry in trouble.traceback if Path(entry.path) == item.path]
    if not entries:
        return ""
    statement = " ".join(str(entries[-1].statement).split())
    return f"{item.path.name}:{entries[-1].lineno + 1}: {statement}\n"


def _name(item: pytest.Item) -> str:
    """The function, and its parameters, if it has any; a repetition is none."""
    name = str(getattr(item, "originalname", item.name))
    spec = getattr(item, "callspec", None)
    parameters = _REPETITION.sub("", spec.id) if spec else ""
    return f"{name}[{parameters}]" if parameters else name


def _story(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    first = (getattr(function, "__doc__", None) or "").strip().partition("\n")[0].removesuffix(".")
    parameters = _name(item).partition("[")[2].removesuffix("]")
    if not first or first.startswith("Clause"):
        first = str(getattr(item, "originalname", item.name)).removeprefix("test_")
        first = first.replace("_", " ")
    return f"{first} ({parameters})" if parameters else first


def _clauses(item: pytest.Item) -> tuple[str, ...]:
    function, module = getattr(item, "function", None), getattr(item, "module", None)
    for holder in (function, module):
        found = _CLAUSES.search(getattr(holder, "__doc__", None) or "")
        if found:
            return tuple(clause.strip(" .\n") for clause in re.split("[,;]", found[1]))
    return ()


def repetition_of(item: pytest.Item) -> int:
    """Which repetition of the scenario this is, from 1."""
    spec = getattr(item, "callspec", None)
    return int(spec.params.get("repetition", 1)) if spec else 1
