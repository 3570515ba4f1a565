"""Carriers by one code: the tracking trade's code (Kuaidi100's) is ours, and every channel's own word leads to it.

Pure data and lookups. A word that is not known answers "" (or the channel's word for "another carrier"): the hub asks
a person rather than guessing whose parcel it is.
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

import msgspec


class Carrier(msgspec.Struct, frozen=True):
    """One carrier: `code` is ours, `channels` are the words that other systems use for it."""

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    channels: tuple[tuple[str, str], ...] = ()


def _carrier(code: str, zh: str, en: str, aliases: str, **channels: str) -> Carrier:
    return Carrier(code, zh, en, tuple(aliases.split()), tuple(sorted(channels.items())))


CARRIERS: tuple[Carrier, ...] = (
    _carrier(
        "shunfeng",
        "顺丰速运",
        "SF Express",
        "sf 顺丰 顺丰快递 sf_express sfexpress 順豐 順豐速運 順豐快遞 顺丰标快 顺丰特快 顺丰特惠 顺丰次晨 顺丰即日",
        taobao="SF",
        amazon="SF Express",
        shopify="SF Express",
        wangdiantong="8",
        qimen="SF",
    ),
    _carrier(
        "yuantong",
        "圆通速递",
        "YTO Express",
        "yto 圆通 圆通快递 圓通 圓通速遞 圓通快遞",
        taobao="YTO",
        shopify="YTO Express",
        wangdiantong="4",
        qimen="YTO",
    ),
    _carrier(
        "zhongtong",
        "中通快递",
        "ZTO Express",
        "zto 中通 中通快遞",
        taobao="ZTO",
        shopify="ZTO Express",
        wangdiantong="5",
        qimen="ZTO",
    ),
    _carrier(
        "shentong",
        "申通快递",
        "STO Express",
        "sto 申通 申通快遞",
        taobao="STO",
        shopify="STO Express",
        wangdiantong="6",
        qimen="STO",
    ),
    _carrier(
        "yunda",
        "韵达快递",
        "Yunda Express",
        "韵达 yd 韻達 韻達快遞",
        taobao="YUNDA",
        shopify="Yunda Express",
        wangdiantong="9",
        qimen="YUNDA",
    ),
    _carrier(
        "jd",
        "京东物流",
        "JD Logistics",
        "jdl 京东 京东快递 jdexpress jd_logistics",
        taobao="JD",
        shopify="JD Logistics",
        wangdiantong="1311",
        qimen="JD",
    ),
    _carrier(
        "youzhengguonei",
        "邮政快递包裹",
        "China Post",
        "post 邮政 中国邮政 邮政小包 chinapost postb",
        taobao="POST",
        amazon="China Post",
        shopify="China Post",
        wangdiantong="2",
        qimen="POST",
    ),
    _carrier(
        "ems",
        "中国邮政EMS",
        "EMS",
        "邮政ems ems快递 邮政特快 邮政特快专递",
        taobao="EMS",
        amazon="China Post",
        shopify="China Post",
        wangdiantong="3",
        qimen="EMS",
    ),
    _carrier(
        "debangkuaidi",
        "德邦快递",
        "Deppon Express",
        "德邦 dbkd dbl deppon debangwuliu",
        taobao="DBKD",
        shopify="Deppon",
        wangdiantong="88",
        qimen="DBKD",
    ),
    _carrier(
        "jtexpress",
        "极兔速递",
        "J&T Express",
        "极兔 极兔快递 jt jtsd j&t 極兔 極兔速遞",
        taobao="HTKY",
        shopify="J&T Express",
        wangdiantong="108",
        qimen="JTSD",
    ),
    _carrier("danniao", "丹鸟物流", "Danniao", "丹鸟 丹鸟快递", taobao="DNJY", wangdiantong="102", qimen="DNJY"),
    _carrier("ups", "UPS", "UPS", "unitedparcelservice", amazon="UPS", shopify="UPS"),
    _carrier("fedex", "联邦快递", "FedEx", "联邦 fedexexpress", amazon="FedEx", shopify="FedEx", wangdiantong="21"),
    _carrier("dhl", "DHL", "DHL Express", "dhlexpress 敦豪", amazon="DHL", shopify="DHL Express"),
    _carrier("usps", "美国邮政", "USPS", "uspostalservice", amazon="USPS", shopify="USPS"),
    _carrier("yanwen", "燕文物流", "Yanwen", "燕文 yw", amazon="Yanwen", shopify="Yanwen", wangdiantong="76"),
    _carrier("disifang", "递四方", "4PX", "4px 递四方速递", amazon="4PX", shopify="4PX", wangdiantong="2076"),
    _carrier("yuntu", "云途物流", "YunExpress", "云途 yunexpress", amazon="Yun Express", shopify="YunExpress"),
)
"""Kuaidi100's codes and Wangdiantong's (`logistics_type`) are from their published tables; the words for Taobao, Qimen,
Amazon and Shopify are the usual ones, which a seller's own company list may override."""

OTHER = MappingProxyType(
    {"taobao": "OTHER", "amazon": "Other", "shopify": "Other", "qimen": "OTHER", "wangdiantong": "2000"}
)
"""A channel's own word for a carrier that it does not list; the name then goes beside it."""


_WORDS = re.compile(r"[^\W_]+(?:&[^\W_]+)*")


def _fold(text: str) -> str:
    """The text without width, case, blanks and the separators that people put into names."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-_.·()")


_SERVICES = frozenset(
    {"ground", "express", "priority", "mail", "international", "domestic", "economy", "standard", "saver", "home",
     "delivery", "next", "2nd", "second", "2day", "day", "air", "overnight", "first", "class", "parcel", "select",
     "advantage", "surepost", "smartpost", "cn", "us", "uk"}
)
"""Words behind a carrier's name that say how it carries. eCommerce and 快运 are other companies."""

_BY_CODE = MappingProxyType({carrier.code: carrier for carrier in CARRIERS})
_BY_CHANNEL = MappingProxyType(
    {(carrier.code, channel): word for carrier in CARRIERS for channel, word in carrier.channels}
)
_FROM_CHANNEL = MappingProxyType(
    {(channel, _fold(word)): carrier.code for carrier in reversed(CARRIERS) for channel, word in carrier.channels}
)
_BY_WORD = MappingProxyType(
    {
        _fold(word): carrier.code
        for carrier in reversed(CARRIERS)
        for word in (carrier.code, carrier.zh, carrier.en, *carrier.aliases)
    }
)


def canonical(code_or_name: str, channel: str = "") -> str:
    """Our code for a carrier's code or name in any usual spelling; "" when it is not known.

    With a `channel` its own table is asked first, which is how a bare number such as Wangdiantong's "8" is understood.
    """
    word = _fold(code_or_name)
    return _FROM_CHANNEL.get((channel, word), "") or _BY_WORD.get(word, "") or _by_name_and_service(code_or_name)


def _by_name_and_service(text: str) -> str:
    """The carrier of `UPS Ground` or `FEDEX_2_DAY`: a known name and nothing behind it but its services."""
    words = _WORDS.findall(unicodedata.normalize("NFKC", text.replace("™", "")).casefold())
    for count in range(len(words), 0, -1):
        if not all(word in _SERVICES or word.isdigit() for word in words[count:]):
            break
        if found := _BY_WORD.get("".join(words[:count])):
            return found
    return ""


def name(code: str, language: str = "zh") -> str:
    """What people read: the Chinese or English name; an unknown code is shown as it is."""
    carrier = _BY_CODE.get(code)
    if carrier is None:
        return code
    return carrier.zh if language.startswith("zh") else carrier.en


def channel_code(code: str, channel: str) -> str:
    """What `channel` calls the carrier: its word for "other" where it has none, our code for an unlisted channel."""
    return _BY_CHANNEL.get((code, channel)) or OTHER.get(channel, code)
