"""A connector whose folder is gone or broken waits, and so do its accounts; all others go on, and people are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx2
import pytest

from orderloom.adapters import manifests as found
from orderloom.adapters.absent import Manifests
from orderloom.application.queries.accounts import list_accounts
from orderloom.application.sources.walking import walk_step
from orderloom.bootstrap import connectors as bootstrap
from orderloom.bootstrap import find_connectors
from orderloom.testing.builders import a_purchase
from orderloom.testing.clock import STORY_BEGINS
from tests.support.stage import Stage, open_stage, plain, spare, tid


def without(stage: Stage, *names: str) -> None:
    """As the hub is when it starts without these connectors."""
    for name in names:
        stage.hub.connectors.pop(name)  # type: ignore[attr-defined]
    stage.hub.manifests = Manifests({n: one for n, one in stage.hub.manifests.items() if n not in names})


async def test_accounts_of_a_connector_that_is_not_there_wait_and_stop_nobody(database: str, home: Path) -> None:
    async with open_stage(database, home) as stage:
        there, all_of_them = dict(stage.hub.connectors), stage.hub.manifests
        without(stage, "shopify", "wangdiantong")
        stage.taobao.place(a_purchase(tid(1), STORY_BEGINS, **plain(spare("M-001", 2))))
        await stage.flow()
        await walk_step(stage.hub)
        assert await stage.value("select fulfilment from orders") == "allocated"
        assert await stage.deliveries("work") == [("work", "due", 0)], "it waits, and no try is counted"
        async with httpx2.AsyncClient() as http:
            pushed = await http.post(f"{stage.base}/hub/webhooks/SH01", content=b"{}")
        assert pushed.status_code == 503 and pushed.headers["retry-after"], "the platform tries again"
        async with stage.hub.pool.connection() as connection:
            told = {one.code: one for one in (await list_accounts(connection, stage.hub.manifests)).accounts}
        assert not told["SH01"].is_well and "orderloom doctor" in told["SH01"].health
        directory = await stage.hub.directory()
        account = directory.account_by_code("SH01")
        assert account is not None
        probed = await stage.hub.trial.probe(account)
        assert not probed.is_well and "shopify" in probed.message
        stage.hub.connectors.update(there)  # type: ignore[attr-defined]
        stage.hub.manifests = all_of_them
        await stage.flow()
        assert await stage.deliveries("work") == [("work", "done", 1)]


@pytest.mark.parametrize(("file", "text"), [
    ("connector.yaml", "connector: 1\nname: taobao\nfamily: chanels\n"), ("connector.yaml", "a: [\n"),
    ("mapping.yaml", "mapping: 1\nnonsense: true\n"),
])
def test_a_folder_with_a_mistake_is_told_by_its_line_and_takes_no_other_with_it(
    file: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = tmp_path / "channels" / "taobao"
    shutil.copytree(found.ADAPTERS / "channels" / "taobao", broken, ignore=shutil.ignore_patterns("__pycache__"))
    (broken / file).write_text(text, "utf-8")
    paths = [broken, *(one for one in found.folders() if one.name != "taobao")]
    for module in (found, bootstrap):
        monkeypatch.setattr(module, "folders", lambda *_: paths)
    caches = (found._loaded, found.manifests, bootstrap.compiled_mapping)
    for cache in caches:
        cache.cache_clear()
    try:
        assert "jd" in find_connectors() and "jd" in bootstrap.find_mappings().connectors
        assert any(f"taobao/{file}:" in told for told in bootstrap.broken_folders())
        assert bootstrap.find_mappings().of("taobao") is None
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()


def test_no_folder_of_the_product_has_a_mistake() -> None:
    assert bootstrap.broken_folders() == []
