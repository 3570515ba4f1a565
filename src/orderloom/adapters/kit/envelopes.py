"""Opens and closes the envelopes in which some platforms push: AES, named by who invented them.

`wechat_aes` (WeChat, WeCom, DingTalk): key = base64(key text + "="), AES-256-CBC, IV the key's first 16 bytes, padded
to 32; inside 16 random bytes, the length in 4 bytes, the message, the receiver's id, which must be ours.
`youzan_aes`: AES-128-CBC under the first 16 characters of the secret, IV `0102030405060708`, in base64, URL-encoded.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
KEYS = {"wechat_aes": ("aes_key", "receiver"), "youzan_aes": ("secret",)}
"""What each envelope is opened with."""
_YOUZAN_IV = b"0102030405060708"


class CannotOpen(ValueError):
    """The envelope cannot be opened with these keys."""


def open_envelope(name: str, sealed: str, keys: Mapping[str, str]) -> bytes:
    """What is inside. Raises CannotOpen."""
    try:
        return _OPENERS[name](sealed, keys)
    except (binascii.Error, ValueError, struct.error, IndexError) as error:
        raise CannotOpen("the envelope cannot be opened") from error


def seal_wechat(plain: bytes, keys: Mapping[str, str]) -> str:
    """The message in an envelope of the `wechat_aes` kind, base64."""
    key = _wechat_key(keys)
    whole = os.urandom(16) + struct.pack(">I", len(plain)) + plain + keys.get("receiver", "").encode()
    pad = BLOCK - len(whole) % BLOCK
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(whole + bytes([pad]) * pad) + encryptor.finalize()).decode()


def _wechat_key(keys: Mapping[str, str]) -> bytes:
    return base64.b64decode(keys["aes_key"] + "=")


def _open_wechat(sealed: str, keys: Mapping[str, str]) -> bytes:
    key = _wechat_key(keys)
    plain = _unpadded(_decrypt(key, key[:16], base64.b64decode(sealed)), BLOCK)
    length = struct.unpack(">I", plain[16:20])[0]
    message, receiver = plain[20:20 + length], plain[20 + length:]
    wanted = keys.get("receiver", "").encode()
    if len(message) != length or (wanted and not hmac.compare_digest(receiver, wanted)):
        raise CannotOpen("the envelope is somebody else's")
    return message


def _open_youzan(sealed: str, keys: Mapping[str, str]) -> bytes:
    key = keys["secret"][:16].encode()
    return _unpadded(_decrypt(key, _YOUZAN_IV, base64.b64decode(unquote(sealed))), 16)


def _decrypt(key: bytes, iv: bytes, sealed: bytes) -> bytes:
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(sealed) + decryptor.finalize()


def _unpadded(plain: bytes, block: int) -> bytes:
    pad = plain[-1]
    if not 1 <= pad <= block or plain[-pad:] != bytes([pad]) * pad:
        raise CannotOpen("not padded as it must be")
    return plain[:-pad]


def signature_of(token: str, timestamp: str, nonce: str, sealed: str) -> str:
    """The signature of a sealed reply: SHA-1 of the sorted parts."""
    joined = "".join(sorted((token, timestamp, nonce, sealed))).encode()
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


_OPENERS: Mapping[str, Callable[[str, Mapping[str, str]], bytes]] = {
    "wechat_aes": _open_wechat, "youzan_aes": _open_youzan,
}
