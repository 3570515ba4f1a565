"""Introduces the seller's people to the hub: where each is reached, and a rule by which grave cases go up every step.

The default rules climb to text messages and calls after ten minutes and more, which a rehearsed day does not have; and
they keep quiet at night, which a rehearsal does not: it is the same at any hour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orderloom.application.keep_recipients import keep_recipient
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import digest, load_folder, load_texts, read_folder
from orderloom.bootstrap import Hub
from orderloom.carried import BLUEPRINT
from orderloom.rehearsal.platforms import Platforms

TOLD = ("service", "warehouse", "finance", "operations", "management", "administrator")
WORLD, REASON = "world", "grave cases go up every step within minutes, and nobody sleeps"
FILE, HEAD = "notifications", "rules:\n"
QUIET = re.compile(r"^ +quiet: .*\n", re.MULTILINE)
RULE = """
  - name: rehearsed
    title: {{zh: 演示：严重异常逐级通知, en: "Rehearsal: grave cases go up every step"}}
    when: {{case: {{severities: [high, critical]}}}}
    who: [management]
    by: [{first}]
    template: case
    throttle: {{at_most: 4, per: 5m}}
    escalate:
{further}"""
STEP = "      - {{after: 20s, who: [management], by: [{name}]}}\n"


async def introduce(hub: Hub, platforms: Platforms) -> None:
    """Do it where there are messengers; again, it changes nothing. A blueprint of the installation's own stays."""
    members = platforms.parts["messengers"]
    if not members:
        return
    await _publish(hub, sorted([name for name in members if members[name].step], key=lambda name: members[name].step))
    for part in members.values():
        if part.people is not None:
            for recipient in TOLD:
                await keep_recipient(hub.ports.notices, hub.manifests, recipient, part.code, part.people(recipient),
                                     WORLD, hub.now())


async def _publish(hub: Hub, steps: Sequence[str]) -> None:
    async with hub.ports.blueprints() as versions:
        active = await versions.active()
    if active is None or digest(active[1]) != digest(load_folder(BLUEPRINT)):
        return
    texts = read_folder(BLUEPRINT)
    texts[FILE] = QUIET.sub("", texts[FILE]).replace(HEAD, HEAD + _rule(steps), 1)
    await publish_blueprint(hub.ports.blueprints, load_texts("default", texts), WORLD, REASON)


def _rule(steps: Sequence[str]) -> str:
    """The rule by which these messengers tell, one after the other; nothing where there is none."""
    further = "".join([STEP.format(name=name) for name in steps[1:]])
    return RULE.lstrip("\n").format(first=steps[0], further=further) if steps else ""
