"""Allocation vouchers: proof that a piece of work is one warehouse's, for systems that cannot ask the hub (FUL-2).

A voucher is a JSON Web Signature (RFC 7515) over these claims, made with the installation's Ed25519 key (`EdDSA`, RFC
8037), in the compact or the flattened JSON form. Who holds the public key reads it offline: docs/allocation-voucher.md.
"""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

import msgspec

TYPE = "orderloom-allocation+jws"
"""What the header says it is: no signature of anything else by this key says so."""
VALID_SECONDS = 24 * 3600
"""From when it is given out. Work may be called back later; a voucher that is over is asked for anew."""
BYTES_MAX = 200_000


class VoucherLine(msgspec.Struct, frozen=True):
    """Base units of a SKU."""

    sku: str
    units: int


class AllocationVoucher(msgspec.Struct, frozen=True):
    """Of `order` the goods in `lines` are `warehouse`'s to pick, as the work `work`; who answered first is `by`.

    Instants are seconds since 1970 (UTC): when they answered, when the voucher was given out, from when it is void.
    """

    v: int
    work: str
    order: str
    warehouse: str
    by: str
    wave: str
    lines: tuple[VoucherLine, ...]
    first_at: int
    iat: int
    exp: int


class Header(msgspec.Struct, frozen=True):
    """What is protected with it: the algorithm, what this is, the first 16 hex digits of the key's SHA-256."""

    alg: str
    typ: str
    kid: str


class SignedVoucher(NamedTuple):
    """A voucher as it was read; whether the signature is genuine is asked of who has the key."""

    header: Header
    voucher: AllocationVoucher
    statement: bytes
    signature: bytes


class Flattened(msgspec.Struct, frozen=True):
    """The JSON form."""

    payload: str
    protected: str
    signature: str


class BadVoucher(ValueError):
    """What was read is no allocation voucher; the text says why in one word: form | header | claims."""


def statement_of(voucher: AllocationVoucher, key_id: str) -> bytes:
    """What is signed."""
    header = Header("EdDSA", TYPE, key_id)
    return b".".join([_to64(msgspec.json.encode(part, order="deterministic")) for part in (header, voucher)])


def compact(statement: bytes, signature: bytes) -> str:
    """The compact form, three parts with dots."""
    return b".".join([statement, _to64(signature)]).decode()


def flattened(statement: bytes, signature: bytes) -> Flattened:
    """The JSON form of the same."""
    protected, _, payload = statement.partition(b".")
    return Flattened(payload.decode(), protected.decode(), _to64(signature).decode())


def read_voucher(text: bytes) -> SignedVoucher:
    """A voucher in either form. Raises BadVoucher; never trusts what it reads."""
    if len(text) > BYTES_MAX:
        raise BadVoucher("form")
    parts = _parts(text.strip())
    try:
        header, claims, signature = [_of64(part) for part in parts]
        told = msgspec.json.decode(header, type=Header)
    except (ValueError, binascii.Error) as error:
        raise BadVoucher("form") from error
    if (told.alg, told.typ) != ("EdDSA", TYPE):
        raise BadVoucher("header")
    try:
        voucher = msgspec.json.decode(claims, type=AllocationVoucher)
    except ValueError as error:
        raise BadVoucher("claims") from error
    if voucher.v != 1:
        raise BadVoucher("claims")
    return SignedVoucher(told, voucher, b".".join(parts[:2]), signature)


def _parts(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Header, claims, signature, each still in base64."""
    if text.startswith(b"{"):
        try:
            told = msgspec.json.decode(text, type=Flattened)
        except ValueError as error:
            raise BadVoucher("form") from error
        return told.protected.encode(), told.payload.encode(), told.signature.encode()
    parts = text.split(b".")
    if len(parts) != 3:
        raise BadVoucher("form")
    return parts[0], parts[1], parts[2]


def _to64(some: bytes) -> bytes:
    return base64.urlsafe_b64encode(some).rstrip(b"=")


def _of64(some: bytes) -> bytes:
    """Strictly: what is spelt in another way than we would is none of ours."""
    found = base64.urlsafe_b64decode(some + b"=" * (-len(some) % 4))
    if _to64(found) != some:
        raise ValueError("spelling")
    return found
