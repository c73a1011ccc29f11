"""What is said when the container engine cannot be used."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer

import pytest

from harness.runtime.containers.engine import EngineMissing, find_engine

look = find_engine.__wrapped__


@contextmanager
def answering(socket: Path, document: object) -> Iterator[None]:
    """Something that answers at a socket as an engine would, or would not."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(document).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def address_string(self) -> str:
            return "unix"

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with UnixStreamServer(str(socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture
def socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "engine.sock"
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    return path


def test_an_engine_that_is_not_there_is_to_be_started(socket: Path) -> None:
    with pytest.raises(EngineMissing) as error:
        look()
    assert error.value.what == f"no container engine answers at {socket}"
    assert error.value.next_step == (
        "Start one (`systemctl start docker`), or run without containers: --federation processes"
    )
    assert error.value.exit_status == 64


def test_an_engine_that_is_too_old_is_to_be_upgraded(socket: Path) -> None:
    with (
        answering(socket, {"Version": "19.03.1", "ApiVersion": "1.40"}),
        pytest.raises(EngineMissing, match=r"19\.03\.1 speaks API 1\.40, and 1\.41 is needed"),
    ):
        look()


def test_an_engine_that_is_new_enough_is_taken(socket: Path) -> None:
    with answering(socket, {"Version": "20.10.24", "ApiVersion": "1.41"}):
        engine = look()
    assert (engine.socket, engine.version) == (socket, "20.10.24")


def test_what_is_no_engine_is_not_taken_for_one(socket: Path) -> None:
    with (
        answering(socket, {"hello": "there"}),
        pytest.raises(EngineMissing, match="is no container engine"),
    ):
        look()


def test_a_socket_that_is_not_open_to_us_is_said_to_be_so(
    socket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise ConnectionError("no answer") from PermissionError(13, "Permission denied")

    # The one thing that root cannot have happen to itself.
    monkeypatch.setattr("harness.runtime.containers.engine.ask", forbidden)
    with pytest.raises(EngineMissing, match=f"{socket} is not open to you") as error:
        look()
    assert "usermod -aG docker" in error.value.next_step


def test_an_engine_elsewhere_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://198.51.100.7:2375")
    with pytest.raises(EngineMissing, match="may be on another machine"):
        look()
