"""Messages that a test makes itself, in the name of people on joined pods, and with their keys."""

from pod.app import Core
from pod.domain.entities import Entity
from pod.domain.identity import DiasporaId
from pod.domain.people import Account
from pod.wire import encrypted_envelope, entities, keys, magic_envelope
from tests.pod.pair import Pods, User


def account_of(user: User) -> Account:
    """The user's account, with the private key."""
    with user.core.context.work() as work:
        account = work.accounts.by_username(DiasporaId(user.diaspora_id).username)
    assert account is not None
    return account


def sealed(said: Entity | str, by: User) -> bytes:
    """A magic envelope of the user's with an entity, or with any text."""
    account = account_of(by)
    payload = said.encode() if isinstance(said, str) else entities.encode(said)
    key = keys.load_own(account.private_key)
    return magic_envelope.seal(payload, account.person.diaspora_id, key)


def bring(pods: Pods, envelope: bytes, to: str | User) -> str | None:
    """Post it to a pod, or encrypted to somebody, and settle; why it was not obeyed, if so."""
    if isinstance(to, User):
        core, person = to.core, account_of(to).person
        body = encrypted_envelope.wrap(envelope, keys.load_public(person.public_key))
        path = f"/receive/users/{person.guid}"
    else:
        core, body, path = pods[to], envelope, "/receive/public"
    assert core.handle("POST", path, [], body)[0] == 202
    pods.settle()
    return _reason(core)


def _reason(core: Core) -> str | None:
    with core.context.work() as work:
        query = "SELECT state, reason FROM inbox ORDER BY id DESC LIMIT 1"
        state, reason = work.connection.exec_driver_sql(query).one()
    return None if state == "done" else str(reason)
