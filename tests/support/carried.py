"""A seller whose blueprint has carriers' services: one from Hangzhou, others from further away."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.blueprint.sourcing import ServiceEntry, SourcingFile
from orderloom.testing.drive import BLUEPRINT
from tests.support.stage import Stage

FURTHER = (("SH01", "上海市"), ("NJ01", "江苏省"), ("CD01", "四川省"))


def service(name: str, carrier: str, houses: list[str], days: int, first: int, **more: Any) -> dict[str, Any]:
    """A service with one zone, everywhere."""
    rates = [{"to_g": 1_000, "first": first}, {"to_g": 50_000, "first": first, "first_g": 1_000, "step_g": 1_000,
                                              "step": 100}]
    return {"name": name, "title": {"zh": name, "en": name}, "carrier": carrier, "warehouses": houses,
            "zones": [{"name": "all", "divisions": [""], "days": days, "rates": rates}], **more}


SERVICES = [
    service("zto_hz", "zhongtong", ["HZ01"], 1, 300), service("yto_sh", "yuantong", ["SH01"], 2, 400),
    service("sto_nj", "shentong", ["NJ01"], 2, 380), service("sf_cd", "shunfeng", ["CD01", "GZ01"], 3, 1_300),
]


def services(*told: dict[str, Any]) -> tuple[ServiceEntry, ...]:
    """As a blueprint has them."""
    return msgspec.convert(list(told or SERVICES), tuple[ServiceEntry, ...])


async def carried(stage: Stage, **changes: Any) -> SourcingFile:
    """Put up further warehouses with stock, and publish the services."""
    for priority, (code, province) in enumerate(FURTHER, 3):
        await stage.run("insert into warehouse (code, name, province, priority) values (%s, %s, %s, %s)", code, code,
                        province, priority)
        for sku in ("M-001", "M-002"):
            await stage.receive(sku, code, 50)
    rule = load_folder(BLUEPRINT)
    sourcing = replace(rule.sourcing, services=services(), **changes)
    await publish_blueprint(stage.hub.ports.blueprints, replace(rule, sourcing=sourcing), "li", "carriers")
    return sourcing
