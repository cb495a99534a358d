"""A small printable page for every rights card."""

from collections.abc import Callable

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from bot.channels.webchat.pages import Pages
from knowledge.cards import Card

Find = Callable[[str], Card | None]
"""Id of an entry → its card."""


def router(find: Find, union_name: str) -> APIRouter:
    """The pages at /card/{id}."""
    pages = Pages(union_name)

    # Not async: finding a card reads the database, so it runs in a thread.
    def show(code: str) -> Response:
        card = find(code)
        if card is None:
            return HTMLResponse(pages.notice("没有找到这张明白卡，可能已经被更新或撤下。"), 404)
        return HTMLResponse(pages.card(card))

    routes = APIRouter()
    routes.add_api_route("/card/{code}", show, methods=["GET", "HEAD"])
    return routes
