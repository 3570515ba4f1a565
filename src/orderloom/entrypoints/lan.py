"""An address of this machine in its local network, as `orderloom up --lan` is given it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

PORT_DEFAULT = 8443
PORT_MOST = 65_534


@dataclass(frozen=True, slots=True)
class Lan:
    """HTTPS is at `port`, the plain page for new devices at the next one."""

    address: IPv4Address | IPv6Address
    port: int = PORT_DEFAULT

    @property
    def host(self) -> str:
        """As it stands in an address; loopback stands for this machine alone, a rehearsal under HTTPS."""
        if self.address.is_loopback:
            return "localhost"
        return f"[{self.address}]" if self.address.version == 6 else str(self.address)

    @property
    def hub(self) -> str:
        """Where the hub is, without a slash at its end."""
        return f"https://{self.host}:{self.port}"

    @property
    def page(self) -> str:
        """Where a new device begins."""
        return f"http://{self.host}:{self.port + 1}/"

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def read_lan(text: str) -> Lan:
    """`192.168.1.20`, `192.168.1.20:9443`, `[fd00::1]:9443` or `localhost`. Raises ValueError."""
    bare = text.strip()
    host, _, tail = bare.rpartition(":")
    has_port = bool(host) and (bare.count(":") == 1 or host.endswith("]"))
    if has_port and not (tail.isascii() and tail.isdigit() and len(tail) < 6 and 1 <= int(tail) <= PORT_MOST):
        raise ValueError(bare)
    named = (host if has_port else bare).strip("[]")
    return Lan(ip_address("127.0.0.1" if named == "localhost" else named), int(tail) if has_port else PORT_DEFAULT)
