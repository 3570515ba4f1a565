"""Personal data at rest can be found again and read by whoever holds the key, and by nobody else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from orderloom.adapters.vault import KeyMissing, Vault, add_key, keyring_file, load_vault, retire_key
from orderloom.testing.builders import a_receiver


def vault(key: int = 1) -> Vault:
    return Vault({1: bytes([key]) * 32}, b"i" * 32)


def test_a_receiver_comes_back_as_it_was_rare_characters_too() -> None:
    who = a_receiver(name="𠮷野 é", detail="😀 3号")
    assert vault().open_receiver(vault().seal(who, "b").cipher) == who


def test_nothing_of_a_person_can_be_read_from_what_is_stored() -> None:
    who = a_receiver()
    stored = repr(vault().seal(who, "buyer-1")).encode() + vault().seal(who, "buyer-1").cipher
    for clear in (who.name, who.phone, who.detail, "buyer-1"):
        assert clear.encode() not in stored and clear.encode("utf-8").hex().encode() not in stored


def test_the_same_person_is_sealed_otherwise_each_time_and_found_all_the_same() -> None:
    one, two = vault().seal(a_receiver(), "b"), vault().seal(a_receiver(), "b")
    assert one.cipher != two.cipher
    assert (one.digest, one.phone_index, one.name_index, one.merge_key) == (
        two.digest, two.phone_index, two.name_index, two.merge_key,
    )  # fmt: skip


def test_a_phone_is_found_however_it_was_written() -> None:
    assert vault().phone_index("+86 199-0001-2345") == vault().phone_index("19900012345")
    assert vault().phone_index("19900012345") != vault().phone_index("19900012346")
    assert vault().name_index("Lin  Qing") == vault().name_index("lin qing")


def test_a_masked_person_is_known_by_the_token_and_not_by_asterisks() -> None:
    masked = a_receiver(name="林**", phone="199****2345", token="oaid-1", is_masked=True)
    sealed = vault().seal(masked, "b")
    assert sealed.phone_index is None and sealed.name_index is None and sealed.last4 == ""
    other = vault().seal(a_receiver(name="李**", phone="188****0000", token="oaid-1", is_masked=True), "b")
    assert sealed.merge_key == other.merge_key


def test_another_key_or_a_changed_byte_opens_nothing() -> None:
    cipher = vault().encrypt(b"clear")
    for bad in (cipher[:-1] + bytes([cipher[-1] ^ 1]), b"\x09" + cipher[1:], b""):
        with pytest.raises(KeyMissing):
            vault().decrypt(bad)
    with pytest.raises(KeyMissing):
        vault(2).decrypt(cipher)


def test_old_data_is_read_after_a_new_key_and_refused_after_the_old_one_is_gone(tmp_path: Path) -> None:
    old = load_vault(tmp_path).encrypt(b"clear")
    newest = add_key(tmp_path)
    after = load_vault(tmp_path)
    assert after.newest == newest == 2 and after.decrypt(old) == b"clear"
    assert after.phone_index("1") == load_vault(tmp_path).phone_index("1")
    retire_key(tmp_path, 1)
    with pytest.raises(KeyMissing):
        load_vault(tmp_path).decrypt(old)


def test_the_keyring_is_the_owners_alone_and_a_broken_one_is_never_replaced(tmp_path: Path) -> None:
    load_vault(tmp_path)
    file = keyring_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("{")
    with pytest.raises(KeyMissing):
        load_vault(tmp_path)
    assert file.read_text() == "{"


def test_a_master_key_from_the_environment_needs_no_file(tmp_path: Path) -> None:
    sealed = load_vault(tmp_path, "secret").encrypt(b"clear")
    assert load_vault(tmp_path, "secret").decrypt(sealed) == b"clear" and not keyring_file(tmp_path).exists()
    with pytest.raises(KeyMissing):
        load_vault(tmp_path, "other").decrypt(sealed)
