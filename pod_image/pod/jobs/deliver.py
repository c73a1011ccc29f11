"""From a queued delivery to the other pod's inbox.

Source: federation protocol sections 3.5 to 3.8.
"""

from __future__ import annotations

import logging
from typing import cast
from urllib.parse import urlsplit

from pod.domain import moving
from pod.domain.errors import Later, Refused
from pod.domain.people import Person
from pod.domain.ports import WireForm
from pod.jobs import backoff, features
from pod.jobs.client import Reply
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.store.queues import Delivery
from pod.wire import encrypted_envelope, keys, magic_envelope
from pod.wire.errors import WireError

log = logging.getLogger(__name__)


def handle(context: Context, delivery: Delivery) -> None:
    """Attempt a claimed delivery: done, or another attempt later, or abandoned."""
    context.crash.reach("deliver.before_post")
    try:
        if not _is_wanted(context, delivery):
            _skip(context, delivery)
            return
        reply = _post(context, delivery)
    except (Later, Refused, WireError) as error:
        _failed(context, delivery, one_line(error))
        return
    context.crash.reach("deliver.after_post")
    if not reply.is_success:
        _failed(context, delivery, f"answered {reply.status}")
        return
    with context.work() as work:
        work.deliveries.finish(delivery.id)
    _log("delivered", delivery, reply.status)


def _is_wanted(context: Context, delivery: Delivery) -> bool:
    """Whether a message in a second form tells this pod anything."""
    if delivery.only_if is None:
        return True
    announced = features.of(context, delivery.pod_url)
    return moving.is_wanted(cast(WireForm, delivery.entity), delivery.only_if, announced)


def _skip(context: Context, delivery: Delivery) -> None:
    with context.work() as work:
        work.deliveries.skip(delivery.id)
    _log("skipped", delivery, "the other form is enough")


def _post(context: Context, delivery: Delivery) -> Reply:
    port = urlsplit(delivery.pod_url).port
    if delivery.recipient_id is None:
        url = f"{delivery.pod_url}receive/public"
        kind = magic_envelope.CONTENT_TYPE
        return context.client.post(url, delivery.envelope, kind, port=port)
    recipient = _recipient(context, delivery.recipient_id)
    # Encrypted at the last moment: an envelope may wait for days, and only ciphertext leaves.
    body = encrypted_envelope.wrap(delivery.envelope, keys.load_public(recipient.public_key))
    url = f"{delivery.pod_url}receive/users/{recipient.guid}"
    return context.client.post(url, body, "application/json", port=port)


def _recipient(context: Context, person_id: int) -> Person:
    with context.work() as work:
        return work.people.get(person_id)


def _failed(context: Context, delivery: Delivery, reason: str) -> None:
    delay = backoff.delivery(delivery.entity, delivery.attempts + 1)
    with context.work() as work:
        if delay is None:
            work.deliveries.abandon(delivery.id)
        else:
            work.deliveries.retry(delivery.id, context.clock.now() + delay)
    _log("abandoned" if delay is None else "postponed", delivery, reason)


def _log(event: str, delivery: Delivery, outcome: object) -> None:
    log.info(
        "event=%s entity=%s guid=%s pod=%s attempt=%s outcome=%s",
        event,
        delivery.entity,
        delivery.guid or "-",
        delivery.pod_url,
        delivery.attempts + 1,
        outcome,
    )
