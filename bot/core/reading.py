"""One message read as the answer to one field: the value as plain JSON types, or a sentence saying what is expected."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from bot.core import form_words
from bot.core.fields import Field, Found, Kind, Option, Period, Span, entity_of
from bot.core.numerals import to_int

Value = Any
"""str, bool or list of str; amounts and dates are written as text, so that a session is plain JSON."""
_NEAR = 8
_NOT_MONTHLY = re.compile(
    r"(一天|每天|日薪|日工资|天天|一小时|每小时|时薪|小时工资|一个?小时|年薪|一年)[一-鿿]{0,3}$"
)
_AFTER_NOT_MONTHLY = re.compile(r"[元块]?钱?(?:左右|上下)?(?:一|每|/)(天|日|个?小时|年)")
_PLAIN_NUMBER = re.compile(r"(\d+(?:\.\d+)?|\.\d+)([百千万wk]?)")
_AROUND = re.compile(
    r"^(?:大概|大约|差不多|约|就|是|有|每个?月|一个月|月薪|工资|我|共|总共|一共|填|选)+|(?:左右|上下|吧|的样子|多一点|了)+$"
)
_UNITS = MappingProxyType(
    {
        "元": r"(?:元|块钱?|圆)?",
        "小时": r"(?:个?小时|个?钟头?|h)?",
        "天": r"[天日]?",
        "年": r"年?",
        "个月": r"(?:个?月)?",
        "个": r"(?:个|胞胎)?",
        "孩": r"[个孩胎]?",
        "级": r"级?(?:伤残)?",
        "%": r"%?",
    }
)
_TIMES = MappingProxyType({"": 1, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000})
_NAME = re.compile(r"(?:我叫|我是|姓名是?|名字是?|叫)?[:：]?\s*([一-鿿·•]{2,15})")
_NO_NAME = re.compile(r"(你好|您好|谢谢|再见|在吗|怎么|什么|公司|老板|工资|补偿|[吗呢吧啊了的]$)")
_NO_TOWN = re.compile("不|没|谁|啥|随便|你好|谢谢|再见")
_TOWN = re.compile(r"(?:我?们?(?:是|在|在的|人在)?)?([一-鿿]{2,10})")


class MisreadError(ValueError):
    """The message is no answer to the field; the sentence says what is expected."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value, whether a day was assumed for it, and which part of the message it took."""

    value: Value
    assumed: bool = False
    taken: tuple[int, int] | None = None


def read(one: Field, text: str, found: Sequence[Found] = ()) -> Reading:
    """The answer to ``one`` in ``text``; raises :class:`MisreadError`."""
    reading = _READERS[one.kind](one, text, found)
    said = one.check(reading.value) if one.check else ""
    if said:
        raise MisreadError(said)
    return reading


def from_entity(one: Field, text: str, entity: Found) -> Reading:
    """``entity``, which stands in ``text``, as the answer to ``one``; raises :class:`MisreadError`."""
    reading = _converted(one, text, entity)
    said = one.check(reading.value) if one.check else ""
    if said:
        raise MisreadError(said)
    return reading


def holds(one: Field, value: Value) -> bool:
    """Whether a stored value still answers ``one``, as it must after the form was changed."""
    if value is None:
        return not one.required
    try:
        match one.kind:
            case Kind.YES_NO:
                return isinstance(value, bool)
            case Kind.CHOICE:
                return any(value == choice.value for choice in one.choices)
            case Kind.DATE:
                return bool(date.fromisoformat(value))
            case Kind.MONEY | Kind.NUMBER | Kind.COUNT:
                return bool(_limited(one, Decimal(value)))
            case Kind.FILES:
                return isinstance(value, list | tuple)
            case _:
                return isinstance(value, str) and len(value) <= one.longest
    except (TypeError, ValueError, InvalidOperation):
        return False


def near(text: str, entity: Found, cues: Sequence[str]) -> int | None:
    """How far from ``entity`` the nearest of ``cues`` stands, over no comma; None when there is none."""
    before = re.split(r"[，,。；;！!？?]", text[max(0, entity.start - _NEAR) : entity.start])[-1]
    after = re.split(r"[，,。；;！!？?]", text[entity.end : entity.end + _NEAR])[0]
    inside = text[entity.start : entity.end]
    places = [after.find(cue) for cue in cues if cue in after]
    places += [len(before) - before.rfind(cue) - len(cue) for cue in cues if cue in before]
    places += [0 for cue in cues if cue in inside]
    return min(places, default=None)


def _text(one: Field, text: str, _found: Sequence[Found]) -> Reading:
    said = text.strip()
    if not said:
        raise MisreadError("没有收到文字，请再说一次。")
    if len(said) > one.longest:
        raise MisreadError(f"写得太长了，请缩短到{one.longest}字以内。")
    return Reading(said)


def _name(one: Field, text: str, found: Sequence[Found]) -> Reading:
    said = _NAME.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if said is None or form_words.is_question(text) or _NO_NAME.search(said[1]):
        raise MisreadError("请只写姓名，例如 张三。")
    return _text(one, said[1], found)


def _phone(_one: Field, text: str, found: Sequence[Found]) -> Reading:
    for entity in found:
        if entity.kind == "phone":
            return Reading(entity.value, taken=(entity.start, entity.end))
    digits = re.sub(r"[\s\-+]", "", unicodedata.normalize("NFKC", text))
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}|0\d{9,11}", digits):
        return Reading(digits[-11:] if digits.startswith("86") else digits)
    raise MisreadError("请写手机号或带区号的座机号。")


def _place(_one: Field, text: str, found: Sequence[Found]) -> Reading:
    for entity in found:
        if entity.kind == "place":
            return Reading(entity.value, taken=(entity.start, entity.end))
    said = _TOWN.fullmatch(text.strip().rstrip("。.！!"))
    if said is None or form_words.is_question(text) or _NO_TOWN.search(said[1]):
        raise MisreadError("请写省、自治区或直辖市的名字，例如 浙江。")
    return Reading(said[1])


def _files(_one: Field, _said: str, _found: Sequence[Found]) -> Reading:
    raise MisreadError("请发照片或文件；暂时没有就回复“跳过”。")


def _group(_one: Field, _said: str, _found: Sequence[Found]) -> Reading:
    raise MisreadError("请一项一项地填。")


def _yes_no(_one: Field, text: str, _found: Sequence[Found]) -> Reading:
    picked = form_words.number(text)
    said = {1: True, 2: False}.get(picked) if picked is not None else form_words.yes_no(text)
    if said is None:
        raise MisreadError("请回复“是”或“否”。")
    return Reading(said)


def _choice(one: Field, text: str, _found: Sequence[Found]) -> Reading:
    said = form_words.plain(text)
    for option in one.choices:
        if said in map(form_words.plain, (option.value, option.label, *option.aliases)):
            return Reading(option.value)
    picked = form_words.number(text)
    if picked is not None and 0 < picked <= len(one.choices):
        return Reading(one.choices[picked - 1].value)
    meant = None if form_words.is_question(text) else option_in(one.choices, text)
    if meant is None:
        raise MisreadError("请回复前面的数字，从列出的里面选。")
    return Reading(meant.value)


def option_in(choices: Sequence[Option], text: str) -> Option | None:
    """The one option that ``text`` speaks of; None when it speaks of none or of several."""
    said = form_words.plain(text)
    lengths = {
        option.value: max(
            (
                len(name)
                for name in map(form_words.plain, (option.label, *option.aliases))
                if len(name) > 1 and name in said
            ),
            default=0,
        )
        for option in choices
    }
    longest = max(lengths.values(), default=0)
    named = [option for option in choices if lengths[option.value] == longest]
    return named[0] if longest and len(named) == 1 else None


def _date(one: Field, text: str, found: Sequence[Found]) -> Reading:
    dates = [entity for entity in found if entity.kind == "date"]
    if not dates or form_words.is_question(text):
        raise MisreadError("请写日期，例如 2025年6月30日；记不清哪天，写到月也行。")
    return _converted(one, text, _meant(one, text, dates))


def _figure(one: Field, text: str, found: Sequence[Found]) -> Reading:
    bare = _bare_number(text, one.unit)
    if bare is not None:
        return Reading(_limited(one, bare))
    kind = entity_of(one)
    fitting = [entity for entity in found if entity.kind == kind]
    if not fitting or form_words.is_question(text):
        raise MisreadError(_EXPECTED.get(one.unit.partition("/")[0], "请写一个数字。"))
    return _converted(one, text, _meant(one, text, fitting))


def _meant(one: Field, text: str, entities: Sequence[Found]) -> Found:
    """The entity beside one of the field's cues, else the first."""
    beside = [entity for entity in entities if near(text, entity, one.cues) is not None]
    return (beside or list(entities))[0]


def _converted(one: Field, text: str, entity: Found) -> Reading:
    span = entity.start, entity.end
    match entity.value:
        case Period(first, last):
            if (last - first).days > 31:
                raise MisreadError("请说到月份，例如 2019年3月；知道哪天更好。")
            day = last if one.month_ends else first
            return Reading(day.isoformat(), first != last, span)
        case Span() as length:
            return Reading(_limited(one, _in_unit(length, one.unit)), taken=span)
        case Decimal() as amount:
            if one.unit == "元/月" and _per_other(text, entity):
                raise MisreadError("这里要填每月的数，按天、按小时或按年算的，请先换成一个月多少元。")
            return Reading(_limited(one, amount), taken=span)
        case value:  # phones, places: as they were found
            return Reading(value, taken=span)


def _per_other(text: str, entity: Found) -> bool:
    return bool(_NOT_MONTHLY.search(text[: entity.start]) or _AFTER_NOT_MONTHLY.match(text[entity.end :]))


def _in_unit(length: Span, unit: str) -> Decimal:
    months = Decimal(length.years * 12 + length.months)
    if unit == "天":
        if months:
            raise MisreadError("请写天数，例如 5天。")
        return Decimal(length.days)
    months += Decimal(length.days) / 30
    return (months / 12 if unit == "年" else months).quantize(Decimal("0.01"))


def _bare_number(text: str, unit: str) -> Decimal | None:
    """A message that is a number, with or without its unit and small words around it, and nothing else."""
    said = unicodedata.normalize("NFKC", text).strip().lower().rstrip("。.!~")
    said = re.sub(r"[\s,，￥¥]", "", said)
    said = re.sub(_UNITS.get(unit.partition("/")[0], "") + "$", "", _AROUND.sub("", said))
    if plain := _PLAIN_NUMBER.fullmatch(said):
        return Decimal(plain[1]) * _TIMES[plain[2]]
    spoken = to_int(said)
    return None if spoken is None or re.search(r"[千百][一二三四五六七八九]$", said) else Decimal(spoken)


def _limited(one: Field, value: Decimal) -> str:
    if one.kind is Kind.COUNT and value != value.to_integral_value():
        raise MisreadError("请写整数。")
    if value < (one.least if one.least is not None else Decimal(0)):
        raise MisreadError(f"不能小于{one.least or 0}{one.unit}，请核对。")
    if one.most is not None and value > one.most:
        raise MisreadError(f"不能大于{one.most}{one.unit}，请核对。")
    return f"{value.normalize():f}" if value else "0"


_EXPECTED = MappingProxyType(
    {
        "元": "请写数额，例如 8000 或 三千五。",
        "年": "请写年数，例如 3 或 一年半。",
        "个月": "请写月数，例如 6 或 半年。",
        "天": "请写天数，例如 5。",
        "小时": "请写小时数，例如 20；没有就写 0。",
    }
)
_READERS: Mapping[Kind, Callable[[Field, str, Sequence[Found]], Reading]] = MappingProxyType(
    {
        Kind.TEXT: _text,
        Kind.NAME: _name,
        Kind.PHONE: _phone,
        Kind.PLACE: _place,
        Kind.YES_NO: _yes_no,
        Kind.CHOICE: _choice,
        Kind.DATE: _date,
        Kind.MONEY: _figure,
        Kind.NUMBER: _figure,
        Kind.COUNT: _figure,
        Kind.FILES: _files,
        Kind.GROUP: _group,
    }
)
"""Kind → reader."""
