"""Try a connected account check by check: is its address allowed, does it answer, does it take the key; each timed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from orderloom.application.keep_account import AccountStore
from orderloom.application.ports import Account, Manifest, Probed
from orderloom.application.within import Within
from orderloom.domain.words import Words

TITLES = {
    "address": Words("地址可用", "The address may be used"),
    "reach": Words("网络连得上", "The network reaches it"),
    "probe": Words("平台认得凭证", "The platform takes the credentials"),
}
ADVICE = {
    "missing": Words("补全缺少的凭证", "Fill in the credentials that are missing"),
    "wrong_key": Words("密钥不对：到平台后台重新复制，前后不要带空格",
                       "The key is wrong: copy it again from the platform's back office, without blanks around it"),
    "token_old": Words("令牌失效：重新授权，或在平台后台换一个令牌",
                       "The token is no longer good: authorise again, or get a new token from the platform"),
    "not_allowed": Words("平台没有给这个应用权限：在开放平台申请订单与发货接口，再让店铺授权",
                         "The app lacks permission: ask for the order and shipping APIs on the platform, then have "
                         "the shop authorise it"),
    "clock": Words("本机时钟与平台相差太多：校准时钟后重试", "This machine's clock is off: set it right and try again"),
    "too_fast": Words("平台说调用太快：稍等再试", "The platform says that it is called too fast: wait and try again"),
    "address": Words("检查地址是否写对；内网地址须由管理员允许",
                     "Check the address; an address of the inside has to be allowed by an administrator"),
    "reach": Words("检查网络、防火墙和地址", "Check network, firewall and address"),
}


class Check(msgspec.Struct, frozen=True):
    """One check: how long it took, whether it went well, and what was said. `was_skipped`: an earlier one failed."""

    name: str
    title: Words
    milliseconds: int
    is_well: bool
    message: str = ""
    was_skipped: bool = False


class FieldToMend(msgspec.Struct, frozen=True):
    """A credential that is probably wrong, and where the platform shows the right one."""

    name: str
    title: Words
    help: Words | None = None


class AccountExamined(msgspec.Struct, frozen=True):
    """How the checks went. `advice` says what to do, `fields` which credentials to look at."""

    account: str
    is_well: bool
    is_to_authorise: bool
    checks: list[Check]
    advice: Words | None
    fields: list[FieldToMend]


class Examines(Protocol):
    """Who tries an account step by step."""

    async def examine(self, account: Account) -> tuple[list[Check], Probed]: ...


class ExaminingHub(Protocol):
    """What of the hub is needed."""

    @property
    def trial(self) -> Examines: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...


async def examine_account(
    hub: ExaminingHub, within: Within[AccountStore] | None, account: Account,
) -> AccountExamined:
    """Try it; of one that is kept (`within`) write down how it went."""
    checks, health = await hub.trial.examine(account)
    if within is not None and account.id:
        async with within() as accounts:
            await accounts.note_health(account.id, health)
    failed = next((one.name for one in checks if not one.is_well and not one.was_skipped), "")
    advice = None if health.is_well else ADVICE.get(health.code) or ADVICE.get(failed)
    fields = _fields(hub.manifests.get(account.connector), health) if not health.is_well else []
    return AccountExamined(account.code, health.is_well, health.is_to_authorise, checks, advice, fields)


def _fields(manifest: Manifest | None, health: Probed) -> list[FieldToMend]:
    known = manifest.credentials if manifest else []
    wanted: Sequence[str] = health.fields
    if not wanted and health.code in ("wrong_key", "token_old"):
        is_token = health.code == "token_old"
        wanted = [str(one["name"]) for one in known if one.get("is_secret") and is_token == bool(one.get("is_token"))]
    return [FieldToMend(str(one["name"]), Words(one["title"]["zh"], one["title"]["en"]), _help(one))
            for one in known if one["name"] in wanted]


def _help(credential: Mapping[str, object]) -> Words | None:
    told = credential.get("help")
    return Words(str(told["zh"]), str(told["en"])) if isinstance(told, dict) else None
