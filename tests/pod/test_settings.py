"""Settings come from names in the environment; what is wrong is named."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from pod.settings import Settings, SettingsError

NEEDED = {"POD_HOST": "pod1.test", "POD_DATABASE_URL": "sqlite:////tmp/pod1.sqlite3"}


def test_a_pod_needs_only_a_host_and_a_database() -> None:
    settings = Settings.from_mapping({**NEEDED, "PATH": "/bin"})
    assert (settings.url, settings.listen, settings.key_bits, settings.workers) == (
        "https://pod1.test/",
        "tcp:127.0.0.1:8080",
        4096,
        4,
    )
    assert settings.wire_profile == "account_rename"
    assert not settings.test_mode


def test_every_setting_is_read_as_what_it_is() -> None:
    settings = Settings.from_mapping(
        {
            **NEEDED,
            "POD_TEST_MODE": "true",
            "POD_CLOCK": "2026-01-01T12:00:00Z",
            "POD_SMTP": "mail.test:2525",
            "POD_CA_FILE": "/tmp/ca.pem",  # noqa: S108 - only a name
            "POD_WIRE_PROFILE": "account_migration",
            "POD_KEY_BITS": "2048",
            "POD_ALLOWED_NETWORKS": "10.0.0.0/8,fd00::/8",
        }
    )
    assert settings.allowed_networks == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert settings.clock == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert settings.smtp == ("mail.test", 2525)
    assert settings.ca_file == Path("/tmp/ca.pem")  # noqa: S108 - only a name
    assert (settings.test_mode, settings.wire_profile, settings.key_bits) == (
        True,
        "account_migration",
        2048,
    )


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("POD_HOST", "Pod1", "POD_HOST='Pod1': expected a host name in lower case"),
        ("POD_HOST", None, "POD_HOST: missing"),
        ("POD_DATABASE_URL", "sqlite:///relative", "POD_DATABASE_URL="),
        ("POD_TEST_MODE", "yes", "POD_TEST_MODE='yes': expected true or false"),
        ("POD_CLOCK", "2026-01-01", "expected an ISO time with a zone"),
        ("POD_KEY_BITS", "512", "expected a number from 1024 to 8192"),
        ("POD_LISTEN", "8080", "expected unix:/path or tcp:address:port"),
        ("POD_ALLOWED_NETWORKS", "10.0.0.1/8", "has host bits set"),
        ("POD_SMTP", "mail", "expected host:port"),
        ("POD_WIRE_PROFILE", "both", "expected account_rename or account_migration"),
        ("POD_KNOWS_FORMS", "account_rename,none", "expected none, or some of account_rename,"),
        ("POD_WORKER", "3", "POD_WORKER: no such setting"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str | None, complaint: str) -> None:
    mapping = {key: text for key, text in {**NEEDED, name: value}.items() if text is not None}
    with pytest.raises(SettingsError) as refused:
        Settings.from_mapping(mapping)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("known", "profile", "emitted"),
    [
        (None, None, ("account_rename", "account_migration")),
        (None, "account_migration", ("account_migration", "account_rename")),
        ("account_migration,account_rename", None, ("account_rename", "account_migration")),
        ("account_migration", "account_rename", ("account_migration",)),
        ("none", "account_rename", ()),
    ],
)
def test_moves_are_announced_in_the_forms_that_are_known_the_profiles_first(
    known: str | None, profile: str | None, emitted: tuple[str, ...]
) -> None:
    given = {"POD_KNOWS_FORMS": known, "POD_WIRE_PROFILE": profile}
    mapping = {name: value for name, value in given.items() if value is not None}
    settings = Settings.from_mapping({**NEEDED, **mapping})
    assert settings.emitted_forms == emitted
    assert settings.unknown_forms == {"account_rename", "account_migration"} - set(emitted)
