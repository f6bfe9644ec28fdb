"""Certificates made for one test: an authority of our own, and servers it does or does not know."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Signer:
    """A key and the name under which it signs."""

    name: x509.Name
    key: ec.EllipticCurvePrivateKey


def signer(name: str) -> Signer:
    """Return a new key under this name."""
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return Signer(named, ec.generate_private_key(ec.SECP256R1()))


def authority_file(who: Signer, folder: Path) -> Path:
    """Write the certificate of an authority, signed by itself."""
    path = folder / "authority.pem"
    extension = x509.BasicConstraints(ca=True, path_length=None)
    path.write_bytes(_pem(_signed(who, who, extension)))
    return path


def server(
    by: Signer | None, folder: Path, *, ip: str, days: int = 1, name: str = ""
) -> ssl.SSLContext:
    """Return what a server needs to call itself `ip`, signed by `by`, or by itself for None.

    With a `name` it may call itself so, too. `days` below zero gives a certificate that ended
    so long ago.
    """
    own = signer("bank")
    called = [x509.DNSName(name)] if name else []
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(ip)), *called])
    path = folder / f"server-{ip}-{days}-{by is None}.pem"
    private = own.key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(_pem(_signed(own, by or own, names, days)) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def _signed(
    who: Signer, by: Signer, extension: x509.ExtensionType, days: int = 1
) -> x509.Certificate:
    end = datetime.now(UTC) + timedelta(days=days)
    builder = (
        x509.CertificateBuilder()
        .subject_name(who.name)
        .issuer_name(by.name)
        .public_key(who.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - timedelta(days=2))
        .not_valid_after(end)
        .add_extension(extension, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(who.key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), False
        )
    )
    return builder.sign(by.key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
