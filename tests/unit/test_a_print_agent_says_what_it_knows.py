"""The agent hands a paper over once, and says printed only of what was taken whole."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import orjson
import pytest

from orderloom.adapters.print_agent import (
    AgentRefused,
    Cups,
    Folder,
    Handed,
    NoOutlet,
    PrintAgent,
    RawPrinter,
    outlet_at,
)
from tests.support.raw_printer import RawPrinterDouble

PAPER = b"^XA^FDx^FS^XZ" * 1_000


@pytest.fixture
def printer() -> Iterator[RawPrinterDouble]:
    found = RawPrinterDouble()
    yield found
    found.close()


def test_a_printer_on_the_network_gets_every_byte(printer: RawPrinterDouble) -> None:
    assert RawPrinter("127.0.0.1", printer.port).put(1, "zpl", PAPER) == Handed("printed")
    assert printer.is_over.wait(10) and printer.got == PAPER


def test_a_printer_that_is_off_failed_and_one_that_broke_off_is_asked_about() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = int(gone.getsockname()[1])
    assert RawPrinter("127.0.0.1", port).put(1, "zpl", PAPER).result == "failed"
    broken = RawPrinterDouble(most=1)
    assert RawPrinter("127.0.0.1", broken.port).put(1, "zpl", PAPER * 2_000).result == "unknown"
    broken.close()


def test_a_folder_gets_whole_files(tmp_path: Path) -> None:
    assert Folder(tmp_path).put(7, "pdf", b"%PDF") == Handed("printed")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("7.pdf", b"%PDF")]
    assert Folder(tmp_path / "gone").put(7, "pdf", b"").result == "failed"


def _cups(folder: Path, monkeypatch: pytest.MonkeyPatch, lp: str, lpstat: str) -> Cups:
    for name, script in (("lp", lp), ("lpstat", lpstat)):
        file = folder / name
        file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        file.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return Cups("Q", rest=lambda seconds: None)


def test_cups_has_printed_what_it_does_not_list_any_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = f'echo "$@" > {tmp_path}/asked; echo "request id is Q-12 (1 file(s))"'
    again = f'echo "Q-11 x"; [ -e {tmp_path}/once ] || echo "Q-12 x"; touch {tmp_path}/once'
    assert _cups(tmp_path, monkeypatch, taken, again).put(3, "zpl", PAPER) == Handed("printed")
    assert "-d Q" in (tmp_path / "asked").read_text() and "-o raw" in (tmp_path / "asked").read_text()
    assert _cups(tmp_path, monkeypatch, taken, 'echo "Q-12 x"').put(3, "pdf", PAPER).result == "unknown"
    assert _cups(tmp_path, monkeypatch, "exit 1", "").put(3, "pdf", PAPER).result == "failed"
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert Cups("Q").put(3, "pdf", PAPER) == Handed("failed", "cups: no lp")


def test_only_what_is_a_printers_address_is_one(tmp_path: Path) -> None:
    assert isinstance(outlet_at("tcp://10.0.0.5"), RawPrinter) and isinstance(outlet_at(f"folder:{tmp_path}"), Folder)
    assert isinstance(outlet_at("cups:Label-1"), Cups)
    for wrong in ("", "tcp://", "tcp://x:99999999", "cups:", "cups:-d", "folder:/nowhere/at/all", "usb:1", "10.0.0.5"):
        with pytest.raises(NoOutlet):
            outlet_at(wrong)


class Hub:
    """A hub that loses the first answer to everything."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        body = orjson.loads(request.content)
        is_first = (request.url.path, body) not in self.asked
        self.asked.append((request.url.path, body))
        if is_first:
            raise httpx2.ReadTimeout("lost")
        if request.url.path.endswith("/lease"):
            return httpx2.Response(200, json={"job": 5, "form": "zpl", "document": base64.b64encode(PAPER).decode()})
        return httpx2.Response(200, json={"job": 5, "is_known": False})


class Tray:
    """What came out."""

    def __init__(self) -> None:
        self.papers: list[bytes] = []

    def put(self, job: int, form: str, document: bytes) -> Handed:
        self.papers.append(document)
        return Handed("printed")


def test_answers_that_are_lost_print_nothing_twice() -> None:
    hub, tray = Hub(), Tray()
    with httpx2.Client(base_url="http://hub", transport=httpx2.MockTransport(hub.answer)) as http:
        assert PrintAgent(http, "P", tray, rest=lambda seconds: None).step() == 5
    assert tray.papers == [PAPER]
    leases = {body["lease"] for _, body in hub.asked}
    assert len(leases) == 1 and [path.rsplit("/", 1)[1] for path, _ in hub.asked] == ["lease"] * 2 + ["result"] * 2


def test_an_agent_that_is_not_let_in_ends_and_says_why() -> None:
    def no(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(403, json={"code": "no_scope"})

    with httpx2.Client(base_url="http://hub", transport=httpx2.MockTransport(no)) as http:
        with pytest.raises(AgentRefused, match="no_scope"):
            PrintAgent(http, "P", Tray()).step()
