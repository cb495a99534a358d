"""Everything a message can be for, with what people call it and the group it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """Families of intents that are handled alike."""

    ANSWER = "answer"
    APPLY = "apply"
    REPORT = "report"
    ERRAND = "errand"
    CALCULATE = "calculate"
    TALK = "talk"
    DIALOG = "dialog"


class Intent(StrEnum):
    """What one message is for."""

    ASK_POLICY = "ask_policy"
    APPLY_HARDSHIP_AID = "apply_hardship_aid"
    APPLY_STUDENT_AID = "apply_student_aid"
    APPLY_MEDICAL_AID = "apply_medical_aid"
    APPLY_RELIEF = "apply_relief"
    APPLY_LEGAL_AID = "apply_legal_aid"
    REPORT_UNPAID_WAGES = "report_unpaid_wages"
    REPORT_OVERTIME = "report_overtime"
    REPORT_NO_CONTRACT = "report_no_contract"
    REPORT_DISMISSAL = "report_dismissal"
    REPORT_WORK_INJURY = "report_work_injury"
    REPORT_OCCUPATIONAL_DISEASE = "report_occupational_disease"
    REPORT_SOCIAL_INSURANCE = "report_social_insurance"
    REPORT_WOMEN_RIGHTS = "report_women_rights"
    REPORT_SAFETY = "report_safety"
    REPORT_UNION_RIGHTS = "report_union_rights"
    REPORT_COLLECTIVE = "report_collective"
    REPORT_PLATFORM_WORK = "report_platform_work"
    REPORT_OTHER = "report_other"
    MY_CASES = "my_cases"
    SUPPLEMENT_CASE = "supplement_case"
    WITHDRAW_CASE = "withdraw_case"
    JOIN_UNION = "join_union"
    SIGN_UP = "sign_up"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    CALC_SEVERANCE = "calc_severance"
    CALC_WAGES = "calc_wages"
    CALC_LEAVE = "calc_leave"
    CALC_MATERNITY = "calc_maternity"
    CALC_INJURY = "calc_injury"
    CALC_INSURANCE = "calc_insurance"
    CALC_CONTRACT = "calc_contract"
    CALC_DEADLINE = "calc_deadline"
    CALC_RETIREMENT = "calc_retirement"
    FIND_STATION = "find_station"
    CONTACT_PERSON = "contact_person"
    PRIVACY = "privacy"
    FEEDBACK = "feedback"
    CHITCHAT = "chitchat"
    OUT_OF_SCOPE = "out_of_scope"
    AFFIRM = "affirm"
    DENY = "deny"
    CANCEL = "cancel"
    BACK = "back"
    RESUME = "resume"

    @property
    def label(self) -> str:
        """What people call it: 反映欠薪."""
        return CATALOGUE[self].label

    @property
    def group(self) -> Group:
        """The family it belongs to."""
        return CATALOGUE[self].group


@dataclass(frozen=True, slots=True)
class Description:
    """How an intent is shown."""

    label: str
    group: Group


CATALOGUE: Mapping[Intent, Description] = {
    Intent.ASK_POLICY: Description("咨询政策", Group.ANSWER),
    Intent.APPLY_HARDSHIP_AID: Description("申请困难帮扶", Group.APPLY),
    Intent.APPLY_STUDENT_AID: Description("申请金秋助学", Group.APPLY),
    Intent.APPLY_MEDICAL_AID: Description("申请医疗互助", Group.APPLY),
    Intent.APPLY_RELIEF: Description("申请送温暖", Group.APPLY),
    Intent.APPLY_LEGAL_AID: Description("申请法律援助", Group.APPLY),
    Intent.REPORT_UNPAID_WAGES: Description("反映欠薪", Group.REPORT),
    Intent.REPORT_OVERTIME: Description("反映加班问题", Group.REPORT),
    Intent.REPORT_NO_CONTRACT: Description("反映未签合同", Group.REPORT),
    Intent.REPORT_DISMISSAL: Description("反映违法解除", Group.REPORT),
    Intent.REPORT_WORK_INJURY: Description("反映工伤", Group.REPORT),
    Intent.REPORT_OCCUPATIONAL_DISEASE: Description("反映职业病", Group.REPORT),
    Intent.REPORT_SOCIAL_INSURANCE: Description("反映社保公积金", Group.REPORT),
    Intent.REPORT_WOMEN_RIGHTS: Description("反映女职工权益", Group.REPORT),
    Intent.REPORT_SAFETY: Description("反映安全隐患", Group.REPORT),
    Intent.REPORT_UNION_RIGHTS: Description("反映工会权利", Group.REPORT),
    Intent.REPORT_COLLECTIVE: Description("反映集体问题", Group.REPORT),
    Intent.REPORT_PLATFORM_WORK: Description("反映平台用工", Group.REPORT),
    Intent.REPORT_OTHER: Description("反映其他问题", Group.REPORT),
    Intent.MY_CASES: Description("我的事项", Group.ERRAND),
    Intent.SUPPLEMENT_CASE: Description("补充材料", Group.ERRAND),
    Intent.WITHDRAW_CASE: Description("撤回事项", Group.ERRAND),
    Intent.JOIN_UNION: Description("加入工会", Group.ERRAND),
    Intent.SIGN_UP: Description("报名活动", Group.ERRAND),
    Intent.SUBSCRIBE: Description("订阅通知", Group.ERRAND),
    Intent.UNSUBSCRIBE: Description("退订通知", Group.ERRAND),
    Intent.CALC_SEVERANCE: Description("算经济补偿", Group.CALCULATE),
    Intent.CALC_WAGES: Description("算工资加班费", Group.CALCULATE),
    Intent.CALC_LEAVE: Description("算休假", Group.CALCULATE),
    Intent.CALC_MATERNITY: Description("算产假", Group.CALCULATE),
    Intent.CALC_INJURY: Description("算工伤待遇", Group.CALCULATE),
    Intent.CALC_INSURANCE: Description("算社保失业金", Group.CALCULATE),
    Intent.CALC_CONTRACT: Description("算合同相关", Group.CALCULATE),
    Intent.CALC_DEADLINE: Description("算期限", Group.CALCULATE),
    Intent.CALC_RETIREMENT: Description("算退休年龄", Group.CALCULATE),
    Intent.FIND_STATION: Description("找站点", Group.ERRAND),
    Intent.CONTACT_PERSON: Description("找工作人员", Group.ERRAND),
    Intent.PRIVACY: Description("隐私", Group.ERRAND),
    Intent.FEEDBACK: Description("意见建议", Group.ERRAND),
    Intent.CHITCHAT: Description("闲聊", Group.TALK),
    Intent.OUT_OF_SCOPE: Description("无关", Group.TALK),
    Intent.AFFIRM: Description("肯定", Group.DIALOG),
    Intent.DENY: Description("否定", Group.DIALOG),
    Intent.CANCEL: Description("取消", Group.DIALOG),
    Intent.BACK: Description("上一步", Group.DIALOG),
    Intent.RESUME: Description("继续", Group.DIALOG),
}
_BY_CODE = {intent.value: intent for intent in Intent}


def known(code: str) -> Intent | None:
    """The intent with this code, if there is one."""
    return _BY_CODE.get(code)
