"""What would be lost if a messenger were not spoken to as its documents say: each against a simulator that checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from orderloom.adapters.manifests import manifests
from tests.support.ears import MESSENGERS, OPENID, PHONE
from tests.support.sending import TEXT, TITLE, sending

NAMES = sorted(MESSENGERS)


@pytest.mark.parametrize("name", NAMES)
async def test_a_message_arrives_as_it_was_written(name: str) -> None:
    async with sending(name) as one:
        tried = await one.send()
        assert tried.state == "done", tried
        [heard] = one.ear.heard
        assert not one.ear.rejected
        if name in ("dingtalk", "wecom", "feishu"):
            assert heard["text"] == f"{TITLE}\n{TEXT}"
        elif name == "hook":
            assert heard["data"]["text"] == TEXT and heard["data"]["severity"] == "critical"
        else:
            assert heard["to"] == one.at.address and "超卖" in heard["text"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_wrong_secret_is_a_no_for_good_and_not_tried_again(name: str) -> None:
    async with sending(name) as one:
        secret = {"wecom": "key", "hook": "secret", "wechat": "appsecret"}.get(
            name, "secret" if "secret" in one.at.credentials else "access_key_secret")
        one.with_credentials(**{secret: "whsec_AAAA" if name == "hook" else "another"})
        tried = await one.send()
        assert tried.state == "parked" and not one.ear.heard, tried
        assert PHONE not in tried.message + tried.answer and "kind" not in tried.message + tried.answer, tried


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("trouble", ["status_500", "dropped", "half_body"])
async def test_what_may_pass_is_tried_again(name: str, trouble: str) -> None:
    if name == "hook" and trouble == "half_body":
        return  # its answer has no body that could be cut
    async with sending(name) as one:
        one.ear.fault(trouble, on="" if name != "wechat" else "template")
        tried = await one.send()
        assert tried.state == "due" and tried.due_at > datetime.now(UTC) - timedelta(seconds=1), tried


@pytest.mark.parametrize("name", ["hook", "sms", "wechat"])
async def test_a_lost_answer_does_not_have_the_message_sent_twice(name: str) -> None:
    async with sending(name) as one:
        one.ear.fault("lost_answer", on={"sms": "SendSms", "wechat": "template", "hook": ""}[name])
        assert (await one.send()).state == "due"
        assert (await one.send(attempt=2)).state == "done"
        assert len(one.ear.heard) == 1


@pytest.mark.parametrize("name", ["dingtalk", "feishu", "sms", "voice", "hook"])
async def test_a_clock_that_is_hours_off_sends_nothing(name: str) -> None:
    async with sending(name) as one:
        one.ear.skew(3 * 3_600)
        tried = await one.send()
        assert tried.state in ("parked", "due") and not one.ear.heard and one.ear.rejected


@pytest.mark.parametrize(("name", "count", "wait"), [("dingtalk", 20, 600), ("wecom", 20, 60), ("feishu", 5, 60)])
async def test_too_many_at_once_wait_as_long_as_the_platform_wants(name: str, count: int, wait: int) -> None:
    at = datetime.now(UTC)
    async with sending(name, lambda: at) as one:
        for number in range(count):
            assert (await one.send(f"d-{number}")).state == "done"
        tried = await one.send("d-last")
        assert (tried.state, tried.retry_after) == ("due", wait) and len(one.ear.heard) == count


async def test_a_phone_that_got_one_a_minute_ago_gets_the_next_later_and_others_are_not_held_up() -> None:
    async with sending("sms") as one:
        assert (await one.send("d-1")).state == "done"
        tried = await one.send("d-2")
        assert (tried.state, tried.error, tried.retry_after) == ("due", "isv.BUSINESS_LIMIT_CONTROL", 0.0)
        assert (await one.send("d-3", address="13900000000")).state == "done"


async def test_the_digest_has_the_template_that_the_account_says() -> None:
    async with sending("voice") as one:
        await one.send("d-1", template="digest")
        await one.send("d-2", template="stock", address="13900000000")
        assert [heard["template"] for heard in one.ear.heard] == ["T2", "T3"]


async def test_wechat_gets_a_new_token_when_the_old_one_ended_and_says_who_does_not_follow() -> None:
    async with sending("wechat") as one:
        assert (await one.send()).state == "done"
        one.ear.expire_tokens()
        assert (await one.send("d-2")).state == "done" and one.ear.requests["token"] == 2
        tried = await one.send("d-3", address="stranger")
        assert (tried.state, tried.error) == ("parked", "43004")


@pytest.mark.parametrize("kind", ["subscribe", "custom"])
async def test_wechat_s_other_kinds_are_sent_in_their_own_shape(kind: str) -> None:
    async with sending("wechat") as one:
        one.account = msgspec.structs.replace(one.account, settings={**one.account.settings, "kind": kind})
        one.ear.consents[OPENID] = 1
        assert (await one.send()).state == "done"
        again = await one.send("d-2")
        assert again.error == ("43101" if kind == "subscribe" else "")


async def test_a_message_without_an_address_is_refused_before_anybody_is_asked() -> None:
    async with sending("sms") as one:
        tried = await one.send(address="")
        assert (tried.state, tried.error) == ("parked", "missing_field") and not one.ear.requests
        assert PHONE not in str(tried)


def test_a_room_takes_no_address_and_every_messenger_says_how_long_a_text_may_be() -> None:
    rooms = {name for name in (*NAMES, "email") if "address" not in manifests()[name].outbound["message"]}
    assert rooms == {"dingtalk", "wecom", "feishu", "hook"}
    for name in (*NAMES, "email"):
        lengths = manifests()[name].outbound["message"]
        assert lengths.get("text") or lengths.get("field"), name
    longest = "😀" * 60 + "\n" + "😀" * 450
    assert len(longest.encode()) <= 2_048, "what WeCom takes at most"
