"""WeChat official account: the webhook, its cipher, and how messages and replies look there."""

from bot.channels.wechat.account import Account, Later, Receive
from bot.channels.wechat.endpoint import router

__all__ = ["Account", "Later", "Receive", "router"]
