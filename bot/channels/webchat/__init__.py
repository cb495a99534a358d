"""The web chat: its page, its JSON and event-stream interface, and a page for every clause."""

# The server reaches the channel as ``webchat.router``, like the channels that are one file.
from bot.channels.webchat.cards import router as card_router
from bot.channels.webchat.routes import Receive, Shelf, router

__all__ = ["Receive", "Shelf", "card_router", "router"]
