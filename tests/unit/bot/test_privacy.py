"""Masking of personal data."""

import pytest

from bot.core.privacy import mask_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我叫张三，身份证110101190001010015", "我叫张三，身份证1101**********0015"),
        ("身份证11010119000101001X。", "身份证1101**********001X。"),
        ("打我电话13800000000", "打我电话138****0000"),
        ("卡号6222 0000 0000 0000", "卡号6222****0000"),
        ("座机0571-00000000", "座机0571-****"),
        ("邮箱someone@example.com", "邮箱***@example.com"),
        ("拖欠3000元，2026年11月20日", "拖欠3000元，2026年11月20日"),
    ],
)
def test_numbers_that_name_a_person_are_masked(text: str, shown: str) -> None:
    """Ids, phones, cards and addresses are masked; amounts and dates stay."""
    assert mask_text(text) == shown
