"""The settings of a pod: read once, from the environment or from a mapping with the same names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, cast, get_type_hints

from pod.domain.ports import WIRE_FORMS, WireForm

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")


class SettingsError(ValueError):
    """A setting is missing, unknown or cannot be read; says which and what is expected."""


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is called in the environment, how it is read, and what it means."""

    name: str
    read: Callable[[str], object]
    meaning: str


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    if value not in ("true", "false"):
        raise ValueError("expected true or false")
    return value == "true"


def _number(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isdecimal() or not low <= int(value) <= high:
            raise ValueError(f"expected a number from {low} to {high}")
        return int(value)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"expected {' or '.join(choices)}")
        return value

    return read


def _forms(value: str) -> frozenset[WireForm]:
    names = () if value == "none" else tuple(value.split(","))
    known = frozenset(form for form in WIRE_FORMS if form in names)
    if len(known) != len(names):
        raise ValueError(f"expected none, or some of {','.join(WIRE_FORMS)}")
    return known


def _host(value: str) -> str:
    if _HOST.fullmatch(value) is None:
        raise ValueError("expected a host name in lower case, as in diaspora IDs")
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite:////", "postgresql")):
        raise ValueError("expected sqlite:////absolute/path or postgresql+psycopg://…")
    return value


def _listen(value: str) -> str:
    if re.fullmatch(r"unix:/.+|tcp:[^:]+:[0-9]+", value) is None:
        raise ValueError("expected unix:/path or tcp:address:port")
    return value


def _address(value: str) -> tuple[str, int]:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("expected host:port")
    return host, int(port)


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(each) for each in value.split(","))


def _time(value: str) -> datetime:
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError("expected an ISO time with a zone, for example 2026-01-01T00:00:00Z")
    return time


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What may differ between pods; also what the rules ask, as `pod.domain.ports.Policy`."""

    host: Annotated[
        str,
        Setting("POD_HOST", _host, "host part of diaspora IDs; the origin is https://{host}/"),
    ]
    database_url: Annotated[
        str, Setting("POD_DATABASE_URL", _database, "sqlite:////path or postgresql+psycopg://…")
    ]
    listen: Annotated[
        str, Setting("POD_LISTEN", _listen, "where the server listens: unix:/path or tcp:host:port")
    ] = "tcp:127.0.0.1:8080"
    proxy: Annotated[
        str | None,
        Setting("POD_PROXY", _text, "CONNECT proxy for everything that goes out over HTTP"),
    ] = None
    ca_file: Annotated[
        Path | None,
        Setting("POD_CA_FILE", Path, "certificate authority trusted instead of the system's"),
    ] = None
    allowed_networks: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        Setting(
            "POD_ALLOWED_NETWORKS",
            _networks,
            "networks that are not public and may be asked all the same: 10.0.0.0/8,fd00::/8",
        ),
    ] = ()
    smtp: Annotated[
        tuple[str, int], Setting("POD_SMTP", _address, "host:port of the mail server")
    ] = ("127.0.0.1", 25)
    control_token: Annotated[
        str | None, Setting("POD_CONTROL_TOKEN", _text, "bearer token of the control API")
    ] = None
    test_mode: Annotated[
        bool,
        Setting("POD_TEST_MODE", _flag, "frozen clock; GUIDs and times from the acting request"),
    ] = False
    clock: Annotated[
        datetime | None, Setting("POD_CLOCK", _time, "start of the frozen clock (test mode)")
    ] = None
    key_pool: Annotated[
        Path | None,
        Setting("POD_KEY_POOL", Path, "PEM file with keys handed out in order (test mode)"),
    ] = None
    key_bits: Annotated[
        int, Setting("POD_KEY_BITS", _number(1024, 8192), "size of generated keys")
    ] = 4096
    wire_profile: Annotated[
        WireForm,
        Setting(
            "POD_WIRE_PROFILE",
            _one_of("account_rename", "account_migration"),
            "the form in which account migrations are sent",
        ),
    ] = "account_rename"
    knows_forms: Annotated[
        frozenset[WireForm],
        Setting(
            "POD_KNOWS_FORMS",
            _forms,
            "the forms of account migrations that this pod has heard of: some, or none",
        ),
    ] = frozenset(WIRE_FORMS)
    emit_new_signature: Annotated[
        bool,
        Setting("POD_EMIT_NEW_SIGNATURE", _flag, "whether account_rename carries new_signature"),
    ] = True
    require_new_signature: Annotated[
        bool, Setting("POD_REQUIRE_NEW_SIGNATURE", _flag, "refuse account_rename without it")
    ] = False
    old_id_discovery: Annotated[
        Literal["redirect", "document"],
        Setting(
            "POD_OLD_ID_DISCOVERY",
            _one_of("redirect", "document"),
            "how discovery of an ID that moved is answered: 301, or the new document",
        ),
    ] = "redirect"
    imports: Annotated[
        bool, Setting("POD_IMPORTS", _flag, "whether people from elsewhere can move here")
    ] = True
    relay_to_new_home: Annotated[
        bool, Setting("POD_RELAY_TO_NEW_HOME", _flag, "the old home passes messages on")
    ] = False
    workers: Annotated[
        int, Setting("POD_WORKERS", _number(1, 64), "worker threads of the server")
    ] = 4
    max_inbox: Annotated[
        int,
        Setting(
            "POD_MAX_INBOX",
            _number(1, 10_000_000),
            "messages that may wait; more are refused with 503, and come again",
        ),
    ] = 10_000
    crash_at: Annotated[
        str | None,
        Setting("POD_CRASH_AT", _text, "a crash point; the process dies there as by kill -9"),
    ] = None

    @property
    def url(self) -> str:
        """Origin of this pod with a trailing slash."""
        return f"https://{self.host}/"

    @property
    def emitted_forms(self) -> tuple[WireForm, ...]:
        """How moves to this pod are announced: first the profile's form, if it knows that one."""
        return tuple(sorted(self.knows_forms, key=lambda form: form != self.wire_profile))

    @property
    def unknown_forms(self) -> frozenset[WireForm]:
        """Entities that mean nothing to this pod."""
        return frozenset(WIRE_FORMS) - self.knows_forms

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> Settings:
        """Read the settings; names that do not begin with `POD_` are somebody else's.

        Raises:
            SettingsError: Naming the variable that is missing, unknown or unreadable.
        """
        known = settings_by_field()
        names = {setting.name for setting in known.values()}
        for name in mapping:
            if name.startswith("POD_") and name not in names:
                raise SettingsError(
                    f"{name}: no such setting; there are {', '.join(sorted(names))}"
                )
        values = {
            field: _read(setting, mapping[setting.name])
            for field, setting in known.items()
            if setting.name in mapping
        }
        for field in fields(cls):
            if field.name not in values and field.default is MISSING:
                raise SettingsError(
                    f"{known[field.name].name}: missing; {known[field.name].meaning}"
                )
        return cls(**values)


def settings_by_field() -> Mapping[str, Setting]:
    """Every setting, by the name of its field."""
    hints = get_type_hints(Settings, include_extras=True)
    return {field.name: hints[field.name].__metadata__[0] for field in fields(Settings)}


def _read(setting: Setting, text: str) -> Any:  # noqa: ANN401 - each field has its own type
    try:
        return cast(Any, setting.read(text))
    except ValueError as error:
        raise SettingsError(f"{setting.name}={text[:80]!r}: {error}") from None
