"""What an installation may set, read once from the environment: every name starts with ORDERLOOM_."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from orderloom import sign_in_settings
from orderloom.carried import CHECKOUT
from orderloom.sign_in_settings import OidcSettings, read_oidc

NAMES: Mapping[str, str] = {
    "ORDERLOOM_HOME": "data folder: database, keys, logs; default home/ of a checkout, else ~/.local/share/orderloom",
    "ORDERLOOM_DSN": "an external PostgreSQL, 15 or newer; empty means the embedded one",
    "ORDERLOOM_PORT": "the port of console, portal and webhooks; default 8000",
    "ORDERLOOM_KEY": "master key; empty means the key file in the data folder",
    "ORDERLOOM_DATABASE_PORT": "the embedded database's TCP port on loopback; default: a free one, chosen once",
    "ORDERLOOM_HOSTS": "names under which people and programs reach the hub beside localhost, separated by commas",
    "ORDERLOOM_PUBLIC_URL": "where browsers and platforms reach the hub, https://oms.example.com; default localhost",
    "ORDERLOOM_BUSINESS_ZONE": "where the day of capacities and figures begins at midnight; default Asia/Shanghai",
    "ORDERLOOM_QUICK_MAPPING": "on or off: off reads every field of a mapping the plain way, slower; default on",
    "ORDERLOOM_KEEP_SENT_DAYS": "days for which the text of what was sent is kept; default 180, off: for ever",
    "ORDERLOOM_VERSION_NOTICE_DAYS": "days before a platform's API version ends that a case is opened; default 60",
    "ORDERLOOM_SECOND_FACTOR_ROLES": "roles, separated by commas, that may do nothing without a second factor",
    "ORDERLOOM_MQTT_URL": "broker that devices of the floor speak to, mqtts://user:password@host; empty: none",
    **sign_in_settings.NAMES,
    "ORDERLOOM_LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR; default INFO",
}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
PORT_DEFAULT = 8000
NOTICE_DAYS_DEFAULT, NOTICE_DAYS_MOST = 60, 366
KEEP_SENT_DAYS_DEFAULT, KEEP_SENT_DAYS_LEAST, KEEP_SENT_DAYS_MOST = 180, 7, 36_500
PUBLIC_URL = re.compile(r"https?://([^/?#\s@:]+|\[[0-9a-f:]+\])(?::\d{1,5})?(?:/[^?#\s]*)?", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f]*:[0-9a-f:.]*")


class BadSetting(ValueError):
    """A setting has a value that cannot be used; the message says which one, why, and how to mend it."""

    def __init__(self, name: str, value: str, zh: str, en: str) -> None:
        shown = "***" if name in ("ORDERLOOM_KEY", "ORDERLOOM_DSN", "ORDERLOOM_MQTT_URL") else value
        super().__init__(f"环境变量 {name}={shown!r}:{zh}\nEnvironment variable {name}={shown!r}: {en}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings. `dsn` empty means embedded; `database_port` None means a free port, chosen once.

    `dsn` and `key` are secrets: they are left out of the representation.
    """

    home: Path
    dsn: str = field(default="", repr=False)
    port: int = PORT_DEFAULT
    key: str = field(default="", repr=False)
    database_port: int | None = None
    log_level: str = "INFO"
    hosts: tuple[str, ...] = ()
    public_url: str = ""
    """Empty: nobody reaches it but from this machine."""
    business_zone: str = "Asia/Shanghai"
    is_mapping_quick: bool = True
    keep_sent_days: int | None = KEEP_SENT_DAYS_DEFAULT
    """None keeps it for ever."""
    version_notice_days: int = NOTICE_DAYS_DEFAULT
    second_factor_roles: frozenset[str] = frozenset()
    oidc: OidcSettings | None = None
    mqtt_url: str = field(default="", repr=False)
    """A broker, with its password."""

    @property
    def address(self) -> str:
        """Where browsers and platforms reach the hub, without a slash at its end."""
        return self.public_url or f"http://localhost:{self.port}"

    @property
    def is_embedded(self) -> bool:
        """Whether the hub runs its own PostgreSQL."""
        return not self.dsn


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process, from `environment` (default: the process's own). Raises `BadSetting`."""
    given = os.environ if environment is None else environment
    words = {name: given.get(name, "").strip() for name in NAMES}
    port = _port("ORDERLOOM_PORT", words["ORDERLOOM_PORT"])
    database_port = _port("ORDERLOOM_DATABASE_PORT", words["ORDERLOOM_DATABASE_PORT"])
    port = PORT_DEFAULT if port is None else port
    if port == database_port:
        raise BadSetting("ORDERLOOM_DATABASE_PORT", str(port), "与 ORDERLOOM_PORT 相同，请换一个端口。",
                         "is the same as ORDERLOOM_PORT; choose another one.")
    return Settings(
        home=_home(words["ORDERLOOM_HOME"], given.get("XDG_DATA_HOME", "")),
        dsn=_dsn(words["ORDERLOOM_DSN"]),
        port=port,
        key=words["ORDERLOOM_KEY"],
        database_port=database_port,
        log_level=_log_level(words["ORDERLOOM_LOG_LEVEL"]),
        hosts=tuple(dict.fromkeys([*_hosts(words["ORDERLOOM_HOSTS"]), *_host_of(words["ORDERLOOM_PUBLIC_URL"])])),
        public_url=words["ORDERLOOM_PUBLIC_URL"].rstrip("/"),
        business_zone=_zone(words["ORDERLOOM_BUSINESS_ZONE"]),
        keep_sent_days=_days("ORDERLOOM_KEEP_SENT_DAYS", words["ORDERLOOM_KEEP_SENT_DAYS"]),
        version_notice_days=_notice("ORDERLOOM_VERSION_NOTICE_DAYS", words["ORDERLOOM_VERSION_NOTICE_DAYS"]),
        second_factor_roles=frozenset(filter(None, re.split(r"[,\s]+", words["ORDERLOOM_SECOND_FACTOR_ROLES"]))),
        oidc=_oidc(words),
        mqtt_url=_broker(words["ORDERLOOM_MQTT_URL"]),
        is_mapping_quick=_switch("ORDERLOOM_QUICK_MAPPING", words["ORDERLOOM_QUICK_MAPPING"]),
    )


def _oidc(words: Mapping[str, str]) -> OidcSettings | None:
    try:
        return read_oidc(words)
    except sign_in_settings.Unusable as error:
        raise BadSetting(error.name, error.value, error.zh, error.en) from error


def _broker(word: str) -> str:
    try:
        parts = urlsplit(word)
        is_good = not word or (parts.scheme in ("mqtt", "mqtts") and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        is_good = False
    if not is_good:
        raise BadSetting("ORDERLOOM_MQTT_URL", word, "写成 mqtt://HOST:PORT 或 mqtts://USER:PASSWORD@HOST。",
                         "write it as mqtt://host:port or mqtts://user:password@host.")
    return word


def strangers(environment: Mapping[str, str]) -> list[str]:
    """Names that start with ORDERLOOM_ and mean nothing: usually a typing error that would be ignored silently."""
    return sorted(
        name for name in environment
        if name.startswith("ORDERLOOM_") and name not in NAMES and not name.startswith("ORDERLOOM_TEST_")
    )


def _home(word: str, data: str) -> Path:
    """The folder that was named; else `home` of a checkout, or the user's own place for data, wherever one stands."""
    if not word:
        return CHECKOUT / "home" if CHECKOUT else Path(data or Path.home() / ".local" / "share") / "orderloom"
    path = Path(word).expanduser()
    if path.exists() and not path.is_dir():
        raise BadSetting("ORDERLOOM_HOME", word, "已存在且不是文件夹，请换一个文件夹。",
                         "exists and is not a folder; name another folder.")
    return path.absolute()


def _port(name: str, word: str) -> int | None:
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= 65535):
        raise BadSetting(name, word, "必须是 1 到 65535 之间的整数。", "must be a whole number from 1 to 65535.")
    return int(word)


def _log_level(word: str) -> str:
    level = word.upper() or "INFO"
    if level not in LOG_LEVELS:
        raise BadSetting("ORDERLOOM_LOG_LEVEL", word, f"必须是 {'、'.join(LOG_LEVELS)} 之一。",
                         f"must be one of {', '.join(LOG_LEVELS)}.")
    return level


def _days(name: str, word: str) -> int | None:
    if word.lower() == "off":
        return None
    if not word:
        return KEEP_SENT_DAYS_DEFAULT
    days = int(word) if word.isascii() and word.isdigit() and len(word) < 9 else 0
    least, most = KEEP_SENT_DAYS_LEAST, KEEP_SENT_DAYS_MOST
    if not least <= days <= most:
        raise BadSetting(name, word, f"必须是 {least} 到 {most} 的天数，或 off（一直保留）。",
                         f"must be a number of days from {least} to {most}, or off (keep it for ever).")
    return days


def _notice(name: str, word: str) -> int:
    if not word:
        return NOTICE_DAYS_DEFAULT
    days = int(word) if word.isascii() and word.isdigit() and len(word) < 9 else 0
    if not 1 <= days <= NOTICE_DAYS_MOST:
        raise BadSetting(name, word, f"必须是 1 到 {NOTICE_DAYS_MOST} 的天数。",
                         f"must be a number of days from 1 to {NOTICE_DAYS_MOST}.")
    return days


def _switch(name: str, word: str) -> bool:
    if word.lower() not in ("", "on", "off"):
        raise BadSetting(name, word, "只能是 on 或 off。", "must be on or off.")
    return word.lower() != "off"


def _zone(word: str) -> str:
    try:
        return ZoneInfo(word or "Asia/Shanghai").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting("ORDERLOOM_BUSINESS_ZONE", word, "没有这个时区，例如 Asia/Shanghai。",
                         "is no time zone such as Asia/Shanghai.") from None


def _hosts(word: str) -> tuple[str, ...]:
    hosts = tuple([part.strip().lower().strip("[]").rstrip(".") for part in word.split(",") if part.strip()])
    for host in hosts:
        if not HOST.fullmatch(host):
            raise BadSetting("ORDERLOOM_HOSTS", word, f"“{host}”不是域名或 IP 地址，例如 oms.example.com,10.0.0.5。",
                             f'"{host}" is no host name or address such as oms.example.com,10.0.0.5.')
    return hosts


def _host_of(word: str) -> tuple[str, ...]:
    """The host of the hub's public address. Raises BadSetting."""
    if not word:
        return ()
    found = PUBLIC_URL.fullmatch(word)
    if found is None:
        raise BadSetting("ORDERLOOM_PUBLIC_URL", word, "应是浏览器和平台访问本系统的地址，例如 https://oms.example.com，不带问号和空格。",
                         "is the address under which browsers and platforms reach the hub, such as "
                         "https://oms.example.com, without query or spaces.")
    return _hosts(found[1])


def _dsn(word: str) -> str:
    try:
        parts = conninfo_to_dict(word)
    except ProgrammingError as error:
        raise BadSetting("ORDERLOOM_DSN", word, "不是 PostgreSQL 连接串，例如 postgresql://USER:PASSWORD@HOST:5432/NAME。",
                         "is not a PostgreSQL DSN such as postgresql://user:password@host:5432/name.") from error
    if word and not parts.get("dbname"):
        raise BadSetting("ORDERLOOM_DSN", word, "没有写数据库名。", "does not name a database.")
    return word
