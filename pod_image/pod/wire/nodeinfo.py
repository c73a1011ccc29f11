"""NodeInfo: what software a pod runs, and what it is able to do.

Source: federation protocol section 2.6.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pod.wire.errors import InvalidDiscovery
from pod.wire.json_document import items, read_object, text

VERSIONS = ("2.0", "2.1")
_SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInfo:
    """What a pod tells about itself.

    `features` is where the reference pods say which account migrations they understand.
    """

    software: str
    version: str
    node_name: str = ""
    repository: str | None = None
    homepage: str | None = None
    open_registrations: bool = False
    users_total: int = 0
    users_active_halfyear: int = 0
    users_active_month: int = 0
    local_posts: int = 0
    local_comments: int = 0
    features: tuple[str, ...] = ()


def content_type(version: str) -> str:
    """The media type of a NodeInfo document."""
    return f"application/json; profile={_SCHEMA}{version}#; charset=utf-8"


def nodeinfo_index(pod_url: str) -> bytes:
    """Write the list of documents.

    Args:
        pod_url: Origin of the pod, with a trailing slash.
    """
    links = [{"rel": _SCHEMA + each, "href": f"{pod_url}nodeinfo/{each}"} for each in VERSIONS]
    return json.dumps({"links": links}, indent=2).encode()


def nodeinfo(version: str, pod: NodeInfo) -> bytes:
    """Write the document of a version, "2.0" or "2.1"; version 1.0 allows no new software.

    Raises:
        ValueError: If there is no such version.
    """
    if version not in VERSIONS:
        raise ValueError(f"NodeInfo {version}: expected one of {', '.join(VERSIONS)}")
    document = {
        "version": version,
        "software": _software(version, pod),
        "protocols": ["diaspora"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": pod.open_registrations,
        "usage": _usage(pod),
        "metadata": {"nodeName": pod.node_name, "features": list(pod.features)},
    }
    return json.dumps(document, indent=2).encode()


def _software(version: str, pod: NodeInfo) -> dict[str, str]:
    software = {"name": pod.software, "version": pod.version}
    links = {"repository": pod.repository, "homepage": pod.homepage}
    if version == "2.1":  # before, the schema does not allow them
        software |= {name: url for name, url in links.items() if url}
    return software


def _usage(pod: NodeInfo) -> dict[str, object]:
    users = {
        "total": pod.users_total,
        "activeHalfyear": pod.users_active_halfyear,
        "activeMonth": pod.users_active_month,
    }
    return {"users": users, "localPosts": pod.local_posts, "localComments": pod.local_comments}


def read_nodeinfo_index(body: bytes) -> Mapping[str, str]:
    """Read the list of documents: version to URL.

    Raises:
        TooLarge: If there is too much of it.
        InvalidDiscovery: If it is not such a list.
    """
    document = read_object(body, "NodeInfo index")
    links = {text(link, "rel"): text(link, "href") for link in items(document.get("links"))}
    return {
        rel.removeprefix(_SCHEMA): url
        for rel, url in links.items()
        if rel and url and rel.startswith(_SCHEMA)
    }


def read_nodeinfo(body: bytes) -> NodeInfo:
    """Read a document of any version, as far as it concerns us: the software and the features.

    Raises:
        TooLarge: If there is too much of it.
        InvalidDiscovery: If it names no software.
    """
    document = read_object(body, "NodeInfo")
    software, metadata = document.get("software"), document.get("metadata")
    name, version = text(software, "name"), text(software, "version")
    if name is None or version is None:
        raise InvalidDiscovery("NodeInfo: names no software")
    features = items(metadata.get("features") if isinstance(metadata, Mapping) else None)
    return NodeInfo(
        software=name,
        version=version,
        node_name=text(metadata, "nodeName") or "",
        features=tuple(each for each in features if isinstance(each, str)),
    )
