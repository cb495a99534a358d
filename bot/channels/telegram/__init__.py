"""Telegram: long polling of a bot, and how messages and replies look there."""

from bot.channels.telegram.polling import Polling, Receive
from bot.channels.telegram.state import State

__all__ = ["Polling", "Receive", "State"]
