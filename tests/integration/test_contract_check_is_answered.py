"""Who asks whether a payload would be taken gets an answer over HTTP and on the command line, and nothing is stored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_cli_answers import Cli, cli

from tests.support.api_hub import SAMPLES, a_world, csv_file

__all__ = ["cli"]
ORDER = (SAMPLES / "shopify/samples/webhook.in.json").read_bytes()
URL = "/api/v1/accounts/{}/contract-check"


async def test_a_program_learns_what_a_payload_costs_and_nothing_is_kept(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("accounts:read") as client:
        answer = await client.post(URL.format("SH01"), params={"topic": "orders/create"}, content=ORDER,
                                   headers={"content-type": "application/json"})
        assert answer.status_code == 200
        found = answer.json()
        assert found["is_fit"] and found["surplus_bytes"] > 0 and found["drafts"][0]["kind"] == "OrderDraft"
        form = await client.post(URL.format("XLS"), files={"file": ("o.csv", csv_file("M-001"))})
        assert form.json()["is_fit"] and form.json()["items"] == 1, form.json()
        work = await client.post(URL.format("SH01"), params={"kind": "shipment"}, content=b'{"carrier":"SF","x":1}')
        assert [one["field"] for one in work.json()["surplus"]] == ["x"]
        with psycopg.connect(database) as connection:
            assert connection.execute("select count(*) from message").fetchone() == (0,)


@pytest.mark.parametrize(("code", "params", "status"), [
    ("NONE", {}, 404), ("SH01", {"kind": "nonsense"}, 422), ("SH01", {"kind": "work"}, 422),
])
async def test_a_check_that_cannot_be_made_says_why(
    home: Path, database: str, code: str, params: dict[str, str], status: int,
) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("accounts:read") as client:
        answer = await client.post(URL.format(code), params=params, content=ORDER)
        assert answer.status_code == status, answer.text
        assert "199" not in answer.text and answer.json()["detail"]


async def test_a_stranger_checks_nothing(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("orders:read") as client:
        assert (await client.post(URL.format("SH01"), content=ORDER)).status_code == 403


async def test_an_empty_or_huge_payload_is_an_answer_and_no_crash(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world, await world.client("accounts:read") as client:
        for code in ("SH01", "XLS"):
            empty = await client.post(URL.format(code), content=b"")
            assert empty.status_code == 200 and not empty.json()["is_fit"] and empty.json()["wrong"], code
        bomb = await client.post(URL.format("XLS"), content=b"PK\x03\x04" + b"\0" * 100_000)
        assert bomb.status_code == 200 and not bomb.json()["is_fit"]
        large = await client.post(URL.format("SH01"), content=b" " * (33 << 20))
        assert large.status_code == 413


def test_a_script_goes_by_the_exit_code(cli: Cli, tmp_path: Path) -> None:
    cli("connect", "files", "--code", "F01")
    good, bad, empty = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "empty.csv"
    good.write_bytes(csv_file("M-001"))
    bad.write_bytes(csv_file("M-001").replace(b"100.00", "王小明".encode()))
    empty.write_bytes(b"")

    def asked(*words: str) -> tuple[int, Any]:
        code, out, _ = cli("contract-check", *words, "--json")
        return code, json.loads(out)

    assert asked(str(good), "--account", "f01")[0] == 0
    code, found = asked(str(bad), "--account", "F01")
    assert code == 1 and {one["field"] for one in found["wrong"]} == {"total", "paid", "lines[].price"}
    assert "王小明" not in json.dumps(found["wrong"], ensure_ascii=False)
    assert asked(str(empty), "--account", "F01")[0] == 1
    assert asked(str(good), "--account", "NONE")[0] == 2
    assert asked(str(tmp_path / "missing"), "--account", "F01")[0] == 2
    code, out, _ = cli("contract-check", str(bad), "--account", "F01")
    assert code == 1 and "lines[].price" in out
