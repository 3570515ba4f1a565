"""Public clients of messengers at our simulators: what they send is heard, and what they may not send is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.connector_folders import now
from tests.support.ears import OPENID, PHONE, an_ear
from tests.support.witnessed import Host, Refusal, Witness, hosted


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


def root(base_url: str) -> str:
    """The address without its path."""
    return "/".join(base_url.split("/")[:3])


async def test_a_public_client_of_dingtalks_robots_is_heard(host: Host) -> None:
    async with an_ear("dingtalk", now) as at:
        robot = Witness(host, "robots", {"base": root(at.base_url), **at.credentials}, at.ear)
        assert (await robot.call("dingtalk", text="超卖"))["errcode"] == 0
        assert (await robot.call("dingtalk", text="**超卖**", title="超卖"))["errcode"] == 0
        assert [one["text"] for one in at.ear.heard] == ["超卖", "超卖\n**超卖**"]
        robot.made_from["secret"] = "SEC-another"
        assert (await robot.call("dingtalk", text="超卖"))["errcode"] == 310_000


async def test_a_public_client_of_wecoms_robots_is_heard(host: Host) -> None:
    async with an_ear("wecom", now) as at:
        robot = Witness(host, "robots", {"base": root(at.base_url), **at.credentials}, at.ear)
        assert (await robot.call("wecom", kind="text", text="超卖"))["errcode"] == 0
        assert (await robot.call("wecom", kind="markdown", text="**超卖**"))["errcode"] == 0
        assert [one["text"] for one in at.ear.heard] == ["超卖", "**超卖**"]
        robot.made_from["key"] = "another"
        await robot.call("wecom", kind="text", text="超卖")
        assert "93000" in at.ear.rejected[-1]


async def test_a_public_client_of_wechat_sends_a_template_message(host: Host) -> None:
    async with an_ear("wechat", now) as at:
        given = {"app_id": at.credentials["appid"], "app_secret": at.credentials["appsecret"]}
        app = Witness(host, "wechat", {"base": root(at.base_url), **given}, at.ear)
        template, names = next(iter(at.ear.settings["templates"].items()))
        data = {name: {"value": "超卖"} for name in names}
        assert (await app.call("template", to=OPENID, template=template, data=data))["errcode"] == 0
        assert [one["to"] for one in at.ear.heard] == [OPENID]
        with pytest.raises(Refusal, match="43004"):
            await app.call("template", to="nobody", template=template, data=data)


async def test_aliyuns_client_sends_a_short_message_and_asks_for_it(host: Host) -> None:
    async with an_ear("sms", now) as at:
        account = Witness(host, "aliyun", {"base": root(at.base_url), **at.credentials}, at.ear)
        code, names = next(iter(at.ear.settings["templates"].items()))
        values = "{" + ",".join(f'"{name}":"超卖"' for name in names) + "}"
        sent = {"PhoneNumbers": PHONE, "SignName": at.ear.settings["sign_name"], "TemplateCode": code,
                "TemplateParam": values, "OutId": "d-1"}  # fmt: skip
        assert (await account.call("call", action="SendSms", **sent))["Code"] == "OK"
        assert (await account.call("call", action="SendSms", **sent))["Code"] == "isv.BUSINESS_LIMIT_CONTROL"
        found = await account.call("call", action="QuerySendDetails", PhoneNumber=PHONE, PageSize=10, CurrentPage=1,
                                   SendDate=at.ear.heard[0]["at"].strftime("%Y%m%d"))
        assert [one["OutId"] for one in found["SmsSendDetailDTOs"]["SmsSendDetailDTO"]] == ["d-1"]
        account.made_from["access_key_secret"] = "another"
        with pytest.raises(Refusal, match="InvalidAccessKeySecret"):
            await account.call("call", action="SendSms", **sent)


async def test_aliyuns_client_calls_somebody(host: Host) -> None:
    async with an_ear("voice", now) as at:
        account = Witness(host, "aliyun", {"base": root(at.base_url), **at.credentials}, at.ear)
        code, names = next(iter(at.ear.settings["templates"].items()))
        values = "{" + ",".join(f'"{name}":"超卖"' for name in names) + "}"
        said = {"CalledNumber": PHONE, "TtsCode": code, "TtsParam": values, "PlayTimes": 2}
        assert (await account.call("call", action="SingleCallByTts", **said))["Code"] == "OK"
        assert [one["to"] for one in at.ear.heard] == [PHONE]
        assert (await account.call("call", action="SingleCallByTts", **said | {"Speed": 501}))["Code"] != "OK"
