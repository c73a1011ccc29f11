"""A pod, as a scenario holds it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from harness.driver.adapter import CanMigrate, Newcomer
from harness.driver.login import Login
from harness.errors import HarnessError, UsageError
from harness.facts.archive import Archive
from harness.facts.identity import DiasporaId, PodName
from harness.federation.account import Account
from harness.federation.acting import Home
from harness.federation.wizard import ImportWizard
from harness.gate.http import Request, Response
from harness.runtime import CanRunInside, Runtime

LogLine = Mapping[str, str]

_FIELD: Final = re.compile(r"(\w+)=(.*?)(?=\s\w+=|$)")

PASSWORD: Final = "a seedbed is no secret"  # noqa: S105 (of throw-away accounts)


@dataclass(eq=False, slots=True)
class Pod:
    """One pod of the federation."""

    home: Home
    runtime: Runtime
    log_begins: int = 0
    changed_settings: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<{self.name}>"

    @property
    def name(self) -> PodName:
        """What scenarios call it."""
        return self.home.pod

    @property
    def host(self) -> str:
        """The host part of its people's diaspora IDs."""
        return self.home.reach.host

    def sign_up(self, username: str, *, email: str = "", password: str = PASSWORD) -> Account:
        """Make an account; raises `Refused` if the name is taken."""
        who = self._newcomer(username, email, password)
        diaspora_id = DiasporaId(username, self.host)
        adapter = self.home.adapter
        login = self.home.act(
            diaspora_id,
            "sign_up",
            Login(self.home.reach),
            lambda visitor: adapter.sign_up(visitor, who),
            {},
        )
        return Account(diaspora_id, self.home, who, login)

    def account(self, username: str, *, password: str = PASSWORD) -> Account:
        """The handle of an account that there is already."""
        return Account(
            DiasporaId(username, self.host), self.home, self._newcomer(username, "", password)
        )

    def begin_import(self, archive: Archive) -> ImportWizard:
        """Upload an archive; raises `Refused`, saying why, if it cannot be imported."""
        adapter = self.home.adapter
        if not isinstance(adapter, CanMigrate):
            raise UsageError(f"{adapter.name} has no archives", "Mark it with needs(CanMigrate)")
        accepted = adapter.upload_archive(Login(self.home.reach), archive.content)
        return ImportWizard(accepted, self.home, adapter)

    def import_archive(
        self, archive: Archive, username: str, *, email: str = "", password: str = PASSWORD
    ) -> Account:
        """Import an archive under a name; it is done when the federation has settled."""
        who = self._newcomer(username, email, password)
        wizard = self.begin_import(archive)
        return wizard.confirm(who.username, email=who.email, password=who.password)

    def get(self, target: str, *, accept: str = "*/*") -> Response:
        """What a visitor's browser is answered."""
        return self.home.reach.send(Request("GET", target, (("Accept", accept),)))

    def log(self) -> str:
        """What the pod has logged so far, in this run."""
        return self.runtime.log(self.name).read_text("utf-8", errors="replace")

    def log_lines(self, event: str | None = None) -> tuple[LogLine, ...]:
        """What the pod has logged since the scenario began; all, or one kind of event.

        Each line by its fields; `reason`, if there is one, is the rest of the line.
        """
        with self.runtime.log(self.name).open("rb") as log:
            log.seek(self.log_begins)
            said = log.read().decode("utf-8", errors="replace").splitlines()
        lines = map(_fields, said)
        return tuple(each for each in lines if each and event in (None, each.get("event")))

    def forget_log(self) -> None:
        """Let what was logged so far be past."""
        log = self.runtime.log(self.name)
        self.log_begins = log.stat().st_size if log.exists() else 0

    def stop(self) -> None:
        """End the pod in order; its data stay."""
        self.runtime.stop_pod(self.name)

    def kill(self) -> None:
        """End the pod as a power cut would."""
        self.runtime.kill_pod(self.name)

    def start(self) -> None:
        """Start the pod again after it was stopped or killed."""
        self.runtime.start_pod(self.name)

    def run(self, *command: str) -> str:
        """Run a program in the pod's container, and return what it has said.

        Raises:
            HarnessError: If it fails.
        """
        status, said = self._inside.run_inside(self.name, command)
        if status:
            raise HarnessError(f"{command[0]} ended with status {status} in {self.name}:\n{said}")
        return said

    @property
    def address(self) -> str:
        """Where the pod listens on the network that it shares with the gate, as `host:port`."""
        return self._inside.address(self.name)

    @property
    def _inside(self) -> CanRunInside:
        if isinstance(self.runtime, CanRunInside):
            return self.runtime
        raise UsageError(
            f"nothing can be run inside the pods of {self.runtime.name}",
            "Mark the scenario with needs(CanRunInside)",
        )

    def configure(self, changed: Mapping[str, str]) -> None:
        """Have the pod run with these settings besides its usual ones, or with those alone.

        It is started again, unless it has them already. Unless the scenario asks for the same, each
        pod has its usual settings when the next one begins.
        """
        if changed == self.changed_settings:
            return
        self.changed_settings = dict(changed)
        self.stop()
        self.runtime.change_settings(self.name, self.changed_settings)
        self.start()

    def _newcomer(self, username: str, email: str, password: str) -> Newcomer:
        return Newcomer(
            username=username, email=email or f"{username}@mail.{self.host}", password=password
        )


def _fields(line: str) -> LogLine:
    """The fields of `… event=dropped inbox=7 reason=whatever was said`."""
    head, is_there, reason = line.partition(" reason=")
    return dict(_FIELD.findall(head)) | ({"reason": reason} if is_there else {})
