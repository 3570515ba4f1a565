"""Simulates Aliyun voice calls: the template that is read, and a number's limits."""

from __future__ import annotations

from typing import Any

import orjson

from orderloom.adapters.simulated.aliyun import NUMBER, AliyunEar, proven
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.refused import Refused

LIMITS = ((60, 1), (3_600, 5), (86_400, 20))
"""(seconds, calls) to one number."""
prove = proven


class Simulator(AliyunEar):
    """One account. `settings`: templates {code: names of its variables}."""

    def declare(self) -> dict[str, Call]:
        """A call to one number."""
        known = "CalledShowNumber CalledNumber TtsCode TtsParam PlayTimes Volume Speed OutId"
        return {"SingleCallByTts": Call(self._call, known, is_write=True)}

    def _call(self, asked: Asked) -> dict[str, Any]:
        number, code = self.need(asked, "CalledNumber", "TtsCode")
        for name, usual, low, high in (("PlayTimes", 1, 1, 3), ("Volume", 100, 0, 100), ("Speed", 0, -500, 500)):
            self.need_number(asked, name, usual, low, high)
        if not NUMBER.fullmatch(number):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误")
        if code not in self.settings["templates"]:
            raise Refused("isv.TTS_TEMPLATE_ILLEGAL", "文本转语音模板不合法")
        values = orjson.loads(asked.text("TtsParam") or "{}")
        if not set(self.settings["templates"][code]) <= set(values):
            raise Refused("isv.TEMPLATE_PARAMS_ILLEGAL", "模板变量不合法")
        if any(self.count(seconds, number) >= most for seconds, most in LIMITS):
            raise Refused("isv.BUSINESS_LIMIT_CONTROL", "触发流控")
        self.hear(number, asked.text("TtsParam"), template=code, out_id=asked.text("OutId"))
        return {"Code": "OK", "Message": "OK", "RequestId": "sim", "CallId": f"1160{len(self.heard):08d}^1028"}
