"""Speaks to no room provider inside our own network: administrators of a tenant choose them."""

from ipaddress import ip_address
from typing import Final

import httpx2

from vestibule.foundation.addresses import Resolve, is_public
from vestibule.foundation.errors import Invalid

PORTS: Final = {"http": 80, "https": 443}


class Addresses:
    """Which addresses a provider may have: public ones, and `public_url`, which is ourselves."""

    def __init__(self, *, resolve: Resolve, public_url: str, allow_private: bool) -> None:
        self._resolve = resolve
        self._own = httpx2.URL(public_url).netloc
        self._allow_private = allow_private

    async def check(self, base_url: str) -> None:
        """Invalid if the provider is not on the public internet; unknown names may come up."""
        url = httpx2.URL(base_url)
        if url.scheme != "https" and not self._allow_private and url.netloc != self._own:
            raise Invalid("base_url must begin with https://, because the API key goes there")
        try:
            addresses = await self.of(url)
        except OSError:
            return
        if not addresses:
            raise Invalid(
                f"base_url: {url.host} is not on the public internet; "
                "VESTIBULE_PROVIDER_ALLOW_PRIVATE_ADDRESSES permits it. For this installation's "
                "own rooms leave base_url out"
            )

    async def of(self, url: httpx2.URL) -> list[str]:
        """Where to connect to for this URL; none if one of its addresses is not to be spoken to."""
        found = await self._resolve(url.raw_host.decode("ascii"), url.port or PORTS[url.scheme])
        is_free = self._allow_private or url.netloc == self._own
        return found if is_free or all(map(is_public, found)) else []


class Guarded(httpx2.AsyncBaseTransport):
    """Connects to an address that was checked, so that no second look-up can lead elsewhere."""

    def __init__(self, addresses: Addresses) -> None:
        self._addresses = addresses
        self._transport = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.raw_host.decode("ascii")
        found = await self._addresses.of(request.url)
        if not found:
            raise httpx2.ConnectError("the address is not on the public internet", request=request)
        # What is tried first is what the system prefers; version 4 is there where 6 is not.
        chosen = next((each for each in found if ip_address(each).version == 4), found[0])
        request.url = request.url.copy_with(host=chosen)
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()
