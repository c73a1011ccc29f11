"""The committed pool of test keys: as many, as large and as different as its README says."""

import functools
import itertools
import re
from collections import Counter
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from fixtures.keys import make

KEYS = Path(make.__file__).parent
BLOCK = re.compile(rb"-----BEGIN PRIVATE KEY-----\n.+?-----END PRIVATE KEY-----\n", re.DOTALL)


def key(pem: bytes) -> RSAPrivateKey:
    # OpenSSL's own check tests the primes again, 40 ms a key; the arithmetic is tested below.
    loaded = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(loaded, RSAPrivateKey)
    return loaded


@functools.cache
def pool() -> dict[str, list[RSAPrivateKey]]:
    return {
        name: [key(pem) for pem in BLOCK.findall((KEYS / f"{name}.pem").read_bytes())]
        for name in make.SLICES
    }


def test_each_pod_has_forty_keys_and_two_large_ones_in_their_places_and_peers_have_ten() -> None:
    sizes = [4096 if position in {1, 9} else 2048 for position in range(42)]
    found = {name: [each.key_size for each in keys] for name, keys in pool().items()}
    assert found == dict.fromkeys(("pod1", "pod2", "pod3", "pod4"), sizes) | {"peer": sizes[:12]}


def test_no_key_is_in_the_pool_twice_and_all_have_the_usual_exponent() -> None:
    numbers = [each.public_key().public_numbers() for each in itertools.chain(*pool().values())]
    counted = Counter(number.n for number in numbers)
    assert [n for n, times in counted.items() if times > 1] == []
    assert {number.e for number in numbers} == {65537}


def test_every_private_key_belongs_to_its_public_key() -> None:
    for each in itertools.chain(*pool().values()):
        numbers = each.private_numbers()
        e, n = numbers.public_numbers.e, numbers.public_numbers.n
        assert numbers.p * numbers.q == n
        assert (e * numbers.d % (numbers.p - 1), e * numbers.d % (numbers.q - 1)) == (1, 1)


def test_the_slices_hold_nothing_but_keys() -> None:
    left = {name: BLOCK.sub(b"", (KEYS / f"{name}.pem").read_bytes()) for name in make.SLICES}
    assert left == dict.fromkeys(make.SLICES, b"")


def test_making_keys_again_overwrites_nothing_unless_told_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = {path.name: path.read_bytes() for path in KEYS.glob("*.pem")}
    assert make.main([]) == 64
    assert "exist already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in KEYS.glob("*.pem")} == before
