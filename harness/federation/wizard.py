"""Importing an archive, step by step, as the new home's wizard asks for it."""

from dataclasses import dataclass

from harness.driver.adapter import CanMigrate, Import, Newcomer, View
from harness.driver.login import Login
from harness.facts.identity import DiasporaId
from harness.federation.account import Account
from harness.federation.acting import Home


@dataclass(eq=False, slots=True)
class ImportWizard:
    """An archive that was uploaded and accepted; a name has to be chosen.

    Attributes:
        accepted: What the pod says about the archive.
        home: The pod.
        told: What the person was told when the import was scheduled.
    """

    accepted: Import
    home: Home
    migrating: CanMigrate
    told: str = ""

    @property
    def username_available(self) -> bool:
        """Whether the person may keep the old name."""
        return self.accepted.username_available

    def confirm(self, username: str, *, email: str, password: str) -> Account:
        """Choose a name; raises `Refused` if it is taken, and then another may be chosen."""
        new_id = DiasporaId(username, self.home.reach.host)
        who = Newcomer(username=username, email=email, password=password)
        self.told = self.home.act(
            new_id,
            "import_archive",
            Login(self.home.reach),
            lambda visitor: self.migrating.confirm_import(visitor, self.accepted.guid, who),
            {"old": str(self.accepted.old_id)},
        )
        return Account(new_id, self.home, who)

    def status(self) -> View:
        """How far the import has come, and what was lost."""
        return self.migrating.import_status(Login(self.home.reach), self.accepted.guid)

    def abort(self) -> None:
        """Give up: possible until the move is announced."""
        self.migrating.abort_import(Login(self.home.reach), self.accepted.guid)
        told = {"old": str(self.accepted.old_id)}
        self.home.acting.journal.add("", "abort_import", told, pod=self.home.pod)
