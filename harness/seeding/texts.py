"""The words of the cast: made by faker, the same for the same seed."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from faker import Faker

from harness.facts.identity import DiasporaId
from harness.seeding.cast import Role

# Ages would be counted from today, so that each day had other birthdays.
_BORN: Final = (date(1940, 1, 1), date(2005, 12, 31))


class Texts:
    """What people say; each speaks a language of their own, from a seed of their own."""

    def __init__(self, seed: int, roles: Iterable[Role]) -> None:
        self._seed = seed
        self._fakers: dict[str, Faker] = {}
        for role in roles:
            self._fakers[role.name] = Faker(role.locale)
            self._fakers[role.name].seed_instance(f"{seed}/{role.name}")

    def sentence(self, who: str) -> str:
        """Something to say."""
        return str(self._fakers[who].sentence(nb_words=8))

    def word(self, who: str) -> str:
        """One word."""
        return str(self._fakers[who].word())

    def place(self, who: str) -> tuple[str, float, float]:
        """An address, its latitude and longitude."""
        fake = self._fakers[who]
        return _where(fake), float(round(fake.latitude(), 4)), float(round(fake.longitude(), 4))

    def profile(self, role: Role) -> Mapping[str, object]:
        """What a profile says."""
        fake = self._fakers[role.name]
        born = fake.date_between(*_BORN)
        return {
            "first_name": fake.first_name(),
            "last_name": fake.last_name(),
            "bio": fake.sentence(nb_words=12),
            "image_url": f"/uploads/images/{self.canary(role.name)}.png",
            "birthday": born.replace(year=1004).isoformat(),
            "gender": fake.word(),
            "location": _where(fake),
            "tag_string": " ".join(f"#{tag}" for tag in role.tags),
            "searchable": True,
            "public": role.public_profile,
        }

    def canary(self, name: str) -> str:
        """A token that occurs in one text and nowhere else."""
        return f"canary{hashlib.sha256(f'{self._seed}/{name}'.encode()).hexdigest()[:12]}"


def _where(fake: Faker) -> str:
    # Not the city: in some languages faker keeps them in a set, in another order in each process.
    return str(fake.street_name())


def mention(name: str, who: DiasporaId) -> str:
    """How a text mentions a person."""
    return f"@{{{name}; {who}}}"


def image(about: str, size: int = 16) -> bytes:
    """A small PNG in a colour of its own."""
    colour = hashlib.sha256(about.encode()).digest()[:3]
    rows = (b"\0" + colour * size) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + checksum
