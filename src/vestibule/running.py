"""Runs an installation from its settings: what `vestibule serve` does."""

from collections.abc import Awaitable, Callable

from vestibule.assembly import Vestibule, build
from vestibule.foundation.logging import configure_logging
from vestibule.server import listen, own_folder, serve
from vestibule.settings import Settings


async def nothing_more(_vestibule: Vestibule) -> None:
    """An installation that starts with what its database holds."""


def run_server(
    settings: Settings,
    *,
    announce: Callable[[str], None],
    prepare: Callable[[Vestibule], Awaitable[None]] = nothing_more,
) -> None:
    """Serve until Ctrl-C. `prepare` runs before the first request, `announce` once it is ready.

    Raises CannotStart when the port or the data folder is in use.
    """
    configure_logging(level=settings.log_level, as_json=settings.log_json)
    with own_folder(settings.data), listen(settings.host, settings.port) as listener:
        settings = settings.model_copy(update={"port": listener.getsockname()[1]})
        vestibule = build(settings)

        async def before() -> None:
            await vestibule.start()
            await prepare(vestibule)

        serve(
            vestibule.app,
            listener,
            before=before,
            on_ready=lambda: announce(settings.public_url),
            on_exit=vestibule.shared.ending.set,
            after=vestibule.stop,
            drain=vestibule.drain if settings.redis_url is not None else None,
        )
