"""Save another formula of shown stock: a new version of the blueprint in which nothing else is changed."""

from __future__ import annotations

from typing import Annotated, TypeVar

import msgspec

from orderloom.application.publish_blueprint import Versions, put_in_force
from orderloom.application.within import Within
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.publish import PublishFile, ShownKeys, SkuShown, current_form
from orderloom.blueprint.schema import Blueprint
from orderloom.domain.refusal import Refusal

Said = TypeVar("Said", bound=ShownKeys)
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class FormulaRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is said of the formula, as in the blueprint's publish file: by default, by channel (connector), shop
    (account code), SKU, and SKU at a shop. The most specific wins, key by key; what is null is not said there."""

    default: ShownKeys = ShownKeys()
    channels: dict[Code, ShownKeys] = {}
    shops: dict[Code, ShownKeys] = {}
    skus: dict[Code, SkuShown] = {}


def rules_of(blueprint: Blueprint) -> FormulaRules:
    """What a blueprint says of it, in today's form."""
    said = current_form(blueprint.publish)
    return FormulaRules(said.default, said.channels, said.shops, said.skus)


def with_rules(blueprint: Blueprint, rules: FormulaRules) -> Blueprint:
    """The blueprint with these rules; places that say nothing are left out."""
    nothing, of_sku = ShownKeys(), SkuShown()
    skus = {code: msgspec.structs.replace(one, shops=_without(one.shops, nothing)) for code, one in rules.skus.items()}
    publish = PublishFile(
        within=blueprint.publish.within, default=rules.default, channels=_without(rules.channels, nothing),
        shops=_without(rules.shops, nothing), skus=_without(skus, of_sku), public_shops=blueprint.publish.public_shops)
    return msgspec.structs.replace(blueprint, publish=publish)


async def save_formula(
    within: Within[Versions], rules: FormulaRules, version: int, author: str, reason: str,
) -> int | Refusal:
    """Publish the blueprint in force with these rules; returns its version. `version`: what the candidate was looked at
    beside; another one in force by now refuses it.

    Raises `blueprint.load.BadBlueprint` with every finding when it may not run.
    """
    async with within() as versions:
        await versions.lock()
        before = await versions.active()
        if before is None or before[0] != version:
            return Refusal("blueprint_moved", {"version": str(before[0] if before else 0)})
        blueprint = with_rules(before[1], rules)
        compile_blueprint(blueprint)
        if rules_of(before[1]) == rules_of(blueprint):
            return Refusal("nothing_to_change", {"version": str(version)})
        return await put_in_force(versions, before, blueprint, author, reason)


def _without(places: dict[str, Said], nothing: Said) -> dict[str, Said]:
    return {name: keys for name, keys in places.items() if keys != nothing}
