"""What other pods have announced to understand; kept, since pods are asked only now and then."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from pod.store import rows
from pod.store.schema import pod_features


class Features:
    """The features of other pods, by their URL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, pod_url: str, since: datetime) -> frozenset[str] | None:
        """What the pod announced when it was asked last; None if that was not since then."""
        row = rows.first(self._connection, pod_features, pod_url=pod_url)
        if row is None or row.asked_at < since:
            return None
        return frozenset(json.loads(row.features))

    def note(self, pod_url: str, features: Collection[str], now: datetime) -> None:
        """Remember what the pod announces now."""
        rows.remove(self._connection, pod_features, pod_url=pod_url)
        text = json.dumps(sorted(features))
        row = {"pod_url": pod_url, "features": text, "asked_at": now}
        rows.add(self._connection, pod_features, row)
