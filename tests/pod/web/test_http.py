"""Requests are read and find their handler."""

import pytest

from pod.domain.errors import Invalid, NotFound
from pod.jobs.context import Context
from pod.web.http import (
    MethodNotAllowed,
    Request,
    Response,
    Route,
    Router,
    json_response,
    redirect,
)


def _show(_context: Context, request: Request) -> Response:
    return json_response(dict(request.params))


def _other(_context: Context, _request: Request) -> Response:
    return redirect("/elsewhere")


ROUTER = Router(
    [
        Route("GET", "/api/posts/{guid}", _show),
        Route("DELETE", "/api/posts/{guid}", _other),
        Route("GET", "/api/posts", _other),
        Route("GET", "/fetch/{type}/{key}", _show),
        Route("POST", "/receive/public", _other, slash=True),
    ]
)


def _params(method: str, target: str) -> dict[str, str]:
    _, request = ROUTER.find(Request.of(method, target, [], b""))
    return dict(request.params)


def test_a_request_is_read_as_it_stands_on_the_wire() -> None:
    request = Request.of("get", "/x/%41?q=a%20b&q=c&e=", [("X-Test", "1")], b"body")
    assert (request.method, request.path) == ("GET", "/x/%41")
    assert (request.query, request.headers) == ({"q": "c", "e": ""}, {"x-test": "1"})


def test_parts_of_the_path_are_decoded_one_by_one() -> None:
    assert _params("GET", "/fetch/post/a%2Fb") == {"type": "post", "key": "a/b"}
    assert _params("GET", "/fetch/account_rename/carol@pod1.test:3000") == {
        "type": "account_rename",
        "key": "carol@pod1.test:3000",
    }


def test_methods_of_one_path_have_their_own_handlers() -> None:
    handlers = [
        ROUTER.find(Request.of(method, "/api/posts/1", [], b""))[0] for method in ("GET", "DELETE")
    ]
    assert handlers == [_show, _other]


def test_a_trailing_slash_counts_except_where_it_is_tolerated() -> None:
    assert _params("POST", "/receive/public/") == {}
    with pytest.raises(NotFound):
        _params("GET", "/api/posts/")


def test_what_does_not_exist_is_told_from_what_cannot_be_done() -> None:
    with pytest.raises(NotFound):
        _params("GET", "/api")
    with pytest.raises(MethodNotAllowed):
        _params("PUT", "/api/posts/1")


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid):
        Request.of("POST", "/", [], body).json()


def test_no_body_is_an_empty_object() -> None:
    assert Request.of("POST", "/", [], b"").json() == {}
