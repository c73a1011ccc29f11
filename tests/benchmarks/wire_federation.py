"""The library `federation` doing the same; runs in its own environment (`tests/interop`).

Run as `python wire_federation.py KEY_FILE`: prints the names of what it can do as JSON, then reads
one name a line, and answers with operations per second of processor time.
"""

import asyncio
import json
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from Crypto.PublicKey import RSA  # type: ignore[import-not-found]  # in the library's environment
from federation.entities import base  # type: ignore[import-not-found]  # as above
from federation.entities.diaspora.mappers import (  # type: ignore[import-not-found]  # as above
    get_outbound_entity,
    message_to_objects,
)
from federation.inbound import handle_receive  # type: ignore[import-not-found]  # as above
from federation.outbound import handle_create_payload  # type: ignore[import-not-found]  # as above
from federation.types import RequestType, UserType  # type: ignore[import-not-found]  # as above
from lxml import etree

warnings.simplefilter("ignore")
NAME, GUID = "alice@pod-a.example.org", "c3893bf029e7013487753131731751e9"
TEXT = (
    "Plain words in a post of ordinary length, with a #tag and a https://link.example.org/.\n" * 3
)
SLICE_SECONDS = 0.2
Anything: TypeAlias = Any
KEY = RSA.import_key(Path(sys.argv[1]).read_text())
PUBLIC: str = KEY.publickey().export_key().decode()
ME = UserType(id=NAME, private_key=KEY, handle=NAME, guid=GUID)

run = asyncio.new_event_loop().run_until_complete


def own(kind: str, **more: object) -> Anything:
    told = {"handle": NAME, "actor_id": NAME, "id": GUID, "guid": GUID, "raw_content": TEXT}
    return getattr(base, kind)(**told, created_at=datetime.now(UTC), **more)


def post() -> Anything:
    return run(handle_create_payload(own("Post", public=True), ME, "diaspora"))


def private_post() -> str:
    made = handle_create_payload(own("Post"), ME, "diaspora", to_user_key=KEY.publickey())
    body: str = json.dumps(run(made))
    return body


def comment() -> Anything:
    return run(get_outbound_entity(own("Comment", target_guid=GUID, target_id=GUID), KEY))


async def key_of(_handle: str) -> str:
    return PUBLIC


def read(body: str, user: Anything = None) -> None:
    _, _, entities = run(handle_receive(RequestType(body=body), user, sender_key_fetcher=key_of))
    assert entities


def check(payload: bytes) -> None:
    assert run(message_to_objects(payload, NAME, key_of))


def operations() -> dict[str, Callable[[], object]]:
    public, private = post(), private_post()
    payload = etree.tostring(comment().to_xml())
    return {
        "public post, made and signed": post,
        "public post, read and verified": lambda: read(public),
        "private post, made": private_post,
        "private post, received": lambda: read(private, ME),
        "comment, signed": comment,
        "comment, signature checked": lambda: check(payload),
    }


def rate(operation: Callable[[], object]) -> float:
    count, started = 0, time.process_time()
    while (spent := time.process_time() - started) < SLICE_SECONDS:
        for _ in range(10):
            operation()
        count += 10
    return count / spent


if __name__ == "__main__":
    doing = operations()
    print(json.dumps(list(doing)), flush=True)  # noqa: T201 - read by who started this
    for line in sys.stdin:
        print(rate(doing[line.strip()]), flush=True)  # noqa: T201 - as above
