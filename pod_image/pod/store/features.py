"""What other pods have announced to understand; kept, since pods are asked only now and then."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from pod.store.schema import pod_features


class Features:
    """The features of other pods, by their URL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, pod_url: str, since: datetime) -> frozenset[str] | None:
        """What the pod announced when it was asked last; None if that was not since then."""
        c = pod_features.c
        query = select(c.features).where(c.pod_url == pod_url, c.asked_at >= since)
        text = self._connection.scalar(query)
        return None if text is None else frozenset(json.loads(text))

    def note(self, pod_url: str, features: Collection[str], now: datetime) -> None:
        """Remember what the pod announces now."""
        self._connection.execute(delete(pod_features).where(pod_features.c.pod_url == pod_url))
        text = json.dumps(sorted(features))
        row = {"pod_url": pod_url, "features": text, "asked_at": now}
        self._connection.execute(insert(pod_features).values(row))
