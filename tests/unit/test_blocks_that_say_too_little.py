"""What is well formed in a `connector.yaml` and would lose or believe something later is told when it is loaded."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

import pytest

from orderloom.adapters.kit.load import load_folder, load_text
from orderloom.adapters.kit.notes import BadConnector
from orderloom.application.ports import Inbound
from tests.support.declared_shop import AT, HEAD, SECRET, account, connector, orders_by

STOCK = ("tell:\n  stock:\n    post: /stock\n    per: group\n    send: {n: $group.figures}\n"
         "    fields: {figures.quantity: null}\n")
PUSH = ("push:\n  verify: {recipe: {of: [$raw_body], digest: hmac-sha256, key: [$key]}, found: {header: sign}}\n"
        "  kind: type\n  topics: {paid: {topic: order}}\n")
ORDERS = orders_by("{by: number, in: page, first: 0, into: query, size: {n: 20}, total: data.total}")
OPEN = "      open: {at: status, not: [finished]}\n"
ROW = "{at: code, in: [9], means: wrong_key, why: message}"
TOO_LITTLE = {  # the text, what stands in it, what is written instead, the place that is told, a word of what is said
    "no figure at once": (STOCK, "per: group", "per: group\n    group: {at_most: -1}", "tell.stock.group.at_most", "1"),
    "many figures": (
        STOCK, "per: group", "per: group\n    group: {at_most: many}", "tell.stock.group.at_most", "number"),
    "a group by a misspelt key": (
        STOCK, "per: group", "per: group\n    group: {at_mots: 5}", "tell.stock.group.at_mots",
        "at_most"),
    "a group of what goes one by one": (STOCK, "per: group", "group: {at_most: 5}", "tell.stock.group", "per: group"),
    "a success by no value": (STOCK, "per: group", "per: group\n    done: {at: ok}", "tell.stock.done", "present"),
    "a success at a misspelt place": (
        STOCK, "per: group", "per: group\n    done: {att: ok, is: 1}", "tell.stock.done.att",
        "at"),
    "refusals that stand nowhere": (STOCK, "per: group", "per: group\n    parts: {id: sku}", "tell.stock.parts", "bad"),
    "a field of no length": (STOCK, "quantity: null", "quantity: 0", "tell.stock.fields.figures.quantity", "1"),
    "a first page in words": (ORDERS, "first: 0", "first: one", "pull.lists.orders.pages.first", "whole number"),
    "a first page before the first": (ORDERS, "first: 0", "first: -1", "pull.lists.orders.pages.first", "0"),
    "pages of nothing": (ORDERS, "n: 20", "n: 0", "pull.lists.orders.pages.size.n", "1"),
    "no page": (ORDERS, "first: 0", "first: 0, at_most: 0", "pull.lists.orders.pages.at_most", "1"),
    "pages that nothing takes": (ORDERS, "in: page, ", "", "pull.lists.orders.pages", "in"),
    "a token that stands nowhere": (ORDERS, "by: number", "by: token", "pull.lists.orders.pages", "next"),
    "a window without an end": (ORDERS, "to: until, ", "", "pull.lists.orders.window", "to"),
    "a window of no length": (ORDERS, "at_most: 1d", "at_most: 0s", "pull.lists.orders.window.at_most", "duration"),
    "a past before the beginning": (ORDERS, "pull:\n", "pull:\n  history: -90d\n", "pull.history", "duration"),
    "a rest in words": (ORDERS, "pull:\n", "pull:\n  every: 60\n", "pull.every", "duration"),
    "finished ones at a misspelt place": (
        ORDERS + OPEN, "at: status", "att: status", "pull.lists.orders.open.att", "at"),
    "finished ones as a text": (ORDERS + OPEN, "[finished]", "finished", "pull.lists.orders.open.not", "list"),
    "a walk for nothing": (ORDERS, "      cut", "      loop: {state: []}\n      cut", "pull.lists.orders.loop.state",
                           "empty"),
    "a walk for each of a misspelt setting": (ORDERS, "      cut", "      loop: {state: $kye}\n      cut",
                                              "pull.lists.orders.loop.state", "$key"),
    "a pattern without its group": ("", ROW, "{at: c, in: [9], means: too_fast, wait: {at: m, words: '[0-9]+'}}",
                                    "answers.1.wait.words", "([0-9]+)"),
    "a pattern that is none": ("", ROW, "{at: c, in: [9], means: too_fast, wait: {at: m, words: '([0-9'}}",
                               "answers.1.wait.words", "regular expression"),
    "a wait that is no time": ("", ROW, "{at: c, in: [9], means: too_fast, wait: {at: m, else: soon}}",
                               "answers.1.wait.else", "duration"),
    "a wait that stands nowhere": (
        "", ROW, "{at: c, in: [9], means: too_fast, wait: {else: 2s}}", "answers.1.wait", "at"),
    "a range that ends before it begins": (
        "", ROW, "{at: c, in: [9-1], means: refused}", "answers.1", "before it begins"),
    "a row of no value": ("", ROW, "{at: c, in: [], means: refused}", "answers.1.in", "empty"),
    "a status that there is none of": ("", ROW, "{status: [42], means: refused}", "answers.1.status.0", "100"),
    "no call a second": ("", "per_second: 1000", "per_second: 0", "rate.per_second", "above 0"),
    "no number of calls a second": ("", "per_second: 1000", "per_second: nan", "rate.per_second", "above 0"),
    "calls of no kind": ("", "calls:\n  main:", "calls: {}\nasks:\n  main:", "calls", "empty"),
    "a trial at a misspelt place": (PUSH, "  kind", "  test: {att: t, in: [1]}\n  kind", "push.test.att", "at"),
    "a signature at a misspelt place": (PUSH, "header: sign", "heder: sign", "push.verify.found.heder", "header"),
    "a signature that stands nowhere": (PUSH, "{header: sign}", "{}", "push.verify.0.found", "header"),
    "no place of a signature": (PUSH, ", found: {header: sign}", "", "push.verify.0", "found"),
    "a time that is not said": (PUSH, "found:", "within: 5m, found:", "push.verify.0", "stamp"),
    "a hint at nothing": (PUSH + ORDERS, "topic: order}}\n", "reread: orders}}\n", "push.topics.paid", "id"),
    "no proof at all": (
        PUSH, "{recipe: {of: [$raw_body], digest: hmac-sha256, key: [$key]}, found: {header: sign}}", "[]",
        "push.verify", "empty"),
    "a proof beside none": (PUSH, "  verify: ", "  verify:\n    - unsigned: true\n    - ", "push.verify.0.unsigned",
                            "no other proof"),
    "a digest without a secret": (PUSH, "hmac-sha256, key: [$key]", "sha256", "push.verify.0.recipe", "secret"),
    "a key that is in the file": (PUSH, "key: [$key]", "key: [abc]", "push.verify.0.recipe", "secret"),
    "no key": (PUSH, "key: [$key]", "key: []", "push.verify.0.recipe", "key is missing"),
    "a choice of which one is without a secret": (
        PUSH, "{of: [$raw_body], digest: hmac-sha256, key: [$key]}",
        "{choose: $key, of: {a: {of: [$raw_body, $key], digest: md5}, b: {of: [$raw_body], digest: md5}}}",
        "push.verify.0.recipe.of.b", "secret"),
    "a list of recipes of which one is without a secret": (
        PUSH, "{of: [$raw_body], digest: hmac-sha256, key: [$key]}",
        "[{of: [$raw_body, $key], digest: md5}, {of: [$raw_body], digest: md5}]", "push.verify.0.recipe.1", "secret"),
    "a word that everybody knows": (PUSH, "{recipe: {of: [$raw_body], digest: hmac-sha256, key: [$key]}, found",
                                    "{token: {is: abc, found: {query: t}}, found", "push.verify.0.token.is", "secret"),
}


@pytest.mark.parametrize("what", TOO_LITTLE)
def test_a_block_that_would_fail_later_is_told_at_its_place_when_it_is_loaded(what: str) -> None:
    more, right, wrong, place, hint = TOO_LITTLE[what]
    text = HEAD + more
    assert load_text(text, "acme/connector.yaml") and right in text
    with pytest.raises(BadConnector) as told:
        load_text(text.replace(right, wrong, 1), "acme/connector.yaml")
    [first] = [one for one in told.value.mistakes if one.place == place] or [pytest.fail(str(told.value))]
    assert hint in first.reason and " / " in first.reason and first.line > 0


def test_the_line_of_one_proof_is_its_own_although_it_counts_as_the_first_of_several() -> None:
    text = HEAD + PUSH.replace("{recipe: {of: [$raw_body], digest: hmac-sha256, key: [$key]}, found: {header: sign}}",
                               "\n    found: {header: sign}\n    recipe: {of: [$raw_body], digest: sha256}")
    with pytest.raises(BadConnector) as told:
        load_text(text, "acme/connector.yaml")
    assert told.value.mistakes[0].line == HEAD.count("\n") + 4


@pytest.mark.parametrize(("key", "why"), [("", "no_secret"), (SECRET, "")])
def test_a_name_made_of_a_secret_that_is_not_set_proves_nothing(key: str, why: str) -> None:
    made = 'names: {salt: {text: ["abc", $key]}}\n' + PUSH.replace("digest: hmac-sha256, key: [$key]", "digest: md5")
    ours = connector(made.replace("[$raw_body]", "[$raw_body, $salt]"))
    signed = md5(b"{}abc" + key.encode(), usedforsecurity=False).hexdigest()
    verdict = ours.receive(Inbound("POST", "/A", {}, {"sign": signed}, b"{}"), account(key), AT)
    assert verdict.quarantine == why


def test_a_module_that_the_folder_does_not_have_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "channels" / "acme"
    folder.mkdir(parents=True)
    (folder / "connector.yaml").write_text(f"{HEAD}pull: {{code: nowhere}}\n", "utf-8")
    with pytest.raises(BadConnector, match=r"nowhere\.py"):
        load_folder(folder)
