"""The format of a spool file: each voucher a record with its length and checksum, so that damage costs what it hit.

    magic (18) · number of records (4) · its CRC-32 (4) · records
    record: mark (4) · length (4) · CRC-32 of the cipher text (4) · CRC-32 of the twelve bytes before (4) · cipher text

Numbers are big-endian. After damage the next mark with a sound head is looked for. Files of before 0.2 have no magic:
they are one cipher text of a list of vouchers, all or nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from zlib import crc32

import msgspec

from orderloom.adapters.vault import KeyMissing, Vault
from orderloom.application.land import Voucher

MAGIC = b"\0orderloom spool 2"
MARK = b"\xf1OL\x02"
COUNT = struct.Struct(">II")
HEAD = struct.Struct(">4sII")
CHECK = struct.Struct(">I")
HEAD_BYTES = HEAD.size + CHECK.size
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Voucher).decode
_decode_old = msgspec.msgpack.Decoder(list[Voucher]).decode


class Read(msgspec.Struct):
    """What a file gave: its vouchers in their order, whether that is all of them, and how many lack their key."""

    vouchers: list[Voucher]
    is_whole: bool
    keyless: int = 0


def written(vouchers: Sequence[Voucher], vault: Vault) -> bytes:
    """A file's content."""
    count = CHECK.pack(len(vouchers))
    parts = [MAGIC, COUNT.pack(len(vouchers), crc32(count))]
    for v in vouchers:
        cipher = vault.encrypt(_encode(v))
        head = HEAD.pack(MARK, len(cipher), crc32(cipher))
        parts += [head, CHECK.pack(crc32(head)), cipher]
    return b"".join(parts)


def read(raw: bytes, vault: Vault) -> Read:
    """What can be read of a file, damaged or not."""
    if not raw.startswith(MAGIC) and MARK not in raw:
        return _read_old(raw, vault)
    found = Read([], raw.startswith(MAGIC))
    end = len(MAGIC) + COUNT.size
    records = 0
    for start, cipher in _records(raw):
        found.is_whole &= start == end and cipher is not None
        end = start + HEAD_BYTES + (len(cipher) if cipher is not None else 0)
        records += 1
        if cipher is None:
            continue
        try:
            found.vouchers.append(_decode(vault.decrypt(cipher)))
        except KeyMissing:  # the bytes are sound, so it is the keyring that lacks something
            found.keyless += 1
    found.is_whole &= end == len(raw) and records == _declared(raw)
    return found


def _read_old(raw: bytes, vault: Vault) -> Read:
    try:
        return Read(_decode_old(vault.decrypt(raw)), True)
    except (KeyMissing, msgspec.DecodeError):
        return Read([], False)


def _declared(raw: bytes) -> int:
    """The number of records that the file says it has, -1 when that is damaged."""
    if len(raw) < len(MAGIC) + COUNT.size:
        return -1
    count, check = COUNT.unpack_from(raw, len(MAGIC))
    return int(count) if crc32(CHECK.pack(count)) == check else -1


def _records(raw: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Where each record with a sound head begins, and its cipher text: None when that is damaged or cut."""
    place = raw.find(MARK)
    while place >= 0:
        head = raw[place:place + HEAD.size]
        check = raw[place + HEAD.size:place + HEAD_BYTES]
        if len(check) < CHECK.size or crc32(head) != CHECK.unpack(check)[0]:
            place = raw.find(MARK, place + 1)
            continue
        _, length, expected = HEAD.unpack(head)
        begin = place + HEAD_BYTES
        cipher = raw[begin:begin + length]
        is_sound = len(cipher) == length and crc32(cipher) == expected
        yield place, cipher if is_sound else None
        place = raw.find(MARK, begin + (length if len(cipher) == length else 0))
