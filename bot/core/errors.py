"""The errors people may see; the docstring is the sentence they read.

NiangjiaError
├── SettingsError
├── ContentError
│   └── DocumentError
├── UnknownArticleError
├── IndexMissingError
├── NotFoundError
├── ConflictError
└── SignInError
"""


class NiangjiaError(Exception):
    """出了一点问题，请稍后再试。"""

    def __init__(self, message: str | None = None) -> None:
        """Without ``message`` the class docstring is what people read."""
        super().__init__(message or (self.__doc__ or "").strip())


class SettingsError(NiangjiaError):
    """设置有误，请运行 niangjia doctor 查看。"""


class ContentError(NiangjiaError):
    """内容文件有误，请按提示的文件和位置修改。"""


class DocumentError(ContentError):
    """这个文件读不出来，请换一个文件再试。"""


class UnknownArticleError(NiangjiaError):
    """没有找到这一条，请核对法规名称和条号。"""

    def __init__(
        self, message: str | None = None, *, valid_range: str = "", suggestions: tuple[str, ...] = ()
    ) -> None:
        """``valid_range`` such as 第一条至第九十八条; ``suggestions`` are titles the asker may have meant."""
        super().__init__(message)
        self.valid_range = valid_range
        self.suggestions = suggestions


class IndexMissingError(NiangjiaError):
    """还没有建立索引，请先运行 niangjia index build。"""


class NotFoundError(NiangjiaError):
    """没有找到这一项，可能已被删除。"""


class ConflictError(NiangjiaError):
    """别人刚刚改过这一项，请刷新后再试。"""


class SignInError(NiangjiaError):
    """账号或密码不对，请重试。"""
