"""What connecting an account asks for: the connector's form, checked and filled in, and from when its past is read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from orderloom.application.ports import Account, Manifest
from orderloom.domain.words import Words

CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}")
"""An account's code leads every order number, so it is short and plain."""
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.:-]*[a-z0-9_])?|::[0-9a-f:]*")
PAST_DAYS_DEFAULT = "30"
DAYS_DIGITS_MAX = 4
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No order is older; and a time before the year 1 in UTC can be stored and never be read again."""
_YES, _NO = ("true", "yes", "1", "on", "是"), ("false", "no", "0", "off", "否")


class Field(msgspec.Struct, frozen=True):
    """A credential that the connector's form asks for."""

    name: str
    title: Words
    is_secret: bool = False
    is_optional: bool = False
    help: Words | None = None
    """Where the platform shows it."""
    is_token: bool = False
    """The platform grants it; a person need not enter it."""


class Setting(msgspec.Struct, frozen=True):
    """Something about an account that may be chosen."""

    title: Words
    default: Any
    choices: tuple[Any, ...] = ()
    is_folder: bool = False
    goes_with_connector: bool = False
    """It is written into an account only where it is given: else the connector's own holds, also when that changes."""


class Form(msgspec.Struct, frozen=True):
    """What a connector's manifest says that an account needs."""

    connector: str
    family: str
    title: Words
    zone: str
    base_url: str
    credentials: tuple[Field, ...]
    settings: dict[str, Setting]


class Filled(msgspec.Struct, frozen=True):
    """A form filled in; `missing` are the credentials still to be asked for."""

    credentials: dict[str, str]
    settings: dict[str, Any]
    missing: tuple[Field, ...]


def shared(
    names: Iterable[str], account: Account, others: Iterable[Account], real: Callable[[str], str]
) -> tuple[str, str] | None:
    """(setting, code of the other account) where another account has what only one may have.

    `names` are the exclusive settings, `real` gives a folder's one true name.
    """
    for name in names:
        mine = str(account.settings.get(name) or "").strip()
        for other in others:
            theirs = str(other.settings.get(name) or "").strip()
            if other.code != account.code and other.connector == account.connector and mine and theirs \
                    and real(mine) == real(theirs):
                return name, other.code
    return None


class BadForm(ValueError):
    """Something given does not belong into the form; `zh` and `en` say what, and what was probably meant."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


def form_of(manifest: Manifest) -> Form:
    """The form that a manifest describes."""
    return Form(
        manifest.name, manifest.family, _words(manifest.title, manifest.name), manifest.zone, manifest.base_url,
        tuple(Field(str(c["name"]), _words(c.get("title", {}), str(c["name"])), bool(c.get("is_secret")),
                    bool(c.get("is_optional")), _words(c["help"], "") if c.get("help") else None,
                    bool(c.get("is_token"))) for c in manifest.credentials),
        _of_all(manifest) | {
            key: Setting(_words(s.get("title", {}), key), s.get("default"), tuple(s.get("choices", ())),
                         bool(s.get("is_folder"))) for key, s in manifest.settings.items()},
    )


def _of_all(manifest: Manifest) -> dict[str, Setting]:
    """Settings of every account, whatever its connector declares: what it may call, and how often it is read."""
    pull = manifest.pull
    read = {
        "interval_seconds": (Words("读取间隔秒数", "Seconds between readings"), pull.interval_seconds),
        "sweep_after_seconds": (Words("多少秒后再读一遍", "Seconds until a second look"), pull.sweep_after_seconds),
        "sweep_every_seconds": (Words("再读的间隔秒数", "Seconds between such looks"), pull.sweep_every_seconds),
    } if "pull" in manifest.capabilities else {}
    if pull.overlap_seconds:
        read["overlap_seconds"] = (Words("时间窗重叠秒数", "Overlap of windows in seconds"), pull.overlap_seconds)
    found: dict[str, tuple[Words, Any]] = {
        "rate": (Words("调用额度", "Calls allowed"), msgspec.to_builtins(manifest.rate)),
        "rates": (Words("单个接口的调用额度（JSON）", "Calls allowed of single APIs, as JSON"),
                  msgspec.to_builtins(manifest.rates)),
        **read,
    }
    return {name: Setting(title, default, goes_with_connector=True) for name, (title, default) in found.items()}


def fill(form: Form, credentials: Mapping[str, str], settings: Mapping[str, str]) -> Filled:
    """Check what was given by name and turn settings into their types. Raises BadForm."""
    known = {field.name: field for field in form.credentials}
    for name in credentials:
        _refuse_stranger(name, known, form, Words("凭证", "credential"))
    for name in settings:
        _refuse_stranger(name, form.settings, form, Words("设置", "setting"))
    chosen = {name: typed(name, form.settings[name], text) for name, text in settings.items()}
    rates = {f"rates {api}": one for api, one in (chosen.get("rates") or {}).items() if one != "-"}
    for name, one in (rates | ({"rate": chosen["rate"]} if "rate" in chosen else {})).items():
        _must_be_rate(name, one)
    missing = tuple(f for f in form.credentials if not credentials.get(f.name) and not f.is_optional)
    return Filled(dict(credentials), chosen, missing)


def _must_be_rate(name: str, one: Any) -> None:
    """Raise BadForm unless it says how many calls a second, and how many at once."""
    try:
        numbers = [float(one["per_second"]), float(one["burst"])]
    except (KeyError, TypeError, ValueError):
        numbers = []
    if not numbers or not all(0 < number < NUMBER_END for number in numbers):
        raise BadForm(f"设置 {name} 须写 per_second 与 burst，都大于 0，例如 per_second=20;burst=40",
                      f"Setting {name} says per_second and burst, both above 0, such as per_second=20;burst=40")


NUMBER_END = 2**53
"""A setting counts seconds, records or calls: no number of it is negative, without end, or none at all."""


def typed(name: str, setting: Setting, text: str) -> Any:
    """The text as the type of the setting's default. Raises BadForm."""
    value = _convert(name, setting.default, text.strip())
    if isinstance(value, int | float) and not 0 <= value < NUMBER_END:
        raise BadForm(f"设置 {name} 须为 0 或更大的数", f"Setting {name} is a number of 0 or more")
    if setting.choices and any(one not in setting.choices for one in (value if isinstance(value, list) else [value])):
        shown = ", ".join(map(str, setting.choices))
        raise BadForm(f"设置 {name} 只能是：{shown}", f"Setting {name} is one of: {shown}")
    return value


def check_code(code: str) -> str:
    """The account code, in capitals. Raises BadForm."""
    if not CODE.fullmatch(code.upper()):
        raise BadForm(f"账号代码“{code}”不合规：2 到 12 个字母或数字，字母开头，例如 TB01。",
                      f'Account code "{code}": 2 to 12 letters or digits, a letter first, such as TB01.')
    return code.upper()


def check_zone(zone: str) -> str:
    """The IANA zone name. Raises BadForm."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # Asia is a folder of zones
        raise BadForm(f"没有时区“{zone}”，例如 Asia/Shanghai。",
                      f'No time zone "{zone}", such as Asia/Shanghai.') from error
    return zone


def check_hosts(words: Sequence[str], host_name: Callable[[str], str]) -> list[str]:
    """Names or addresses of hosts, without scheme or port. Raises BadForm."""
    found = [host_name(word) for word in words]
    if wrong := [word for word, host in zip(words, found, strict=True) if not HOST.fullmatch(host)]:
        raise BadForm(f"“{wrong[0][:80]}”不是主机名或 IP 地址，例如 192.168.1.20 或 erp.local。",
                      f'"{wrong[0][:80]}" is no host name or address, such as 192.168.1.20 or erp.local.')
    return found


class Past(msgspec.Struct, frozen=True):
    """Which orders from before the connection are read: from `since` (None: none), finished ones too with `is_all`."""

    since: datetime | None
    is_all: bool = False


def past_wanted(
    text: str, at: datetime, zone: str, days_max: int, *, is_all: bool, is_new: bool
) -> Past | None:
    """What a wish for the past means now: without words a new account gets the default, a known one nothing.

    Raises BadForm.
    """
    if not text and not is_new:
        return None
    return Past(past_of(text or PAST_DAYS_DEFAULT, at, zone, days_max), is_all)


def past_of(text: str, at: datetime, zone: str, days_max: int = 0) -> datetime | None:
    """The instant that `now` (None), a number of days or a date in the account's zone means. Raises BadForm."""
    word = text.strip().lower()
    if word == "now":
        return None
    if word.isascii() and word.isdigit() and len(word) <= DAYS_DIGITS_MAX:
        since = at - timedelta(days=int(word))
    else:
        since = _begin_of(text.strip(), zone)
    if since < EARLIEST:
        raise BadForm(f"since {text} 太早；写 2000 年以后的日期，或天数。",
                      f"since {text} is too early; give a date from 2000 on, or a number of days.")
    if since > at:
        raise BadForm(f"since {text} 在未来；写过去的日期、天数，或 now。",
                      f"since {text} lies ahead; give a date that is over, a number of days, or now.")
    if days_max and at - since > timedelta(days=days_max):
        raise BadForm(f"since {text}：平台只提供最近 {days_max} 天的订单，最多写 {days_max}。",
                      f"since {text}: the platform shows the last {days_max} days only; give {days_max} at most.")
    return since


def _begin_of(text: str, zone: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone))
    except ValueError as error:
        raise BadForm(f"since {text} 不是日期；写 2026-10-01、天数（如 30）或 now。",
                      f"since {text} is no date; write 2026-10-01, a number of days (30) or now.") from error


def _convert(name: str, default: Any, text: str) -> Any:
    try:
        if isinstance(default, bool):
            if text.lower() not in (*_YES, *_NO):
                raise ValueError(text)
            return text.lower() in _YES
        if isinstance(default, int):
            return int(text)
        if isinstance(default, float):
            return float(text)
        if isinstance(default, list) and not text.startswith("["):
            return [part.strip() for part in text.split(",") if part.strip()]
        if isinstance(default, dict) and not text.startswith("{"):
            return _pairs(text)
        if isinstance(default, list | dict):
            return msgspec.json.decode(text, type=type(default))
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        kind = type(default).__name__
        raise BadForm(f"设置 {name} 的值“{text}”不对，应为 {kind}（例如 {default!r}）。",
                      f'Setting {name}: "{text}" is no {kind} (such as {default!r}).') from error
    return text


def _pairs(text: str) -> dict[str, str]:
    """`one=other;two=other` as a mapping. Raises ValueError."""
    pairs = [part.partition("=") for part in re.split(r"[;；\n]", text) if part.strip()]
    if any(not (sign and name.strip() and value.strip()) for name, sign, value in pairs):
        raise ValueError(text)
    return {name.strip(): value.strip() for name, _, value in pairs}


def merged(kept: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they were, with those given anew; a table such as column names gains entries and loses none.

    An entry given as `-` is taken away.
    """
    result = {**kept, **given}
    for name, value in given.items():
        before = kept.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            result[name] = {key: one for key, one in {**before, **value}.items() if one != "-"}
    return result


def _refuse_stranger(name: str, known: Mapping[str, Any], form: Form, what: Words) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    zh = f"你是不是要写 {near[0]}？" if near else f"可用的有：{'、'.join(known)}"
    en = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    raise BadForm(f"{form.connector} 没有{what.zh}“{name}”。{zh}", f'{form.connector} has no {what.en} "{name}": {en}')


def _words(given: Mapping[str, str], name: str) -> Words:
    return Words(given.get("zh", name), given.get("en", name))
