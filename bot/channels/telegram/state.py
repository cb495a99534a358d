"""How the channel is doing, in words an administrator understands."""

from enum import StrEnum


class State(StrEnum):
    """What the channel does at the moment, or why it does nothing."""

    OFF = "off"
    CONNECTING = "connecting"
    LISTENING = "listening"
    WAITING = "waiting"
    """Telegram cannot be reached; it is tried again without anybody's help."""
    REFUSED = "refused"
    CONFLICT = "conflict"
    BROKEN = "broken"

    @property
    def sentence(self) -> str:
        """What an administrator reads, with what to do."""
        return {
            State.OFF: "Telegram 没有启动。",
            State.CONNECTING: "正在连接 Telegram。",
            State.LISTENING: "Telegram 收发正常。",
            State.WAITING: "连不上 Telegram，正在自动重试；请检查网络、代理和 NIANGJIA_TELEGRAM_API_BASE。",
            State.REFUSED: "Telegram 不认这个令牌，已停止收发；"
            "请核对 NIANGJIA_TELEGRAM_TOKEN 和 NIANGJIA_TELEGRAM_API_BASE，改好后重启。",
            State.CONFLICT: "另有一处用同一个令牌在收消息（另一个进程，或 webhook），这里已停止；"
            "停掉那一处，再重启这里。",
            State.BROKEN: "Telegram 通道出错停止，请看日志，处理后重启。",
        }[self]


class HaltError(Exception):
    """The channel stops until a person mends something."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state
