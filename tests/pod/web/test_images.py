"""The formats and sizes of images, read from their first bytes."""

import struct

import pytest

from pod.domain.errors import Invalid
from pod.web.images import Format, read_format

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", 640, 480)
GIF = b"GIF89a" + struct.pack("<HH", 32, 16) + b"\x00\x00\x00"
_APP0 = b"\xff\xe0" + struct.pack(">H", 4) + b"JF"
_SOF0 = b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 120, 200) + b"\x01\x01\x11\x00"
JPEG = b"\xff\xd8" + _APP0 + b"\xff" + _SOF0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PNG, Format("image/png", "png", 640, 480)),
        (GIF, Format("image/gif", "gif", 32, 16)),
        (JPEG, Format("image/jpeg", "jpg", 200, 120)),
    ],
    ids=["png", "gif", "jpeg"],
)
def test_an_image_tells_its_format_and_size(content: bytes, expected: Format) -> None:
    assert read_format(content) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PNG[:20], "cut off"),
        (GIF[:7], "cut off"),
        (JPEG[:14], "cut off"),
        (b"\xff\xd8\x00\x01\x02\x03", "broken JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither PNG"),
        (b"", "neither PNG"),
    ],
    ids=["short png", "short gif", "short jpeg", "broken jpeg", "svg", "nothing"],
)
def test_what_is_no_image_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        read_format(content)
