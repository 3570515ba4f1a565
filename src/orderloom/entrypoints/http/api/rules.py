"""Rules over HTTP: the decision tables in force, and what they would decide for an order."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.commands import FindStock
from orderloom.application.identity.access import Caller
from orderloom.application.queries.rules import RulesView, read_rules
from orderloom.application.try_rules import RulesTried, try_rules
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["insight"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]


class RulesTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order by number, id or its channel's id; the rule, all of them when left out; the blueprint's version, the one
    in force when left out."""

    order: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
    rule: Annotated[str, msgspec.Meta(max_length=64)] = ""
    version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


@router.get("/rules", **spoken(RulesView, problems=(404,)), summary="规则 | The rules in force")
async def rules(desk: DeskHere, who: Reader) -> Response:
    """Decision tables of the blueprint in force, with columns, rows and each cell in words, and every place."""
    directory = await desk.directory()
    active = directory.blueprints.get(directory.blueprint_active)
    if active is None:
        raise Problem("not_found", "还没有发布业务蓝图 | no blueprint is published yet")
    async with desk.connect() as connection:
        return reply(await read_rules(
            connection, active, directory.blueprint_active, directory.business_zone))


@router.post("/rules/try", **spoken(RulesTried, takes=RulesTrial, problems=(404, 409)),
             summary="试规则 | Try rules on an order")
async def try_on_order(request: Request, desk: DeskHere, who: Reader) -> Response:
    """What rules would decide for an order as it is now: rows, outcomes, rows that lose, and every trait that could be
    asked. Rules that are off are tried too; nothing is changed."""
    body = await body_of(request, RulesTrial)
    order_id = await desk.order_id(body.order)
    command = FindStock(actor=who.doer, order_id=order_id)
    found = await desk.hub.foreseer.look(command, lambda j: try_rules(j, body.version, body.rule))
    if found is None:
        raise not_found("订单", "order", body.order)
    return reply(found)
