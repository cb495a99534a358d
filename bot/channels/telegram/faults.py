"""What a log may say of a failure: never its message, which quotes tokens, addresses and what people wrote."""

import traceback


def outline(failure: BaseException) -> dict[str, str]:
    """Log fields that tell what failed and where."""
    return {
        "error": type(failure).__name__,
        "exception": "".join(traceback.format_tb(failure.__traceback__)),
    }
