"""What an image file says about itself: its format and its size in pixels.

Only headers are read. What is served as an image must at least begin like one.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from pod.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class Format:
    """An image format and the size of the image."""

    media_type: str
    extension: str
    width: int
    height: int


def read_format(content: bytes) -> Format:
    """Recognise PNG, JPEG and GIF by their first bytes.

    Raises:
        Invalid: If it is none of them, or cut off before it tells its size.
    """
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            width, height = struct.unpack_from(">II", content, 16)
            return Format("image/png", "png", width, height)
        if content.startswith((b"GIF87a", b"GIF89a")):
            width, height = struct.unpack_from("<HH", content, 6)
            return Format("image/gif", "gif", width, height)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except struct.error:
        raise Invalid("image: cut off before its size") from None
    raise Invalid("image: neither PNG nor JPEG nor GIF")


def _jpeg(content: bytes) -> Format:
    """Walk over the segments to the frame header, the one that tells the size."""
    position = 2
    while True:
        mark, kind, length = struct.unpack_from(">BBH", content, position)
        if mark != 0xFF:
            raise Invalid("image: broken JPEG")
        if kind == 0xFF:  # a filler byte
            position += 1
        elif 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", content, position + 5)
            return Format("image/jpeg", "jpg", width, height)
        else:
            position += 2 + length
