"""The certificate authority of one installation, for browsers of its own network (`orderloom up --lan`).

It can speak for loopback, private addresses and names of local networks alone (name constraints, RFC 5280 4.2.1.10): a
device that trusts it gives whoever steals its key no other site. Keys are readable by their owner alone.
"""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from orderloom.adapters.durable import sync_folder
from orderloom.adapters.notary import KeyTrouble

AUTHORITY_DAYS = 3_650
SERVER_DAYS = 397
"""No browser takes longer ones; those that trust an authority by hand go to 825 (Apple, support.apple.com/103214)."""
RENEW_DAYS = 90
"""A server's certificate is made anew when it has fewer left."""
CLOCK_DRIFT = timedelta(days=1)
"""Devices of a warehouse whose clock is behind take a certificate of today all the same."""
NETWORKS: tuple[IPv4Network | IPv6Network, ...] = tuple(ip_network(text) for text in (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
    "::1/128", "fc00::/7", "fe80::/10"))
NAMES = ("localhost", "local", "lan", "internal", "home.arpa")
Address = IPv4Address | IPv6Address


class NotOfLan(ValueError):
    """An address that no authority of a local network may speak for."""


class LanAuthority:
    """The authority below `home`/lan, made on first use. Raises KeyTrouble; OSError when it cannot be written."""

    def __init__(self, home: Path, now: datetime | None = None) -> None:
        self._folder = home / "lan"
        self._now = now or datetime.now(UTC)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._key = _kept_key(self._folder / "authority.key")
        self.file = self._folder / "authority.crt"
        if not self.file.exists():
            _write(self.file, self._signed_by_itself().public_bytes(serialization.Encoding.PEM))
        try:
            self.certificate = x509.load_pem_x509_certificate(self.file.read_bytes())
        except ValueError as error:
            raise _damaged(self.file) from error

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate, in pairs of digits as devices show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def der(self) -> bytes:
        """The certificate as devices install it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def serve(self, address: Address) -> ssl.SSLContext:
        """What a server of this address and of localhost shows. Raises NotOfLan."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        self.renew(context, address)
        return context

    def renew(self, context: ssl.SSLContext, address: Address) -> None:
        """Let the context show a certificate that lasts; connections that are open keep the one they have seen."""
        if not speaks_for(address):
            raise NotOfLan(str(address))
        shown, key_file = self._folder / "server.crt", self._folder / "server.key"
        key = _kept_key(key_file)
        if not self._lasts(shown, key, address):
            _write(shown, self._issued(key, address).public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(shown, key_file)

    def _lasts(self, file: Path, key: ec.EllipticCurvePrivateKey, address: Address) -> bool:
        """Whether a certificate is ours, of this key and address, and good for long enough."""
        try:
            found = x509.load_pem_x509_certificate(file.read_bytes())
            found.verify_directly_issued_by(self.certificate)
            names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except (OSError, ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound, x509.InvalidVersion):
            return False
        return (found.not_valid_after_utc > self._now + timedelta(days=RENEW_DAYS)
                and found.not_valid_before_utc <= self._now
                and found.public_key() == key.public_key()
                and address in names.get_values_for_type(x509.IPAddress))

    def _signed_by_itself(self) -> x509.Certificate:
        name = x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Orderloom"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"织单 Orderloom {self._now:%Y-%m-%d}")])
        permitted = [*(x509.IPAddress(network) for network in NETWORKS), *(x509.DNSName(name) for name in NAMES)]
        use = x509.KeyUsage(
            digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
        return (self._begun(name, name, self._key.public_key(), AUTHORITY_DAYS)
                .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                .add_extension(use, critical=True)
                .add_extension(x509.NameConstraints(permitted, None), critical=True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
                .sign(self._key, hashes.SHA256()))

    def _issued(self, key: ec.EllipticCurvePrivateKey, address: Address) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Orderloom {address}")])
        loopback = ip_address("127.0.0.1")
        names = [x509.DNSName("localhost"), *(x509.IPAddress(one) for one in dict.fromkeys((address, loopback)))]
        ours = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (self._begun(name, self.certificate.subject, key.public_key(), SERVER_DAYS)
                .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                .add_extension(x509.SubjectAlternativeName(names), critical=False)
                .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
                .add_extension(ours, critical=False)
                .sign(self._key, hashes.SHA256()))

    def _begun(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int,
    ) -> x509.CertificateBuilder:
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
                .serial_number(x509.random_serial_number())
                .not_valid_before(self._now - CLOCK_DRIFT)
                .not_valid_after(self._now - CLOCK_DRIFT + timedelta(days=days)))


def speaks_for(address: Address) -> bool:
    """Whether an authority of a local network may."""
    return any(address in network for network in NETWORKS if network.version == address.version)


def _kept_key(file: Path) -> ec.EllipticCurvePrivateKey:
    """The key in the file, made when there is none."""
    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        _write(file, made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    try:
        key = serialization.load_pem_private_key(file.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise _damaged(file) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise _damaged(file)
    return key


def _damaged(file: Path) -> KeyTrouble:
    return KeyTrouble(f"{file}: 无法读取；删掉文件夹 {file.parent} 会重新生成，设备需重装证书 / cannot be read; "
                      f"without {file.parent} all is made anew, and devices install the new certificate")


def _write(file: Path, content: bytes) -> None:
    """All of it under its name, or nothing."""
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    sync_folder(file.parent)
