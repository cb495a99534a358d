"""What is configured, what is missing, and how to mend it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.app import Parts
from bot.storage import alerts, knowledge, staff
from handlers.accounts import Role

_LEAST_FREE_GIB = 1.0
_ALERT_WAITS = timedelta(minutes=30)
"""So long an alert may wait until somebody looks."""


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
        at = published.created_at.astimezone(ZoneInfo(parts.settings.timezone))
        yield Finding("索引", State.GOOD, f"{published.chunks} 条，{at:%Y-%m-%d %H:%M} 发布")
        yield _answering(parts)


def _answering(parts: Parts) -> Finding:
    """What the served index was measured to do on questions it had not seen."""
    calibration = parts.follower.library.calibration
    figures, encoder = calibration.figures, parts.equipment.encoder
    used = f"编码器 {encoder.name}，占 {encoder.weight:.0%}" if encoder and encoder.weight else "只用关键词"
    if not figures:
        mend = "问法和反例不够多，用的是通用的拒答线；多挂一些工人的问法，再运行 niangjia encoder train。"
        return Finding("拒答和把握", State.HINT, used, mend)
    seen = (
        f"{used}；拒答线 {calibration.near:.2f}：留住可答的 {figures['kept']:.1%}，拒掉无关的 {figures['refused']:.1%}"
        f"（AUROC {figures['auroc']:.3f}）；直接回答线 {calibration.sure:.2f}：{figures['answered']:.1%} 直接回答，"
        f"其中偏到别的条目的占全部 {figures['answered_wrong']:.1%}；按 {figures['questions']:.0f} 个没见过的问法量出"
    )
    return Finding("拒答和把握", State.GOOD, seen)


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


def _alerts(parts: Parts) -> Iterator[Finding]:
    """Whether somebody looks at alerts, and does so in time."""
    with parts.database.reading() as session:
        late = alerts.unseen_since(session, parts.clock.now() - _ALERT_WAITS)
        on_duty = any(one.active and Role.DUTY in one.roles for one in staff.everyone(session))
    if late:
        yield Finding(
            "紧急提醒", State.BAD, f"{late} 条过了 30 分钟还没人看", "请值班员到管理台“紧急提醒”里马上看。"
        )
    elif not on_duty:
        mend = "在“账号”里开一个值班员账号；没有人值班时，危急回复只请对方打热线，不说有人会看。"
        yield Finding("紧急提醒", State.HINT, "没有人值班", mend)
    else:
        yield Finding("紧急提醒", State.GOOD, "有人值班，没有拖过 30 分钟的")


def _model(parts: Parts) -> Iterator[Finding]:
    """The model that rephrases; its key is never shown, and the address only by its host."""
    settings, subject = parts.settings, "改写模型"
    if parts.rewriter is None:
        given = settings.llm_base_url or settings.llm_model or settings.llm_api_key.get_secret_value()
        mend = "要启用，NIANGJIA_LLM_BASE_URL 和 NIANGJIA_LLM_MODEL 都要设；不用就都清空。" if given else ""
        yield Finding(subject, State.BAD if given else State.GOOD, "未启用，答案用手册原话", mend)
        return
    model, trouble = parts.rewriter.model, parts.rewriter.reach()
    seen = f"已启用，{model.host}，模型 {model.name}，每次最多等 {model.seconds:.1f} 秒"
    if trouble:
        mend = (
            "答案暂时用手册原话；请核对 NIANGJIA_LLM_BASE_URL、NIANGJIA_LLM_MODEL 和 NIANGJIA_LLM_API_KEY。"
        )
        yield Finding(subject, State.BAD, f"{seen}，现在用不了：{trouble}", mend)
    elif model.is_open_to_listeners:
        yield Finding(subject, State.HINT, f"{seen}，能用", "地址是 http，问题在路上没有加密，请换成 https。")
    else:
        yield Finding(subject, State.GOOD, f"{seen}，能用")


_CHECKS = (_data, _database, _knowledge, _channels, _model, _people, _alerts)
