"""A request → the question in it, or the reason why it is not taken."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from starlette.requests import ClientDisconnect

from bot.channels.webchat.errors import RefusedError

LONGEST_TEXT = 4000
_LONGEST_BODY = 64 * 1024
_MOST_FIELDS = 10
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters: no keyboard types them and no database stores them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked; the same ``message_id`` from the same browser gets the same reply."""

    text: str = field(repr=False)
    message_id: str


async def read_json(request: Request, public_host: str) -> Question:
    """The question of a POST to /api/chat.

    It need not name an origin: a browser asks before it sends JSON across sites, and nobody here answers yes.
    """
    _demand_origin(request, public_host, may_be_missing=True)
    _demand_type(request, "application/json")
    try:
        asked = json.loads(await _body(request))
    except (ValueError, RecursionError) as wrong:
        raise RefusedError(400, "请求不是有效的 JSON。") from wrong
    if not isinstance(asked, dict):
        raise RefusedError(422, '请求要是一个 JSON 对象，例如 {"text": "老板拖欠工资怎么办"}。')
    return Question(_text(asked.get("text")), _message_id(asked.get("message_id")))


async def read_form(request: Request, public_host: str) -> Question:
    """The question of the page's own form; sending the same form twice asks once."""
    demand_own_page(request, public_host)
    _demand_type(request, "application/x-www-form-urlencoded")
    try:
        content = (await _body(request)).decode()
        fields = parse_qs(content, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as wrong:
        raise RefusedError(400, "提交的内容读不懂，请回到聊天页面再发。") from wrong
    text = _text(fields.get("text", [""])[-1])
    page = fields.get("message_id", [""])[-1] or secrets.token_hex(16)
    # One page offers several buttons: what is sent belongs to the identity of the sending.
    return Question(text, hashlib.sha256(f"{page}\n{text}".encode()).hexdigest())


def demand_own_page(request: Request, public_host: str) -> None:
    """Refuse whatever another site makes a browser send."""
    _demand_origin(request, public_host, may_be_missing=False)


def _demand_origin(request: Request, public_host: str, *, may_be_missing: bool) -> None:
    fetched, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if fetched is not None:
        ours = fetched in ("same-origin", "none")
    elif origin is not None:
        ours = _host(origin) in (request.headers.get("host"), public_host)
    else:
        ours = may_be_missing
    if not ours:
        raise RefusedError(403, "这个请求不是从聊天页面发出的，请回到聊天页面再发。")


def _host(origin: str) -> str:
    """The host of an origin; one that can be no host's for an origin that hides or breaks it."""
    try:
        return urlsplit(origin).netloc or "null"
    except ValueError:
        return "null"


def _demand_type(request: Request, wanted: str) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != wanted:
        raise RefusedError(415, f"请求的内容类型要是 {wanted}。")


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST_BODY:
                raise RefusedError(413, f"发来的内容太大了，最多 {_LONGEST_BODY // 1024} KB。")
    except ClientDisconnect as gone:
        raise RefusedError(400) from gone
    return bytes(body)


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise RefusedError(422, "请在 text 里写上你的问题。")
    text = _UNSEEN.sub("", given.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise RefusedError(422, "还没有写字。请先写下你的问题，再点发送。")
    if len(text) > LONGEST_TEXT:
        raise RefusedError(
            422,
            f"这段话有{len(text)}个字，一次最多{LONGEST_TEXT}个字。请分几次发，先说最要紧的事。",
            text=text,
        )
    return text


def _message_id(given: Any) -> str:
    if given is None:
        return secrets.token_hex(16)
    if not isinstance(given, str) or not _MESSAGE_ID.fullmatch(given):
        raise RefusedError(422, "message_id 只能用字母、数字、横线和下划线，最多 64 个。")
    return given
