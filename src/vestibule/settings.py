"""Every setting, typed, with its default and its reason.

Settings come from environment variables `VESTIBULE_<NAME>` and, below them, from the TOML file
that `VESTIBULE_CONFIG` names. A misspelt name is an error in both places.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from vestibule.foundation.encryption import parse_keyring

PREFIX = "VESTIBULE_"
CONFIG_VARIABLE = "VESTIBULE_CONFIG"


class IceServer(BaseModel):
    """A STUN or TURN server that browsers are told to use."""

    model_config = ConfigDict(extra="forbid")

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Settings(BaseSettings):
    """The installation's settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid")

    data: Path = Field(default=Path("data"), description="Folder of the database and key files.")
    host: str = Field(
        default="127.0.0.1", description="Address to listen on; loopback unless you open it."
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    base_url: str | None = Field(
        default=None,
        description="Public address people open, such as https://video.example.org; "
        "http://localhost:<port> when not set.",
    )
    database_url: str | None = Field(
        default=None,
        description="sqlite:///path or postgresql+psycopg://…; a SQLite file in `data` if not set.",
    )
    redis_url: SecretStr | None = Field(
        default=None,
        description="redis://… or rediss://… that several server processes share, so that they "
        "serve one installation together (docs/operations/several-processes.md); one process "
        "alone needs none.",
    )
    peer_url: str | None = Field(
        default=None,
        description="Address at which the other processes reach this one, such as "
        "http://10.0.0.5:8000; when not set, `host` and `port`, or the machine's address on the "
        "way to Redis. Only with `redis_url`.",
    )
    drain_seconds: float = Field(
        default=5.0,
        ge=0,
        le=600,
        description="How long a process that is told to end says that it is not ready, before it "
        "hands its calls to the others. Only with `redis_url`.",
    )
    master_key: SecretStr | None = Field(
        default=None,
        description="Keys that seal secrets at rest, as id:base64 of 32 bytes, comma-separated, "
        "the active one first; made in `data`/master.key when not set.",
    )
    primary_domain: str = Field(
        default="vestibule",
        description="Name that the first domain of rooms gets at the first start; its rooms live "
        "right under `base_url`.",
    )
    rooms_per_domain: int = Field(
        default=1_000_000,
        ge=1,
        description="How many available rooms (not expired, not deleted) a domain may have; "
        "`vestibule rooms limit` gives one domain its own (requirement D1).",
    )
    expired_rooms_keep_days: int = Field(
        default=30,
        ge=0,
        description="How long after its `exp` a room's row is kept; it is gone for everybody "
        "outside at `exp` itself, and never removed while somebody is inside.",
    )
    meetings_keep_days: int = Field(
        default=365,
        ge=1,
        le=36_500,
        description="How long meetings that are over are kept for `/v1/meetings`, with the names "
        "and times of their people. What clinics must keep for longer belongs in their records.",
    )
    room_prefix: str = Field(
        default="restartix",
        description="First part of the names of appointment rooms (requirement A2).",
    )
    provider_time_budget_seconds: float = Field(
        default=2.0, gt=0, description="How long a request waits for the room provider."
    )
    provider_retry_seconds: float = Field(
        default=300.0, gt=0, description="Wait before a failed room change is tried again (A18)."
    )
    provider_sweep_seconds: float = Field(
        default=600.0,
        gt=0,
        description="How often the provider's rooms are compared with what they should be.",
    )
    provider_rate_limits: bool = Field(
        default=True,
        description="Keeps to Daily's limits when an organization's rooms are elsewhere.",
    )
    provider_allow_private_addresses: bool = Field(
        default=False,
        description="Lets organizations have their rooms at private, loopback and link-local "
        "addresses; this installation's own rooms need it never.",
    )
    error_reports_keep_days: int = Field(
        default=90, ge=1, description="How long reports of failures in browsers are kept."
    )
    provider_lease_seconds: float = Field(
        default=15.0, gt=0, description="How long a crashed attempt blocks the next one."
    )
    reconnect_grace_seconds: float = Field(
        default=30.0, gt=0, description="How long a dropped person keeps the place in the call."
    )
    meeting_gap_seconds: float = Field(
        default=15.0,
        ge=0,
        le=600,
        description="How long a meeting that everybody has left goes on if somebody comes back; "
        "`meeting.ended` is sent after it.",
    )
    ice_servers: list[IceServer] = Field(
        default_factory=list,
        description="STUN and TURN servers for browsers; none by default, so that no outside "
        "host learns who talks to whom.",
    )
    turn_urls: list[str] = Field(
        default_factory=list,
        description="Addresses of your TURN server, such as turn:turn.example.org:3478 and "
        "turns:turn.example.org:5349; each person gets a password of their own for an hour.",
    )
    turn_secret: SecretStr | None = Field(
        default=None,
        description="Secret that the TURN server shares with Vestibule: coturn's "
        "`static-auth-secret`.",
    )
    sfu: Literal["none", "janus"] = Field(
        default="none",
        description="What carries calls with more people than browsers should connect to each "
        "other (`sfu_switchover` of the room): janus, or none.",
    )
    janus_urls: list[str] = Field(
        default_factory=list,
        description="WebSocket addresses of your Janus servers, such as ws://10.0.0.5:8188, which "
        "only Vestibule should reach; each new call goes to the one with the least to do. None: "
        "Vestibule runs the Janus of this machine itself.",
    )
    janus_api_secret: SecretStr | None = Field(
        default=None, description="Secret that those share with Vestibule: Janus's `api_secret`."
    )
    janus_media_ports: str = Field(
        default="20000-24999",
        pattern=r"^\d{4,5}-\d{4,5}$",
        description="UDP ports of a Janus that Vestibule runs itself; two for each person.",
    )
    janus_public_address: str | None = Field(
        default=None,
        description="Address under which browsers reach that Janus, where the machine has another.",
    )
    rate_limits: bool = Field(
        default=False,
        description="Holds each API key to Daily's limits, such as 100 requests of a kind in 5 s; "
        "needed where keys are in hands that you do not trust.",
    )
    api_log_days: int = Field(
        default=7,
        ge=0,
        le=365,
        description="How long `/v1/logs/api` keeps requests, without secrets; at most the newest "
        "200,000. 0: nothing is written down.",
    )
    webhooks_per_domain: int = Field(
        default=1, ge=1, description="How many webhooks a domain may have; Daily allows one."
    )
    webhook_retry_type: Literal["persistent", "circuit-breaker", "exponential"] = Field(
        default="persistent",
        description="What webhooks made without `retryType` get: persistent tries each event for "
        "72 hours and never switches a webhook off; the others are Daily's.",
    )
    webhook_allow_private_targets: bool = Field(
        default=False,
        description="Lets webhooks reach private, loopback and link-local addresses. Only for "
        "installations whose API keys are all in trusted hands.",
    )
    webhook_keep_days: int = Field(
        default=30, ge=4, description="How long events and their deliveries can be read again."
    )
    recordings: bool = Field(
        default=True,
        description="Whether calls can be recorded; off: nothing ever starts a recorder.",
    )
    recordings_store: str | None = Field(
        default=None,
        description="Where the files of recordings are kept: a folder, or s3://bucket/prefix; "
        "`data`/recordings/files if not set.",
    )
    recordings_encrypted: bool = Field(
        default=False,
        description="Encrypts each recording's file with a key of its own, which is sealed by the "
        "master key.",
    )
    recordings_per_room: int = Field(
        default=5, ge=1, description="How many recordings of one room may be made at once."
    )
    recordings_least_free_mb: int = Field(
        default=500,
        ge=0,
        description="A recording does not begin, and ends in order, when the disk has fewer free "
        "megabytes.",
    )
    recordings_buckets: list[str] = Field(
        default=[],
        description="Buckets in which rooms may have their recordings kept (`recordings_bucket`), "
        "reached as the S3 settings say; each domain of the installation may name them.",
    )
    s3_endpoint: str | None = Field(
        default=None, description="Address of the S3 service, if it is not Amazon's own."
    )
    s3_region: str | None = Field(default=None, description="Region of the bucket.")
    s3_access_key_id: str | None = Field(
        default=None, description="Access key of the bucket; else the machine's AWS environment."
    )
    s3_secret_access_key: SecretStr | None = Field(
        default=None, description="Secret that belongs to the access key."
    )
    mail_host: str | None = Field(
        default=None, description="Mail server for invitations and reminders; none: no mail."
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to the mail server is protected."
    )
    mail_username: str | None = Field(default=None, description="Name at the mail server.")
    mail_password: SecretStr | None = Field(default=None, description="Password there.")
    mail_from: str | None = Field(
        default=None, description="Sender of all mail, such as appointments@clinic.example."
    )
    mail_reminder_minutes: int = Field(
        default=60, ge=1, description="How long before the start people are reminded."
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="What Prometheus sends to read `/metrics`, as `Authorization: Bearer …`; "
        "without it there are no metrics to read.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Which log lines are written: these and graver ones."
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Address of an OpenID provider where staff have accounts; none: passwords "
        "only. It must send people back to `base_url`/console/api/oidc/callback.",
    )
    oidc_client_id: str | None = Field(default=None, description="Our name at that provider.")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="Our secret there; none where the provider asks for none."
    )
    oidc_name: str = Field(
        default="OpenID", description="What the button on the sign-in page calls the provider."
    )
    oidc_create_users: bool = Field(
        default=False,
        description="Makes an account, without any role, for whoever the provider knows by a "
        "verified e-mail address; otherwise only those who have one here come in.",
    )
    log_json: bool = Field(default=False, description="Log lines as JSON instead of for people.")

    @field_validator("base_url")
    @classmethod
    def _base_url_is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("http://", "https://")):
            raise ValueError("it should begin with https:// (or http:// on this machine alone)")
        return url

    @field_validator("database_url")
    @classmethod
    def _database_is_of_a_known_kind(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("it should begin with sqlite:/// or postgresql+psycopg://")
        return url

    @field_validator("master_key")
    @classmethod
    def _master_key_can_be_read(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            parse_keyring(key.get_secret_value())
        return key

    @field_validator("redis_url")
    @classmethod
    def _redis_is_an_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("it should begin with redis:// or rediss://")
        return url

    @field_validator("peer_url")
    @classmethod
    def _peers_have_an_address(cls, url: str | None) -> str | None:
        if url is not None and (not url.startswith(("http://", "https://")) or " " in url):
            raise ValueError("it should begin with http:// or https://")
        return url.rstrip("/") if url else url

    @model_validator(mode="after")
    def _several_processes_share_all(self) -> "Settings":
        if self.redis_url is None:
            return self
        if self.database_url is None or self.database_url.startswith("sqlite"):
            raise ValueError("redis_url is for several processes, which need a PostgreSQL database")
        if self.master_key is None:
            raise ValueError("redis_url is for several processes, which need the same master_key")
        if self.recordings and self.recordings_store is None:
            raise ValueError(
                "redis_url is for several processes, which need the same recordings_store, or "
                "recordings set to false"
            )
        return self

    @model_validator(mode="after")
    def _mail_is_whole(self) -> "Settings":
        if self.mail_host is not None and self.mail_from is None:
            raise ValueError("mail_host is set, so mail_from is needed: the sender of all mail")
        if (self.mail_username is None) != (self.mail_password is None):
            raise ValueError("mail_username and mail_password belong together; one is missing")
        return self

    @model_validator(mode="after")
    def _turn_is_whole(self) -> "Settings":
        if bool(self.turn_urls) != bool(self.turn_secret and self.turn_secret.get_secret_value()):
            raise ValueError("turn_urls and turn_secret belong together; one is missing")
        wrong = [url for url in self.turn_urls if not url.startswith(("turn:", "turns:"))]
        if wrong:
            raise ValueError(f"each of turn_urls should begin with turn: or turns:; {wrong[0]} not")
        return self

    @model_validator(mode="after")
    def _janus_urls_are_addresses(self) -> "Settings":
        wrong = [url for url in self.janus_urls if not url.startswith(("ws://", "wss://"))]
        if wrong:
            raise ValueError(
                f"each of janus_urls should begin with ws:// or wss://; {wrong[0]} not"
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = os.environ.get(CONFIG_VARIABLE)
        toml = (TomlConfigSettingsSource(settings_cls, Path(file)),) if file else ()
        return (init_settings, env_settings, *toml)

    @property
    def public_url(self) -> str:
        """The address that links begin with, without a trailing slash."""
        return (self.base_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'vestibule.sqlite3'}"


def misspelt_variables(environment: dict[str, str]) -> list[str]:
    """The VESTIBULE_… variables that name no setting, so that a typing error is not ignored."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE}
    return sorted(
        name for name in environment if name.startswith(PREFIX) and name.upper() not in known
    )
