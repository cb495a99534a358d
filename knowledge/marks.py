"""What a rewording must not change in a clause: its figures, its guards (不、可以、应当…) and who owes whom."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from knowledge.figures import FIGURE, figure


class Guard(StrEnum):
    """A word that turns a rule round, binds, permits or narrows it."""

    FORBID = "不得"
    MAY_NOT = "可以不"
    NEED_NOT = "不必"
    MAY = "可以"
    MUST = "应当"
    NOT = "不"
    ONLY = "只"
    ALL = "都"
    EXCEPT = "除外"
    PERHAPS = "一般"
    PASSIVE = "被"
    WILL = "会"
    WHETHER = "是否"


class Role(StrEnum):
    """Who does or suffers something."""

    EMPLOYER = "单位"
    WORKER = "你"
    HOST = "用工单位"
    AGENCY = "派遣单位"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, taken apart."""

    figures: tuple[str, ...]
    """Figures and law titles in their order."""
    guards: tuple[Guard, ...]
    roles: tuple[Role, ...]
    segments: tuple[str, ...]
    """Content words between the guards; blanks stand where other words were."""

    @property
    def content(self) -> str:
        """All content words."""
        return " ".join(self.segments)

    def followed_by(self, other: "Clause") -> "Clause":
        """Both as one clause."""
        joined = (f"{self.segments[-1]} {other.segments[0]}", *other.segments[1:])
        return Clause(
            self.figures + other.figures,
            self.guards + other.guards,
            self.roles + other.roles,
            self.segments[:-1] + joined,
        )

    @property
    def sealed(self) -> frozenset[str]:
        """Words in it that cannot be halved (非全日制), each as one letter."""
        return frozenset(letter for letter in self.content if ord(letter) >= _SEALED)

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing by itself."""
        return not (self.figures or self.guards or self.roles or self.content.strip())


_GUARDS: tuple[tuple[Guard, str], ...] = (
    (Guard.WHETHER, "是否|能否|可否|会不会|能不能|要不要|是不是|有没有|该不该|可不可以"),
    (Guard.EXCEPT, "除外|除非|例外|不在此列|除了"),
    (Guard.MAY_NOT, "可以不|可不|有权不|能不"),
    (Guard.NEED_NOT, "不必|不用|无须|无需|不需要|用不着|不一定|未必|不当然"),
    (Guard.FORBID, "不可以|不得|不能|不许|不准|不可|不应当|不应该|不应|不该|禁止|严禁|不要(?!求)|别(?!的|人|处)|无权|没有权利|勿"),
    (Guard.PERHAPS, "一般|通常|可能|也许|多半|大多|原则上|往往|大概|有的|有些|部分|视情况|看情况|看个案|根据情况"),
    (Guard.ONLY, "只能|只有|只要|只|仅仅|仅|才|至少|最多|光凭|单凭"),
    (Guard.ALL, "都|所有|任何|一律|全部|全都|凡是|凡|每个人|永远|一定|必然|肯定|绝对|当然|保证|无论|不管|不论|自动|完全"),
    (Guard.MAY, "可以|能够|能|有权|有权利|可(?!靠|见|是|惜)"),
    (Guard.MUST, "应当|必须|应该|应(?!急|用|聘|付)|须|务必|得(?=[先由在要把给])|(?<![只需重主想没])要(?!看|是|求|么|素|紧|好|挟|点|件)|该(?=付|给|赔|交|发|补)"),
    (Guard.PASSIVE, "被|遭"),
    (Guard.WILL, "(?<![工社机协开职大])会(?!员|议|计|籍|费|长|籍|面|同)|将(?!来|军)"),
    (Guard.NOT, "没有|没|未(?!来)|不|无|非|否|拒"),
)  # fmt: skip
_KEPT = (
    "不可抗力|无固定期限|非全日制|未成年|不动产|不定时|非因工|非因|无过失|可能性|要约|会同|功能|智能|能力|只身|被告|被扶养|"
    "未就业|不动|否决|否认|其他|其它|部门|完全丧失|部分丧失|保证金|保证人|保证书|当然代表|都市|能源|技能|效能|性能|才能|人才|"
    "无效|不合格|协会|机会|社会|工会|委员会|大会|会员|会议|职代会|不良|不法"
)
_WHOLE = (
    "合同|同意|相同|共同|同等|同样|同工|时间|工时|小时|时效|当时|按时|及时|临时|时限|时段|定时|计时|地点|当地|各地|地方|工地|"
    "外地|地区|本地|土地|地址|目的|标的|取得|获得|所得|得到|原因|病因|因病|因工|行为|人为|为期|上班|上下班|网上|晚上|上级|上海|"
    "上诉|上岗|上门|所在|场所|派出所|按月|按日|按年|按时|按期|到期|到账|到岗|到位|自愿|自行|自然|私自|自残|自杀|从事|从业|理由|"
    "自由|由来|对方|面对|供给|补给|及格|和解|调解|和平|基本|成本|资本|其中|就业|就医|就诊|过失|过错|过期|经过|通过|过程|"
    "过半|来源|将来|未来|回来|去世|离去|做工|等级|平等|等候|等待|干部|再次|还款|归还|返还|偿还|退还|还钱|合并|并列|便利|方便|"
    "原则(?!上)|规则|准则|即使|立即|跟踪|参与|申请|请求|聘请|请假|邀请|把关|此前|份子|在职|在岗|现在|存在|在编|实在|给钱|发给|交给|"
    "转给|是非|这家|本院|本案|将近|为难|作为|认为|因素|就地|便民|以来|以前|以后|对待|针对|核对|对账|到场|迟到|签到|报到|达到|收到|找到"
)
_KEPT_WORDS = tuple(_KEPT.split("|"))
_SEALED = 0xE000
_ROLES = (
    (Role.HOST, "(?:实际)?用工单位"),
    (Role.AGENCY, "(?:劳务)?派遣(?:单位|公司|机构)"),
    (Role.EMPLOYER, "用人单位|单位|公司|企业|老板|厂里|厂方|雇主|用人方"),
    (
        Role.WORKER,
        "劳动者|工人|员工|职工(?!代表|大会|医|养|基|平|书|之|服|互|社|家|教|福|活|生|退|人|方|名|档)|您|你|本人|自己",
    ),
)
_GLUE = (
    "也就是说|换句话说|简单地说|简单来说|简单说|具体来说|总的来说|一般来说|也就是|意思是|需要注意的是|需要注意|要注意的是|"
    "这种情况下|这种情况|这种时候|这样的话|的情况下|的情况|的情形|的时候|的话|那么|如果|要是|假如|倘若|一旦|而且|并且|以及|"
    "或者|但是|可是|不过|因为|由于|所以|因此|于是|然后|另外|此外|同时|这里|这个|那个|这些|那些|这样|那样|这是|就是|属于|"
    "一个(?!月)|一种|一下|一些|一点(?!五)|已经|按照|依照|根据|依据|对于|关于|为了|或|和|与|及|跟|同|并|但|而|且|则|即|便|就|也|"
    "还|再|又|若|如|因|为|以|按|对|把|将|在|从|自|由|向|给|于|到|是|的|地|得|了|着|过|吗|呢|吧|啊|呀|之|其|该|本|此|这|那|"
    "请|被|所|时|做|干|去|来|上|们"
)
_SAME = (
    ("支付|给付|付给|付出|交付", "付"), ("签订|订立|签署", "签"), ("书面劳动合同", "书面合同"),
    ("补签订", "补签"), ("上班|干活|工作(?!日|证|时|服|群|地|岗|人员|单位|年限|台)", "上班"), ("薪水|薪资|薪酬|工钱", "工资"),
    ("起诉|上诉到法院", "起诉"), ("违反法律|不合法律", "违法"), ("开除|辞退|解雇|炒掉", "辞退"),
    ("拖欠|欠着|欠", "欠"), ("索要|要回|讨要|讨回", "要回"), ("缴纳|缴|交纳", "交"), ("孩子|子女|小孩", "孩子"),
    ("发放", "发"), ("眼下|当前|现在", "目前"),
    ("需要看|要看|得看", "看"), ("自行选择", "自己选择"), ("生病", "患病"), ("视同|看作|看成|视作|当作", "视为"), ("立即|立刻|马上", "马上"),
)  # fmt: skip
_SYNONYMS = tuple((re.compile(words), same) for words, same in _SAME)
_LAW = re.compile("《([^》]+)》")
_TOKEN = re.compile(
    "|".join(
        (
            "(?P<law>《[^》]+》)",
            f"(?P<kept>{_KEPT})",
            f"(?P<figure>{FIGURE})",
            f"(?P<whole>{_WHOLE})",
            *(f"(?P<{role.name}>{words})" for role, words in _ROLES),
            "(?P<linking>^不过)",
            *(f"(?P<{guard.name}>{words})" for guard, words in _GUARDS),
            f"(?P<glue>{_GLUE})",
            r"(?P<content>\w)",
        )
    )
)


def plain(text: str) -> str:
    """``text`` in half width and small letters, words of one meaning as one word."""
    folded = unicodedata.normalize("NFKC", text).lower()
    for words, same in _SYNONYMS:
        folded = words.sub(same, folded)
    return folded


def take_apart(clause: str) -> Clause:
    """The marks of ``clause``."""
    figures: list[str] = []
    guards: list[Guard] = []
    roles: list[Role] = []
    segments = [""]
    for found in _TOKEN.finditer(plain(clause)):
        name, word = str(found.lastgroup), found[0]
        if name in Guard.__members__:
            guards.append(Guard[name])
            segments.append("")
        elif name in Role.__members__:
            roles.append(Role[name])
            segments[-1] += " "
        elif name in ("content", "whole"):
            segments[-1] += word
        elif name == "kept":
            segments[-1] += _sealed(word)
        else:
            segments[-1] += " "
            figures += [figure(word)] if name == "figure" else [_title(word)] if name == "law" else []
    return Clause(tuple(figures), tuple(guards), tuple(roles), tuple(segments))


def _sealed(word: str) -> str:
    """A letter of its own for ``word``, so that 全日制 is not found in 非全日制."""
    return chr(_SEALED + _KEPT_WORDS.index(word))


def _title(word: str) -> str:
    return _LAW.sub(r"《\1》", word).replace("中华人民共和国", "")
