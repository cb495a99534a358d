"""What identifies one official account."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core.errors import SettingsError
from bot.core.messages import InboundMessage, Reply

Receive = Callable[[InboundMessage], tuple[Reply, ...]]
Later = Callable[[str, tuple[Reply, ...]], None]
"""Sends replies to an openid by customer-service message; only accounts with that permission have one."""

_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


@dataclass(frozen=True, slots=True)
class Account:
    """What identifies one official account; one that anybody could speak for is refused with ``SettingsError``."""

    token: str = field(repr=False)
    app_id: str
    aes_key: str = field(default="", repr=False)
    """Not empty: every message must come encrypted, whatever the sender offers."""
    clock_window: int = 600
    """Seconds a signed request may be old or early."""
    answer_within: float = 4.0
    """Seconds an attempt waits for the answer before the five-second rule takes over."""
    public_url: str = ""
    threads: int = 16
    """Senders worked for at the same time; 0 works inside the event loop, for a ``receive`` that never waits."""
    millisecond_timestamps: bool = False
    """Whether timestamps of 13 digits are understood; one test tool sends them, the platform never does."""

    def __post_init__(self) -> None:
        if not self.token.strip():
            raise SettingsError(
                "没有设置 NIANGJIA_WECHAT_TOKEN：令牌为空时任何人都能冒充微信，公众号接口不能启动。"
            )
        if self.aes_key and not _AES_KEY.fullmatch(self.aes_key):
            raise SettingsError(
                "NIANGJIA_WECHAT_AES_KEY 应是公众平台给的 43 位 EncodingAESKey，请核对是否复制完整。"
            )
        if self.aes_key and not self.app_id:
            raise SettingsError(
                "设置了 NIANGJIA_WECHAT_AES_KEY，还要设置 NIANGJIA_WECHAT_APP_ID 才能核对消息归属。"
            )
