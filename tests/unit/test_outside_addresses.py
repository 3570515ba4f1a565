"""What counts as a private address, in every spelling that could smuggle one past."""

from __future__ import annotations

from ipaddress import ip_address

import httpcore2
import pytest

from orderloom.adapters.outside import Pinned, host_name, is_public, refuse_private, with_private_hosts
from orderloom.application.deliver import LEASE_SECONDS, SEND_SECONDS_MAX
from orderloom.application.ports import Account, Terminal
from orderloom.application.sources import pulling, reading

PRIVATE = (
    "127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.100.100.200",
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1",
    "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:0:1::1", "2001:db8::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "203.119.1.1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", [*PRIVATE, "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
async def test_nothing_connects_to_an_address_inside_that_nobody_allowed(host: str) -> None:
    try:
        await Pinned(frozenset()).connect_tcp(host, 9, timeout=1.0)
    except Terminal as refused:
        assert refused.code == "private_address" and "orderloom accounts private" in refused.message
    except httpcore2.ConnectError as error:
        assert "looked up" in str(error), "it was connected to"
    else:
        raise AssertionError("it was connected to")


async def test_an_address_is_judged_before_it_is_kept() -> None:
    with pytest.raises(Terminal, match="private_address"):
        await refuse_private("http://[::1]:8080/hook", frozenset())
    with pytest.raises(Terminal, match="wrong_address"):
        await refuse_private("http://127.0.0.1:port/hook", frozenset({"127.0.0.1"}))
    await refuse_private("http://127.0.0.1:8080/hook", frozenset({"127.0.0.1"}))
    await refuse_private("", frozenset())


@pytest.mark.parametrize(("text", "host"), [
    ("https://ERP.local:8443/x", "erp.local"), ("http://[::1]:80/", "::1"), ("[::1]", "::1"),
    ("erp.local.", "erp.local"), (" 10.0.0.1 ", "10.0.0.1"), ("0:0:0:0:0:0:0:1", "::1"), ("", ""),
    ("http://[::1", "http://[::1"),
])
def test_a_host_is_compared_in_one_spelling(text: str, host: str) -> None:
    assert host_name(text) == host


def test_an_allowed_host_can_be_taken_back() -> None:
    account = Account(1, "X", "systems", "x", "UTC", "", {}, {"page_size": 5})
    both = with_private_hosts(with_private_hosts(account, ["10.0.0.1"], []), ["ERP.local"], [])
    assert both.settings == {"page_size": 5, "private_hosts": ["10.0.0.1", "erp.local"]}
    assert with_private_hosts(both, [], ["10.0.0.1", "erp.local"]).settings == {"page_size": 5}


def test_a_send_and_a_page_end_before_their_lease() -> None:
    assert SEND_SECONDS_MAX <= LEASE_SECONDS - 20 and pulling.LEASE.total_seconds() - 20 >= reading.PAGE_SECONDS_MAX
