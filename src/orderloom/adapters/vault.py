"""Personal data made safe to store: AES-256-GCM for what must be read again, HMAC-SHA-256 for what is only searched.

A cipher text is `key id (1 byte) ‖ nonce (12 bytes) ‖ AES-GCM`. Vouchers are packed first (`packing.py`) and sealed
under a label of their own; those of before 0.2 are neither, and are read all the same. The keyring is a file readable
by its owner alone; the newest key encrypts, every key decrypts. Blind indexes have a key of their own that is never
rotated, since an index cannot be re-made without the clear text.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from orderloom.adapters.packing import Unpackable, pack, unpack
from orderloom.application.sealed import SealedReceiver
from orderloom.domain.cleaning import is_hidden, is_masked
from orderloom.domain.draft import Receiver

KEYS_MAX = 255
KEYS_AHEAD_MAX = 1
"""A process that still runs may not have heard of so many newer keys; what names a later one was damaged."""
CIPHER_BYTES_MIN = 1 + 12 + 16
"""Key id, nonce and the tag of nothing."""
VOUCHER = b"voucher 2"
"""Authenticated beside a packed voucher: no other cipher text can be taken for one, whatever its first byte is."""
_DIGITS = re.compile(r"\D+")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Receiver).decode


class KeyMissing(Exception):
    """A cipher text cannot be read: its key is not in the keyring, or the keyring is damaged."""


class Damaged(KeyMissing):
    """A cipher text that its key does not open: its bytes were changed, or another keyring wrote it."""


class Mac:
    """HMAC-SHA-256 (RFC 2104) with the key's two blocks hashed once: a tenth of the time of making each afresh."""

    def __init__(self, key: bytes) -> None:
        block = (sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
        self._inner = sha256(bytes(b ^ 0x36 for b in block))
        self._outer = sha256(bytes(b ^ 0x5C for b in block))

    def digest(self, text: bytes) -> bytes:
        """The 32 bytes of HMAC-SHA-256(key, text)."""
        inner = self._inner.copy()
        inner.update(text)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.digest()


class Vault:
    """Seals and opens. `keys` maps key id to 32 bytes; the highest id encrypts."""

    def __init__(self, keys: dict[int, bytes], index_key: bytes) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._mac = Mac(index_key)
        self.newest = max(keys)
        self._newest = self._ciphers[self.newest]
        self._prefix = bytes([self.newest])

    def encrypt(self, clear: bytes) -> bytes:
        """Cipher text under the newest key."""
        nonce = os.urandom(12)
        return self._prefix + nonce + self._newest.encrypt(nonce, clear, None)

    def encrypt_voucher(self, body: bytes) -> bytes:
        """Cipher text of a voucher's body, packed, under the newest key."""
        nonce = os.urandom(12)
        return self._prefix + nonce + self._newest.encrypt(nonce, pack(body), VOUCHER)

    def decrypt(self, cipher: bytes) -> bytes:
        """Clear bytes. Raises KeyMissing when no key fits, Damaged when none ever will."""
        try:
            return self._key_of(cipher).decrypt(cipher[1:13], cipher[13:], None)
        except InvalidTag as error:
            raise Damaged(f"key {cipher[0]} does not open this: another keyring wrote it") from error

    def decrypt_voucher(self, cipher: bytes) -> bytes:
        """A voucher's body as it came in, packed or from before vouchers were. Raises KeyMissing, Damaged."""
        try:
            packed = self._key_of(cipher).decrypt(cipher[1:13], cipher[13:], VOUCHER)
        except InvalidTag:
            return self.decrypt(cipher)
        try:
            return unpack(packed)
        except Unpackable as error:
            raise Damaged(f"what the key opens is no voucher: {error}") from None

    def _key_of(self, cipher: bytes) -> AESGCM:
        """The key that a cipher text names. Raises KeyMissing, Damaged."""
        if len(cipher) < CIPHER_BYTES_MIN:
            raise Damaged(f"{len(cipher)} bytes are no cipher text")
        known = self._ciphers.get(cipher[0])
        if known is None:
            if not 0 < cipher[0] <= self.newest + KEYS_AHEAD_MAX:
                raise Damaged(f"there never was a key {cipher[0]}")
            raise KeyMissing(f"no key {cipher[0]} in the keyring: restore keys/keyring.json")
        return known

    def index(self, kind: str, text: str) -> bytes | None:
        """Blind index of a value: equal values are found, nothing can be read from it. None for nothing."""
        return self._mac.digest(f"{kind}:{text}".encode())[:16] if text else None

    def phone_index(self, phone: str) -> bytes | None:
        """Index of a phone number, written in any way."""
        return self.index("phone", plain_phone(phone))

    def name_index(self, name: str) -> bytes | None:
        """Index of a name, blanks and case aside."""
        return self.index("name", name.replace(" ", "").lower())

    def seal(self, receiver: Receiver, buyer: str) -> SealedReceiver:
        """A receiver ready to be stored. A masked one is known by its token alone, never by what the stars leave over:
        without a token nobody else is the same person, and only the region tells that it is another place."""
        clear = _encode(receiver)
        phone = plain_phone(receiver.phone)
        is_clear = not (receiver.is_masked or is_hidden(receiver))
        digest = self._mac.digest(clear)[:16].hex()
        place = f"{receiver.name}|{phone}|{receiver.province}|{receiver.city}|{receiver.district}|{receiver.detail}"
        return SealedReceiver(
            cipher=self.encrypt(clear),
            digest=digest if is_clear else self._hidden(receiver), digest_before="" if is_clear else digest,
            name_index=self.name_index(receiver.name) if is_clear else None,
            phone_index=self.index("phone", phone) if is_clear else None,
            buyer_index=None if is_masked(buyer) else self.index("buyer", buyer),
            merge_key=self.index("token", receiver.token) or (self.index("place", place) if is_clear else None),
            last4=phone[-4:] if is_clear else "",
            country=receiver.country, province=receiver.province, city=receiver.city,
        )

    def _hidden(self, receiver: Receiver) -> str:
        """Digest of a masked receiver: the token, or the region where there is none; its masked texts may vary."""
        region = f"{receiver.country}|{receiver.province}|{receiver.city}|{receiver.district}"
        known = f"token {receiver.token}" if receiver.token else f"region {region}"
        return self._mac.digest(known.encode())[:16].hex()

    def open_receiver(self, cipher: bytes) -> Receiver:
        """The receiver that `seal` stored. Raises KeyMissing, Damaged."""
        try:
            return _decode(self.decrypt(cipher))
        except msgspec.DecodeError:
            raise Damaged("what the key opens is no receiver") from None

    def show_text(self, cipher: bytes) -> str:
        """A text for who looks at it; empty for one that cannot be opened."""
        try:
            return self.decrypt(cipher).decode("utf-8", "replace")
        except KeyMissing:
            return ""

    def show_receiver(self, cipher: bytes) -> Receiver | None:
        """The same for who looks at many: None for one that cannot be opened, so that the others are seen."""
        try:
            return self.open_receiver(cipher)
        except KeyMissing:
            return None


def plain_phone(phone: str) -> str:
    """Digits of a phone number without the Chinese country code, extension included."""
    digits = phone if phone.isascii() and phone.isdigit() else _DIGITS.sub("", phone)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def load_vault(home: Path, master: str = "") -> Vault:
    """The vault of a data folder; keys are made on first use. `master` (ORDERLOOM_KEY) stands in for the file.

    Raises KeyMissing when the keyring cannot be read.
    """
    if master:
        root = sha256(master.encode()).digest()
        return Vault({1: root}, hmac.digest(root, b"blind index", "sha256"))
    keys, index_key = read_keyring(home)
    return Vault(keys, index_key)


def read_keyring(home: Path) -> tuple[dict[int, bytes], bytes]:
    """Keys by id and the index key; a new keyring is written durably before it is used."""
    file = keyring_file(home)
    if not file.exists():
        _write_keyring(home, {1: os.urandom(32)}, os.urandom(32), is_new=True)
    try:
        content = json.loads(file.read_text())
        keys = {int(k["id"]): base64.b64decode(k["key"]) for k in content["keys"]}
        return keys, base64.b64decode(content["index_key"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyMissing(f"{file} cannot be read ({error}): restore it from your backup") from error


def add_key(home: Path) -> int:
    """Add a key that encrypts from now on; returns its id."""
    keys, index_key = read_keyring(home)
    newest = max(keys) + 1
    if newest > KEYS_MAX:
        raise KeyMissing("the keyring is full: retire old keys first")
    _write_keyring(home, {**keys, newest: os.urandom(32)}, index_key, is_new=False)
    return newest


def retire_key(home: Path, key_id: int) -> None:
    """Forget a key that nothing uses any more."""
    keys, index_key = read_keyring(home)
    _write_keyring(home, {k: v for k, v in keys.items() if k != key_id}, index_key, is_new=False)


def keyring_file(home: Path) -> Path:
    """Where the keyring lies."""
    return home / "keys" / "keyring.json"


def _write_keyring(home: Path, keys: dict[int, bytes], index_key: bytes, *, is_new: bool) -> None:
    file = keyring_file(home)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.dumps({
        "keys": [{"id": k, "key": base64.b64encode(v).decode()} for k, v in sorted(keys.items())],
        "index_key": base64.b64encode(index_key).decode(),
    })
    draft = file.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    if not is_new:
        draft.replace(file)
        return
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
