"""Aliyun's own client of its short messages and voice calls."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from aliyunsdkcore.client import AcsClient
from aliyunsdkdysmsapi.request.v20170525.QuerySendDetailsRequest import QuerySendDetailsRequest
from aliyunsdkdysmsapi.request.v20170525.SendSmsRequest import SendSmsRequest
from aliyunsdkdyvmsapi.request.v20170525.SingleCallByTtsRequest import SingleCallByTtsRequest

REQUESTS = {"SendSms": SendSmsRequest, "QuerySendDetails": QuerySendDetailsRequest,
            "SingleCallByTts": SingleCallByTtsRequest}


class Client:
    """One account."""

    def __init__(self, base: str, access_key_id: str, access_key_secret: str) -> None:
        at = urlsplit(base)
        self._host = at.hostname
        self._client = AcsClient(access_key_id, access_key_secret, "cn-hangzhou", auto_retry=False, port=at.port)

    def call(self, action: str, **params: Any) -> Any:
        """What an action answers."""
        request = REQUESTS[action]()
        request.set_endpoint(self._host)
        for name, value in params.items():
            getattr(request, f"set_{name}")(value)
        return json.loads(self._client.do_action_with_exception(request))
