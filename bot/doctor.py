"""What is configured, what is missing, and how to mend it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.app import Parts
from bot.storage import knowledge, staff

_LEAST_FREE_GIB = 1.0


class State(StrEnum):
    """How urgent a finding is."""

    GOOD = "good"
    HINT = "hint"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing: its state, what was seen, and what to do."""

    subject: str
    state: State
    seen: str
    mend: str = ""


def examine(parts: Parts) -> list[Finding]:
    """Every finding, in the order an administrator would look."""
    return [finding for check in _CHECKS for finding in check(parts)]


def _data(parts: Parts) -> Iterator[Finding]:
    folder = parts.settings.data_dir.resolve()
    free = shutil.disk_usage(folder).free / 2**30
    state = State.GOOD if free >= _LEAST_FREE_GIB else State.BAD
    mend = "" if state is State.GOOD else "磁盘快满了，请清理或换一个 NIANGJIA_DATA_DIR。"
    yield Finding("数据目录", state, f"{folder}，剩余 {free:.1f} GiB", mend)
    key = parts.settings.key_file
    if key.stat().st_mode & 0o077:
        yield Finding("密钥文件", State.BAD, f"{key.name} 别的用户也能读", f"运行 chmod 600 {key}。")
    else:
        yield Finding("密钥文件", State.GOOD, f"{key.name} 只有本用户能读；请单独备份，丢了就打不开加密内容")


def _database(parts: Parts) -> Iterator[Finding]:
    found, newest = parts.database.schema_versions()
    kind = "SQLite 文件" if parts.database.is_sqlite else "PostgreSQL"
    state = State.GOOD if found == newest else State.BAD
    yield Finding(
        "数据库", state, f"{kind}，结构版本 {found}", "" if found == newest else "运行 niangjia db upgrade。"
    )


def _knowledge(parts: Parts) -> Iterator[Finding]:
    with parts.database.reading() as session:
        counts, published = knowledge.counts(session), knowledge.latest_publication(session)
    yield Finding("权益手册", State.GOOD if counts["entries"] else State.BAD, f"{counts['entries']} 个条目")
    if counts["documents"]:
        yield Finding("法规和文件", State.GOOD, f"{counts['documents']} 份，{counts['passages']} 条")
    else:
        mend = "运行 niangjia import 法规文件夹，答案就能附上条文原文。"
        yield Finding("法规和文件", State.HINT, "还没有导入法规", mend)
    if published is None:
        yield Finding("索引", State.BAD, "还没有建立", "运行 niangjia index build。")
    else:
        yield Finding(
            "索引", State.GOOD, f"{published.chunks} 条，{published.created_at:%Y-%m-%d %H:%M} 发布"
        )


def _channels(parts: Parts) -> Iterator[Finding]:
    settings = parts.settings
    local = "127.0.0.1" in settings.public_url or "localhost" in settings.public_url
    mend = "工人要打开的地址请设到 NIANGJIA_PUBLIC_URL，不然消息里的链接打不开。" if local else ""
    yield Finding("网页", State.HINT if local else State.GOOD, settings.public_url, mend)
    if not settings.wechat_token.get_secret_value():
        mend = "在公众号后台设好服务器地址，再设 NIANGJIA_WECHAT_TOKEN 和 NIANGJIA_WECHAT_APP_ID。"
        yield Finding("微信公众号", State.HINT, "未接入", mend)
    else:
        secure = bool(settings.wechat_aes_key.get_secret_value())
        mode = "安全模式" if secure else "明文模式"
        mend = "" if secure else "建议在公众号后台改成安全模式，并设 NIANGJIA_WECHAT_AES_KEY。"
        yield Finding("微信公众号", State.GOOD if secure else State.HINT, f"已接入，{mode}", mend)
    if settings.telegram_token.get_secret_value():
        yield Finding("Telegram", State.GOOD, f"已接入，{settings.telegram_mode.value}")
    else:
        yield Finding("Telegram", State.HINT, "未接入", "需要时设 NIANGJIA_TELEGRAM_TOKEN。")


def _people(parts: Parts) -> Iterator[Finding]:
    with parts.database.reading() as session:
        count = len(staff.everyone(session))
    if count:
        yield Finding("后台账号", State.GOOD, f"{count} 个")
    else:
        yield Finding(
            "后台账号", State.HINT, "还没有", "运行 niangjia serve 会建第一个，或 niangjia staff add。"
        )
    if not parts.settings.region:
        yield Finding("地区", State.HINT, "未设置", "设 NIANGJIA_REGION（如 浙江），本地规定会排到前面。")


_CHECKS = (_data, _database, _knowledge, _channels, _people)
