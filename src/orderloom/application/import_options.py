"""What whoever imports a file says of it alone: encoding, zone, names of columns, constants, ways of writing."""

from __future__ import annotations

import codecs
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account
from orderloom.domain.money import CURRENCIES
from orderloom.domain.states import PaymentState

DATES, DECIMALS = ("", "auto", "dmy", "mdy"), ("", "auto", "comma", "point")
ENTRIES_MAX = 200
TEXT_MAX = 200


class ImportOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Empty: as the account says. `columns`: the file's name → ours; `constants`: our column → the value of every row
    that says nothing there."""

    encoding: str = ""
    zone: str = ""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    dates: str = ""
    decimals: str = ""
    currency: str = ""
    payment: str = ""


def adjusted(account: Account, options: ImportOptions) -> Account:
    """The account as it reads this one file. Raises NotKept with the option that cannot be used."""
    _check(options)
    settings = dict(account.settings)
    for name, value in (("encoding", options.encoding), ("dates", options.dates), ("decimals", options.decimals),
                        ("default_currency", options.currency), ("default_payment", options.payment)):
        if value:
            settings[name] = value
    if options.columns:
        settings["columns"] = dict(account.settings.get("columns") or {}) | options.columns
    if options.constants:
        settings["constants"] = options.constants
    if options.zone:
        settings["file_zone"] = options.zone
    return msgspec.structs.replace(account, settings=settings, zone=options.zone or account.zone)


def _check(options: ImportOptions) -> None:
    if options.encoding:
        try:
            codecs.lookup(options.encoding)
        except (LookupError, ValueError) as error:
            raise _wrong("encoding", options.encoding, "utf-8、gb18030、big5、utf-16") from error
    if options.zone:
        try:
            ZoneInfo(options.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise _wrong("zone", options.zone, "Asia/Shanghai, America/Los_Angeles") from error
    if options.dates not in DATES:
        raise _wrong("dates", options.dates, "auto, dmy, mdy")
    if options.decimals not in DECIMALS:
        raise _wrong("decimals", options.decimals, "auto, comma, point")
    if options.currency and options.currency not in CURRENCIES:
        raise _wrong("currency", options.currency, "CNY, USD")
    if options.payment and options.payment not in tuple(PaymentState):
        raise _wrong("payment", options.payment, ", ".join(PaymentState))
    for told in (options.columns, options.constants):
        if len(told) > ENTRIES_MAX or any(max(len(name), len(value)) > TEXT_MAX for name, value in told.items()):
            raise _wrong("columns", "…", f"{ENTRIES_MAX} × {TEXT_MAX}")


def _wrong(option: str, value: str, known: str) -> NotKept:
    told = "".join(sign if sign.isprintable() else "?" for sign in value[:40])
    return NotKept("wrong_value", f"{option}：“{told}”不能用；例如 {known}",
                   f"{option}: {told!r} cannot be used; such as {known}")
