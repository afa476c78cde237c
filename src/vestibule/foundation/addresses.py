"""Which IP addresses are on the public internet, so that nobody leads us into our own network.

Webhooks and room providers are addresses that somebody else has chosen.

Written out, and not left to `ipaddress.is_global`, whose opinion changes between Python versions.
Source: IANA's registries of special-purpose addresses.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

SPECIAL_IPV4: Final = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; some clouds' metadata
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # public by number, but inside Azure it is the host's own agent
        "169.254.0.0/16",  # link-local; most clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]

# Everything outside of it is special: loopback, unique local, link-local, multicast, IPv4-mapped
# and -compatible, both NAT64 prefixes, segment routing, discard-only.
GLOBAL_IPV6: Final = IPv6Network("2000::/3")

SPECIAL_IPV6: Final = [
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an IPv4 address
        "3fff::/20",  # documentation
    )
]


def is_public(address: str) -> bool:
    """Whether this is the address of a host on the public internet; ValueError if it is none."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in SPECIAL_IPV4)
    return _is_public_ipv6(parsed)


def _is_public_ipv6(address: IPv6Address) -> bool:
    # Any other scope id than none means a link of this machine.
    if address.scope_id is not None or address not in GLOBAL_IPV6:
        return False
    return not any(address in network for network in SPECIAL_IPV6)


Resolve = Callable[[str, int], Awaitable[list[str]]]


class Resolver:
    """Looks up host names, in threads of its own: slow name servers hold up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(4, "names")

    async def __call__(self, host: str, port: int) -> list[str]:
        """The IP addresses of a host name, each once; OSError if it has none."""
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        return list(dict.fromkeys(str(address[0]) for *_rest, address in found))
