"""A voucher comes back byte for byte, whatever it was packed with and whoever has touched it."""

from __future__ import annotations

import os
import zlib
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.packing import PACKED_BYTES_MAX, WINDOW, Unpackable, pack, unpack
from orderloom.adapters.packing_words import WORDS_1
from orderloom.adapters.vault import Damaged, KeyMissing, Vault

VAULT = Vault({1: b"k" * 32}, b"i" * 32)
SAMPLES = sorted((Path(__file__).parents[2] / "src" / "orderloom" / "adapters").glob("*/*/samples/*.in.*"))


@given(st.binary(max_size=2_000) | st.text(max_size=500).map(str.encode))
def test_any_body_comes_back(body: bytes) -> None:
    assert unpack(pack(body)) == body and len(pack(body)) <= len(body) + 1


@pytest.mark.parametrize("size", [0, 1, 63, 64, PACKED_BYTES_MAX, PACKED_BYTES_MAX + 1])
def test_bodies_at_the_bounds_come_back(size: int) -> None:
    body = b"abc" * (size // 3 + 1)
    assert unpack(pack(body[:size])) == body[:size]


def test_what_platforms_send_takes_less_than_half() -> None:
    whole = packed = 0
    for sample in SAMPLES:
        body = sample.read_bytes()
        if sample.suffix == ".json":
            body = msgspec.json.encode(msgspec.json.decode(body))
        assert VAULT.decrypt_voucher(VAULT.encrypt_voucher(body)) == body
        whole, packed = whole + len(body), packed + len(pack(body))
    assert len(SAMPLES) > 20 and packed < 0.5 * whole


def test_the_words_that_stored_vouchers_were_packed_with_are_still_there() -> None:
    # Never mend this digest: other words need a format of their own, or no stored voucher can be read any more.
    assert sha256(WORDS_1).hexdigest() == "53a1e1934c07b72355b2a2081693132b8fa90592ede17499bee7fbb4bd85f067"
    assert len(WORDS_1) < 1 << -WINDOW


def test_a_voucher_from_before_they_were_packed_is_read() -> None:
    for body in (b'{"tid":1}', b"\0" + b"x" * 100, pack(b"y" * 500), b""):
        assert VAULT.decrypt_voucher(VAULT.encrypt(body)) == body


def test_no_other_cipher_text_is_taken_for_a_voucher_or_a_voucher_for_it() -> None:
    with pytest.raises(Damaged):
        VAULT.decrypt(VAULT.encrypt_voucher(b'{"tid":1}'))


def test_a_changed_or_foreign_voucher_opens_nothing() -> None:
    cipher = VAULT.encrypt_voucher(b'{"tid":1,"status":"TRADE_CLOSED"}' * 9)
    for bad in (cipher[:-1] + bytes([cipher[-1] ^ 1]), b"\x09" + cipher[1:], b"", cipher[:20]):
        with pytest.raises(KeyMissing):
            VAULT.decrypt_voucher(bad)


def _deflated(body: bytes) -> bytes:
    one = zlib.compressobj(9, zlib.DEFLATED, WINDOW, 9, zlib.Z_DEFAULT_STRATEGY, WORDS_1)
    return one.compress(body) + one.flush()


@pytest.mark.parametrize("bad", [
    b"\x01" + (100).to_bytes(4) + _deflated(b"0" * (64 << 20)),  # says 100 bytes and holds 64 MiB
    b"\x01" + (0xFFFFFFFF).to_bytes(4) + _deflated(b"0" * (8 << 20)),
    b"\x01" + (200).to_bytes(4) + _deflated(b"0" * 100),
    b"\x01" + (100).to_bytes(4) + _deflated(b"0" * 100)[:-1],
    b"\x01" + (100).to_bytes(4) + os.urandom(50),
    b"\x01", b"\x02abc", b"",
], ids=["bomb", "endless", "short", "cut", "noise", "nothing", "newer", "empty"])
def test_what_unpacks_to_more_or_less_than_it_says_is_damaged_and_costs_no_memory(bad: bytes) -> None:
    with pytest.raises(Unpackable):
        unpack(bad)
