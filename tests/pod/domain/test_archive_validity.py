"""Which archives the wizard accepts, and what it says of the others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pod.house import PODS, Cast, cast, document, export, move, packed, upload
from tests.pod.pair import Declined, call


def _refusal(played: Cast, archive: bytes, pod: str = "pod2") -> str:
    with pytest.raises(Declined) as refusal:
        upload(played.pods, pod, archive)
    assert refusal.value.status == 422
    return refusal.value.text


@pytest.mark.parametrize("pod", PODS)
def test_an_archive_is_accepted_by_every_pod_that_can_find_its_owner(
    tmp_path: Path, pod: str
) -> None:
    with cast(tmp_path) as played:
        offer = upload(played.pods, pod, export(played.carol))
        assert offer == {
            "import": offer["import"],
            "old_id": "carol@pod1.test",
            "username": "carol",
            "username_available": pod in ("pod3", "pod4"),
            "email": "carol@mail.test",
        }


def test_somebody_elses_key_is_refused(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        content["user"]["private_key"] = document(export(played.bob))["user"]["private_key"]
        assert "is not the key of carol@pod1.test" in _refusal(played, packed(content))
        content["user"]["private_key"] = "no key"
        assert "user.private_key: " in _refusal(played, packed(content))


@pytest.mark.parametrize("rewrite", [str.strip, lambda pem: pem.replace("\n", "\r\n")])
def test_the_same_key_written_otherwise_is_accepted(
    tmp_path: Path, rewrite: Callable[[str], str]
) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        content["user"]["private_key"] = rewrite(content["user"]["private_key"])
        assert upload(played.pods, "pod2", packed(content))["old_id"] == "carol@pod1.test"


def test_an_owner_who_is_unknown_must_be_discoverable(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        erin = played.pods.sign_up("erin", "pod1")
        archive = export(erin)
        played.pods.away.add("pod1.test")
        assert "its owner erin@pod1.test cannot be found" in _refusal(played, archive)
        played.pods.away.clear()
        assert upload(played.pods, "pod2", archive)["old_id"] == "erin@pod1.test"


def test_an_owner_who_is_known_need_not_be_reachable(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        archive = export(played.carol)
        played.pods.away.add("pod1.test")
        assert upload(played.pods, "pod2", archive)["old_id"] == "carol@pod1.test"


def test_a_closed_owner_cannot_move_any_more(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        archive = export(played.carol)
        played.carol.call("DELETE", "/api/me", {"password": "bluepin7"})
        played.pods.settle()
        for pod in ("pod1", "pod2"):
            assert "is closed" in _refusal(played, archive, pod)


@pytest.mark.parametrize("pod", PODS)
def test_an_owner_who_has_moved_is_told_where_to(tmp_path: Path, pod: str) -> None:
    with cast(tmp_path) as played:
        archive = export(played.carol)
        move(played.pods, archive)
        assert "has moved to christy@pod2.test already" in _refusal(played, archive, pod)


def test_an_unknown_owner_who_turns_out_to_have_moved_is_refused(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        erin = played.pods.sign_up("erin", "pod1")
        archive = export(erin)
        move(played.pods, archive, "erina", "pod2")
        assert "has moved to erina@pod2.test already" in _refusal(played, archive, "pod3")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda user: user.pop("email"), "user: email missing"),
        (lambda user: user.update(contacts=[{}]), "user.contacts[0]: sharing, receiving"),
        (lambda user: user.update(username=1), "user.username: expected string"),
    ],
)
def test_a_tampered_archive_is_refused_with_the_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with cast(tmp_path) as played:
        content = document(export(played.carol))
        change(content["user"])
        assert message in _refusal(played, packed(content))


def test_nothing_is_kept_of_an_archive_that_was_refused(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        before = played.pods.state("pod2")
        assert "no gzip file" in _refusal(played, b"PK\x03\x04 a zip file")
        with played.pods["pod2"].context.work() as work:
            count = work.connection.exec_driver_sql("SELECT count(*) FROM imports").scalar_one()
        assert (count, played.pods.state("pod2")) == (0, before)


def test_a_wrong_name_email_or_password_leaves_the_import_waiting(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        guid = upload(played.pods, "pod2", export(played.carol))["import"]
        good = {"username": "christy", "email": "c@mail.test", "password": "bluepin7"}
        for wrong in ({"username": "Ch risty"}, {"email": "nobody"}, {"password": "x"}):
            with pytest.raises(Declined) as refusal:
                call(played.pods["pod2"], "POST", f"/api/imports/{guid}", {**good, **wrong})
            assert refusal.value.status == 422
            assert next(iter(wrong)) in refusal.value.text
        assert call(played.pods["pod2"], "GET", f"/api/imports/{guid}")["state"] == "validated"
        call(played.pods["pod2"], "POST", f"/api/imports/{guid}", good)
        with pytest.raises(Declined) as refusal:
            call(played.pods["pod2"], "POST", f"/api/imports/{guid}", good)
        assert refusal.value.status == 409
