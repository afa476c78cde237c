"""The command line for webhooks and what was sent to them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from vestibule.rooms.deliveries.model import DeliveryState, Page
from vestibule.rooms.deliveries.schemas import DeliveryAnswer
from vestibule.rooms.deliveries.service import DeliveryService
from vestibule.rooms.webhooks.model import RetryType, Webhook
from vestibule.rooms.webhooks.schemas import WebhookAnswer
from vestibule.rooms.webhooks.service import WebhookService

Data = Annotated[Path | None, typer.Option(help="Folder of the database and the keys.")]
DomainName = Annotated[
    str | None, typer.Option("--domain", help="Name of the domain. [default: the primary one]")
]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON each, as the API has it.")]
WebhookId = Annotated[str, typer.Argument(metavar="UUID", help="As 'webhooks list' shows it.")]
BasicAuth = Annotated[
    str | None, typer.Option(help="Sent as it is in 'Authorization: Basic …': base64.")
]
Retry = Annotated[RetryType | None, typer.Option(help="What happens after a failed try.")]
Events = Annotated[
    list[str] | None, typer.Option("--event", help="A type to send; repeat it. [default: all]")
]
RunWebhooks = Callable[[Path | None, Callable[[WebhookService], Awaitable[Any]]], Any]
RunDeliveries = Callable[[Path | None, Callable[[DeliveryService], Awaitable[Any]]], Any]
DomainId = Callable[[Path | None, str | None], str]


def commands(run: RunWebhooks, run_deliveries: RunDeliveries, domain_id: DomainId) -> typer.Typer:
    """`vestibule webhooks …`; `domain_id` finds the id of a domain, or of the primary one."""
    webhooks = typer.Typer(
        help="Webhooks of a domain: who is told of its events, and what was sent.",
        no_args_is_help=True,
    )
    add_webhook_commands(webhooks, run, domain_id)
    add_change_commands(webhooks, run, domain_id)
    add_delivery_commands(webhooks, run_deliveries, domain_id)
    return webhooks


def add_webhook_commands(webhooks: typer.Typer, run: RunWebhooks, domain_id: DomainId) -> None:
    """`list` and `create`."""

    @webhooks.command("list")
    def show(domain: DomainName = None, as_json: AsJson = False, data: Data = None) -> None:
        """List the webhooks: UUID, state, failures since the last success, retry type, address."""
        owner = domain_id(data, domain)
        for webhook, secret in run(data, lambda service: with_secrets(service, owner)):
            typer.echo(in_json(webhook, secret) if as_json else in_words(webhook))

    @webhooks.command()
    def create(
        url: Annotated[str, typer.Argument(help="https:// address to POST to.")],
        event: Events = None,
        basic_auth: BasicAuth = None,
        retry_type: Retry = None,
        domain: DomainName = None,
        as_json: AsJson = False,
        data: Data = None,
    ) -> None:
        """Add a webhook, if its address answers the check request with 200.

        Prints its UUID, and the secret of its signatures.

        Example: vestibule webhooks create https://clinic.example/hook --event meeting.ended
        """
        owner = domain_id(data, domain)
        wishes = {"url": url, **given(event, basic_auth, retry_type)}

        async def make(service: WebhookService) -> tuple[Webhook, str]:
            webhook = await service.create(owner, wishes)
            return webhook, service.target(webhook).hmac

        webhook, secret = run(data, make)
        said = f"{webhook.id}\t{secret}"
        typer.echo(in_json(webhook, secret) if as_json else said)


def add_change_commands(webhooks: typer.Typer, run: RunWebhooks, domain_id: DomainId) -> None:
    """`update` and `delete`."""

    @webhooks.command()
    def update(
        uuid: WebhookId,
        url: Annotated[str | None, typer.Option(help="Another address.")] = None,
        event: Events = None,
        basic_auth: BasicAuth = None,
        retry_type: Retry = None,
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Change a webhook, after a check request; without any option, switch it on again.

        Example: vestibule webhooks update 01a1fd90-b403-73bf-beb2-8d91e625565d --url
        https://clinic.example/other
        """
        owner = domain_id(data, domain)
        wishes = {**({"url": url} if url else {}), **given(event, basic_auth, retry_type)}
        changed = run(data, lambda service: service.update(owner, uuid, wishes))
        typer.echo(in_words(changed))

    @webhooks.command()
    def delete(uuid: WebhookId, domain: DomainName = None, data: Data = None) -> None:
        """Remove a webhook and the record of what was sent to it."""
        owner = domain_id(data, domain)
        run(data, lambda service: service.delete(owner, uuid))
        typer.echo(f"Webhook {uuid} is gone.")


def add_delivery_commands(webhooks: typer.Typer, run: RunDeliveries, domain_id: DomainId) -> None:
    """`deliveries` and `replay`."""

    @webhooks.command()
    def deliveries(
        uuid: WebhookId,
        state: Annotated[DeliveryState | None, typer.Option(help="Only those.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
        domain: DomainName = None,
        as_json: AsJson = False,
        data: Data = None,
    ) -> None:
        """List what was sent, newest first: id, time, state, type, room, last failure.

        Example: vestibule webhooks deliveries UUID --state quarantined
        """
        owner = domain_id(data, domain)
        _, records = run(data, lambda service: service.list(owner, uuid, Page(limit, state)))
        for record in records:
            answer = DeliveryAnswer.of(record)
            typer.echo(answer.model_dump_json() if as_json else line_of(answer))

    @webhooks.command()
    def replay(
        uuid: WebhookId,
        ids: Annotated[list[int], typer.Argument(min=0, help="As 'deliveries' shows them.")],
        domain: DomainName = None,
        data: Data = None,
    ) -> None:
        """Send events again, each with its own id; the running server does it at once.

        Example: vestibule webhooks replay 01a1fd90-b403-73bf-beb2-8d91e625565d 17 18
        """
        owner = domain_id(data, domain)

        async def send_again(service: DeliveryService) -> None:
            for delivery_id in ids:
                await service.replay(owner, uuid, delivery_id)
                typer.echo(f"Delivery {delivery_id} is sent again.")

        run(data, send_again)


async def with_secrets(service: WebhookService, owner: str) -> list[tuple[Webhook, str]]:
    """The domain's webhooks, each with the secret of its signatures."""
    return [(each, service.target(each).hmac) for each in await service.list(owner)]


def given(
    events: list[str] | None, basic_auth: str | None, retry_type: RetryType | None
) -> dict[str, Any]:
    """What the options wish; what is not given is left as it is."""
    wishes = {"event_types": events or None, "basic_auth": basic_auth, "retry_type": retry_type}
    return {name: wish for name, wish in wishes.items() if wish is not None}


def in_words(webhook: Webhook) -> str:
    """A webhook for a person, without its secrets."""
    failures = str(webhook.failed_count)
    return "\t".join((webhook.id, webhook.state, failures, webhook.retry_type, webhook.url))


def in_json(webhook: Webhook, secret: str) -> str:
    """A webhook as the API answers it."""
    return WebhookAnswer.of(webhook, secret).model_dump_json()


def line_of(answer: DeliveryAnswer) -> str:
    """A delivery for a person."""
    told = (answer.createdAt, answer.state, answer.eventType, answer.room, answer.error or "")
    return "\t".join((str(answer.id), *told))
