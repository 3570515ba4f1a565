"""A blueprint from before charges and refunds had names judges amounts as it was meant to."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.guard import compile_guard, inspect
from orderloom.blueprint.load import load_folder
from orderloom.domain.draft import StatedCharge
from orderloom.domain.traits import traits_of
from orderloom.testing.builders import a_draft
from tests.support.bench import Shop

DEFAULT = load_folder(Path(__file__).resolve().parents[2] / "blueprints" / "default")
OLD = {
    "total": "sum(price * quantity) - sum(discount) - discount + freight + tax",
    "shares": "sum(amount) + freight + tax", "paid": "total",
}
WRAPPED = replace(a_draft("1"), charges=(StatedCharge(kind="gift_wrap", amount=500),), total=10_500, paid=10_500)


def _of_before() -> CompiledBlueprint:
    return compile_blueprint(replace(DEFAULT, formulas=tuple(
        replace(f, expr=OLD[f.name], terms={name: title for name, title in f.terms.items() if name in OLD[f.name]
                                            or name == f.stated}) for f in DEFAULT.formulas)))


@pytest.mark.parametrize("blueprint", [_of_before(), compile_blueprint(DEFAULT)], ids=["of before", "default"])
@pytest.mark.parametrize("draft, broken", [
    (WRAPPED, []),
    (replace(WRAPPED, total=10_400, paid=10_400), ["total"]),
    (replace(a_draft("1"), refunded=2_000, total=8_000, discount=2_000), []),
    (replace(a_draft("1"), paid=10_001), ["paid"]),
], ids=["gift wrap", "gift wrap that does not add up", "partly refunded", "paid too much"])
def test_an_order_that_is_under_way_is_not_held_for_what_its_older_rules_cannot_name(
    blueprint: CompiledBlueprint, draft: object, broken: list[str]
) -> None:
    found = [b.formula for b in blueprint.check_amounts(draft, "shopify", {"payment": "paid"})]  # type: ignore[arg-type]
    assert [name for name in found if name != "shares"] == broken


def test_a_condition_on_a_fact_that_is_gone_still_answers_for_orders_under_way() -> None:
    (refused,) = inspect("not is_test", "lifecycle.yaml", "when")
    assert "is_test" in refused.reason.zh and "is_out" not in str(refused), "no other fact is offered for it"
    assert not inspect("not is_test", "lifecycle.yaml", "when", is_stored=True)
    shop = Shop()
    shop.channel_says(("A", 1))
    assert compile_guard("not is_test")(traits_of(shop.order(), "shopify")) is True
