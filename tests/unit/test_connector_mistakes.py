"""What is wrong in a `connector.yaml` is told when it is loaded: file, line, place, reason and the nearest word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orderloom.adapters.kit.load import load_folder, load_text
from orderloom.adapters.kit.notes import BadConnector

GOOD = """connector: 1
name: acme
family: channels
title: {zh: 示例, en: Acme}
zone: Asia/Shanghai
base_url: https://api.acme.example
credentials:
  app_key: {title: {zh: 钥匙, en: Key}}
  app_secret: {title: {zh: 密钥, en: Secret}, secret: true}
settings:
  region: {title: {zh: 区域, en: Region}, default: eu}
calls:
  main:
    query: {key: $app_key, at: $now}
    sign: {of: [$app_secret, {params: kv}, $app_secret], digest: md5, as: hex, into: {query: sign}}
answers:
  - {at: code, in: [0], means: good}
pull:
  lists:
    orders:
      get: /orders
      window: {from: since, to: until, into: query, at_most: 1h}
      pages: {by: number, in: page, into: query}
      cut: data.orders
      each: {topic: order, id: id, version: at, as: iso}
tell:
  stock:
    post: "/items/{id}"
    path: {id: $figure.listing.item_id}
    per: figure
    send: {quantity: $figure.quantity}
    fields: {figures.quantity: null, figures.listing.item_id: 20}
push:
  verify: {unsigned: true}
  topics:
    changed: {reread: orders, id: id}
"""
SHIPMENT = ("{post: /ships, fields: {lines.quantity: null}, "
            "send: {lines: {for: line, in: $shipment.lines, give: {n: $line.quantty}}}}")
MISTAKES = {
    "a key that is misspelt": ("digest: md5", "digset: md5", 15, "digest"),
    "a way of writing that there is none of": ("as: iso}", "as: isoo}", 25, "iso"),
    "a name that nobody gives": ("$app_key", "$ap_key", 14, "$app_key"),
    "a second look by a value that the question does not have": (
        "version: at, as: iso}\n", "version: at, as: iso}\n      again: {form: created}\n", 26, "from"),
    "a name in the place of a key": (
        "{quantity: $figure.quantity}", "{$figure.sku: $figure.quantity}", 31, "key: $x.id"),
    "a duration that is none": ("at_most: 1h", "at_most: an hour", 22, "90s"),
    "an answer that nobody gives": (
        "tell:\n", "tell:\n  decision: {ways: {refnd: {post: /r}}, fields: {application: 20, answer: 20}}\n", 27,
        "refund"),
    "a decision that says no way": ("tell:\n", "tell:\n  decision: {post: /r, fields: {application: 20, answer: 20}}\n",
                                    27, "ways"),
    "a choice that names nothing": ("https://api.acme.example", "{choose: region, of: {eu: a, na: b}}", 6, "choose: $"),
    "several addresses without a choice": ("https://api.acme.example", "{of: {eu: a}}", 6, "choose"),
    "a hole in the path that nothing fills": ("path: {id: ", "path: {no: ", 29, "{id}"),
    "a form that is none": ("in: [0], means: good", 'like: ["(a"], means: good', 17, "no regular expression"),
    "a meaning that there is none of": ("means: good", "means: god", 17, "good"),
    "a wait for what nobody knows": (
        "in: [0], means: good", "in: [7], means: too_fast, wait: {neds: cost}", 17, "needs"),
    "a table that is no setting": ("quantity: $figure.quantity}", "q: {of: $region, from: $regoin}}", 31, "$region"),
    "a call by the platform's parts without them": ("per: figure", "per: spread", 30, "spread"),
    "parts and no call by them": ("    per: figure\n", "    per: figure\n    spread: {over: $figure.listing, line: id, "
                                  "quantity: n, open: {at: [1]}}\n", 31, "per: spread"),
    "a row that looks nowhere": ("at: code, in", "in", 17, "at"),
    "a zone that is none": ("Asia/Shanghai", "Asia/Shanghia", 5, "Asia/Shanghai"),
    "a family that there is none of": ("family: channels", "family: channel", 3, "channels"),
    "a list in the place of which one word stands": ("in: [0]", "in: 0", 17, "a list"),
    "a key that belongs deeper": ("  lists:\n", "  one: {get: /orders}\n  lists:\n", 19, "lists."),
    "a path that begins nowhere": ("get: /orders", "get: orders", 21, "begins with /"),
    "a name within a path": ('"/items/{id}"', "/items/$id", 28, "{name}"),
    "a page that would stand in the body of a GET": ("page, into: query", "page", 23, "into: query"),
    "a window that would stand in the body of a GET": ("until, into: query", "until", 22, "into: query"),
    "a kind that nobody tells": ("  stock:", "  stocks:", 28, "stock"),
    "a field that no body has": ("$figure.quantity", "$figure.quantty", 31, "figure.quantity"),
    "a field that no line of a body has": ("  stock:", f"  shipment: {SHIPMENT}\n  stock:", 27, "line.quantity"),
    "a field in the whitelist that no body has": ("{figures.quantity", "{quantity", 32, "figures.quantity"),
    "a field that is used and not let out": (", figures.listing.item_id: 20", "", 29, "not in fields"),
    "a whitelist that lets nothing out": ("    fields: {figures.quantity: null, figures.listing.item_id: 20}\n", "", 28,
                                          "fields is missing"),
    "a list that a push would have read again": ("reread: orders", "reread: order", 36, "orders"),
    "a table that the file does not have": ("$figure.quantity}", "{of: $figure.quantity, from: words}}", 31, "words"),
}


def test_aliases_of_aliases_do_not_make_much_of_little() -> None:
    rows = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(BadConnector) as told:
        load_text("\n".join(rows), "acme/connector.yaml")
    assert "aliases" in told.value.mistakes[0].reason


def test_a_declaration_without_mistakes_is_loaded() -> None:
    assert load_text(GOOD, "acme/connector.yaml").said.name == "acme"


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_line_with_what_to_write_instead(name: str) -> None:
    right, wrong, line, hint = MISTAKES[name]
    assert GOOD.count(right) >= 1
    with pytest.raises(BadConnector) as told:
        load_text(GOOD.replace(right, wrong, 1), "acme/connector.yaml")
    first = told.value.mistakes[0]
    assert first.file == "acme/connector.yaml" and hint in first.reason
    assert not line or first.line == line, str(first)


def test_a_wrong_signature_is_told_with_what_was_signed_and_not_beside_a_mistake_in_its_recipe(tmp_path: Path) -> None:
    folder = tmp_path / "channels" / "acme"
    (folder / "samples").mkdir(parents=True)
    vector = {"name": "one", "recipe": "calls.main.sign", "given": {"app_secret": "s"}, "params": {"a": "1"},
              "expect": "0"}
    (folder / "samples" / "vectors.json").write_text(json.dumps([vector]))
    for text, told in ((GOOD, ["what was digested: b'sa1s'"]), (GOOD.replace("md5", "md6"), ["did you mean md5?"])):
        (folder / "connector.yaml").write_text(text, "utf-8")
        with pytest.raises(BadConnector) as bad:
            load_folder(folder)
        assert [one.reason[-len(end):] for one, end in zip(bad.value.mistakes, told, strict=True)] == told


def test_all_mistakes_are_told_at_once() -> None:
    text = GOOD.replace("$app_key", "$ap_key").replace("$figure.quantity", "$figur.quantity")
    with pytest.raises(BadConnector) as told:
        load_text(text, "acme/connector.yaml")
    assert [one.line for one in told.value.mistakes] == [14, 31]


@pytest.mark.parametrize("text", [
    "", "connector: 2", "- a list", "connector: 1\n\tname: acme", "connector: 1\nname: [", "a: &a [*a]",
])
def test_what_is_no_declaration_at_all_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadConnector) as told:
        load_text(text, "acme/connector.yaml")
    assert all("acme/connector.yaml:" in str(one) for one in told.value.mistakes)


def test_the_file_of_before_is_refused_with_the_name_that_it_has_now(tmp_path: Path) -> None:
    folder = tmp_path / "channels" / "acme"
    folder.mkdir(parents=True)
    (folder / "manifest.yaml").write_text("name: acme")
    with pytest.raises(BadConnector, match=r"connector\.yaml"):
        load_folder(folder)


@pytest.mark.parametrize("vectors", [
    [{"name": "wrong", "recipe": "calls.main.sign", "given": {"app_secret": "s"}, "params": {"a": "1"}, "expect": "0"}],
    [{"name": "of no recipe", "recipe": "calls.main.sing", "given": {}, "params": {}, "expect": "0"}],
    [{"name": "without what is needed"}],
    "no list",
])
def test_a_recipe_that_does_not_give_the_platforms_own_signature_is_refused(vectors: object, tmp_path: Path) -> None:
    folder = tmp_path / "channels" / "acme"
    (folder / "samples").mkdir(parents=True)
    (folder / "connector.yaml").write_text(GOOD, "utf-8")
    (folder / "samples" / "vectors.json").write_text(json.dumps(vectors))
    with pytest.raises(BadConnector, match=r"vectors\.json"):
        load_folder(folder)
