"""Keys for new accounts: made, or in test mode handed out from a file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path

from pod.settings import SettingsError
from pod.store.unit_of_work import UnitOfWork
from pod.wire import keys

_END = "-----END PRIVATE KEY-----\n"


class Keyring:
    """Where the keys of new accounts come from."""

    def __init__(self, pool: Path | None, bits: int) -> None:
        self._pool = pool
        self._bits = bits

    def new(self, work: Callable[[], AbstractContextManager[UnitOfWork]]) -> str:
        """A private key as PEM.

        Raises:
            SettingsError: If the pool is exhausted.
        """
        if self._pool is None:
            return keys.export_private(keys.generate(self._bits))
        with work() as unit:
            position = unit.accounts.next_key_position()
        if position >= len(self._keys):
            raise SettingsError(
                f"POD_KEY_POOL={self._pool}: has {len(self._keys)} keys, one more is needed"
            )
        return self._keys[position]

    @cached_property
    def _keys(self) -> list[str]:
        if self._pool is None:
            return []
        try:
            text = self._pool.read_text()
        except OSError as error:
            raise SettingsError(f"POD_KEY_POOL={self._pool}: {error.strerror}") from None
        return [part.lstrip() + _END for part in text.split(_END) if part.strip()]
