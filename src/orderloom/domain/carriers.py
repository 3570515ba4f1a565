"""Carriers by one code: the tracking trade's code (Kuaidi100's) is ours, and every usual name leads to it.

Pure data and lookups. A word that is not known answers "": the hub asks a person rather than guessing whose parcel it
is. What a platform calls a carrier stands in that connector's folder (`carriers.yaml`).
"""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType

import msgspec


class Carrier(msgspec.Struct, frozen=True):
    """One carrier: `code` is ours, `aliases` are other names for it, with blanks between."""

    code: str
    zh: str
    en: str
    aliases: str = ""


CARRIERS: tuple[Carrier, ...] = (
    Carrier("shunfeng", "顺丰速运", "SF Express",
            "sf 顺丰 顺丰快递 sf_express sfexpress 順豐 順豐速運 順豐快遞 "
            "顺丰标快 顺丰特快 顺丰特惠 顺丰次晨 顺丰即日"),
    Carrier("yuantong", "圆通速递", "YTO Express", "yto 圆通 圆通快递 圓通 圓通速遞 圓通快遞"),
    Carrier("zhongtong", "中通快递", "ZTO Express", "zto 中通 中通快遞"),
    Carrier("shentong", "申通快递", "STO Express", "sto 申通 申通快遞"),
    Carrier("yunda", "韵达快递", "Yunda Express", "韵达 yd 韻達 韻達快遞"),
    Carrier("jd", "京东物流", "JD Logistics", "jdl 京东 京东快递 jdexpress jd_logistics"),
    Carrier("youzhengguonei", "邮政快递包裹", "China Post", "post 邮政 中国邮政 邮政小包 chinapost postb"),
    Carrier("ems", "中国邮政EMS", "EMS", "邮政ems ems快递 邮政特快 邮政特快专递"),
    Carrier("debangkuaidi", "德邦快递", "Deppon Express", "德邦 dbkd dbl deppon debangwuliu"),
    Carrier("jtexpress", "极兔速递", "J&T Express", "极兔 极兔快递 jt jtsd j&t 極兔 極兔速遞"),
    Carrier("danniao", "丹鸟物流", "Danniao", "丹鸟 丹鸟快递"),
    Carrier("ups", "UPS", "UPS", "unitedparcelservice"),
    Carrier("fedex", "联邦快递", "FedEx", "联邦 fedexexpress"),
    Carrier("dhl", "DHL", "DHL Express", "dhlexpress 敦豪"),
    Carrier("usps", "美国邮政", "USPS", "uspostalservice"),
    Carrier("yanwen", "燕文物流", "Yanwen", "燕文 yw"),
    Carrier("disifang", "递四方", "4PX", "4px 递四方速递"),
    Carrier("yuntu", "云途物流", "YunExpress", "云途 yunexpress"),
)  # fmt: skip
"""Codes are Kuaidi100's, from its published table."""

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
CODES = frozenset(_BY_CODE)
_BY_WORD = MappingProxyType(
    {
        _fold(word): carrier.code
        for carrier in reversed(CARRIERS)
        for word in (carrier.code, carrier.zh, carrier.en, *carrier.aliases.split())
    }
)


def canonical(code_or_name: str) -> str:
    """Our code for a carrier's code or name in any usual spelling; "" when it is not known."""
    return _BY_WORD.get(_fold(code_or_name), "") or _by_name_and_service(code_or_name)


def kept_as(code_or_name: str) -> str:
    """Our code for it; what nobody knows stays as it was said."""
    return code_or_name if code_or_name in CODES else canonical(code_or_name) or code_or_name


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
