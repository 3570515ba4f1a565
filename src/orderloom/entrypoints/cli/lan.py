"""`orderloom up --lan ADDRESS`: the hub for devices of the same network, over HTTPS."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Annotated

import segno
import typer

from orderloom.adapters.lan_authority import LanAuthority, speaks_for
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.lan import Lan, read_lan

ToLan = Annotated[str, typer.Option("--lan", metavar="ADDRESS[:PORT]", help=
    "也在本机的这个局域网地址上以 HTTPS 提供服务（默认端口 8443） / serve HTTPS at this local network address, too "
    "(port 8443 by default)")]
ELSEWHERE = ("192.0.2.1", 9)
"""Nothing is sent there (RFC 5737): the system is asked from which address it would."""


def asked_lan(text: str) -> Lan | None:
    """What --lan says, None when it says nothing. Raises Stop."""
    if not text:
        return None
    try:
        lan = read_lan(text)
    except ValueError as error:
        raise Stop(f"--lan {text[:100]!r} 应是本机的局域网地址，例如 {_own_address()}，可加端口（不超过 65534）。",
                   f"--lan {text[:100]!r}: an address of this machine in its network such as {_own_address()}, with a "
                   "port up to 65534 if need be.", code=2) from error
    if not speaks_for(lan.address):
        raise Stop(f"--lan {lan.address} 不是局域网地址。面向互联网请用反向代理和公开证书（ORDERLOOM_PUBLIC_URL）。",
                   f"--lan {lan.address} is no address of a local network. For the internet put a reverse proxy with a "
                   "public certificate in front (ORDERLOOM_PUBLIC_URL).", code=2)
    return lan


def refuse_no_door(lan: Lan, port_on_loopback: int) -> None:
    """Both ports are free at an address of this machine. Raises Stop."""
    family = socket.AF_INET if lan.address.version == 4 else socket.AF_INET6
    for port in (lan.port, lan.port + 1):
        if port == port_on_loopback and lan.address.is_loopback:
            raise Stop(f"--lan {lan}：端口 {port} 已由控制台使用，请换一个。",
                       f"--lan {lan}: the console has port {port}; choose another.", code=2)
        try:
            socket.create_server((str(lan.address), port), family=family).close()
        except OSError as error:
            raise Stop(f"--lan {lan}：端口 {port} 打不开（{error.strerror}）。本机地址例如 {_own_address()}，"
                       "端口被占用就换一个。",
                       f"--lan {lan}: port {port} cannot be opened ({error.strerror}). An address of this machine is "
                       f"{_own_address()}; choose another port when this one is taken.", code=2) from error


def tell_lan(lan: Lan, home: Path) -> None:
    """Where devices begin, and by what they are sure that it is this hub."""
    screen.say(f"局域网：{lan.hub}/  新设备先打开 {lan.page} 安装证书",
               f"Local network: {lan.hub}/; a new device opens {lan.page} first, for the certificate",
               style="bold green")
    fingerprint = LanAuthority(home).fingerprint
    screen.say(f"证书的 SHA-256 指纹：{fingerprint}", f"SHA-256 fingerprint of the certificate: {fingerprint}")
    if sys.stdout.isatty():
        segno.make_qr(lan.page, error="l").terminal(compact=True)


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return "localhost"
        return str(probe.getsockname()[0])
