"""Settings: the only reader of environment and ``niangjia.toml``; each is described in docs/settings.md."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.core.errors import SettingsError


class AccountKind(StrEnum):
    """Kinds of WeChat official account; they differ in what the platform lets them do."""

    SUBSCRIPTION = "subscription"
    SUBSCRIPTION_VERIFIED = "subscription_verified"
    SERVICE_VERIFIED = "service_verified"


class TelegramMode(StrEnum):
    """How Telegram messages arrive."""

    POLLING = "polling"
    WEBHOOK = "webhook"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as wrong:
        raise ValueError(f"没有时区 {name}") from wrong
    return name


def _web_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if address and not usable:
        raise ValueError("要是 http:// 或 https:// 开头的完整地址")
    return address


class Settings(BaseSettings):
    """Everything a deployment may set; defaults run a small union on one machine."""

    model_config = SettingsConfigDict(env_prefix="NIANGJIA_", toml_file="niangjia.toml", extra="ignore")

    data_dir: Path = Path("var")
    """Where database, index, attachments and keys live."""
    database_url: str = ""
    """SQLAlchemy URL; empty is a SQLite file in the data directory."""
    secret_key_file: Path | None = None
    """Key file for personal data; default ``keys.json`` in the data directory."""
    public_url: str = "http://127.0.0.1:8000"
    """Address workers open; used in links."""
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    region: str = ""
    """Province this union is in; its local rules rank with the national ones."""
    union_name: str = "工会"
    """How the assistant calls the union it speaks for."""
    encoder: str = "shipped"
    """Which encoder retrieval uses: shipped, none, a path, or a sentence-transformers model name."""
    transcript_days: int = Field(default=30, ge=0)
    """Days a conversation's wording is kept; 0 keeps none."""
    demo: bool = False
    """Whether demo content is shown."""

    wechat_token: SecretStr = SecretStr("")
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_api_base: str = "https://api.weixin.qq.com/cgi-bin/"
    wechat_account_kind: AccountKind = AccountKind.SUBSCRIPTION
    wechat_clock_window: int = Field(default=600, ge=1)
    """Seconds a signed request may be old or early."""
    wechat_answer_within: float = Field(default=4.0, gt=0, le=4.8)
    """Seconds the first attempt waits for the answer."""

    llm_base_url: Annotated[str, AfterValidator(_web_address)] = ""
    """Address of an OpenAI-compatible API (``…/v1``) that may say answers in other words; empty = off."""
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")

    telegram_token: SecretStr = SecretStr("")
    telegram_api_base: str = "https://api.telegram.org"
    telegram_webhook_secret: SecretStr = SecretStr("")
    telegram_mode: TelegramMode = TelegramMode.POLLING

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library names them
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library names them
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before ``niangjia.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'niangjia.sqlite3'}"

    @property
    def key_file(self) -> Path:
        """The key file in use."""
        return self.secret_key_file or self.data_dir / "keys.json"

    @property
    def index_dir(self) -> Path:
        """Where built indexes are kept."""
        return self.data_dir / "index"


def load_settings(**given: object) -> Settings:
    """The deployment's settings; raises ``SettingsError`` naming each wrong one."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks them
    except ValidationError as wrong:
        faults = "；".join(
            f"NIANGJIA_{'_'.join(map(str, fault['loc'])).upper()}：{fault['msg']}" for fault in wrong.errors()
        )
        raise SettingsError(f"设置有误：{faults}") from wrong
    except ValueError as wrong:
        raise SettingsError(f"niangjia.toml 读不懂：{wrong}") from wrong


def content_dir() -> Path:
    """The folder of shipped content: ``data/`` of a checkout, or its copy inside the installed package."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "data"
    return checkout if (here.parent / "pyproject.toml").exists() and checkout.is_dir() else here / "_data"
