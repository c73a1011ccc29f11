"""A transcript as JSON, for programs."""

import json
from dataclasses import asdict

from harness.facts.transcript import Transcript

FORMAT = 1
"""Raised when a member changes its meaning or goes away; new members may appear at any time."""


def as_json(transcript: Transcript) -> str:
    """The whole transcript: verdict, exit status, phases in seconds, scenarios, findings."""
    document = {
        "format": FORMAT,
        "verdict": transcript.verdict,
        "exit_status": transcript.exit_status,
        **asdict(transcript),
        "started_at": transcript.started_at.isoformat(),
        "phases": [{"name": name, "seconds": round(s, 3)} for name, s in transcript.phases],
        "critical_path": [
            asdict(step) | {"seconds": round(step.seconds, 3)} for step in transcript.critical_path
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
