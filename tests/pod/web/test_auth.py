"""Who asks, and on behalf of which act."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pod.domain.errors import Invalid, NotAllowed
from pod.web.auth import NotLoggedIn, account_of, act_of
from pod.web.http import Request
from tests.pod.pair import Pods, joined


@pytest.fixture
def pods(tmp_path: Path) -> Iterator[Pods]:
    with joined(tmp_path, "pod1") as pods:
        yield pods


def _request(**headers: str) -> Request:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request.of("GET", "/api/me", named, b"")


def test_a_session_names_its_account(pods: Pods) -> None:
    carol = pods.sign_up("carol", "pod1")
    context = pods["pod1"].context
    account = account_of(context, _request(Authorization=f"bearer {carol.token}"))
    assert account.person.diaspora_id == "carol@pod1.test"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic x"])
def test_no_session_is_answered_401(pods: Pods, header: str) -> None:
    with pytest.raises(NotLoggedIn) as refused:
        account_of(pods["pod1"].context, _request(Authorization=header))
    assert refused.value.status_hint == 401


def test_a_locked_account_may_do_nothing(pods: Pods) -> None:
    carol = pods.sign_up("carol", "pod1")
    context = pods["pod1"].context
    request = _request(Authorization=f"Bearer {carol.token}")
    account = account_of(context, request)
    with context.work() as work:
        work.accounts.set_state(account, "locked")
    with pytest.raises(NotAllowed, match="locked"):
        account_of(context, request)


def test_an_act_brings_seed_and_time(pods: Pods) -> None:
    request = _request(Seedbed_Act="7/carol/3", Seedbed_At="2026-03-01T00:00:00Z")
    act = act_of(pods["pod1"].context, request)
    assert act is not None
    assert (act.seed, act.at) == ("7/carol/3", datetime(2026, 3, 1, tzinfo=UTC))
    assert act_of(pods["pod1"].context, _request()) is None


@pytest.mark.parametrize("at", ["now", "2026-03-01T00:00:00"])
def test_an_act_needs_a_time_with_a_zone(pods: Pods, at: str) -> None:
    with pytest.raises(Invalid):
        act_of(pods["pod1"].context, _request(Seedbed_At=at))
