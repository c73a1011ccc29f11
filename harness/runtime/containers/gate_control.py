"""The control API of a gate in a container, from the harness's side."""

import json
from datetime import timedelta
from typing import Any, Final

from harness.errors import GateFailed
from harness.gate.http import Request
from harness.gate.server import CONTROL_HOST
from harness.runtime.local_http import Address, ask

_PATIENCE: Final = timedelta(minutes=2)  # releasing delivers all that is held


class GateControl:
    """Speaks to the control API; silent until it is told where that is."""

    def __init__(self, token: str) -> None:
        self._token = token
        self.address: Address | None = None

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 (JSON)
        """Ask something of the gate.

        Raises:
            GateFailed: If it does not answer, or will not.
        """
        if self.address is None:
            raise GateFailed("the gate was asked for something before it was started")
        headers = (("Authorization", f"Bearer {self._token}"),)
        content = b"" if body is None else json.dumps(body).encode()
        try:
            request = Request(method, path, headers, content)
            answer = ask(self.address, CONTROL_HOST, request, _PATIENCE)
        except ConnectionError as error:
            raise GateFailed(f"the gate is gone: {error}", "Look at gate.log") from error
        if answer.status != 200:
            text = answer.body[:300].decode(errors="replace").strip()
            raise GateFailed(f"the gate answers {method} {path} {answer.status}: {text}")
        return json.loads(answer.body)
