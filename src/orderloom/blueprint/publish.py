"""`publish.yaml`: what of the formula of shown stock is said where, and the formula that holds at a place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from orderloom.blueprint.duration import seconds
from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding
from orderloom.domain.inventory.shown import ShownFormula
from orderloom.domain.words import Words

FILE = "publish.yaml"
UNITS_MAX = 1_000_000_000
PLACES_MAX = 2_000
"""Channels, shops or SKUs that say something of their own, and shops of one SKU."""
KEYS = ("share_percent", "buffer", "cap", "zero_below", "campaign_percent", "unpaid_percent")
"""In the order in which the formula is told."""


class ShownKeys(Shape, frozen=True):
    """What of the formula (`domain/inventory/shown.py`) is said here; the rest is as it holds around."""

    share_percent: int | None = None
    buffer: int | None = None
    cap: int | None = None
    zero_below: int | None = None
    campaign_percent: int | None = None
    unpaid_percent: int | None = None


class SkuShown(ShownKeys, frozen=True):
    """The same of a SKU, and of it at some shops."""

    shops: dict[str, ShownKeys] = {}


class PublishFile(Shape, frozen=True):
    """The formula of shown stock by default, channel (connector), shop (account code), SKU, and SKU at a shop: the most
    specific wins, key by key. Files of before say `reserved_percent` for `default.campaign_percent`; in those a channel
    takes what it leaves out from nobody: all is shown, and nothing kept back."""

    reserved_percent: int | None = None
    within: str = "15s"
    default: ShownKeys = ShownKeys()
    channels: dict[str, ShownKeys] = {}
    shops: dict[str, ShownKeys] = {}
    skus: dict[str, SkuShown] = {}
    public_shops: tuple[str, ...] = ()
    """Accounts whose figures anybody may read, signed, without signing in: a shop front, by a cache."""


class Publish:
    """The file, ready to be asked: every look-up after a place's first is one dictionary access."""

    def __init__(self, source: PublishFile) -> None:
        """`source` must have passed `check_publish`."""
        self.source = current_form(source)
        self.within_seconds = seconds(source.within)
        self.public_shops = frozenset(source.public_shops)
        self._known: dict[tuple[str, str, str], ShownFormula] = {}

    def formula(self, channel: str, shop: str = "", sku: str = "") -> ShownFormula:
        """What holds for a SKU (by its code) at a shop (an account) of a channel (its connector)."""
        place = (channel, shop, sku if sku in self.source.skus else "")
        if place not in self._known:
            self._known[place] = formula_of([keys for _, keys in layers(self.source, *place)])
        return self._known[place]


def layers(source: PublishFile, channel: str, shop: str, sku: str) -> list[tuple[str, ShownKeys]]:
    """Who says something of the place, the most specific last, by the name of its level. `source`: in today's form."""
    one = source.skus.get(sku)
    found = (("default", source.default), ("channel", source.channels.get(channel)), ("shop", source.shops.get(shop)),
             ("sku", one), ("sku_at_shop", one.shops.get(shop) if one else None))
    return [(level, keys) for level, keys in found if keys is not None]


def formula_of(said: list[ShownKeys]) -> ShownFormula:
    """The formula that holds where these say something, the most specific last."""
    values = {key: value for keys in said for key in KEYS if (value := getattr(keys, key)) is not None}
    return ShownFormula(**values)


def current_form(source: PublishFile) -> PublishFile:
    """A file of before as it is written today, meaning the same."""
    if source.reserved_percent is None:
        return source
    whole = ShownKeys(share_percent=100, buffer=0)
    default = msgspec.structs.replace(source.default, campaign_percent=source.reserved_percent)
    if default.share_percent in (None, 100) and not default.buffer:
        channels: Mapping[str, ShownKeys] = source.channels  # what they leave out is the same either way
    else:
        channels = {name: _over(whole, keys) for name, keys in source.channels.items()}
    return msgspec.structs.replace(source, reserved_percent=None, default=default, channels=dict(channels))


def check_publish(source: PublishFile) -> Iterator[Finding]:
    """What is wrong with the file."""
    if source.reserved_percent is not None:
        if not 0 <= source.reserved_percent <= 100:
            yield _finding("reserved_percent", "应在 0 到 100 之间", "must be from 0 to 100")
        if source.default.campaign_percent is not None or source.shops or source.skus:
            yield _finding("reserved_percent", "是旧写法：改写为 default 里的 campaign_percent",
                           "is the old word: write campaign_percent in default instead")
    for name in ("channels", "shops", "skus", "public_shops"):
        if len(getattr(source, name)) > PLACES_MAX:
            yield _finding(name, f"最多 {PLACES_MAX} 个", f"at most {PLACES_MAX}")
    for place, keys in _places(source):
        yield from _keys(place, keys)


def _places(source: PublishFile) -> Iterator[tuple[str, ShownKeys]]:
    yield "default", source.default
    for name in ("channels", "shops", "skus"):
        for key, keys in getattr(source, name).items():
            yield f"{name}.{key}", keys
    for sku, one in source.skus.items():
        for shop, keys in one.shops.items():
            yield f"skus.{sku}.shops.{shop}", keys


def _keys(place: str, keys: ShownKeys) -> Iterator[Finding]:
    for key in KEYS:
        value, most = getattr(keys, key), 100 if key.endswith("_percent") else UNITS_MAX
        if value is not None and not 0 <= value <= most:
            yield _finding(f"{place}.{key}", f"应在 0 到 {most} 之间", f"must be from 0 to {most}")
    if isinstance(keys, SkuShown) and len(keys.shops) > PLACES_MAX:
        yield _finding(f"{place}.shops", f"最多 {PLACES_MAX} 个", f"at most {PLACES_MAX}")


def _over(below: ShownKeys, above: ShownKeys) -> ShownKeys:
    """What both say, the second going first."""
    return msgspec.structs.replace(below, **{key: value for key in KEYS if (value := getattr(above, key)) is not None})


def _finding(place: str, zh: str, en: str) -> Finding:
    return Finding(FILE, place, Words(zh, en), Words("对照 docs/blueprint.md 修改", "see docs/blueprint.md"))
