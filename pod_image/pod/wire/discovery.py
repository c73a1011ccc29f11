"""Discovery: WebFinger, hCard and NodeInfo in one place.

Source: federation protocol section 2.
"""

from pod.wire.hcard import HCard, read_hcard, write_hcard
from pod.wire.nodeinfo import (
    NodeInfo,
    nodeinfo,
    nodeinfo_index,
    read_nodeinfo,
    read_nodeinfo_index,
)
from pod.wire.webfinger import (
    SubjectMismatch,
    WebFinger,
    host_meta,
    read_webfinger,
    write_webfinger,
    write_xrd,
)

__all__ = [
    "HCard",
    "NodeInfo",
    "SubjectMismatch",
    "WebFinger",
    "host_meta",
    "nodeinfo",
    "nodeinfo_index",
    "read_hcard",
    "read_nodeinfo",
    "read_nodeinfo_index",
    "read_webfinger",
    "write_hcard",
    "write_webfinger",
    "write_xrd",
]
