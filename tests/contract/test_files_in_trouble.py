"""A watched folder in trouble: what befalls files costs at most what is spoilt, and nothing comes twice.

The suite of channels in trouble strikes platforms that are called; a folder has the same kinds of trouble where it can.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.channels.files import inbox
from orderloom.adapters.channels.files.simulator import NO_TROUBLE, TROUBLE, Simulator, external_id
from orderloom.adapters.simulated.trouble import KINDS
from orderloom.application.ports import Account, Cursor, Terminal
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import Folder, caller, folders, purchase

FOLDER: Folder = next(folder for folder in folders("channels") if folder.name == "files")
CONNECTOR: Any = FOLDER.connector
PLACED = 4
SPOILS_A_ROW = ("broken_body", "bad_record", "null_object")


class Desk:
    """A folder, somebody who drops files into it, and an account that watches it."""

    def __init__(self, place: Path) -> None:
        settings = {"inbox": str(place / "in"), "outbox": str(place / "out"), "settle_seconds": 0.02}
        for name in ("in", "out"):
            (place / name).mkdir()
        self.simulator = Simulator({}, lambda: datetime.now(UTC), settings)
        self.account = Account(1, "F1", "channels", "files", "Asia/Shanghai", "", {}, settings)
        self.seen: dict[str, set[bytes]] = {}
        """By order the bytes that were read of it."""

    def place(self) -> list[str]:
        """Orders of one line, in one file."""
        for n in range(1, PLACED + 1):
            bought = purchase(FOLDER, n)
            self.simulator.place(bought | {"lines": bought["lines"][:1]})
        self.simulator.flush("utf-8")
        return [external_id(n) for n in range(1, PLACED + 1)]

    async def look(self) -> None:
        """Read what lies there."""
        async with caller() as http:
            at = datetime.now(UTC)
            found = [item for page in [one async for one in CONNECTOR.pull(self.account, Cursor(at), at, http)]
                     for item in page.items if item.topic == "row"]
        for item in found:
            for told in translate(self.account, item.topic, item.body, dict(item.context),
                                  at + timedelta(minutes=1), FOLDER.mappings()):
                if isinstance(told, OrderDraft):
                    self.seen.setdefault(told.external_id, set()).add(item.body)


@pytest.mark.parametrize("kind", TROUBLE)
async def test_trouble_with_a_file_costs_at_most_the_row_that_is_spoilt(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.simulator.fault(kind)
    placed = desk.place()
    if kind == "dropped":
        with pytest.raises(Terminal, match="no_inbox"):
            await desk.look()
    elif kind == "slow":  # it grows between the two looks that each reading takes
        looks, real = iter([lambda: None, desk.simulator.mend]), inbox._look
        with monkeypatch.context() as patched:
            patched.setattr(inbox, "_look", lambda folder: (next(looks)(), real(folder))[1])
            await desk.look()
        assert not desk.seen, "nothing is read while somebody writes"
    else:
        await desk.look()
    desk.simulator.mend()
    desk.simulator.flush("utf-8")
    await desk.look()
    lost = set(placed) - desk.seen.keys()
    assert len(lost) <= (kind in SPOILS_A_ROW), lost
    assert all(len(bodies) == 1 for bodies in desk.seen.values()), "the same rows are the same message"
    await desk.look()
    assert not [path for path in (tmp_path / "in").iterdir() if path.is_file()], "nothing is left lying"


@pytest.mark.parametrize("kind", SPOILS_A_ROW)
async def test_a_row_that_was_spoilt_comes_in_once_it_is_written_again(kind: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.simulator.fault(kind)
    placed = desk.place()
    await desk.look()
    for key in set(placed) - desk.seen.keys():
        desk.simulator.pay(key, datetime.now(UTC))
    desk.simulator.flush("utf-8")
    await desk.look()
    assert sorted(desk.seen) == placed


def test_every_trouble_of_the_kit_befalls_a_folder_or_has_its_reason() -> None:
    assert {*TROUBLE, *NO_TROUBLE} == set(KINDS) and all(NO_TROUBLE.values())
    with pytest.raises(ValueError, match="nobody is asked"):
        Simulator({}, lambda: datetime.now(UTC), {}).fault("rate_limited")
