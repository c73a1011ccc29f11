"""The gate through which every request between pods goes.

`core` judges, `wiretap` records; `proxy` carries for real servers, `inline` for pods that share one
process.
"""

from harness.gate.core import Gate
from harness.gate.keys import KeyRing
from harness.gate.wiretap import Exchange, Wiretap

__all__ = ["Exchange", "Gate", "KeyRing", "Wiretap"]
