"""An allocation voucher holds for what it says, in both its forms, and for nothing else."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.notary import key_id
from orderloom.domain.allocation_voucher import (
    TYPE,
    AllocationVoucher,
    BadVoucher,
    VoucherLine,
    compact,
    flattened,
    read_voucher,
    statement_of,
)
from orderloom.entrypoints.cli.allocation_vouchers import judge

TOOL = Path(__file__).parents[2] / "tools" / "verify_voucher.py"
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = SECRET.public_key()
NOW = datetime.now(UTC)
VOUCHER = AllocationVoucher(
    1, "OL26-1-1", "OL26-1", "HZ", "李雷", "W7", (VoucherLine("M-001", 2), VoucherLine("茶-1", 2**62)),
    int(NOW.timestamp()) - 60, int(NOW.timestamp()), int(NOW.timestamp()) + 86_400)


def _forms(voucher: AllocationVoucher = VOUCHER, secret: Ed25519PrivateKey = SECRET) -> tuple[bytes, bytes]:
    statement = statement_of(voucher, key_id(KEY))
    signature = secret.sign(statement)
    made = flattened(statement, signature)
    return compact(statement, signature).encode(), json.dumps(
        {"payload": made.payload, "protected": made.protected, "signature": made.signature}).encode()


@pytest.mark.parametrize("form", _forms())
def test_what_was_signed_is_read_again(form: bytes) -> None:
    verdict = judge(form, KEY, NOW)
    assert verdict.is_genuine and verdict.voucher == VOUCHER


@given(st.data())
def test_a_changed_byte_never_holds(data: st.DataObject) -> None:
    form = bytearray(data.draw(st.sampled_from(_forms())))
    place = data.draw(st.integers(0, len(form) - 1))
    form[place] ^= data.draw(st.integers(1, 255))
    verdict = judge(bytes(form), KEY, NOW)
    assert not verdict.is_genuine or verdict.voucher == VOUCHER, "a space between JSON's words says nothing else"


@pytest.mark.parametrize(("hours", "why"), [(0, ""), (23, ""), (24, "over"), (-1, "over"), (100_000, "over")])
def test_it_is_over_after_a_day(hours: int, why: str) -> None:
    assert judge(_forms()[0], KEY, NOW + timedelta(hours=hours)).why == why


def test_another_key_is_told_apart_from_a_forgery() -> None:
    other = Ed25519PrivateKey.generate()
    assert judge(_forms()[0], other.public_key(), NOW).why == "other_key"
    assert judge(_forms(secret=other)[0], KEY, NOW).why == "forged"


@pytest.mark.parametrize(("text", "why"), [
    (b"", "form"), (b"{", "form"), (b"{}", "form"), (b"[1]", "form"), (b"a.b", "form"), (b"a.b.c", "form"),
    (b"....", "form"), (b"\xff\xfe", "form"), (b"{" * 300_000, "form"), (b"A" * 3_000_000, "form"),
])
def test_what_is_no_voucher_is_refused_with_a_word(text: bytes, why: str) -> None:
    with pytest.raises(BadVoucher, match=why):
        read_voucher(text)


@pytest.mark.parametrize(("was", "becomes"), [("EdDSA", "none"), ("EdDSA", "HS256"), (TYPE, "JWT")])
def test_another_algorithm_or_type_is_no_voucher_whoever_signed_it(was: str, becomes: str) -> None:
    statement = statement_of(VOUCHER, key_id(KEY))
    header, _, payload = statement.partition(b".")
    told = base64.urlsafe_b64decode(header + b"=" * (-len(header) % 4)).replace(was.encode(), becomes.encode())
    forged = base64.urlsafe_b64encode(told).rstrip(b"=") + b"." + payload
    assert judge(compact(forged, SECRET.sign(forged)).encode(), KEY, NOW).why == "header"


def test_the_verifier_without_the_product_says_the_same(tmp_path: Path) -> None:
    pem, file = tmp_path / "audit.pub", tmp_path / "voucher"
    pem.write_bytes(KEY.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    old = AllocationVoucher(*[getattr(VOUCHER, name) for name in VOUCHER.__struct_fields__[:-2]], 1, 2)
    for text, code in [*[(form, 0) for form in _forms()], (_forms(old)[0], 1), (_forms()[0][:-8], 1), (b"{}", 1)]:
        file.write_bytes(text)
        ended = subprocess.run([sys.executable, "-I", str(TOOL), str(file), str(pem)], capture_output=True, check=False)
        assert ended.returncode == code, ended.stderr
        if code == 0:
            assert json.loads(ended.stdout)["lines"] == [{"sku": "M-001", "units": 2}, {"sku": "茶-1", "units": 2**62}]
