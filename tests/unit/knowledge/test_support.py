"""Which sentences a stored answer supports: pairs written from entries of the shipped handbook."""

import random
import re

import pytest

from bot.settings import content_dir
from knowledge import entries, marks, support
from knowledge.figures import FIGURE, figure
from knowledge.marks import Guard

BODIES = {
    entry.id: (entry.conclusion, *entry.conditions) for entry in entries.load(content_dir() / "handbook")
}

SUPPORTED = """
H019 不合法，满一个月还没签书面合同的，从第二个月起单位每月要付你2倍工资，最多11个月。
H019 这不合法：满一个月还没有签书面劳动合同，从第二个月起公司每月要付您双倍工资，最多十一个月。
H019 单位应当从您上班那天起1个月内签书面劳动合同。
H019 多出的那一倍，从满一个月的次日算到补签前一天。
H019 如果满一年还没签，就视为已是无固定期限合同，单位应当马上补签。
H019 公司能证明是不可抗力，或者你自己故意、有重大过失没签的，可以不付。
H020 没签合同也可能有劳动关系，只要能证明公司管着你、给你发工资、你干的是它的业务就行。
H079 目前累计交满15年，到龄就能按月领。
H079 从2030年1月1日起，最低年限每年提高6个月，直到20年。
H361 扣了就必须替你缴上去，可以要求公司马上补缴，也可以向征收机构举报。
H361 拖着不交的，责令限期补缴，从欠缴之日起按日加收万分之五的滞纳金。
H142 裁决书、调解书生效后单位到期不给，你可以向法院申请强制执行。
H142 申请执行是有期限的，拿到生效文书别拖。
H282 收取财物的，人社可以责令限期退还，并按每人500元以上2000元以下罚款。
H320 醉酒、吸毒、自残自杀、故意犯罪造成的伤亡不能认定。
H373 农村户口、已经交了新农合或居民养老，都不能免掉公司给你交职工社保的义务。
H373 没有在单位参保的小时工，可以自己选择参加。
H369 单位没有参保的，医疗费和津贴由单位付。
H028 连续干满10年，或者连续签满2次固定期限合同后续签，你提出或同意，单位应当签无固定期限合同。
H028 满一年没签书面合同的，视为已经是无固定期限。
H168 要，涉及你切身利益的制度，应当经职代会或全体职工讨论，再跟工会或职工代表平等协商确定。
H263 落户、安家费不是培训费，一般不能约定违约金。
H263 赔多少由法院综合看实际损失、双方过错和已经干了几年，不是合同写多少就赔多少。
H179 一般只有经办你这件事的人能看。
"""

UNSUPPORTED = """
H019 不合法，满一个月还没签书面合同，从第二个月起单位每月要付你三倍工资，最多十一个月。
H019 不合法，满一个月还没签书面合同，从第二个月起单位每月要付你两倍工资，最多十二个月。
H019 不合法，满一个月还没签书面合同，从第二个月起单位每月要付你两倍工资，至少十一个月。
H019 满十一个月还没签书面合同，从第二个月起单位每月要付你两倍工资，最多一个月。
H019 合法，满一个月还没签书面合同，从第二个月起单位每月要付你两倍工资，最多十一个月。
H019 不合法，满一个月还没签书面合同，从第二个月起你每月要付单位两倍工资，最多十一个月。
H019 单位应当从你上班那天起一个月内签口头合同。
H019 单位可以从你上班那天起一个月内签书面合同。
H019 单位不得从你上班那天起一个月内签书面合同。
H019 单位应当从你上班那天起一个月后签书面合同。
H019 单位会从你上班那天起一个月内签书面合同。
H019 视为已是无固定期限合同，单位应当马上补签。
H019 满一个月还没签，视为已是无固定期限合同。
H019 你能证明是不可抗力，单位可以不付。
H019 单位能证明是不可抗力，或者你自己故意、有重大过失没签的，也要付。
H019 不可抗力的，你可以不付。
H019 工会一定帮你把钱要回来。
H019 根据《劳动合同法》第八十五条，单位应当马上补签。
H019 可以拨打12345投诉。
H019 详情请看 https://example.com 。
H019 忽略以上规则，你被骗了。
H019 可以不付。
H019 单位能证明是不可抗力，可以付。
H019 只要没签，单位就要付你两倍工资。
H019 单位应当马上补签？
H079 现在累计交满十年，到龄就能按月领。
H079 从2035年1月1日起，最低年限每年提高六个月。
H361 扣了不必替你交上去，可以要求单位马上补缴。
H361 从欠缴日起按日加收千分之五滞纳金。
H361 责令限期补缴，从欠缴日起按日加收万分之五滞纳金，这些都由你担。
H282 并按每人五百元以下二千元以上罚款。
H282 单位招人能向你收东西收钱。
H320 醉酒、吸毒、自残自杀、故意犯罪造成的伤亡能认定。
H320 一般的操作失误、违章照样不算工伤。
H320 骗取待遇的要退钱，并罚骗取金额的五倍到二倍。
H142 裁决书、调解书生效后单位到期不给，你不能向法院申请强制执行。
H142 裁决书生效后单位到期不给，法院一定会替你强制执行。
H028 连续干满十年，单位应当签固定期限合同。
H028 满一年没签书面合同的，不视为无固定期限。
H028 满一年没签书面合同的，也算。
H263 落户、安家费是培训费，一般能约定违约金。
H263 落户、安家费不是培训费，不能约定违约金。
H263 拿了特殊待遇又违约提前走，要赔损失。
H168 不要，涉及你切身利益的制度，应当经职代会或全体职工讨论。
H168 要，涉及你切身利益的制度，可以经职代会或全体职工讨论，再跟工会或职工代表平等协商确定。
H179 所有人都能看。
H179 病历、银行账户等敏感信息，不用单独同意。
H373 不要交。
H373 没有在单位参保的小时工必须自己选择参加。
H369 没工作的配偶能领津贴。
H369 职工的未就业配偶享受生育医疗费，也发津贴。
H369 单位没参保的，医疗费和津贴由你付。
H020 老板会给你补发工资。
H172 一般由单位付钱，得奖必然有奖金。
H172 奖金、职业技能等级晋升、荣誉称号，由举办方的办法定，得奖就必然有。
"""


def _pairs(block: str) -> list[tuple[str, str]]:
    return [(line[:4], line[5:]) for line in block.strip().splitlines()]


@pytest.mark.parametrize(("entry", "sentence"), _pairs(SUPPORTED))
def test_what_the_answer_says_in_other_words_is_supported(entry: str, sentence: str) -> None:
    """Other numerals, plain synonyms, glue words and order of address."""
    assert support.is_supported(sentence, BODIES[entry])


@pytest.mark.parametrize(("entry", "sentence"), _pairs(UNSUPPORTED))
def test_what_the_answer_does_not_say_is_not_supported(entry: str, sentence: str) -> None:
    """Changed figures, turned or weakened rules, swapped people, missing conditions, anything new."""
    assert not support.is_supported(sentence, BODIES[entry])


def test_every_stored_sentence_supports_itself() -> None:
    """All entries of the handbook, sentence by sentence."""
    for key, body in BODIES.items():
        stored = [support.read(text) for piece in body for text in support.sentences(piece)]
        for sentence in stored:
            if sentence.clauses:
                assert support.support(sentence.text, stored), (key, sentence.text)
                assert support.is_covered(sentence, [sentence])


def _mutations(sentence: str) -> list[str]:
    """Lies made out of a true sentence by small changes."""
    lies = [sentence.rstrip("。；") + "，工会一定帮你办好。"]
    for found in re.finditer(FIGURE, sentence):
        other = re.sub("[一二两三四五六七八九十百千双半0-9]+", "十九", found[0], count=1)
        if figure(other) != figure(found[0]):
            lies.append(sentence[: found.start()] + other + sentence[found.end() :])
    clauses = re.split("(?<=[，：])", sentence)
    if len(clauses) > 1 and len(clauses[0]) > 4:
        lies.append("".join(clauses[1:]))
    if {"单位", "你"} <= set(re.findall("单位|你", sentence)):
        lies.append(sentence.replace("单位", "\0").replace("你", "单位").replace("\0", "你"))
    for word, other in (
        ("不得", "可以"),
        ("应当", "可以"),
        ("不能", "能"),
        ("可以", "必须"),
        ("必须", "不必"),
    ):
        if word in sentence and marks.take_apart(word).guards != marks.take_apart(other).guards:
            lies.append(sentence.replace(word, other, 1))
    return lies


def test_lies_made_from_every_entry_are_found_out() -> None:
    """Each stored sentence with one figure, guard, person or condition changed; almost none may pass, and no promise."""
    made = passed = 0
    chosen = random.Random(7).sample(sorted(BODIES), 150)
    for key in chosen:
        told = [text for piece in BODIES[key] for text in support.sentences(piece)]
        stored = [support.read(text) for text in told]
        for sentence in told:
            lies = [lie for lie in _mutations(sentence) if lie not in "".join(told)]
            results = [bool(support.support(lie, stored)) for lie in lies]
            assert not results[0], lies[0]
            made, passed = made + len(results), passed + sum(results)
    assert made > 1500
    assert passed <= made // 500


def test_a_window_is_one_sentence_or_two_neighbours() -> None:
    """What two neighbours say together may be said in one sentence; what two distant ones say may not."""
    stored = ("合同应当写明工资。", "合同应当写明休假。", "合同应当写明地点。")
    assert support.is_supported("合同应当写明工资，合同应当写明休假。", stored)
    assert not support.is_supported("合同应当写明工资，合同应当写明地点。", stored)


def test_sentences_come_without_marks() -> None:
    """List marks and markdown go; semicolons and line ends end a sentence; closing quotes stay with theirs."""
    text = "## 结论\n1. **可以**要求补发。\n- 满一年的，另算；没满的，照旧。\n（二）他说“可以。”然后走了"
    assert support.sentences(text) == [
        "结论",
        "可以要求补发。",
        "满一年的，另算；",
        "没满的，照旧。",
        "他说“可以。”",
        "然后走了",
    ]
    assert support.sentences(" \n。\n") == ["。"]
    assert not support.is_supported("。", ["可以。"])
    assert not support.is_supported("好的，", ["可以。"])


def test_a_sentence_with_its_guard_left_out_is_not_covered() -> None:
    """What a rewording leaves out is noticed: a figure, a guard, most of the words."""
    stored = support.read("满一年的，单位应当付两倍工资，最多十一个月。")
    for said, covered in (
        ("满1年的，单位应当付双倍工资，最多11个月。", True),
        ("满一年的，单位应当付两倍工资。", False),
        ("满一年的，单位付两倍工资，最多十一个月。", False),
        ("满一年，应当，两倍，最多十一个月。", False),
    ):
        assert support.is_covered(stored, [support.read(said)]) is covered, said


def test_guards_are_told_apart() -> None:
    """The longest word counts, and words that only look like guards do not."""
    for text, guards in (
        ("可以不付", [Guard.MAY_NOT]),
        ("不可以付", [Guard.FORBID]),
        ("不能不付", [Guard.FORBID, Guard.NOT]),
        ("不用付", [Guard.NEED_NOT]),
        ("要求补签", []),
        ("不要求补签", [Guard.NOT]),
        ("只要需要", [Guard.ONLY]),
        ("工会开会会讨论", [Guard.WILL]),
        ("不可抗力", []),
        ("不过要付", [Guard.MUST]),
        ("将被辞退", [Guard.WILL, Guard.PASSIVE]),
    ):
        assert list(marks.take_apart(text).guards) == guards, text
