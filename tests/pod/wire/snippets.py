"""Pieces of payloads for tests, and the way to read them."""

from datetime import UTC, datetime
from typing import Any

from pod.domain.identity import DiasporaId
from pod.wire.entities import decode
from tests.pod.wire.made import KEY

ALICE = DiasporaId("alice@pod1.test")
A, G = "<author>alice@pod1.test</author>", "<guid>0123456789abcdef</guid>"
P = "<parent_guid>0123456789abcdef</parent_guid>"
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)


PHOTO = f"{G}{A}<remote_photo_path>https://x.test/p/</remote_photo_path>"
PHOTO += "<remote_photo_name>n.jpg</remote_photo_name>"
POST = f"{A}{G}<text>x</text>"
COMMENT = f"{A}{G}{P}<text>x</text>"
LIKE = f"{A}{G}{P}<parent_type>Post</parent_type>"
CONTACT = f"{A}<recipient>bob@pod2.test</recipient>"
EVENT = f"{A}{G}<summary>x</summary><start>2024-03-01</start>"
MESSAGE = f"{A}{G}<text>x</text><conversation_guid>0123456789abcdef</conversation_guid>"
TALK = f"{A}{G}<subject>x</subject><participants>alice@pod1.test;bob@pod2.test</participants>"
PERSON = (
    "<guid>0123456789abcdef</guid><author>christy@pod2.test</author><url>https://pod2.test/</url>"
    "<profile><author>christy@pod2.test</author></profile>"
    f"<exported_key>{KEY}</exported_key>"
)


def entity(name: str, *elements: str, now: datetime | None = None) -> Any:  # noqa: ANN401
    return decode(f"<{name}>{''.join(elements)}</{name}>".encode(), now=now)
