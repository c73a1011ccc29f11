"""The gate's DNS responder."""

import struct
from ipaddress import IPv4Address

import pytest

from harness.gate.names import answer

GATE = IPv4Address("198.18.0.2")
NAMES = ("pod1.test", "mail.test")
A, AAAA, IN = 1, 28, 1


def question(name: str, kind: int = A) -> bytes:
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    return labels + b"\0" + struct.pack("!HH", kind, IN)


def query(name: str, kind: int = A) -> bytes:
    return struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + question(name, kind)


def test_the_name_of_a_pod_means_the_gate() -> None:
    head = struct.pack("!6H", 7, 0x8500, 1, 1, 0, 0)
    record = struct.pack("!HHHIH", 0xC00C, A, IN, 60, 4) + GATE.packed
    expected = head + question("pod1.test") + record
    assert answer(query("pod1.test"), NAMES, GATE) == expected


def test_a_name_is_the_same_in_capitals() -> None:
    assert answer(query("POD1.Test"), NAMES, GATE)[-4:] == GATE.packed


def test_another_name_does_not_exist() -> None:
    head = struct.pack("!6H", 7, 0x8503, 1, 0, 0, 0)
    assert answer(query("example.org"), NAMES, GATE) == head + question("example.org")


def test_a_name_has_no_other_kind_of_address() -> None:
    head = struct.pack("!6H", 7, 0x8500, 1, 0, 0, 0)
    assert answer(query("pod1.test", AAAA), NAMES, GATE) == head + question("pod1.test", AAAA)


@pytest.mark.parametrize("octets", [b"", b"\0" * 11, b"\0\7\x80" + b"\0" * 9])
def test_what_is_no_query_is_not_answered(octets: bytes) -> None:
    assert answer(octets, NAMES, GATE) == b""


@pytest.mark.parametrize("cut", [13, 17, 20])
def test_a_query_that_ends_early_is_called_malformed(cut: int) -> None:
    assert answer(query("pod1.test")[:cut], NAMES, GATE) == struct.pack(
        "!6H", 7, 0x8501, 0, 0, 0, 0
    )
