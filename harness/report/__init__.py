"""Reports: a transcript as JSON, as JUnit XML, as the closing lines; and the folder they lie in."""

from harness.report.folder import RunFolder
from harness.report.verdict import closing_lines

__all__ = ["RunFolder", "closing_lines"]
