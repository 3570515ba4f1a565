"""Cleaning what people typed: phones, names and blanks, and fitting a text into what a target can take."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, Protocol

from orderloom.domain.destroyed import is_destroyed

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200d\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]"
)
_KEPT_JOINER = re.compile("(?<=[^\x00-\u2fff])\u200d(?=[^\x00-\u1fff])")
"""A zero-width joiner between two pictographs belongs to the emoji (a family) and stays."""
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_HALF = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
_HALF |= {code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_HALF_PHONE = _HALF | {0xFF0B: "+", 0xFF0D: "-", 0xFF0A: "*", 0xFF08: "(", 0xFF09: ")", 0x2014: "-", 0x2013: "-"}
_MOBILE = re.compile(r"1[3-9]\d{9}")
_VIRTUAL = re.compile(r"(1[3-9]\d{9})\s*(?:-|转|,|#|ext\.?|p)\s*(\d{1,6})", re.IGNORECASE)
_LANDLINE = re.compile(
    r"\(?(0(?:10|2\d|[3-9]\d{2}))\)?[-\s]?(\d{7,8})(?:\s*(?:-|转|,|#|ext\.?|p)\s*(\d{1,6}))?", re.IGNORECASE
)
_SERVICE = re.compile(r"[48]00-?\d{3,4}-?\d{3,4}")
_CHINA = re.compile(r"^(?:\+|00)?\s*\(?86\)?[-\s]*(?=(?:0?1[3-9][\d\s-]{9}|0\d{2,3}|[1-9]\d{1,2}[-\s]\d{7,8}))")
_FOREIGN = re.compile(r"(?:\+|00)\s*[1-9][\d\s().-]{5,20}")

_NOTHING_SAID = frozenset({
    "无", "無", "空", "暂无", "没有", "未填", "未填写", "不详", "未知", "缺", "无地址", "无电话", "n/a",
    "none", "null", "nil", "nan", "undefined", "unknown", "tbd",
})  # fmt: skip
"""What people and programs write where they have nothing to write."""
PHONE_DIGITS_MIN = 7
CIPHER_LENGTH_MIN = 24
_CIPHER = re.compile(r"[A-Za-z0-9+/=_~#$|.:-]+")
"""What base64 and the marks that platforms put around it are made of: no blank, and no sign of a script."""


class Phone(NamedTuple):
    """A phone in its plain form. `kind`: mobile, virtual, landline, foreign, masked, empty or unknown."""

    number: str
    kind: str


def clean_text(text: str) -> str:
    """Blanks collapsed and taken off the ends, control and zero-width characters removed, NFC composed."""
    if text.isprintable():
        # Printable text has no control, zero-width or odd blank characters: only spaces and composition are left.
        if " " in text and (text[0] == " " or text[-1] == " " or "  " in text):
            text = _BLANKS.sub(" ", text).strip()
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    if text:
        kept = _KEPT_JOINER.sub("\ue8ff", text) if "\u200d" in text else text
        text = _BLANKS.sub(" ", _INVISIBLE.sub("", kept)).strip().replace("\ue8ff", "\u200d")
    # A lone half of a pair cannot be stored as UTF-8: it becomes the sign for what could not be read.
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if _has_lone_half(text) else text
    return unicodedata.normalize("NFC", text)


def clean_name(text: str) -> str:
    """A person's name: clean text with full-width letters and digits made half-width; CJK signs stay as written."""
    return clean_text(text.translate(_HALF)) if text else text


def says_something(text: str) -> bool:
    """Whether a name or a place is written there, and not a stand-in such as a dash or `N/A`."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip(" ()[]【】-_.")
    return (any(map(str.isalnum, plain.replace("0", ""))) and plain not in _NOTHING_SAID) or "*" in plain


def can_be_called(phone: str) -> bool:
    """Whether it can be a phone in China: masked, or digits enough that are not all the same."""
    digits = phone if phone.isdigit() else [sign for sign in phone if sign.isdigit()]
    return "*" in phone or (len(digits) >= PHONE_DIGITS_MIN and len(set(digits)) > 1)


def clean_phone(text: str, country: str = "CN") -> Phone:
    """A phone number read by rules: Chinese mobile, virtual (with extension), landline; others keep + and digits.

    Masked numbers (with *) stay as they are; what cannot be read is kept as typed, kind `unknown`; scientific notation
    is no number any more.
    """
    if len(text) == 11 and _MOBILE.fullmatch(text) and text.isascii():
        return Phone(text, "mobile")
    plain = clean_text(text.translate(_HALF_PHONE)) if text else ""
    if not plain:
        return Phone("", "empty")
    if is_destroyed(plain):
        return Phone("", "empty")
    if "*" in plain:
        return Phone(plain.replace(" ", ""), "masked")
    return (_chinese(plain, country) or _foreign(plain, country)) or Phone(plain, "unknown")


def _chinese(plain: str, country: str) -> Phone | None:
    if country != "CN" and not re.match(r"(\+|00)\s*\(?86", plain):
        return None
    bare = _CHINA.sub("", plain, count=1)
    virtual = _VIRTUAL.fullmatch(bare)
    if virtual:
        return Phone(f"{virtual.group(1)}-{virtual.group(2)}", "virtual")
    digits = re.sub(r"[\s.-]", "", bare)
    digits = digits[1:] if re.fullmatch(r"01[3-9]\d{9}", digits) else digits
    if _MOBILE.fullmatch(digits):
        return Phone(digits, "mobile")
    landline = _LANDLINE.fullmatch(bare) or (_LANDLINE.fullmatch("0" + bare) if bare != plain else None)
    if landline:
        area, number, extension = landline.groups()
        return Phone(f"{area}-{number}" + (f"-{extension}" if extension else ""), "landline")
    return Phone(digits, "landline") if _SERVICE.fullmatch(bare) else None


def _foreign(plain: str, country: str) -> Phone | None:
    if _FOREIGN.fullmatch(plain):
        digits = re.sub(r"\D", "", plain)
        return Phone("+" + (digits[2:] if plain.startswith("00") else digits), "foreign")
    if country != "CN" and re.fullmatch(r"[\d\s().-]{5,20}", plain):
        return Phone(re.sub(r"\D", "", plain), "foreign")
    return None


def is_masked(text: str) -> bool:
    """True when a platform has put stars over the text."""
    return "*" in text or "＊" in text


class Person(Protocol):
    """The parts of a receiver that a platform may hide."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def detail(self) -> str: ...


def is_hidden(person: Person) -> bool:
    """True when stars or cipher text stand for any part of who it is."""
    return any(is_masked(part) or is_cipher(part) for part in (person.name, person.phone, person.detail))


def is_cipher(text: str) -> bool:
    """True when a platform gave cipher text in place of a name, phone or address: long, in one piece, and no words."""
    return len(text) >= CIPHER_LENGTH_MIN and _CIPHER.fullmatch(text) is not None and _is_mixed(text)


def _is_mixed(text: str) -> bool:
    return any(map(str.islower, text)) and any(map(str.isupper, text)) and any(map(str.isdigit, text))


def _has_lone_half(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text) if not text.isascii() else False


_VARIANTS = dict(zip("𠮷㛃䶮𤣥𬱖𬀩𬬱𬭚𪣻𬘓堃喆昇甯", "吉洁龑玄頔暐釿錞塿紃坤哲升宁", strict=True))
"""Usual stand-ins for name characters that older charsets lack."""
_PLAIN_SIGNS = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "·": ".", "€": "EUR"}
)
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L"}
    | {"đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def fit(text: str, charset: str, max_length: int) -> str:
    """`text` in what `charset` can take, at most `max_length` characters: the order goes out even if a sign cannot.

    A character is kept, else replaced by its usual variant (𠮷 by 吉), its base letter (é by e), or its name in
    brackets; pictographs are left out. A non-empty text never becomes empty: "?" stands for it.
    """
    try:
        text.encode(charset)
        fitted = text
    except UnicodeEncodeError:
        fitted = "".join(sign if _takes(charset, sign) else _stand_in(sign, charset) for sign in text)
        fitted = _BLANKS.sub(" ", fitted).strip()
    if text.strip() and not fitted:
        fitted = "?"
    return _cut(fitted, max_length)


def _takes(charset: str, sign: str) -> bool:
    try:
        sign.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _stand_in(sign: str, charset: str) -> str:
    plain = _VARIANTS.get(sign) or sign.translate(_LETTERS).translate(_PLAIN_SIGNS)
    if plain == sign:
        plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    if plain and plain != sign and all(_takes(charset, part) for part in plain):
        return plain
    kind = unicodedata.category(sign)
    if kind in ("So", "Sk", "Mn", "Me", "Cf", "Cs", "Cn", "Co"):
        return ""
    if "\u2e80" <= sign <= "\u9fff" or sign >= "\U00020000":
        return "[U+" + f"{ord(sign):X}]"
    return f"[{unicodedata.name(sign, 'U+' + format(ord(sign), 'X')).lower()}]"


def _cut(text: str, max_length: int) -> str:
    """The first characters, without leaving half of a composed sign at the end."""
    if len(text) <= max_length:
        return text
    end = max(max_length, 0)
    while end and (unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f" or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip()
