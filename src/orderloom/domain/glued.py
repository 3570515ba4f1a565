"""A person's name and phone that were written into the address: taken out, so that neither is printed as a street."""

from __future__ import annotations

import re
from typing import NamedTuple

_PHONE = r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?:[-转]\d{1,6})?|0\d{2,3}-\d{7,8}"
_NAME = r"[\u4e00-\u9fff·]{2,4}|[A-Za-z][A-Za-z .'-]{1,29}"
_BLANK = r"[\s,，、;；:：/|]"
_HAS_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|0\d{2,3}-\d{7,8})(?!\d)")
_LABELLED_PHONE = re.compile(
    rf"(?:手机号码|手机号|手机|联系电话|联系方式|电话号码|电话|tel|phone|mobile){_BLANK}*({_PHONE})(?!\d){_BLANK}*",
    re.IGNORECASE,
)
_LABELLED_NAME = re.compile(
    rf"(?:收货人|收件人|联系人|姓名|名字|receiver|name)(?:姓名)?[\s]*[:：][\s]*({_NAME}){_BLANK}+", re.IGNORECASE
)
_FRONT = re.compile(rf"^{_BLANK}*(?:({_NAME}){_BLANK}*)?({_PHONE})(?!\d)(?:{_BLANK}+({_NAME}){_BLANK}+)?{_BLANK}*")
_BACK = re.compile(rf"(?:{_BLANK}+({_NAME}))?{_BLANK}*(?<!\d)({_PHONE})(?:{_BLANK}+({_NAME}))?{_BLANK}*$")
_DIVISION_END = "省市区县旗州盟镇乡村路街道号楼栋室座层弄园苑城店"
"""A word that ends so is rather a place than a person."""


class Glued(NamedTuple):
    """The address without what was found in it."""

    address: str
    name: str = ""
    phone: str = ""


def take_apart(text: str) -> Glued:
    """Take a labelled name and phone, and a phone with a name beside it at either end, out of an address."""
    if not _HAS_PHONE.search(text):
        return Glued(text)
    name = phone = ""
    labelled = _LABELLED_PHONE.search(text)
    if labelled:
        phone, text = labelled[1], text[: labelled.start()] + " " + text[labelled.end() :]
    named = _LABELLED_NAME.search(text)
    if named:
        name, text = named[1], text[: named.start()] + text[named.end() :]
    if not phone:
        end = _FRONT.match(text)
        if end:
            name, phone, text = _named(end, name), end[2], text[end.end() :]
        else:
            end = _BACK.search(text)
            if end is None:
                return Glued(text.strip(), name)
            name, phone = _named(end, name), end[2]
            text = text[: end.start()] + ("" if name == end[1] or not end[1] else " " + end[1])
    return Glued(text.strip(" ,，、;；:："), name, phone)


def _named(found: re.Match[str], name: str) -> str:
    return name or next((n for n in (found[1], found[3]) if n and n[-1] not in _DIVISION_END), "")
