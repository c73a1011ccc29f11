"""The wizard for people: two forms and a sentence."""

from pathlib import Path
from urllib.parse import urlencode

from tests.pod.house import cast, export
from tests.pod.pair import Pods, joined

BOUNDARY = "----boundary"
FORM = [("Content-Type", "application/x-www-form-urlencoded")]


def _ask(
    pods: Pods, method: str, path: str, headers: list[tuple[str, str]], body: bytes
) -> tuple[int, str]:
    status, _, page = pods["pod2"].handle(method, path, headers, body)
    return status, page.decode()


def _upload(pods: Pods, content: bytes, name: str = "archive") -> tuple[int, str]:
    head = (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; name={name!r}; filename='a.json.gz'\r\n"
        "Content-Type: application/gzip\r\n\r\n"
    ).replace("'", '"')
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = [("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")]
    return _ask(pods, "POST", "/users/import", headers, body)


def test_a_person_moves_with_two_forms(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        status, page = _ask(played.pods, "GET", "/users/import", [], b"")
        assert (status, 'type="file"' in page) == (200, True)
        status, page = _upload(played.pods, export(played.carol))
        assert status == 200
        assert "The archive of carol@pod1.test is valid." in page
        assert "The name carol is taken here" in page
        assert 'value="carol@mail.test"' in page
        for asked in ("username", "email", "password", "confirmation"):
            assert f'name="{asked}"' in page
        action = page.partition('action="')[2].partition('"')[0]
        form = {"username": "carol", "email": "c@mail.test", "password": "bluepin7"}
        for changes, problem in (
            ({"confirmation": "other"}, "the passwords differ"),
            ({"confirmation": "bluepin7"}, "username carol is taken"),
        ):
            body = urlencode({**form, **changes}).encode()
            status, page = _ask(played.pods, "POST", action, FORM, body)
            assert (status in (409, 422), problem in page) == (True, True)
            assert 'value="c@mail.test"' in page
        body = urlencode({**form, "username": "christy", "confirmation": "bluepin7"}).encode()
        status, page = _ask(played.pods, "POST", action, FORM, body)
        assert status == 202
        assert "Your account migration has been scheduled." in page
        played.pods.settle()
        assert played.pods.log_in("christy", "pod2").diaspora_id == "christy@pod2.test"


def test_a_name_that_is_free_is_proposed(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        _, page = _upload(played.pods, export(played.debora))
        assert 'name="username" value="debora"' in page


def test_the_page_says_that_imports_are_switched_off(tmp_path: Path) -> None:
    with joined(tmp_path, "pod2", POD_IMPORTS="false") as pods:
        for status, page in (_ask(pods, "GET", "/users/import", [], b""), _upload(pods, b"")):
            assert (status, "switched imports off" in page) == (403, True)
            assert "<form" not in page


def test_the_page_says_what_is_wrong_with_an_upload(tmp_path: Path) -> None:
    with cast(tmp_path) as played:
        status, page = _upload(played.pods, b"<script>")
        assert (status, "no gzip file" in page, 'name="username"' in page) == (422, True, False)
        status, page = _upload(played.pods, b"", name="other")
        assert (status, "choose the file" in page) == (422, True)
        status, page = _ask(played.pods, "POST", "/users/import", FORM, b"archive=x")
        assert (status, "choose the file" in page) == (422, True)
