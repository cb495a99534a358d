"""When to answer, offer or refuse."""

import random
from pathlib import Path

import numpy as np
import pytest

from bot.core.errors import ContentError
from knowledge import calibration, confidence
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk, Signals
from knowledge.confidence import DEFAULT, Calibration
from knowledge.domain import Domain
from knowledge.equipment import Equipment

TOPICS = ("工资", "加班", "产假", "工伤", "合同", "社保", "年假", "仲裁")
WORDS = (
    "怎么办",
    "几天",
    "多少钱",
    "找谁",
    "合法吗",
    "要多久",
    "老板不给",
    "公司说没有",
    "什么材料",
    "能不能",
)


def _base() -> list[Chunk]:
    """Eight topics with two dozen questions each."""
    draw = random.Random(1)
    return [
        Chunk(
            f"H{place}",
            "entry",
            "组",
            topic,
            "",
            topic,
            "",
            f"{topic}的规定",
            questions=tuple(
                {f"{topic}{draw.choice(WORDS)}{draw.choice(WORDS)}{draw.choice(WORDS)}" for _ in range(150)}
            ),
        )
        for place, topic in enumerate(TOPICS)
    ]


def _strangers() -> tuple[str, ...]:
    draw = random.Random(2)
    others = ("红烧肉", "足球赛", "天气预报", "离婚财产", "邻居吵架", "手机死机", "股票基金", "数学作业")
    return tuple({f"{draw.choice(others)}{draw.choice(WORDS)}{n}" for n in range(200)})


def test_a_base_learns_its_own_border() -> None:
    """Held-out questions stay, strangers go, and the figures say how well."""
    fitted = calibration.calibrate(_base(), Equipment(Catalogue([]), negatives=_strangers()))
    assert fitted.figures["auroc"] > 0.95
    assert fitted.figures["kept"] >= 0.95
    assert fitted.figures["refused"] > 0.9
    assert fitted.figures["answered_wrong"] <= 0.05
    assert Calibration.from_dict(fitted.to_dict()) == fitted


def test_too_little_material_keeps_the_default() -> None:
    """Without negatives, or with few questions, coverage decides."""
    assert calibration.calibrate(_base(), Equipment(Catalogue([]))) is DEFAULT
    assert calibration.calibrate(_base()[:1], Equipment(Catalogue([]), negatives=_strangers())) is DEFAULT
    assert Calibration.from_dict({}) is DEFAULT


def test_the_default_rises_with_coverage() -> None:
    """Half covered is offered, well covered is answered, hardly covered is refused."""
    chances = [DEFAULT.ours.probability(Signals(share, 0, 0, 0, 0, 0, 0)) for share in (0.1, 0.3, 0.9)]
    assert chances[0] < DEFAULT.near < chances[1] < DEFAULT.sure < chances[2]


def test_auroc_is_counted_by_hand() -> None:
    """Ties count half."""
    assert calibration.auroc(np.array([3.0, 2.0]), np.array([1.0, 2.0])) == 0.875
    assert calibration.auroc(np.array([1.0]), np.array([2.0])) == 0.0


def test_a_shipped_calibration_is_read_or_named_when_broken(tmp_path: Path) -> None:
    """No file is the default; a damaged one says how to make it anew."""
    path = tmp_path / "calibration.json"
    assert confidence.load(path) is DEFAULT
    path.write_text("{]", encoding="utf-8")
    with pytest.raises(ContentError, match=r"calibration\.json"):
        confidence.load(path)


def test_the_domain_of_a_message_is_learned_from_both_sides(tmp_path: Path) -> None:
    """Words of ours score above 0, words of others below; without one side nothing is known."""
    domain = Domain.learn(["拖欠工资", "加班工资"], ["红烧肉", "红烧鱼"])
    assert domain.score("工资") > 0 > domain.score("红烧")
    assert domain.score("") == 0.0
    assert Domain.learn(["工资"], []).score("工资") == 0.0
    domain.save(tmp_path)
    assert Domain.load(tmp_path).score("工资") == domain.score("工资")
