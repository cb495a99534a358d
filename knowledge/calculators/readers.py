"""Answers as people and programs write them, read into values; ``ValueError`` says what was expected."""

import json
import re
import unicodedata
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.core.numerals import to_int

_PLAIN = re.compile(r"([+-]?)(\d+(?:\.\d+)?|\.\d+)([万千百]?)")
_CN = "零〇一二两三四五六七八九十百"
_DURATION = re.compile(rf"(?:(\d+(?:\.\d+)?|[{_CN}]+|半)年)?[零又]?(?:(\d+(?:\.\d+)?|[{_CN}]+)个?月|(半))?")
_UNITS = MappingProxyType(
    {
        "元": re.compile(r"(?:元|块钱?)?(?:/月|/年|/小时|每月|一个月)?$"),
        "小时": re.compile(r"(?:个?小时|h)?$"),
        "天": re.compile(r"[天日]?$"),
        "个": re.compile(r"个?$"),
        "孩": re.compile(r"[个孩胎]?$"),
        "级": re.compile(r"级?$"),
        "%": re.compile(r"%?$"),
    }
)
_MONTHS_OF = MappingProxyType({"年": 12, "个月": 1})
_TIMES = MappingProxyType({"": 1, "百": 100, "千": 1000, "万": 10_000})
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_EARLIEST, _LATEST = 1900, 2100
_YES = frozenset({"true", "1", "是", "有", "对", "yes", "y", "是的", "要", "含"})
_NO = frozenset({"false", "0", "否", "没有", "无", "不是", "no", "n", "不", "不含"})
_KIN = MappingProxyType(
    {
        "spouse": ("配偶", "丈夫", "妻子", "老公", "老婆", "爱人", "husband", "wife"),
        "child": ("子女", "孩子", "儿子", "女儿", "son", "daughter"),
        "parent": ("父母", "父亲", "母亲", "爸爸", "妈妈", "father", "mother"),
        "grandparent": ("祖父母", "外祖父母", "爷爷", "奶奶", "外公", "外婆"),
        "grandchild": ("孙子女", "外孙子女", "孙子", "孙女"),
        "sibling": ("兄弟姐妹", "哥哥", "弟弟", "姐姐", "妹妹", "brother", "sister"),
        "other": ("其他", "其他亲属"),
    }
)
_LEFT_ALONE = ("孤儿", "孤寡老人", "orphan")
_ALONE = re.compile(r"[（(]?(?:孤寡老人|孤寡|孤儿|孤)[）)]?")
_INSURANCE = re.compile(r"[a-z][a-z_]{1,30}")
_HUNDRED = Decimal(100)


def number(raw: Any, unit: str = "") -> Decimal:
    """An amount or count in ``unit``: 8000, "8,000元", "1.5万", "五千"; 3年 is 36 where months are asked for."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | str):
        raise ValueError("要填数字")
    if isinstance(raw, str):
        return _written(re.sub(r"[\s,，￥¥]", "", unicodedata.normalize("NFKC", raw)), unit)
    value = Decimal(str(raw))
    if not value.is_finite():
        raise ValueError("要填数字")
    return value


def _written(text: str, unit: str) -> Decimal:
    if unit in _MONTHS_OF and (found := _DURATION.fullmatch(text)) and ("年" in text or "月" in text):
        return _duration(found) / _MONTHS_OF[unit]
    ending = _UNITS.get(unit.partition("/")[0])
    return _figure(ending.sub("", text) if ending else text)


def _duration(found: re.Match[str]) -> Decimal:
    years, months, half = found.groups()
    total = _figure(months) if months else Decimal(6 if half else 0)
    return total + (Decimal(6) if years == "半" else _figure(years) * 12 if years else 0)


def _figure(text: str) -> Decimal:
    if plain := _PLAIN.fullmatch(text):
        return Decimal(plain[1] + plain[2]) * _TIMES[plain[3]]
    spoken = to_int(text)
    if spoken is None:
        raise ValueError("要填数字")
    return Decimal(spoken)


def day(raw: Any) -> date:
    """A date: 2025-06-30, 2025/6/30, 2025年6月30日."""
    if isinstance(raw, date):
        return date(raw.year, raw.month, raw.day)
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", raw).strip()) if isinstance(raw, str) else None
    if not found:
        raise ValueError("要填日期，例如 2025-06-30")
    try:
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError("不是日历上有的日子") from None
    if not _EARLIEST <= value.year <= _LATEST:
        raise ValueError(f"要在{_EARLIEST}年到{_LATEST}年之间")
    return value


def yes_no(raw: Any) -> bool:
    """Yes or no: true, 是, 0."""
    said = str(raw).strip().casefold()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise ValueError("要填是或否")


def words(raw: Any) -> str:
    """A short name."""
    if not isinstance(raw, str) or not raw.strip() or len(raw) > 30:
        raise ValueError("要填名称，例如 浙江")
    return raw.strip()


def kin(raw: Any) -> tuple[tuple[str, bool], ...]:
    """Dependants: [["spouse", false], ["child", true]], or 配偶、子女（孤儿）."""
    if isinstance(raw, str):
        raw = _kin_list(raw)
    if not isinstance(raw, list | tuple):
        raise ValueError('要像 [["spouse", false], ["child", true]]，或写成 配偶、子女（孤儿）')
    found = tuple(_relative(one) for one in raw)
    if sum(relation == "spouse" for relation, _ in found) > 1:
        raise ValueError("配偶只能有一位")
    return found


def _kin_list(text: str) -> Any:
    if text.strip().startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError('要像 [["spouse", false], ["child", true]]') from None
    return [part for part in re.split(r"[、,，;；\s]+", text) if part and part != "无"]


def _relative(one: Any) -> tuple[str, bool]:
    if isinstance(one, str):
        alone = bool(_ALONE.search(one))
        one = (_ALONE.sub("", one) or one, alone)
    if not isinstance(one, list | tuple) or len(one) != 2:
        raise ValueError("每位亲属要写关系和是不是孤寡老人或孤儿")
    said, alone = str(one[0]).strip().casefold(), yes_no(one[1])
    if said in _LEFT_ALONE:
        return "other", True
    for relation, called in _KIN.items():
        if said == relation or said in called:
            return relation, alone
    raise ValueError(
        f"亲属关系要从这些里选：{'、'.join(f'{name}（{called[0]}）' for name, called in _KIN.items())}"
    )


def rates(raw: Any) -> dict[str, tuple[Decimal, Decimal]]:
    """Percentages by insurance, the person's share first: {"pension": [8, 16]}."""
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            raw = None
    if not isinstance(raw, dict) or not raw:
        raise ValueError('要像 {"pension": [8, 16]}，先个人后单位，单位是%')
    return {_insurance(name): _shares(pair) for name, pair in raw.items()}


def _insurance(name: Any) -> str:
    if not isinstance(name, str) or not _INSURANCE.fullmatch(name) or name == "base":
        raise ValueError(
            "的险种名要用 pension、medical、unemployment、injury、maternity、housing_fund 这样的英文名"
        )
    return name


def _shares(pair: Any) -> tuple[Decimal, Decimal]:
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError("每个险种要有个人和单位两个比例")
    shares = number(pair[0]), number(pair[1])
    if any(not 0 <= share <= _HUNDRED for share in shares):
        raise ValueError("的比例要在0到100之间")
    return shares
