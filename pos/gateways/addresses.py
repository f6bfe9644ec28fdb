"""Which addresses of the network may be connected to, by the address itself. Pure.

A name says nothing: it may lead anywhere, and elsewhere a second later. So these are asked at
the moment of connecting, about the very address that is then connected to.
"""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
May = Callable[[str, Address], bool]
"""Whether a host that was named may be asked at this address of it."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""The IPv4 internet as a network without IPv4 sees it. Source: RFC 6052, section 2.1."""


def literal(host: str) -> Address | None:
    """Return the address that a host is written as; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Return whether an address is one machine of the internet, and none of this network.

    One that carries an older address is what that is: an attacker may write it either way.
    """
    inner = _inside(address) if isinstance(address, IPv6Address) else address
    if inner is None:
        return False
    is_odd = inner.is_multicast or inner.is_reserved or inner.is_unspecified
    is_near = inner.is_loopback or inner.is_link_local or inner.is_private
    return inner.is_global and not is_odd and not is_near


def _inside(address: IPv6Address) -> Address | None:
    """Return what an address leads to; None where nobody can say."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    tunnels = (address.sixtofour, address.teredo)
    return None if any(tunnels) or address.is_site_local else address


def of_a_gateway(host: str, address: Address) -> bool:
    """Allow what the operator typed as an address, and what a name finds on the internet.

    `localhost` must stay on this machine, since it may go without TLS.
    """
    if literal(host) is not None:
        return True
    return address.is_loopback if host == "localhost" else is_public(address)


def public_only(_host: str, address: Address) -> bool:
    """Allow the internet alone, however it is written."""
    return is_public(address)


def public_or_this_machine(_host: str, address: Address) -> bool:
    """Allow the internet and this very machine: for practice alone."""
    return address.is_loopback or is_public(address)
