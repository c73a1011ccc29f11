"""Entities for tests: valid ones, chosen by hypothesis."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from pod.domain import entities as made
from pod.domain.identity import DiasporaId, Guid
from pod.wire.elements import clean
from tests.pod.wire.vectors import owners

type_of = st.sampled_from

IDS = st.sampled_from(
    [DiasporaId(f"{name}@{host}") for name in "abc" for host in ("a.test", "b.test:3000")]
)
AUTHOR = DiasporaId("alice@pod1.test")
GUIDS = st.integers(min_value=0, max_value=16**32 - 1).map(lambda number: Guid(f"{number:032x}"))
TIMES = st.integers(min_value=-(10**10), max_value=10**11).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
TEXT = st.text(min_size=1, max_size=60).map(clean)
NAMES = TEXT.map(lambda text: text.replace(";", ",")[:32])
URLS = st.sampled_from(["https://pod1.test/x/", "http://pod1.test:3000/%C3%A4?q=1#f"])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value or none."""
    return st.one_of(st.none(), strategy)


def some(strategy: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[Any]:
    """A short tuple."""
    return st.lists(strategy, min_size=least, max_size=3).map(tuple)


def of(make: Callable[..., Any], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Entities with these fields."""
    return st.builds(make, **fields)


LOCATIONS = of(made.Location, address=st.text().map(clean), lat=TEXT, lng=TEXT)
ANSWERS = of(made.PollAnswer, guid=GUIDS, answer=TEXT)
POLLS = of(made.Poll, guid=GUIDS, question=TEXT, poll_answers=some(ANSWERS, 2))
EMBEDS = st.one_of(
    st.just(made.Embed(nothing=True)),
    of(made.Embed, url=URLS, title=maybe(TEXT), description=maybe(TEXT), image=maybe(URLS)),
)
EVENTS = of(
    made.Event,
    author=st.just(AUTHOR),
    guid=GUIDS,
    edited_at=maybe(TIMES),
    summary=TEXT,
    description=maybe(TEXT),
    start=TIMES,
    end=maybe(TIMES),
    all_day=st.booleans(),
    timezone=maybe(type_of(["Europe/Vienna", "America/North_Dakota/Beulah"])),
    location=maybe(LOCATIONS),
)
PHOTOS = of(
    made.Photo,
    guid=GUIDS,
    author=st.just(AUTHOR),
    public=st.booleans(),
    created_at=TIMES,
    edited_at=maybe(TIMES),
    remote_photo_path=URLS,
    remote_photo_name=TEXT,
    text=maybe(TEXT),
    status_message_guid=maybe(GUIDS),
    height=maybe(st.integers(0, 9999)),
    width=maybe(st.integers(0, 9999)),
)
POSTS = of(
    made.StatusMessage,
    author=st.just(AUTHOR),
    guid=GUIDS,
    created_at=TIMES,
    public=st.booleans(),
    provider_display_name=maybe(TEXT),
    text=st.text().map(clean),
    edited_at=maybe(TIMES),
    photos=some(PHOTOS),
    location=maybe(LOCATIONS),
    poll=maybe(POLLS),
    event=maybe(EVENTS),
    embed=maybe(EMBEDS),
)
RESHARES = st.one_of(
    of(made.Reshare, author=IDS, guid=GUIDS, created_at=TIMES),
    of(made.Reshare, author=IDS, guid=GUIDS, created_at=TIMES, root_author=IDS, root_guid=GUIDS),
)
PROFILES = of(
    made.Profile,
    author=IDS,
    edited_at=maybe(TIMES),
    full_name=maybe(NAMES),
    first_name=maybe(NAMES),
    last_name=maybe(NAMES),
    image_url=maybe(URLS),
    image_url_medium=maybe(st.just("/assets/m.png")),
    image_url_small=maybe(URLS),
    bio=maybe(TEXT),
    birthday=maybe(st.dates(min_value=date(1000, 1, 1))),
    gender=maybe(TEXT),
    location=maybe(TEXT),
    searchable=st.booleans(),
    public=st.booleans(),
    nsfw=st.booleans(),
    tag_string=maybe(st.just("#a #b")),
)
MESSAGES = of(
    made.Message,
    author=st.just(AUTHOR),
    guid=GUIDS,
    text=TEXT,
    created_at=TIMES,
    edited_at=maybe(TIMES),
    conversation_guid=GUIDS,
)
CONVERSATIONS = of(
    made.Conversation,
    author=st.just(AUTHOR),
    guid=GUIDS,
    subject=TEXT,
    created_at=TIMES,
    participants=some(IDS, 1).map(lambda others: (AUTHOR, *others)),
    messages=some(MESSAGES),
)
CONTACTS = st.one_of(
    of(
        made.Contact,
        author=IDS,
        recipient=IDS,
        following=st.booleans(),
        sharing=st.booleans(),
    ),
    of(
        made.Contact,
        author=IDS,
        recipient=IDS,
        following=st.sampled_from([False]),
        sharing=st.sampled_from([False]),
        blocking=st.sampled_from([True]),
    ),
)
RETRACTIONS = of(
    made.Retraction,
    author=IDS,
    target_guid=GUIDS,
    target_type=type_of(["Post", "Comment"]),
)
NEW_PROFILES = PROFILES.filter(lambda profile: profile.author.startswith("a@"))
OLD_IDS = st.just(DiasporaId("carol@pod1.test"))
MIGRATIONS = of(
    made.AccountMigration,
    author=OLD_IDS,
    profile=NEW_PROFILES,
    signature=maybe(st.just("eHh4")),
    old_identity=maybe(OLD_IDS),
    remote_photo_path=maybe(URLS),
)
KEY = owners()["alice"].pem["public_key_spki_pem"]
PERSONS = NEW_PROFILES.flatmap(
    lambda profile: of(
        made.Person,
        guid=GUIDS,
        author=st.just(profile.author),
        url=st.just("https://pod2.test/"),
        profile=st.just(profile),
        exported_key=st.just(KEY),
    )
)
RENAMES = of(
    made.AccountRename, author=OLD_IDS, person=PERSONS, new_signature=maybe(st.just("eHh4"))
)
RELAYABLES = st.one_of(
    of(
        made.Comment,
        author=IDS,
        guid=GUIDS,
        parent_guid=GUIDS,
        text=TEXT,
        created_at=maybe(TIMES),
        edited_at=maybe(TIMES),
    ),
    of(
        made.Like,
        author=IDS,
        guid=GUIDS,
        parent_guid=GUIDS,
        parent_type=type_of(["Post", "Comment"]),
        positive=st.booleans(),
    ),
    of(
        made.PollParticipation,
        author=IDS,
        guid=GUIDS,
        parent_guid=GUIDS,
        poll_answer_guid=GUIDS,
    ),
    of(
        made.EventParticipation,
        author=IDS,
        guid=GUIDS,
        parent_guid=GUIDS,
        status=type_of(["accepted", "declined", "tentative"]),
        edited_at=maybe(TIMES),
    ),
)
OTHERS = st.one_of(
    POSTS,
    PHOTOS,
    EVENTS,
    RESHARES,
    PROFILES,
    MESSAGES,
    CONVERSATIONS,
    CONTACTS,
    RETRACTIONS,
    MIGRATIONS,
    RENAMES,
    of(made.AccountDeletion, author=IDS),
    of(made.Participation, author=IDS, guid=GUIDS, parent_guid=GUIDS),
)
