"""Which addresses count as the public internet. The list is IANA's, and every entry is tried."""

import pytest

from vestibule.foundation.addresses import is_public

SPECIAL = [
    *("0.0.0.0", "0.255.255.255"),
    *("10.0.0.0", "10.1.2.3", "10.255.255.255"),
    *("100.64.0.0", "100.100.100.200", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.254"),
    "168.63.129.16",
    *("169.254.0.1", "169.254.169.254"),
    *("172.16.0.0", "172.31.255.255"),
    *("192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1"),
    *("192.168.0.1", "192.168.255.255"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"),  # mapped, translated
    "::8.8.8.8",  # compatible
    *("64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1"),  # NAT64
    "100::1",  # discard-only
    *("2001::1", "2001:0:1::1", "2001:2::1", "2001:1ff::1"),  # Teredo, benchmarks, assignments
    *("2001:db8::1", "3fff::1", "3fff:fff::1"),  # documentation
    *("2002:7f00:1::1", "2002:808:808::1"),  # 6to4
    "5f00::1",  # segment routing
    *("fc00::1", "fd12:3456::1"),  # unique local
    *("fe80::1", "fe80::1%eth0", "fec0::1"),  # link-local, site-local
    "ff02::1",  # multicast
    "2606:4700::1111%eth0",  # an ordinary address, but of one link
    *("4000::1", "8000::1"),  # not given out yet
]

PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
    *("126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0"),
    *("172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0"),
    *("198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255"),
    *("168.63.129.15", "168.63.129.17"),
    *("2606:4700:4700::1111", "2001:4860:4860::8888", "2001:200::1", "2a00:1450::1"),
    *("2000::1", "2003::1", "3ffe:ffff::1"),
]


@pytest.mark.parametrize("address", SPECIAL)
def test_no_message_goes_to_a_special_address(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_ordinary_address_may_be_sent_to(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "localhost", "1.2.3", "1.2.3.4/8"])
def test_what_is_no_address_is_not_taken_for_one(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        is_public(address)
