"""Who the people are: read from the cast file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.facts.identity import POD_NAMES, PodName


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One person of the cast.

    Attributes:
        name: What scenarios call the person.
        pod: Where the person lives.
        username: The part of the diaspora ID before the @.
        locale: The language of the person's texts.
        public_profile: Whether everybody may read the whole profile.
        aspects: The person's aspects, in order.
        shares: With whom the person shares, and in which aspects they are.
        tags: What the person follows.
        blocks: Of whom the person wants to hear nothing.
        looks_up: Whose profile the person has looked at.
    """

    name: str
    pod: PodName
    username: str
    locale: str
    public_profile: bool = False
    aspects: tuple[str, ...] = ()
    shares: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    looks_up: tuple[str, ...] = ()


def read_cast(path: Path) -> tuple[Role, ...]:
    """Read the cast file.

    Raises:
        UsageError: If it cannot be read, or names somebody who is not in it.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        roles = tuple(_role(name, entry) for name, entry in document.items())
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(f"the cast {path} cannot be read: {error}", "Repair it") from error
    known = {role.name for role in roles}
    for role in roles:
        for other in (*role.shares, *role.blocks, *role.looks_up):
            if other not in known:
                raise UsageError(f"{role.name} of {path} names {other}, who is not in it")
    return roles


def _role(name: str, entry: dict[str, Any]) -> Role:
    pod = next((pod for pod in POD_NAMES if pod == entry["pod"]), None)
    if pod is None:
        raise ValueError(f"{name} lives on {entry['pod']}, which is no pod")
    lists = {key: tuple(entry.get(key, ())) for key in ("aspects", "tags", "blocks", "looks_up")}
    return Role(
        name=name,
        pod=pod,
        username=entry.get("username", name),
        locale=entry["locale"],
        public_profile=entry.get("public_profile", False),
        shares={other: tuple(aspects) for other, aspects in entry.get("shares", {}).items()},
        **lists,
    )
