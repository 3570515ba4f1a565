"""`orderloom connectors check`: whoever writes a connector hears every mistake at once, and what the folder is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_every_connector import CAPABILITIES

from new_channel import scaffold
from orderloom.adapters.kit.examine import ABILITIES, examine
from orderloom.adapters.manifests import folders
from orderloom.entrypoints.cli.main import answer

SPOILT = {  # file: (instead of, is written), and what is told of it: file and line, place, reason
    "connector.yaml": [
        ("digest: hmac-sha256, key: [$secret], as: hex, into", "digest: hmac-sha265, key: [$secrt], as: hex, into",
         "connector.yaml:17: calls.main.sign.digest: ", "did you mean hmac-sha256?"),
        ("", "", "connector.yaml:17: calls.main.sign.key.0: ", "did you mean $secret?"),
        ("at_most: 1d", "at_mots: 1d", "connector.yaml:32: pull.lists.orders.window.at_mots: ",
         "did you mean at_most?"),
        ("means: too_fast", "means: to_fast", "connector.yaml:23: answers.4.means: ", "did you mean too_fast?"),
    ],
    "carriers.yaml": [("shunfeng:", "shunfen:", "carriers.yaml:5: words.shunfen: ", "did you mean shunfeng?")],
    "mapping.yaml": [("external_number:", "external_numer:", "mapping.yaml:12: ['order'] fields.external_numer: ",
                      "did you mean external_number?")],
    "statuses.yaml": [("milestone: handed_over", "milestone: handed_ove", "statuses.yaml:7: ", "handed_over")],
}  # fmt: skip


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    scaffold("acme", tmp_path / "channels")
    return tmp_path / "channels" / "acme"


def checked(folder: Path | str, capsys: pytest.CaptureFixture[str], code: int) -> dict[str, Any]:
    capsys.readouterr()
    assert answer(["connectors", "check", str(folder), "--json"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_sound_folder_tells_what_it_can_and_cannot(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (acme / "quality.yaml").write_text("quality: 1\nwithout: {listings: No call finds one.}\n", "utf-8")
    found = checked(acme, capsys, 0)
    assert (found["is_fit"], found["mistakes"], found["signatures"]) == (True, [], 2)
    assert set(found["can"]) == {"pull", "push", "shipment", "stock"}
    assert found["cannot"]["listings"] == "No call finds one." and found["cannot"]["authorise"] == ""
    assert found["samples"] == [{"name": "paid", "is_good": True, "differences": []}]


def test_every_mistake_of_every_file_is_told_at_once_with_its_line_and_the_word_that_was_meant(
    acme: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    for name, mistakes in SPOILT.items():
        for old, new, _, _ in mistakes:
            text = (acme / name).read_text("utf-8")
            assert old in text
            (acme / name).write_text(text.replace(old, new, 1), "utf-8")
    (acme / "quality.yaml").write_text("quality: 1\nunverifed: []\n", "utf-8")
    told = [f"{one['file']}:{one['line']}: {one['place'] or 'file'}: {one['reason']}"
            for one in checked(acme, capsys, 1)["mistakes"]]
    for mistakes in SPOILT.values():
        for _, _, place, reason in mistakes:
            assert any(one.startswith(f"acme/{place}") and reason in one for one in told), (place, told)
    assert any("quality.yaml" in one and "unverifed" in one for one in told)
    assert answer(["connectors", "check", str(acme)]) == 1
    shown = capsys.readouterr().out
    assert all(line in shown for line in told), "and a person reads the same"


def test_a_sample_that_becomes_something_else_is_told_by_its_field(
    acme: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    file = acme / "mapping.yaml"
    file.write_text(file.read_text("utf-8").replace("total: total", "total: paid"), "utf-8")
    found = checked(acme, capsys, 1)
    [mistake] = found["mistakes"]
    assert (mistake["file"], mistake["place"]) == ("acme/samples/paid.in.json", "total")
    assert "19300" in mistake["reason"] and "20300" in mistake["reason"]
    assert found["samples"][0]["is_good"] is False


def test_a_wrong_signature_and_what_lacks_are_told(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    vectors = acme / "samples" / "vectors.json"
    vectors.write_text(vectors.read_text("utf-8").replace('"expect": "', '"expect": "0'), "utf-8")
    for name in ("statuses.yaml", "samples/paid.order.json"):
        (acme / name).unlink()
    told = "\n".join(f"{one['file']} {one['place']} {one['reason']}" for one in checked(acme, capsys, 1)["mistakes"])
    for words in ("calls.main.sign vectors.json: parcel", "push.verify.0.recipe vectors.json: push",
                  "acme/statuses.yaml", "paid.order.json"):
        assert words in told, told


def test_what_is_expected_is_written_only_where_it_lacks(acme: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = acme / "samples" / "paid.order.json"
    before, body = wanted.read_text("utf-8"), (acme / "samples" / "paid.in.json").read_bytes()
    wanted.unlink()
    assert answer(["connectors", "check", str(acme), "--expect"]) == 0
    assert wanted.read_text("utf-8") == before
    wanted.write_text(before.replace("19300", "1"), "utf-8")
    assert answer(["connectors", "check", str(acme), "--expect"]) == 1
    assert '"total": 1' in wanted.read_text("utf-8"), "what somebody decided is never written over"
    wanted.unlink()
    (acme / "samples" / "paid.in.json").write_text("{}", "utf-8")
    (acme / "samples" / "shipped.in.json").write_bytes(body)
    capsys.readouterr()
    assert answer(["connectors", "check", str(acme), "--expect"]) == 1
    assert not wanted.exists() and wanted.with_name("shipped.order.json").exists(), "one that is none stops no other"
    told = capsys.readouterr().out
    assert "paid.in.json:1: total: 缺少必填字段" in told and "paid.item.json" in told and "{'" not in told, told


def test_no_connector_of_that_name_is_told_with_the_nearest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["connectors", "check", "taobo"]) == 2
    assert "taobao" in capsys.readouterr().err
    assert answer(["connectors", "check", str(tmp_path)]) == 2
    assert "connector.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_every_folder_of_ours_is_sound(folder: Path) -> None:
    found = examine(folder)
    assert found.is_fit, "\n".join(map(str, found.mistakes))
    assert found.can and set(found.can) <= CAPABILITIES | {*ABILITIES[found.family]}


def test_a_folder_is_looked_at_wherever_it_lies(acme: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    found = examine(acme.rename(tmp_path / "mine" / "acme"))
    assert found.is_fit and found.family == "channels" and found.samples, found.mistakes
