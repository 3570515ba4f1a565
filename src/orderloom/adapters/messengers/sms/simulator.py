"""Simulates Aliyun SMS: templates and their variables, limits of a number, and what was sent."""

from __future__ import annotations

import re
from typing import Any

import orjson

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.aliyun import NUMBER, AliyunEar, proven
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.refused import Refused

A_DAY_MAX, VALUE_MAX = 50, 35
prove = proven


class Simulator(AliyunEar):
    """One account. `settings`: sign_name; templates {code: names of its variables}."""

    def declare(self) -> dict[str, Call]:
        """Sending, and asking what was sent."""
        return {
            "SendSms": Call(self._send, "PhoneNumbers SignName TemplateCode TemplateParam OutId", is_write=True),
            "QuerySendDetails": Call(self._sent, "PhoneNumber SendDate PageSize CurrentPage BizId"),
        }

    def _send(self, asked: Asked) -> dict[str, Any]:
        number, sign, code = self.need(asked, "PhoneNumbers", "SignName", "TemplateCode")
        self._check(number, code, asked.text("TemplateParam"))
        if sign != self.settings["sign_name"]:
            raise Refused("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        if self.count(60, number) >= 1 or self.count(86_400, number) >= A_DAY_MAX:
            raise Refused("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1")
        self.hear(number, asked.text("TemplateParam"), template=code, out_id=asked.text("OutId"))
        return {"Code": "OK", "Message": "OK", "RequestId": "sim", "BizId": f"9006{len(self.heard):014d}^0"}

    def _check(self, number: str, code: str, given: str) -> None:
        """The number is one, the template is there, its variables are given and short."""
        if not NUMBER.fullmatch(number):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
        if code not in self.settings["templates"]:
            raise Refused("isv.SMS_TEMPLATE_ILLEGAL", "短信模板不合法")
        values = orjson.loads(given or "{}")
        if not set(self.settings["templates"][code]) <= set(values):
            raise Refused("isv.TEMPLATE_MISSING_PARAMETERS", "模板变量缺少参数")
        if any(not isinstance(v, str) or not 0 < len(v) <= VALUE_MAX or "\n" in v for v in values.values()):
            raise Refused("isv.PARAM_LENGTH_LIMIT", "参数超出长度限制")

    def _sent(self, asked: Asked) -> dict[str, Any]:
        number, date = self.need(asked, "PhoneNumber", "SendDate")
        self.need_number(asked, "PageSize", low=1, high=50)
        self.need_number(asked, "CurrentPage", low=1)
        if not re.fullmatch(r"20[0-9]{6}", date):
            raise self.no(why.WRONG_VALUE, "SendDate")
        found = [{"PhoneNum": number, "OutId": one["out_id"], "TemplateCode": one["template"], "SendStatus": 3}
                 for one in self.heard if one["to"] == number]
        return {"Code": "OK", "Message": "OK", "RequestId": "sim", "TotalCount": len(found),
                "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}
