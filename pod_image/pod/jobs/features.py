"""What other pods announce to understand, in their NodeInfo; asked at most once an hour.

Source: federation protocol sections 2.6 and 8.4.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from urllib.parse import urlsplit

from pod.jobs.client import Reply
from pod.jobs.context import Context
from pod.jobs.log import one_line
from pod.wire import nodeinfo
from pod.wire.errors import WireError

log = logging.getLogger(__name__)

ASK_EVERY = timedelta(hours=1)


def of(context: Context, pod_url: str) -> frozenset[str]:
    """The features of a pod; none if it tells nothing that can be read.

    Raises:
        Later: If it does not answer.
        Refused: If it has no address that we may ask.
    """
    now = context.clock.now()
    with context.work() as work:
        known = work.features.of(pod_url, now - ASK_EVERY)
    if known is not None:
        return known
    try:
        announced = _ask(context, pod_url)
    except WireError as error:
        log.info("event=features_unread pod=%s reason=%s", pod_url, one_line(error))
        return frozenset()
    with context.work() as work:
        work.features.note(pod_url, announced, now)
    return announced


def _ask(context: Context, pod_url: str) -> frozenset[str]:
    index = _get(context, f"{pod_url}.well-known/nodeinfo", pod_url)
    if not index.is_success:
        return frozenset()
    documents = nodeinfo.read_nodeinfo_index(index.body)
    urls = [documents[version] for version in reversed(nodeinfo.VERSIONS) if version in documents]
    if not urls or not urls[0].startswith(pod_url):  # a pod speaks for itself alone
        return frozenset()
    document = _get(context, urls[0], pod_url)
    if not document.is_success:
        return frozenset()
    return frozenset(nodeinfo.read_nodeinfo(document.body).features)


def _get(context: Context, url: str, pod_url: str) -> Reply:
    return context.client.get(url, follow=True, port=urlsplit(pod_url).port)
