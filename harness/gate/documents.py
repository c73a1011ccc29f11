"""How a peer presents itself and its people: NodeInfo, WebFinger, hCard, by our own hands.

Source: federation protocol, sections 2.2, 2.3 and 2.6.
"""

import json
from collections.abc import Collection
from xml.sax.saxutils import escape

from harness.gate.forge import Identity

JRD = "application/jrd+json; charset=utf-8"
HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"

NODEINFO = "/.well-known/nodeinfo"
NODEINFO_20 = "/nodeinfo/2.0"


def webfinger(
    who: Identity, *, subject: str = "", hcard: str = "", seed: str = "", **members: object
) -> str:
    """The JSON document about somebody.

    Args:
        who: About whom.
        subject: Whom it names instead.
        hcard: Where it says that the hCard is, instead of at the person's home.
        seed: Where it says that messages are to be sent, instead of to the person's home.
        members: More of it, or something else.
    """
    home = f"https://{who.diaspora_id.partition('@')[2]}/"
    links = [
        _link("http://microformats.org/profile/hcard", hcard or f"{home}hcard/users/{who.guid}"),
        _link("http://joindiaspora.com/seed_location", seed or home),
    ]
    document = {"subject": f"acct:{subject or who.diaspora_id}", "links": links}
    return json.dumps(document | members)


def hcard(
    who: Identity, *, guid: str = "", key: str = "", first_name: str = "", last_name: str = ""
) -> str:
    """The page about somebody.

    Args:
        who: About whom.
        guid: The GUID that it shows instead.
        key: The public key (or whatever) that it shows instead.
        first_name: The first name.
        last_name: The last name.
    """
    username, _, host = who.diaspora_id.partition("@")
    photos = "".join(
        f'<dl class="entity_{size}"><img class="photo avatar" src="https://{host}/{size}.png"></dl>'
        for size in ("photo", "photo_medium", "photo_small")
    )
    texts = {
        "uid": guid or who.guid,
        "nickname": username,
        "fn": f"{first_name} {last_name}".strip() or username,
        "searchable": "true",
        "given_name": first_name,
        "family_name": last_name,
        "key": key or who.public_key,
    }
    spans = "".join(f'<pre class="{name}">{escape(text)}</pre>' for name, text in texts.items())
    return f'<!DOCTYPE html><html><body class="vcard">{spans}{photos}</body></html>'


def nodeinfo(host: str, features: Collection[str]) -> tuple[str, str]:
    """Where a pod's description is, and the description, which names what the pod understands."""
    rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
    index = {"links": [{"rel": rel, "href": f"https://{host}{NODEINFO_20}"}]}
    document = {
        "version": "2.0",
        "software": {"name": "peer", "version": "1"},
        "protocols": ["diaspora"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {}},
        "metadata": {"features": sorted(features)},
    }
    return json.dumps(index), json.dumps(document)


def _link(rel: str, href: str) -> dict[str, str]:
    return {"rel": rel, "type": "text/html", "href": href}
