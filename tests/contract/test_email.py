"""What mail could lose or give away: sent once, to the right one, encrypted, and nothing of ours becomes a header."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.adapters.messengers.email.client import CONNECTOR, address_of, built
from orderloom.adapters.outside import Outside
from orderloom.application.ports import Account, Outgoing, Terminal, Transient
from tests.support.mail_server import PASSWORD, USER, MailServer, mail_server

TO = "wang.xiaoming@example.com"
LOGIN = {"user": USER, "password": PASSWORD}


@pytest.fixture
def mail(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server(home) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(home / "mail.pem"))
        yield server


def account(server: MailServer | None, *, scheme: str = "smtp", host: str = "localhost", **settings: Any) -> Account:
    port = server.port if server else 1
    return Account(1, "EM01", "messengers", "email", "Asia/Shanghai", f"{scheme}://{host}:{port}",
                   LOGIN, {"private_hosts": ["localhost", "127.0.0.1"], "sender": "hub@orderloom.test",
                           "sender_name": "织单", **settings})


def a_message(**body: Any) -> Outgoing:
    told = {"title": "[紧急] 超卖", "text": "一\n二", "address": TO, "severity": "critical", **body}
    return Outgoing("0192f0c0-0000-7000-8000-000000000001", "message", "k", told, 1)


async def send(to: Account, message: Outgoing) -> Any:
    outside = Outside()
    try:
        return await CONNECTOR.send(message, to, outside.client(to))
    finally:
        await outside.close()


async def test_a_mail_arrives_with_its_words_and_says_that_a_program_wrote_it(mail: MailServer) -> None:
    answer = await send(account(mail), a_message())
    [told] = mail.mailbox.mails
    assert (told["Subject"], told["To"], told.get_content().split()) == ("[紧急] 超卖", TO, ["一", "二"])
    assert told["Auto-Submitted"] == "auto-generated" and told["Importance"] == "high"
    assert answer.said["message_id"] == told["Message-ID"] and mail.mailbox.was_tls == [True]


@given(st.text(max_size=60), st.sampled_from(["title", "text", "address", "sender_name"]),
       st.sampled_from([f"{end}Bcc: x@y.cn" for end in ("\r\n", "\n", "\r", "\x85", "\u2028")]))
def test_nothing_that_is_put_in_becomes_a_header(text: str, field: str, trick: str) -> None:
    settings = {"sender_name": f"{text}{trick}"} if field == "sender_name" else {}
    try:
        message = built(a_message(**({} if settings else {field: f"{text}{trick}"})), account(None, **settings))
    except Terminal as refused:
        assert field == "address" and refused.code == "wrong_address" and "x@y.cn" not in refused.message
        return
    head = bytes(message).partition(b"\r\n\r\n")[0]
    assert "Bcc" not in message and b"\nBcc" not in head and message["To"] == TO
    assert len(message.get_all("Subject")) == 1


@pytest.mark.parametrize("text", [
    "", "x", "a@b", "a@b.cn, c@d.cn", "Wang <a@b.cn>", "a b@c.cn", "@b.cn", "a@", "a@b.cn\n"])
def test_what_is_no_single_address_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(Terminal) as refused:
        address_of(text)
    assert refused.value.code == "wrong_address" and (len(text) < 3 or text not in refused.value.message)


async def test_a_wrong_password_is_a_no_for_good(mail: MailServer) -> None:
    wrong = msgspec.structs.replace(account(mail), credentials={"user": USER, "password": "x"})
    with pytest.raises(Terminal, match="refused_login"):
        await send(wrong, a_message())
    assert not mail.mailbox.mails


async def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    mail: MailServer, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Terminal, match="certificate"):
        await send(account(mail), a_message())
    assert not mail.mailbox.mails


async def test_a_server_without_encryption_gets_no_mail_unless_it_is_one_s_own(home: Path) -> None:
    with mail_server(home, is_tls=False) as plain:
        with pytest.raises(Terminal, match="not_encrypted"):
            await send(account(plain), a_message())
        with pytest.raises(Terminal, match="not_encrypted"):
            await send(account(plain, host="mail.example.com", is_plain=True), a_message())
        own = msgspec.structs.replace(account(plain, is_plain=True), credentials={})
        await send(own, a_message())
        assert len(plain.mailbox.mails) == 1


async def test_an_address_of_the_inside_that_nobody_allowed_is_not_connected_to(mail: MailServer) -> None:
    kept_out = msgspec.structs.replace(account(mail), settings={"sender": "hub@orderloom.test"})
    with pytest.raises(Terminal, match="private_address"):
        await send(kept_out, a_message())


async def test_a_server_that_says_nothing_or_is_not_there_is_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        gone = msgspec.structs.replace(account(None), base_url=f"smtp://localhost:{closed.getsockname()[1]}")
        with pytest.raises(Transient, match="unreachable"):
            await send(gone, a_message())


async def test_a_line_that_breaks_after_the_yes_does_not_have_the_mail_sent_again(mail: MailServer) -> None:
    class Rude:
        """Breaks off at the good-bye."""

        async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
            server.transport.abort()
            await asyncio.sleep(0)
            return "221 bye"

    mail.mailbox.handle_QUIT = Rude().handle_QUIT  # type: ignore[attr-defined]
    await send(account(mail), a_message())
    assert len(mail.mailbox.mails) == 1


async def test_trying_an_account_logs_in_and_sends_nothing(mail: MailServer) -> None:
    outside = Outside()
    probed = await CONNECTOR.probe(account(mail), outside.client(account(mail)))
    await outside.close()
    assert probed.is_well and not mail.mailbox.mails
    with pytest.raises(Terminal, match="no_sender"):
        await send(account(mail, sender="nobody"), a_message())
