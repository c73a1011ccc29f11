"""A move of somebody on a scripted peer, and what can be said of it."""

from dataclasses import dataclass

from harness import Federation, PeerPerson, Snapshots
from scenarios.attacks import WHEN


@dataclass(frozen=True)
class Move:
    """The old identity and the new one, and what can be said of them."""

    federation: Federation
    eve: PeerPerson
    eva: PeerPerson

    def rename(self, *, consent: PeerPerson | None = None, by: PeerPerson | None = None) -> bytes:
        """The seed's form; with the new identity's signature, or whose is asked for."""
        text = self.federation.forger.rename(
            self.eve.identity, self.eva.identity, consent=consent.identity if consent else None
        )
        return (by or self.eve).seal(text)

    def migration(
        self, *, by: PeerPerson, signed_by: PeerPerson | str | None, **more: str
    ) -> bytes:
        """The deployed form; `signed_by` makes the signature inside, or is what stands for it."""
        told = f"AccountMigration:{self.eve}:{self.eva}"
        made = signed_by if isinstance(signed_by, str | None) else signed_by.signature_over(told)
        signature = {"signature": made} if made is not None else {}
        profile = {"author": str(self.eva), "first_name": "Eva", "edited_at": WHEN}
        return by.seal(by.entity("account_migration", profile=profile, **signature, **more))

    def happened(self, found: Snapshots) -> bool:
        """Whether pod1 knows eve as eva, and everything of hers names eva."""
        return found["pod1"].newest(str(self.eve)) == str(self.eva)
