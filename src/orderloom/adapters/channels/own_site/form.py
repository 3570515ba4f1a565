"""An order form for a small site, served below the account's webhook address; what it takes lands as the site's order.

Nothing of the form is believed but what a person types: goods and prices stand in a signed offer, each form is good for
one order and two hours, a field that people do not see catches machines, and an hour has room for so many.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from orderloom.application.ports import Account, Inbound, Item, Verdict
from orderloom.domain.money import exponent

BODY_MAX, FIELDS_MAX, GOODS_MAX, QUANTITY_MAX = 32_768, 200, 50, 99
YOUNG, OLD = timedelta(seconds=3), timedelta(hours=2)
HTML = "text/html; charset=utf-8"
TRAP = "website"
PEOPLE = (
    ("name", "姓名", "Name", 80, True), ("phone", "电话", "Phone", 32, True), ("email", "邮箱", "E-mail", 120, False),
    ("country", "国家代码", "Country code", 2, True), ("province", "省 / 州", "Province or state", 80, False),
    ("city", "城市", "City", 80, True), ("district", "区县", "District", 80, False),
    ("address", "详细地址", "Address", 300, True), ("postcode", "邮编", "Postcode", 16, False),
    ("note", "备注", "Note", 500, False),
)  # fmt: skip
"""Field, title in Chinese and English, greatest length, needed."""
_QUANTITY = re.compile(r"0?[0-9]{1,2}")
_PHONE = re.compile(r"[+0-9() .-]{5,32}")
_taken: dict[int, deque[datetime]] = {}
"""When orders came by the form, by account: one process's own count."""


class Offer(NamedTuple):
    """What is sold by a form that was given out: goods as (sku, title, price), and the terms."""

    goods: list[tuple[str, str, str]]
    currency: str
    shipping: str
    payment: str


def receive(request: Inbound, account: Account, at: datetime) -> Verdict:
    """The form when it is asked for; an order when it comes back filled in; the form with what is wrong otherwise."""
    offer, secret = _offer(account), account.credentials.get("webhook_secret", "").encode()
    if not offer.goods or not secret:
        return _page("表单未启用 / this form is not switched on", 404)
    if request.method == "GET":
        return Verdict((), "", 200, _form(account, offer, secret, at, {}, []).encode(), HTML)
    if not _is_near(request, account) or len(request.body) > BODY_MAX:
        return _page("来源不符或内容过大 / from elsewhere, or too large", 403)
    try:
        told = dict(parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX))
    except ValueError:
        return _page("内容无法读取 / it cannot be read", 400)
    if told.get(TRAP) or not _is_ours(told, secret, at):
        return _page("表单已过期，请重新打开 / this form is no longer good: open it again", 400)
    offer = Offer(*json.loads(told["offer"]))  # what the person saw, signed by us
    wrong = _wrong(told, offer)
    if wrong:
        return Verdict((), "", 422, _form(account, offer, secret, at, told, wrong).encode(), HTML)
    if not _has_room(account, at):
        return _page("下单过多，请稍后再试 / too many orders just now: try again later", 429)
    order = _order(told, offer, at)
    body = json.dumps({"type": "order.created", "timestamp": order["placed_at"], "data": order,
                       "form": request.body.decode()}, ensure_ascii=False).encode()  # fmt: skip
    thanks = _page(f"已收到，订单号 {order['id']} / received, your order number is {order['id']}", 200)
    return Verdict((Item("order.created", body, told["nonce"]),), "", 200, thanks.reply, HTML)


def _offer(account: Account) -> Offer:
    said = account.settings
    goods = said.get("form_goods") or []
    rows = [(str(one["sku"]), str(one["title"]), str(one["price"])) for one in goods[:GOODS_MAX]
            if isinstance(one, dict) and {"sku", "title"} <= one.keys() and _is_price(one.get("price"))]  # fmt: skip
    return Offer(rows, str(said.get("form_currency") or "CNY"), str(said.get("form_shipping") or "0"),
                 str(said.get("form_payment") or "unpaid"))


def _is_price(said: Any) -> bool:
    return re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", str(said)) is not None


def _token(secret: bytes, issued: str, nonce: str, offer: str) -> str:
    """What makes a form ours: it holds for this offer alone."""
    return hmac.new(secret, f"{issued}.{nonce}.{offer}".encode(), hashlib.sha256).hexdigest()


def _is_ours(told: Mapping[str, str], secret: bytes, at: datetime) -> bool:
    issued, nonce = told.get("issued", ""), told.get("nonce", "")
    wanted = _token(secret, issued, nonce, told.get("offer", ""))
    given = told.get("token", "").encode("utf-8", "replace")
    if not hmac.compare_digest(wanted.encode(), given) or not issued.isdecimal():
        return False
    return YOUNG <= at - datetime.fromtimestamp(int(issued), UTC) <= OLD


def _is_near(request: Inbound, account: Account) -> bool:
    """Whether the browser says that the form was posted from here, or from a site that may; machines say nothing."""
    origin = request.headers.get("origin", "")
    allowed = {one.strip().rstrip("/") for one in str(account.settings.get("form_origins") or "").split(",")}
    host = request.headers.get("host", "")
    return origin in ("", *allowed) or (bool(host) and origin.partition("://")[2] == host)


def _has_room(account: Account, at: datetime) -> bool:
    taken = _taken.setdefault(account.id, deque())
    while taken and at - taken[0] > timedelta(hours=1):
        taken.popleft()
    if len(taken) >= int(account.settings.get("form_per_hour") or 60):
        return False
    taken.append(at)
    return True


def _wrong(told: Mapping[str, str], offer: Offer) -> list[str]:
    """Everything that is to be mended, in both languages."""
    found = []
    for name, zh, en, most, needed in PEOPLE:
        value = told.get(name, "").strip()
        if needed and not value:
            found.append(f"请填写{zh} / {en} is needed")
        elif len(value) > most:
            found.append(f"{zh}最多 {most} 字 / {en}: at most {most} characters")
    if told.get("phone", "").strip() and not _PHONE.fullmatch(told["phone"].strip()):
        found.append("电话只能有数字与 + ( ) - / Phone: digits and + ( ) - only")
    country = told.get("country", "").strip()
    if country and not re.fullmatch(r"[A-Za-z]{2}", country):
        found.append("国家请写两位代码，如 CN / Country: two letters, such as CN")
    quantities = [told.get(f"q{n}", "0").strip() or "0" for n in range(len(offer.goods))]
    if any(not _QUANTITY.fullmatch(one) for one in quantities):
        found.append(f"数量请填 0 到 {QUANTITY_MAX} / Quantity: 0 to {QUANTITY_MAX}")
    elif not any(int(one) for one in quantities):
        found.append("请至少选一件 / choose at least one")
    return found


def _order(told: Mapping[str, str], offer: Offer, at: datetime) -> dict[str, Any]:
    """The order as `docs/own-site.md` has it."""
    places = exponent(offer.currency)
    chosen = [(n, count) for n in range(len(offer.goods)) if (count := int(told.get(f"q{n}") or 0))]
    total = sum((Decimal(offer.goods[n][2]) * count for n, count in chosen), Decimal(offer.shipping))
    who = {name: told.get(name, "").strip() for name, *_ in PEOPLE}
    now = at.astimezone(UTC).replace(microsecond=0).isoformat()
    receiver = {name: who[name] for name in ("name", "phone", "province", "city", "district", "address", "postcode")}
    return {
        "id": f"F{told['nonce'][:12].upper()}", "status": "open", "payment": offer.payment, "placed_at": now,
        "updated_at": now, "currency": offer.currency, "total": f"{total:.{places}f}", "shipping": offer.shipping,
        "lines": [{"id": str(n + 1), "sku": offer.goods[n][0], "title": offer.goods[n][1], "quantity": count,
                   "price": offer.goods[n][2]} for n, count in chosen],
        "receiver": {**receiver, "country": who["country"].upper()}, "note": who["note"],
        "buyer": who["email"] or who["phone"], "source": "form",
    }  # fmt: skip


def _form(
    account: Account, offer: Offer, secret: bytes, at: datetime, told: Mapping[str, str], wrong: list[str]
) -> str:
    issued, nonce, text = str(int(at.timestamp())), secrets.token_hex(16), json.dumps(offer, ensure_ascii=False)
    hidden = {"issued": issued, "nonce": nonce, "offer": text, "token": _token(secret, issued, nonce, text)}
    goods = "".join(
        f"<label>{escape(title)} <b>{escape(price)} {escape(offer.currency)}</b>"
        f'<input type="number" name="q{n}" min="0" max="99" value="{escape(told.get(f"q{n}", "0"))}"></label>'
        for n, (_, title, price) in enumerate(offer.goods))  # fmt: skip
    begun = {"country": str(account.settings.get("form_country") or ""), **told}
    people = "".join(
        f"<label>{zh} / {en}{' *' if needed else ''}"
        f'<input name="{name}" maxlength="{most}" value="{escape(begun.get(name, ""))}"{" required" * needed}></label>'
        for name, zh, en, most, needed in PEOPLE)  # fmt: skip
    kept = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in hidden.items())
    trap = f'<p hidden><input name="{TRAP}" tabindex="-1" autocomplete="off" aria-hidden="true"></p>'
    mend = "".join(f"<li>{escape(one)}</li>" for one in wrong)
    title = escape(str(account.settings.get("form_title") or "下单 / Order"))
    return _shell(title, f'{f"<ul role=alert>{mend}</ul>" if mend else ""}<form method="post">{kept}{trap}{goods}'
                         f"{people}<button>提交订单 / Place the order</button></form>")


def _page(words: str, status: int) -> Verdict:
    return Verdict((), "", status, _shell("订单 / Order", f"<p>{escape(words)}</p>").encode(), HTML)


def _shell(title: str, inner: str) -> str:
    """A page that loads nothing from anywhere and runs nothing."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
    style = (":root{color-scheme:light dark}ul{color:#d33}label{display:block;margin:.6rem 0}"
             "body{font:16px/1.5 system-ui;max-width:36rem;margin:2rem auto;padding:0 1rem}"
             "input{font:inherit;display:block;width:100%;box-sizing:border-box;padding:.4rem}"
             "button{font:inherit;padding:.6rem 1.2rem}")  # fmt: skip
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="same-origin">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{title}</title><style>{style}</style>'
        f"</head><body><h1>{title}</h1>{inner}</body></html>"
    )
