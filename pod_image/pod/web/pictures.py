"""The picture of people who have none: a plain square, made on the spot in three sizes."""

import struct
import zlib
from functools import cache

from pod.domain.errors import NotFound
from pod.jobs.context import Context
from pod.web.http import Request, Response, Route

SIZES = {"default.png": 300, "default_medium.png": 100, "default_small.png": 50}
FOLDER = "assets/user/"

_COLOUR = bytes((0x7A, 0x9E, 0x7E))


@cache
def square(size: int) -> bytes:
    """A square of one colour as PNG; `size` is its edge in pixels."""
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    # Each line begins with the number of its filter, 0 for none.
    lines = (b"\x00" + _COLOUR * size) * size
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _stand_in(context: Context, request: Request) -> Response:  # noqa: ARG001 - a handler
    name = request.params["name"]
    if name not in SIZES:
        raise NotFound(f"{request.path}: there are {', '.join(SIZES)}")
    return Response(200, square(SIZES[name]), (("Content-Type", "image/png"),))


ROUTES = (Route("GET", f"/{FOLDER}{{name}}", _stand_in),)
