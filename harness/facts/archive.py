"""The archive: what a person takes along. To the harness it is bytes that can be looked into."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Archive:
    """An exported archive: gzip-compressed JSON."""

    content: bytes

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """Pack a document, for instance one that was tampered with on purpose."""
        return cls(gzip.compress(json.dumps(document).encode(), mtime=0))

    @property
    def document(self) -> dict[str, Any]:
        """The JSON inside."""
        document: dict[str, Any] = json.loads(gzip.decompress(self.content))
        return document
