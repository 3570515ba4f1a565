"""`orderloom connectors check` warns of what a sound declaration loses on most platforms, until it says why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from new_channel import scaffold
from orderloom.adapters.kit.examine import examine
from orderloom.adapters.manifests import folders
from orderloom.entrypoints.cli.main import answer

PAGES = "{by: number, in: page, first: 0, into: query, size: {size: 50}, total: data.total}"
DOUBT = ('    in_doubt: {get: "/v1/orders/{id}", path: {id: $shipment.external_id}, cut: data.parcels, '
         "where: {waybill: $shipment.waybill}}\n")
NO_OVERLAP = ("at_most: 1d, into", "at_most: 1d, overlap: '', into")
SAYS = {  # of a new channel: (instead of, is written), the place that is warned of, a word of the warning
    "past of old": ("  history: 90d", "  #", "pull.history", "nobody is told"),
    "late": (*NO_OVERLAP, "pull.lists.orders.window.overlap", "do not overlap"),
    "shift": (", total: data.total", "", "pull.lists.orders.pages", "no total"),
    "number": ("total: data.total}", "sure: true}", "pull.lists.orders.pages.sure", "no place"),
    "cut": (PAGES, "{by: one}", "pull.lists.orders.pages", "cuts off"),
    "past": ("      cut: ", "      past: false\n      cut: ", "pull.lists.orders.past", "never found"),
    "twice": (DOUBT, "", "tell.shipment", "told again"),
}


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    scaffold("acme", tmp_path / "channels")
    return tmp_path / "channels" / "acme"


def risks(folder: Path) -> dict[str, str]:
    found = examine(folder)
    assert found.is_fit, found.mistakes
    return {one.place: one.reason for one in found.risks if not one.why}


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_of_every_folder_of_ours_it_is_mended_or_said_why_nothing_is_lost(folder: Path) -> None:
    assert risks(folder) == {}, f"mend {folder.name}, or say why under `risks` of its quality.yaml"


@pytest.mark.parametrize("what", SAYS)
def test_what_loses_on_most_platforms_is_warned_of_with_its_line(acme: Path, what: str) -> None:
    file, (old, new, place, words) = acme / "connector.yaml", SAYS[what]
    assert risks(acme) == {}, "a new channel begins without one"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    found = risks(acme)
    assert list(found) == [place] and words in found[place] and " / " in found[place], found
    [risk] = examine(acme).risks
    near = file.read_text("utf-8").splitlines()[risk.line - 2:risk.line]
    assert place.split(".")[-1 if what != "past of old" else 0] in "\n".join(near)


@pytest.mark.parametrize("means", ["done", "good", "missing"])
@pytest.mark.parametrize(("row", "is_warned"), [
    ("at: msg, has: [not there]", True), ('at: msg, in: ["*there*"]', True), ('at: msg, like: [".*not there"]', True),
    ("status: [404]", True), ("at: code, in: [1003]", False), ('at: msg, like: ["order{no}is not there"]', False),
])
def test_a_word_that_a_refusal_may_say_too_is_warned_of_where_nobody_looks_again(
    acme: Path, row: str, is_warned: bool, means: str,
) -> None:
    file = acme / "connector.yaml"
    text = file.read_text("utf-8")
    old = "{at: code, in: [1003], means: missing"
    assert old in text
    file.write_text(text.replace(old, f"{{{row}, means: {means}"), "utf-8")
    found = risks(acme)
    assert list(found) == (["answers.3"] if is_warned else []), found
    assert all("a refusal may say it" in one for one in found.values())
    if is_warned:
        [risk] = examine(acme).risks
        assert row in file.read_text("utf-8").splitlines()[risk.line - 1]


QUEUE = """    news:
      get: /v1/news
      cut: data.news
      each: {topic: news, id: id}
      hints: {kind: kind, confirm: {post: /v1/news/all}, topics: {changed: {reread: orders, id: id}}}
"""


def test_a_queue_that_is_confirmed_as_a_whole_and_details_that_are_skipped_are_warned_of(acme: Path) -> None:
    file = acme / "connector.yaml"
    text = file.read_text("utf-8").replace("  lists:\n", f"  lists:\n{QUEUE}")
    file.write_text(text, "utf-8")
    assert "not kept yet" in risks(acme)["pull.lists.news.hints.confirm"]
    file.write_text(text.replace("/v1/news/all}", "/v1/news, send: {ids: $ids}}"), "utf-8")
    assert risks(acme) == {}
    then = '      then: {get: "/v1/orders/{id}", path: {id: $id}, cut: data, missing: skip}\n'
    file.write_text(file.read_text("utf-8").replace("      one: {get:", f"{then}      one: {{get:"), "utf-8")
    assert "without a word" in risks(acme)["pull.lists.orders.then.missing"]


@pytest.mark.parametrize("known", [
    "    once: true\n", "    headers: {idempotency-key: $delivery.id}\n",
    "    answers: [{at: code, in: [7], means: done}]\n"])
def test_what_is_known_again_is_no_risk(acme: Path, known: str) -> None:
    file = acme / "connector.yaml"
    text = file.read_text("utf-8")
    assert DOUBT in text
    file.write_text(text.replace(DOUBT, known), "utf-8")
    assert risks(acme) == {}


@pytest.mark.parametrize("parts", ["[$path]", "[$query.t, {params: kv}]"])
def test_a_push_whose_body_nobody_signed_is_warned_of(acme: Path, parts: str) -> None:
    file = acme / "connector.yaml"
    text = file.read_text("utf-8")
    assert "verify: {recipe: {of: [$raw_body]" in text
    file.write_text(text.replace("verify: {recipe: {of: [$raw_body]", f"verify: {{recipe: {{of: {parts}"), "utf-8")
    vectors = acme / "samples" / "vectors.json"
    vectors.write_text(json.dumps([one for one in json.loads(vectors.read_text()) if "push" not in one["recipe"]]))
    assert "the body is not" in risks(acme)["push.verify"]


def test_pushes_alone_are_warned_of(acme: Path) -> None:
    file = acme / "connector.yaml"
    text = file.read_text("utf-8")
    start, end = text.index("pull:\n"), text.index("push:\n")
    file.write_text((text[:start] + text[end:]).replace("reread: orders, id: order_id", "topic: order"), "utf-8")
    assert "add a pull" in risks(acme)["push"]


def test_a_risk_is_shown_until_it_is_said_and_what_is_said_of_none_is_a_mistake(
    acme: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    file, quality = acme / "connector.yaml", acme / "quality.yaml"
    file.write_text(file.read_text("utf-8").replace(*NO_OVERLAP), "utf-8")
    assert answer(["connectors", "check", str(acme)]) == 0, "a warning is no mistake"
    told = capsys.readouterr().out
    assert "pull.lists.orders.window.overlap" in told and "quality.yaml" in told
    quality.write_text("quality: 1\nrisks: {pull.lists.orders.window.overlap: It shows all at once.}\n", "utf-8")
    assert risks(acme) == {}
    assert answer(["connectors", "check", str(acme)]) == 0
    assert "It shows all at once." in capsys.readouterr().out
    file.write_text(file.read_text("utf-8").replace("overlap: ''", "overlap: 2m"), "utf-8")
    [mistake] = examine(acme).mistakes
    assert mistake.place == "risks.pull.lists.orders.window.overlap" and "no such risk" in mistake.reason
