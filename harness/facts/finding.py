"""A disagreement that a check found."""

from dataclasses import dataclass

from tabulate import tabulate

from harness.facts.identity import PodName

COLUMNS = ("rule", "pod", "object", "field", "expected", "found")
WIDTHS = (35, 4, 38, 18, 26, 27)  # with what lies between them, less than 160 columns


@dataclass(frozen=True, slots=True)
class Finding:
    """One cell that is not as a rule wants it.

    `rule` is the check's name (a section of the verification document). `subject` names the object,
    e.g. `post 8f2c… by carol@pod1`. `expected` and `found` are short texts without private content.
    `consequences` counts further findings that follow from this one and are folded under it.
    """

    rule: str
    pod: PodName
    subject: str
    field: str
    expected: str
    found: str
    consequences: int = 0

    def __str__(self) -> str:
        folded = f" ({self.consequences} consequences folded)" if self.consequences else ""
        return (
            f"{self.rule}: {self.pod} holds {self.subject}, {self.field}: "
            f"expected {self.expected}, found {self.found}{folded}"
        )


class Findings(tuple[Finding, ...]):
    """Findings in the order of the checks; prints one per line. Empty means agreed."""

    __slots__ = ()

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self) or "no disagreement"

    def __repr__(self) -> str:
        return f"<{len(self)} findings>\n{self}" if self else "<no findings>"

    def table(self) -> str:
        """The findings as a console table: rule, pod, object, field, expected, found."""
        rows = [
            (each.rule, each.pod, each.subject, each.field, each.expected, each.found)
            for each in self
        ]
        return tabulate(
            rows,
            headers=COLUMNS,
            tablefmt="simple",
            maxcolwidths=list(WIDTHS),
            disable_numparse=True,
        )
