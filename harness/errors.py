"""What can go wrong in the harness itself.

    HarnessError            exit status 70: our own trouble, never a pod's failure, never a success
    ├── BootFailed          the pods, or the gate, did not come up
    ├── BuildFailed         an image could not be built
    ├── PodDied             a pod ended while nobody had asked it to
    ├── NotSettled          something still moved when the time was over
    ├── AdapterBroken       an adapter answered what no adapter may answer
    ├── GateFailed          the gate could not do its work
    ├── DiskFull            a file of the run could not be written
    ├── CannotJudge         exit status 2: what is right is not known, so nothing was agreed
    └── UsageError          exit status 64: a command, setting or file that cannot be obeyed

A pod that is wrong raises none of these: that is a finding, or an `AssertionError`.
"""

from typing import ClassVar


class HarnessError(Exception):
    """Something that the harness, or its user, has to put right.

    Attributes:
        what: Which pod or thing, what was expected, and what was found.
        next_step: What the reader can do about it.
    """

    exit_status: ClassVar[int] = 70
    usual_next_step: ClassVar[str] = "Look into the run's folder for the logs"

    def __init__(self, what: str, next_step: str = "") -> None:
        self.what = what
        self.next_step = next_step or self.usual_next_step
        super().__init__(what, self.next_step)

    def __str__(self) -> str:
        return f"{self.what}. {self.next_step}."


class BootFailed(HarnessError):
    """The federation, or a part of it, did not come up."""

    usual_next_step = "Read the pod's log in the run's folder"


class BuildFailed(HarnessError):
    """An image of the pods could not be built."""

    usual_next_step = "Mend what the step complains about in pod_image/Dockerfile"


class PodDied(HarnessError):
    """A pod ended on its own."""

    usual_next_step = "Read the end of the pod's log in the run's folder"


class NotSettled(HarnessError):
    """Messages were still moving when the time for settling was over."""

    usual_next_step = "See which pod's gauge does not fall to nothing, then read its log"


class AdapterBroken(HarnessError):
    """An adapter broke its contract."""

    usual_next_step = "Run the adapter contract tests against it"


class GateFailed(HarnessError):
    """The gate could not carry or record what it was given."""

    usual_next_step = "Run the command again; if it fails again, report it as a defect of the gate"


class DiskFull(HarnessError):
    """A file of the run could not be written for want of space."""

    usual_next_step = "Free some space, or remove old folders below reports/, and run again"


class CannotJudge(HarnessError):
    """Something was done that the model does not understand; what must be is then unknown."""

    exit_status: ClassVar[int] = 2
    usual_next_step = "Teach the model what follows from it (harness/verify/acts.py)"


class UsageError(HarnessError):
    """The harness was asked for something that it cannot do as asked."""

    exit_status = 64
    usual_next_step = "Run `seedbed --help`"
