"""Passwords are kept as hashes only."""

import pytest

from pod.jobs.passwords import hash_password, verify_password


@pytest.mark.parametrize("fast", [True, False])
def test_only_the_right_password_fits(fast: bool) -> None:  # noqa: FBT001 - pytest passes it
    stored = hash_password("bluepin7", fast=fast)
    assert [verify_password(text, stored) for text in ("bluepin7", "bluepin8", "")] == [
        True,
        False,
        False,
    ]


def test_equal_passwords_have_different_hashes() -> None:
    assert hash_password("bluepin7", fast=True) != hash_password("bluepin7", fast=True)
