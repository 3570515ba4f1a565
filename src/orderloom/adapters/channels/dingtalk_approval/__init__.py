"""DingTalk approvals (钉钉审批) as a channel: what a company approves on a form of its own becomes an order, rushed."""
