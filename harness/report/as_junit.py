"""A transcript as JUnit XML, for continuous integration.

A disagreement is a failure, our own trouble and what could not be judged an error, what an adapter
cannot do skipped: the three ways in which such servers count.
"""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from harness.facts.finding import Findings
from harness.facts.transcript import Outcome, ScenarioResult, Transcript

ELEMENTS: dict[Outcome, str] = {
    "disagreed": "failure",
    "unknown": "error",
    "harness error": "error",
    "unsupported": "skipped",
}


def as_junit(transcript: Transcript) -> bytes:
    """One suite with a case per scenario (and repetition)."""
    suite = Element(
        "testsuite",
        name=f"seedbed {transcript.federation}",
        timestamp=transcript.started_at.isoformat(),
        tests=str(len(transcript.scenarios) + bool(transcript.error)),
        failures=str(transcript.count("disagreed")),
        errors=str(
            transcript.count("unknown") + transcript.count("harness error") + bool(transcript.error)
        ),
        skipped=str(transcript.count("unsupported")),
        time=f"{sum(seconds for _, seconds in transcript.phases):.3f}",
    )
    for result in transcript.scenarios:
        _case(suite, result)
    if transcript.error:
        case = SubElement(suite, "testcase", classname="seedbed", name="the harness itself")
        SubElement(case, "error", message=_clean(transcript.error.splitlines()[0]))
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _case(suite: Element, result: ScenarioResult) -> None:
    file, _, function = result.name.partition("::")
    name = function if result.repetition == 1 else f"{function} (repetition {result.repetition})"
    case = SubElement(suite, "testcase", classname=file, name=name, time=f"{result.seconds:.3f}")
    element = ELEMENTS.get(result.outcome)
    if element is None:
        return
    first = (result.reason.splitlines() or [result.outcome])[0]
    why = SubElement(case, element, message=_clean(first), type=result.outcome)
    why.text = _clean("\n".join(filter(None, (result.reason, _found(result)))))


def _found(result: ScenarioResult) -> str:
    return str(Findings(result.findings)) if result.findings else ""


def _clean(text: str) -> str:
    """XML 1.0 has no place for most control characters."""
    return "".join(c if c in "\t\n\r" or c >= " " else "\N{REPLACEMENT CHARACTER}" for c in text)
