"""The doctor finds each real fault and says how to mend it, and says nothing of what is well."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import psycopg
import pytest

from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.migrate import BOOKS
from orderloom.adapters.vault import keyring_file, load_vault
from orderloom.entrypoints.cli import doctor
from orderloom.entrypoints.cli.doctor import Checked, diagnose
from orderloom.entrypoints.cli.first_run import ensure_blueprint
from orderloom.settings import BadSetting, Settings, read_settings


def _by_name(findings: list[Checked]) -> dict[str, Checked]:
    return {finding.what_en: finding for finding in findings}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def test_a_healthy_installation_is_called_healthy(home: Path, database: str) -> None:
    found = await diagnose(Settings(home=home, dsn=database, port=_free_port()))
    assert [finding for finding in found if not finding.is_well] == []
    assert {"Database version", "Database schema", "Packages as locked"} <= _by_name(found).keys()


async def test_rules_by_which_nobody_is_told_are_named(home: Path, database: str) -> None:
    settings = Settings(home=home, dsn=database, port=_free_port())
    load_vault(home)
    await asyncio.to_thread(ensure_blueprint, settings, database)
    found = _by_name(await diagnose(settings))
    assert "The check itself failed" not in found
    assert not found["Somebody is told"].is_well and "recipients set" in found["Somebody is told"].mend_en


async def test_a_database_that_is_away_or_behind_is_named_without_its_password(
    home: Path, empty_database: str
) -> None:
    away = Settings(home=home, dsn="postgresql://u:secret@127.0.0.1:1/none", port=_free_port())
    found = _by_name(await diagnose(away))["Database answers"]
    assert not found.is_well
    assert "127.0.0.1:1/none" in found.where
    assert "secret" not in repr(found) and "secret" not in repr(away)
    behind = _by_name(await diagnose(Settings(home=home, dsn=empty_database, port=_free_port())))["Database schema"]
    assert not behind.is_well
    assert "0001_" in behind.where


async def test_a_database_of_a_newer_build_is_named(home: Path, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(f"update {BOOKS} set version_num = '9999'".encode())
    found = _by_name(await diagnose(Settings(home=home, dsn=database, port=_free_port())))["Database schema"]
    assert not found.is_well
    assert "9999" in found.mend_zh and "9999" in found.mend_en


async def test_looking_does_not_start_stop_or_create_the_database(home: Path) -> None:
    settings = Settings(home=home / "new", port=_free_port())
    await diagnose(settings)
    assert not settings.home.exists()
    with EmbeddedPostgres(home) as postgres:
        found = _by_name(await diagnose(Settings(home=home, port=_free_port())))
        assert found["Database version"].is_well
        assert postgres.is_running()


async def test_taken_port_misspelt_name_and_full_disk_are_each_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORDERLOOM_PROT", "9000")
    monkeypatch.setattr(doctor, "BYTES_FREE_MIN", 1 << 60)
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = _by_name(await diagnose(Settings(home=home, port=server.getsockname()[1])))
    for name in ("Port is free", "Names of environment variables", "Disk space"):
        assert not found[name].is_well
        assert found[name].mend_zh and found[name].mend_en
    assert "ORDERLOOM_PROT" in found["Names of environment variables"].where


async def test_a_check_that_breaks_hides_no_other_finding(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def check_broken(settings: Settings) -> list[Checked]:
        raise RuntimeError("torn")

    monkeypatch.setattr(doctor, "CHECKS", [check_broken, doctor.check_python])
    found = await diagnose(Settings(home=home))
    assert [finding.is_well for finding in found] == [False, True]
    assert "torn" in found[0].mend_zh


@pytest.mark.parametrize(("name", "value"), [
    ("ORDERLOOM_PORT", "80a"), ("ORDERLOOM_PORT", "0"), ("ORDERLOOM_PORT", "65536"), ("ORDERLOOM_PORT", "８０"),
    ("ORDERLOOM_DATABASE_PORT", "8000"), ("ORDERLOOM_LOG_LEVEL", "loud"),
    ("ORDERLOOM_BUSINESS_ZONE", "Mars/X"), ("ORDERLOOM_QUICK_MAPPING", "maybe"),
    ("ORDERLOOM_KEEP_SENT_DAYS", "6"), ("ORDERLOOM_KEEP_SENT_DAYS", "half a year"), ("ORDERLOOM_HOME", "/etc/hostname"),
    ("ORDERLOOM_DSN", "mysql://u:secret@h/x"), ("ORDERLOOM_DSN", "postgresql://u:secret@h"),
])  # fmt: skip
def test_a_wrong_setting_is_named_with_its_remedy_and_without_secrets(name: str, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings({name: value})
    assert caught.value.name == name
    assert name in str(caught.value)
    assert "secret" not in str(caught.value)


def test_settings_left_alone_are_the_documented_ones() -> None:
    settings = read_settings({})
    assert (settings.port, settings.dsn, settings.key, settings.database_port) == (8000, "", "", None)
    assert (settings.log_level, settings.home.name, settings.is_embedded) == ("INFO", "home", True)


async def test_a_lost_keyring_is_told_before_anybody_rotates_keys(database: str, home: Path) -> None:
    settings = read_settings({"ORDERLOOM_HOME": str(home), "ORDERLOOM_DSN": database})
    with psycopg.connect(database) as connection:
        connection.execute(
            "insert into account (code, family, connector, zone, credentials_cipher)"
            " values ('TB01', 'channels', 'taobao', 'UTC', %s)", (load_vault(home).encrypt(b"{}"),),
        )
    assert [f.is_well for f in await doctor.check_keys(settings)] == [True]
    keyring_file(home).unlink()
    assert [f.is_well for f in await doctor.check_keys(settings)] == [False]
    load_vault(home)
    (other,) = await doctor.check_keys(settings)
    assert not other.is_well and "restore" in other.mend_en
