"""A pod of a few lines over the Python library `federation`; runs in the library's environment.

Nothing of the library is changed; the HTTP client under it is, in one place: it goes through the
gate, for which the library has no setting. What the library does not have is here: an HTTP server,
one person, and a list of what came. It is told what to do by `POST /control`, with a JSON object as
body.

Run as `python tiny_pod.py HOST PROXY KEY_FILE`; prints the port it listens on. `SSL_CERT_FILE`
names the authority to be trusted.
"""

import asyncio
import json
import sys
import traceback
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import aiohttp  # type: ignore[import-not-found]  # in the library's environment, as all below
from Crypto.PublicKey import RSA  # type: ignore[import-not-found]

Anything: TypeAlias = Any
"""What the library, which has no types, takes and gives."""

warnings.simplefilter("ignore")
HOST, PROXY, KEY_FILE = sys.argv[1:4]

_opened = aiohttp.ClientSession.__init__


def _through_the_gate(session: Anything, *arguments: object, **named: object) -> None:
    """The library has no setting for a proxy; the HTTP client under it has."""
    _opened(session, *arguments, **{"proxy": PROXY, **named})


aiohttp.ClientSession.__init__ = _through_the_gate

from federation.entities import base  # type: ignore[import-not-found]  # noqa: E402
from federation.hostmeta.generators import RFC7033Webfinger, generate_hcard  # type: ignore[import-not-found]  # noqa: E402
from federation.inbound import handle_receive  # type: ignore[import-not-found]  # noqa: E402
from federation.outbound import handle_create_payload, handle_send  # type: ignore[import-not-found]  # noqa: E402
from federation.protocols.enums import ProtocolType  # type: ignore[import-not-found]  # noqa: E402
from federation.types import RequestType, UserType  # type: ignore[import-not-found]  # noqa: E402
from federation.utils.diaspora import (  # type: ignore[import-not-found]  # noqa: E402
    retrieve_and_parse_content,
    retrieve_and_parse_profile,
)

NAME, GUID = f"frida@{HOST}", "f71da0000000013887f10242ac110002"
KEY = RSA.import_key(Path(KEY_FILE).read_text())
PUBLIC_KEY = KEY.publickey().export_key().decode()
ME = UserType(id=NAME, private_key=KEY, handle=NAME, guid=GUID)
PICTURE = f"https://{HOST}/picture.png"

received: list[dict[str, Any]] = []
fetchable: dict[str, str] = {}


# --- what others see -----------------------------------------------------------------------------


def webfinger(target: str) -> tuple[int, str, str]:
    resource = parse_qs(urlsplit(target).query).get("resource", [""])[0]
    if resource.removeprefix("acct:") != NAME:
        return 404, "text/plain", ""
    found = RFC7033Webfinger(
        id=f"https://{HOST}/u/frida",
        handle=NAME,
        guid=GUID,
        base_url=f"https://{HOST}",
        profile_path="/u/frida",
        hcard_path="/hcard/users/",
    )
    return 200, "application/jrd+json", json.dumps(found.render())


def hcard(target: str) -> tuple[int, str, str]:
    if not target.endswith(GUID):
        return 404, "text/plain", ""
    card = generate_hcard(
        "diaspora",
        hostname=f"https://{HOST}/",
        fullname="Frida Foreign",
        firstname="Frida",
        lastname="Foreign",
        photo300=PICTURE,
        photo100=PICTURE,
        photo50=PICTURE,
        searchable="true",
        guid=GUID,
        public_key=PUBLIC_KEY,
        username="frida",
    )
    return 200, "text/html", card


def fetch(target: str) -> tuple[int, str, str]:
    found = fetchable.get(target.rpartition("/")[2])
    if found is None:
        return 404, "text/plain", ""
    return 200, "application/magic-envelope+xml", found


PAGES: dict[str, Callable[[str], tuple[int, str, str]]] = {
    "/.well-known/webfinger": webfinger,
    "/hcard/users/": hcard,
    "/fetch/": fetch,
}


# --- what comes in -------------------------------------------------------------------------------


def take_in(body: bytes, *, is_private: bool) -> None:
    """Give a message to the library, and note what it makes of it."""
    try:
        request = RequestType(body=body)
        sender, _, entities = asyncio.run(handle_receive(request, ME if is_private else None))
        received.append({"sender": sender, "entities": [told(each) for each in entities]})
    except Exception as error:  # noqa: BLE001 - whatever the library raises is its answer
        received.append({"error": type(error).__name__, "trace": traceback.format_exc()})


SHOWN = (
    *(
        "guid",
        "handle",
        "raw_content",
        "public",
        "target_guid",
        "root_target_guid",
        "target_handle",
    ),
    *(
        "name",
        "following",
        "sharing",
        "blocking",
        "entity_type",
        "reaction",
        "created_at",
        "signature",
        "gender",
    ),
    *("image_urls", "tag_list", "location", "url", "provider_display_name", "public_key"),
)


def told(entity: Anything) -> dict[str, Any]:
    """An entity of the library's as JSON."""
    shown = {name: getattr(entity, name) for name in SHOWN if hasattr(entity, name)}
    children = [told(child) for child in entity._children]
    return {"class": type(entity).__name__, **shown, "children": children}


# --- what it is told to do -----------------------------------------------------------------------


async def discover(handle: str) -> Anything:
    profile = await retrieve_and_parse_profile(handle)
    return None if profile is None else told(profile)


async def get(handle: str, kind: str, guid: str) -> Anything:
    found = await retrieve_and_parse_content(guid, guid, handle, kind, cache=False)
    return None if found is None else told(found)


async def send(
    kind: str, fields: dict[str, Any], to: dict[str, Any], *, relay: bool = False
) -> None:
    """Let the library make an entity, sign it and deliver it."""
    entity = made(kind, fields)
    recipient = {"fid": "", "protocols": [ProtocolType.DIASPORA], **to}
    await handle_send(entity, ME, [recipient], parent_user=ME if relay else None)


async def publish(kind: str, fields: dict[str, Any]) -> None:
    """Keep a public entity, to be fetched."""
    fetchable[fields["guid"]] = await payload(kind, fields)


async def payload(kind: str, fields: dict[str, Any]) -> str:
    """What the library would send, as a public message."""
    sealed: str = await handle_create_payload(made(kind, fields), ME, "diaspora")
    return sealed


def made(kind: str, fields: dict[str, Any]) -> Anything:
    own = {"handle": NAME, "actor_id": NAME, "created_at": datetime.now(UTC)}
    return getattr(base, kind)(**{"id": fields.get("guid") or NAME, **own, **fields})


async def what_came() -> list[dict[str, Any]]:
    came = list(received)
    received.clear()
    return came


DEEDS = {each.__name__: each for each in (discover, get, send, publish, payload, what_came)}


def obey(order: dict[str, Any]) -> Anything:
    return asyncio.run(DEEDS[order.pop("do")](**order))


class Handler(BaseHTTPRequestHandler):
    """Answers the gate and the test."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        page = next((answer for start, answer in PAGES.items() if path.startswith(start)), None)
        self._answer(*(page(self.path) if page else (404, "text/plain", "")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path != "/control":
            take_in(body, is_private="/users/" in self.path)
            return self._answer(202, "text/plain", "")
        try:
            answer = json.dumps({"done": obey(json.loads(body))}, default=str)
        except Exception:  # noqa: BLE001 - told to the test
            answer = json.dumps({"failed": traceback.format_exc()})
        return self._answer(200, "application/json", answer)

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing is to be logged."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)  # noqa: T201 - read by who started this
    server.serve_forever()
