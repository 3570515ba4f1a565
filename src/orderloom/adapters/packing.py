"""Vouchers made small before they are encrypted: deflate with words known beforehand, and read back within a bound.

    packed: format (1) ‖ body                            format 0: as it is
            format (1) ‖ length (4, big-endian) ‖ body   format 1: raw deflate with `WORDS_1`

The format and the length are inside what is encrypted, so nobody without the key can change them. A body is unpacked to
just its length and no further: what says less than it holds is damaged, and a body can never be larger than it was
when it came in.

What the length of a packed voucher gives away: who can read the table (or its backup) sees how well a body packs, and
a sender chooses a part of that body. The known attacks (CRIME, BREACH) need one who mixes text of his own with a secret
in one body, many times over, and sees each length. A voucher holds what one platform sent about one order, is stored
once and never packed together with another's; its length is answered to nobody over any interface (`body_size` is the
length before packing); who reads the table sees sizes, instants and accounts of every voucher anyway, but cannot send
in the platform's name, for the door takes signed bodies only. Credentials and receivers are not packed at all.
"""

from __future__ import annotations

import zlib

from orderloom.adapters.packing_words import WORDS_1

AS_IT_IS, DEFLATED = b"\0", b"\1"
PACKED_BYTES_MIN = 64
"""Shorter ones gain nothing."""
PACKED_BYTES_MAX = 1 << 20
"""Longer ones (whole files) would keep the event loop: they are left as they are."""
LEVEL, WINDOW, MEMORY = 2, -14, 6
"""By measurement on orders of Taobao and Shopify: 1,646 → 430 and 2,486 → 510 bytes, 17 µs to pack and 4 to unpack;
level 6 makes 10 % less of them for 40 % more time. `WORDS_1` has to fit in the window."""
_fresh = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW, MEMORY, zlib.Z_DEFAULT_STRATEGY, WORDS_1)
"""Knows the words already: copying it costs a third of telling them again."""


class Unpackable(ValueError):
    """What was opened is no packed voucher."""


def pack(clear: bytes) -> bytes:
    """A voucher's body in the smaller of its formats."""
    if PACKED_BYTES_MIN <= len(clear) <= PACKED_BYTES_MAX:
        one = _fresh.copy()
        small = one.compress(clear) + one.flush()
        if len(small) + 4 < len(clear):
            return DEFLATED + len(clear).to_bytes(4) + small
    return AS_IT_IS + clear


def unpack(packed: bytes) -> bytes:
    """The body that `pack` was given. Raises Unpackable."""
    kind, rest = packed[:1], packed[1:]
    if kind == AS_IT_IS:
        return rest
    if kind != DEFLATED:
        raise Unpackable(f"format {kind.hex() or 'none'} is not known: a newer version wrote it")
    length = int.from_bytes(rest[:4])
    if length > PACKED_BYTES_MAX:
        raise Unpackable("longer than anything that is packed")
    try:
        one = zlib.decompressobj(WINDOW, WORDS_1)
        clear = one.decompress(rest[4:], length + 1)
    except zlib.error:
        raise Unpackable("it cannot be unpacked") from None
    if len(clear) != length or not one.eof:
        raise Unpackable("it is not as long as it says")
    return clear
