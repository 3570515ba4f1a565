"""Public clients of the group robots of DingTalk and WeCom."""

from __future__ import annotations

from typing import Any

from dingtalkchatbot.chatbot import DingtalkChatbot
from gwozai_wechat_bot import WeChatBot


class Client:
    """Both robots of a group."""

    def __init__(self, base: str, **credentials: str) -> None:
        self._base, self._own = base, credentials

    def dingtalk(self, text: str, title: str = "") -> Any:
        """A text, or with a title one in Markdown."""
        address = f"{self._base}/robot/send?access_token={self._own['access_token']}"
        robot = DingtalkChatbot(address, secret=self._own["secret"])
        return robot.send_markdown(title, text) if title else robot.send_text(text)

    def wecom(self, kind: str, text: str) -> Any:
        """A text or Markdown."""
        robot = WeChatBot(self._own["key"], max_retries=0, enable_log=False)
        robot.send_url = robot.send_url.replace(robot.BASE_URL, f"{self._base}/cgi-bin/webhook")
        said = getattr(robot, kind)(text)
        return {"errcode": said.errcode, "errmsg": said.errmsg}
