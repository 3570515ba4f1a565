"""A device that trusts the hub's authority trusts it for the local network, and whoever steals its key for no more."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from orderloom.adapters.lan_authority import LanAuthority, NotOfLan, speaks_for
from orderloom.adapters.notary import KeyTrouble
from orderloom.entrypoints.cli.lan import asked_lan
from orderloom.entrypoints.cli.screen import Stop
from orderloom.entrypoints.lan import Lan, read_lan

SHELF = ip_address("192.168.1.20")


def met(authority: LanAuthority, leaf: Path, key: Path, name: str) -> str:
    """What a device that trusts this authority alone says when a server of this name shows a certificate."""
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(leaf, key)
    to_server, to_device = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = shown.wrap_bio(to_server, to_device, server_side=True)
    trusting = ssl.create_default_context(cafile=str(authority.file))
    device = trusting.wrap_bio(to_device, to_server, server_hostname=name)
    for end in (device, server, device):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    return "trusted"


def forged(home: Path, name: x509.GeneralName) -> Path:
    """A certificate of any name, signed by whoever has the authority's key."""
    key = serialization.load_pem_private_key((home / "lan" / "authority.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    issuer = x509.load_pem_x509_certificate((home / "lan" / "authority.crt").read_bytes()).subject
    now = datetime.now(UTC)
    made = (x509.CertificateBuilder().subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Thief")]))
            .issuer_name(issuer).public_key(key.public_key()).serial_number(7).not_valid_before(now - timedelta(1))
            .not_valid_after(now + timedelta(9)).add_extension(x509.SubjectAlternativeName([name]), critical=False)
            .sign(key, hashes.SHA256()))
    file = home / "forged.crt"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file


def test_a_warehouse_is_vouched_for(tmp_path: Path) -> None:
    authority = LanAuthority(tmp_path)
    authority.serve(SHELF)
    lan = tmp_path / "lan"
    for name in (str(SHELF), "localhost", "127.0.0.1"):
        assert met(authority, lan / "server.crt", lan / "server.key", name) == "trusted"
    assert "mismatch" in met(authority, lan / "server.crt", lan / "server.key", "192.168.1.21")
    for name in ("authority.key", "server.key"):
        assert stat.S_IMODE((tmp_path / "lan" / name).stat().st_mode) == 0o600


@pytest.mark.parametrize(("name", "told"), [
    (x509.DNSName("bank.example"), "permitted subtree violation"),
    (x509.IPAddress(ip_address("8.8.8.8")), "permitted subtree violation"),
    (x509.DNSName("hub.lan"), "trusted"),
])
def test_no_other_site_can_be_played_with_its_key(
    tmp_path: Path, name: x509.DNSName | x509.IPAddress, told: str,
) -> None:
    authority = LanAuthority(tmp_path)
    assert met(authority, forged(tmp_path, name), tmp_path / "lan" / "authority.key", str(name.value)) == told


def test_devices_need_not_install_it_again_after_a_restart(tmp_path: Path) -> None:
    first = LanAuthority(tmp_path)
    first.serve(SHELF)
    shown = (tmp_path / "lan" / "server.crt").read_bytes()
    again = LanAuthority(tmp_path)
    again.serve(SHELF)
    assert again.fingerprint == first.fingerprint and (tmp_path / "lan" / "server.crt").read_bytes() == shown
    again.serve(ip_address("10.0.0.9"))
    assert again.fingerprint == first.fingerprint and (tmp_path / "lan" / "server.crt").read_bytes() != shown


def test_a_certificate_is_renewed_before_it_ends(tmp_path: Path) -> None:
    context = LanAuthority(tmp_path).serve(SHELF)
    later = LanAuthority(tmp_path, datetime.now(UTC) + timedelta(days=330))
    later.renew(context, SHELF)
    shown = x509.load_pem_x509_certificate((tmp_path / "lan" / "server.crt").read_bytes())
    assert shown.not_valid_after_utc > datetime.now(UTC) + timedelta(days=700)


def test_a_damaged_key_is_told_with_its_mend(tmp_path: Path) -> None:
    LanAuthority(tmp_path)
    (tmp_path / "lan" / "authority.key").write_bytes(b"-----BEGIN")
    with pytest.raises(KeyTrouble, match=r"authority\.key"):
        LanAuthority(tmp_path)


def test_a_damaged_server_certificate_is_made_anew(tmp_path: Path) -> None:
    authority = LanAuthority(tmp_path)
    authority.serve(SHELF)
    (tmp_path / "lan" / "server.crt").write_bytes(b"half")
    authority.serve(SHELF)
    lan = tmp_path / "lan"
    assert met(authority, lan / "server.crt", lan / "server.key", "localhost") == "trusted"


def test_the_internet_is_not_vouched_for(tmp_path: Path) -> None:
    with pytest.raises(NotOfLan):
        LanAuthority(tmp_path).serve(ip_address("8.8.8.8"))
    assert not speaks_for(ip_address("2001:4860:4860::8888")) and speaks_for(ip_address("fd00::1"))


@pytest.mark.parametrize(("text", "lan"), [
    ("192.168.1.20", Lan(SHELF)), (" 192.168.1.20:9443 ", Lan(SHELF, 9443)), ("fd00::1", Lan(ip_address("fd00::1"))),
    ("[fd00::1]:9443", Lan(ip_address("fd00::1"), 9443)), ("localhost", Lan(ip_address("127.0.0.1"))),
])
def test_an_address_is_read_as_people_write_it(text: str, lan: Lan) -> None:
    assert read_lan(text) == lan and read_lan(str(lan)) == lan


@pytest.mark.parametrize("text", [
    "warehouse", "192.168.1", "192.168.1.20:0", "192.168.1.20:65535", "192.168.1.20:-1", "192.168.1.20:", "1" * 5000,
    "192.168.1.20:99999999999999999999", "http://192.168.1.20", "8.8.8.8", "[fd00::1]:x",
])
def test_what_is_no_address_of_a_local_network_is_said_so(text: str) -> None:
    with pytest.raises(Stop) as stopped:
        asked_lan(text)
    assert stopped.value.code == 2 and "--lan" in stopped.value.en and len(stopped.value.en) < 400
