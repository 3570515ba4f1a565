"""Send a message as an e-mail over SMTP: TLS or STARTTLS, one session a message, the delivery's id as Message-ID.

The message is built by the standard library, which refuses a line break in any header; control characters are taken out
before. A server is connected to only where the account may go, by the very address that was judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket
import ssl
import unicodedata
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from typing import Any
from urllib.parse import urlsplit

import httpx2

from orderloom.adapters.only_sends import OnlySends
from orderloom.adapters.outside import allowed_hosts, host_name, judged
from orderloom.application.ports import (
    Account,
    Answer,
    Outgoing,
    Probed,
    Terminal,
    Transient,
)

PORTS = {"smtps": 465, "smtp": 587}
SECONDS_MAX = 15.0
"""How long the server may be silent between two answers."""


class Session(smtplib.SMTP):
    """A session with the server of a name, at an address that was judged before."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._address = address
        super().__init__(host, port, timeout=SECONDS_MAX)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._address, port), timeout)


class SecureSession(Session):
    """The same with TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return secure_context().wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)


class Email(OnlySends):
    """A messenger only sends: nothing is received or pulled."""

    name = "email"

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Send one message. Raises Terminal for what the server refuses for good, Transient for all that may pass."""
        message = built(outgoing, account)
        place = await _place(account)
        await asyncio.to_thread(_deliver, account, place, message)
        return Answer(b"", {"message_id": str(message["Message-ID"])})

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Whether the server lets us in, and a sender's address is set."""
        sender_of(account)
        place = await _place(account)
        await asyncio.to_thread(_deliver, account, place, None)
        return Probed(True, "服务器可登录 | the server lets us in")


def built(outgoing: Outgoing, account: Account) -> EmailMessage:
    """The message as it goes on the wire. Raises Terminal for an address that is none."""
    body, sender = outgoing.body, sender_of(account)
    message = EmailMessage(policy=WIRE)
    message["Subject"] = _line(str(body["title"])) or "Orderloom"
    message["From"] = Address(_line(str(account.settings.get("sender_name") or "")), addr_spec=sender.addr_spec)
    message["To"] = address_of(str(body.get("address") or ""))
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = f"<{outgoing.id}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if str(body.get("severity")) == "critical":
        message["Importance"] = "high"
    message.set_content(str(body["text"]))
    return message


def address_of(text: str) -> Address:
    """A mail address. Raises Terminal `wrong_address`, without quoting it: it is personal data."""
    try:
        found = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise _wrong_address() from error
    if not found.username or "." not in found.domain.strip(".") or _line(text) != text or " " in text:
        raise _wrong_address()
    return found


def sender_of(account: Account) -> Address:
    """The sender's address, the login name where none is set. Raises Terminal `no_sender`."""
    text = str(account.settings.get("sender") or account.credentials.get("user") or "")
    try:
        return address_of(text)
    except Terminal as error:
        raise Terminal("no_sender", "设置 sender 要写发件地址 | setting sender must be the sender's address") from error


def secure_context() -> ssl.SSLContext:
    """Certificates and names are checked."""
    return ssl.create_default_context()


async def _place(account: Account) -> tuple[str, str, int, str]:
    """(scheme, host, port, address). Raises Terminal for what is no SMTP server or must not be reached."""
    parts = urlsplit(account.base_url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise Terminal("wrong_address", "地址应如 smtps://mail.example.com:465 或 smtp://mail.example.com:587 | "
                       "the address is such as smtps://mail.example.com:465 or smtp://mail.example.com:587")
    port = parts.port or PORTS[parts.scheme]
    if account.settings.get("is_plain") and host_name(parts.hostname) not in allowed_hosts(account):
        raise Terminal("not_encrypted", "不加密只限获准的内网主机 | without encryption only an allowed private host")
    return parts.scheme, parts.hostname, port, (await judged(parts.hostname, port, account))[0]


def _deliver(account: Account, place: tuple[str, str, int, str], message: EmailMessage | None) -> None:
    """Open a session, log in, send (None: nothing), and leave. What the server says is not quoted: it may hold the
    recipient's address; its code is."""
    scheme, host, port, address = place
    session: Session | None = None
    try:
        session = (SecureSession if scheme == "smtps" else Session)(host, port, address)
        session.ehlo_or_helo_if_needed()
        if scheme == "smtp" and not account.settings.get("is_plain"):
            session.starttls(context=secure_context())
        if user := account.credentials.get("user"):
            _log_in(session, user, account.credentials.get("password", ""))
        if message is not None:
            session.send_message(message)
    except ssl.SSLCertVerificationError as error:
        raise Terminal("certificate", "服务器的证书不可信 | the server's certificate is not trusted") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Terminal("not_encrypted", "服务器不支持所要的加密或登录 | the server offers no such encryption or login"
                       ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(next(iter(error.recipients.values()))[0], "recipient") from None
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "mail"
                       ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Transient("unreachable", f"{type(error).__name__}") from None
    finally:
        if session is not None:
            _leave(session)


def _log_in(session: Session, user: str, password: str) -> None:
    """Once, by the first way that the server offers: to try a wrong password in every way locks accounts."""
    session.ehlo_or_helo_if_needed()
    session.user, session.password = user, password
    offered = session.esmtp_features.get("auth", "").upper().split()
    ways: dict[str, Any] = {"PLAIN": session.auth_plain, "LOGIN": session.auth_login, "CRAM-MD5": session.auth_cram_md5}
    way = next((name for name in ways if name in offered), "")
    if not way:
        raise smtplib.SMTPNotSupportedError
    session.auth(way, ways[way])


def _leave(session: Session) -> None:
    """Say good-bye. What was accepted is sent, whatever comes after: an error here must not have it sent again."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        session.quit()
    session.close()


def _refused(code: int, what: str) -> Terminal | Transient:
    """4xx may pass, 5xx will not (RFC 5321, 4.2.1); too many sessions or messages come as 421, 450 to 452."""
    words = f"SMTP {code} ({what})"
    return Terminal(f"refused_{what}", words) if code >= 500 else Transient("not_now", words)


def _wrong_address() -> Terminal:
    return Terminal("wrong_address", "不是邮箱地址；用 orderloom recipients set 更正 | "
                    "no mail address: correct it by orderloom recipients set")


def _line(text: str) -> str:
    """The text on one line, without characters of control."""
    return " ".join("".join(" " if _is_control(c) else c for c in text).split())


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")


CONNECTOR: Any = Email()
