"""Telegram: placeholder interface, being written."""

from collections.abc import Callable

from bot.core.messages import InboundMessage, Reply

Receive = Callable[[InboundMessage], tuple[Reply, ...]]


class Polling:
    """Long polling in a thread of its own."""

    def __init__(self, token: str, api_base: str, receive: Receive) -> None:
        del token, api_base, receive

    def start(self) -> None:
        """Begin polling."""

    def stop(self) -> None:
        """End polling."""
