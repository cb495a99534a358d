"""The shape of a message."""

import pytest

from knowledge import questions


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("加班费怎么算？年假有几天？", 2),
        ("加班费怎么算，另外年假有几天", 2),
        ("被辞退了能拿多少钱；社保怎么转；失业金去哪领", 3),
        ("老板拖欠工资三个月怎么办", 1),
        ("在吗？加班费怎么算？", 1),
        ("我在厂里干了三年。老板上周说不要我了。能赔多少？", 1),
    ],
)
def test_several_questions_are_told_apart(text: str, count: int) -> None:
    """Two or three whole questions are split; a greeting or a story is not."""
    assert len(questions.parts(text)) == count


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("那试用期呢", True),
        ("换成八千呢", True),
        ("要是没签合同", True),
        ("哺乳期呢？", True),
        ("年假有几天", False),
        ("那个老板拖欠了我们整个工地三十多个人的工资怎么办", False),
    ],
)
def test_follow_ups_are_recognised(text: str, leaning: bool) -> None:
    """Short messages that lean on the topic before."""
    assert questions.leans(text) is leaning
