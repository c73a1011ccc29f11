"""Answers, in the harness, what pods ask of guests at the gate."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from harness.errors import GateFailed
from harness.facts.identity import Party
from harness.gate.forge import private_pem
from harness.gate.guests import Guest
from harness.gate.links import party_named, peer_named
from harness.gate.notation import Json, request_of, response_as_json
from harness.runtime.containers.gate_control import GateControl

_AT_ONCE: Final = 8


class Host:
    """Fetches questions from the gate and lets the guests answer, each in a thread of its own."""

    def __init__(self, guest: Callable[[Party], Guest | None], control: GateControl) -> None:
        """Prepare to answer.

        Args:
            guest: Finds a guest by name.
            control: Where questions come from.
        """
        self._guest = guest
        self._control = control
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Answer from now on; twice is harmless."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="guests", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Answer no more."""
        self._over.set()

    def _serve(self) -> None:
        # The gate is gone: whoever asks it next is told.
        with suppress(GateFailed), ThreadPoolExecutor(_AT_ONCE, "guest") as threads:
            while not self._over.is_set():
                for visit in self._control.call("GET", "/visits"):
                    threads.submit(self._receive, visit)

    def _receive(self, visit: Json) -> None:
        answer = self._key(visit) if visit["kind"] == "key" else self._answer(visit)
        with suppress(GateFailed):
            self._control.call("PUT", f"/visits/{visit['id']}", answer)

    def _answer(self, visit: Json) -> Json:
        guest = self._guest(peer_named(visit["guest"]))
        if guest is None:
            return {"error": "it has left"}
        try:
            sender = party_named(visit["sender"])
            return response_as_json(guest.answer(sender, request_of(visit["request"])))
        except OSError as error:
            return {"error": str(error)}

    def _key(self, visit: Json) -> Any:  # noqa: ANN401 (JSON)
        guest = self._guest(peer_named(visit["guest"]))
        key = guest.private_key(visit["guid"]) if guest else None
        return private_pem(key) if key is not None else None
