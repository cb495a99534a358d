"""Why a result needs a person or the local rule: codes and the sentences people read."""

from types import MappingProxyType

FLAGS = MappingProxyType(
    {
        "needs_local_standard": "需要当地标准：没有{subject}，请问当地工会（12351）或人社部门（12333）。",
        "local_standard_unverified": "{subject}的数据超过18个月没有核验（或从未核验），用前请核实。",
        "local_rule": "{subject}各地有自己的规定，请按当地口径核对。",
        "outside_corpus": "{subject}的原文还没有收进资料库，只作参考，以当地答复为准。",
        "pre2008_local_rule": "2008年以前的工作年限按当时和当地的规定办，各地口径不同，请工会或仲裁委核对。",
        "overtime_in_average": "平均工资算不算加班费，各地裁审口径不同，请按当地口径核对。",
        "excessive_overtime": "一个月加班超过36小时，已经违法；加班费仍要照付，可以向劳动监察举报。",
        "below_minimum": "{subject}低于当地最低工资，可以要求补足。",
        "irregular_holiday_rule": "不定时工时制在法定休假日上班给不给300%，各地规定不同，请按当地口径核对。",
        "comprehensive_cycle": "综合工时要看整个周期的总工时，36小时按周期内每个月平均看，请对照审批文件和考勤核对周期和小时数。",
        "piece_rate": "计件工资按本人法定工作时间的计件单价算倍数，请核对换算出的月标准。",
        "tier_crossing": "这一年里工龄可能刚好跨过1年、10年或20年，怎么分段没有明文，请工会核对。",
        "no_unpaid_300": "本人书面提出不休的，单位可以只付正常工资，没有另外的200%。",
        "near_retirement_reduction": "离法定退休年龄不足五年，一次性伤残就业补助金按规定递减，请经办机构核定。",
        "paid_by_employer": "单位没有参加工伤保险的，这些待遇由单位按同样的项目和标准支付。",
        "maximum_only": "这是国家规定的最长月数，不等于实际能领的月数；各省另有算法。",
        "time_limit": "追讨有一年的仲裁时效，从哪天起算各地不同，请尽早申请。",
        "actual_workdays": "零头里有节假日或调休（{subject}），实际工作日请按考勤核对。",
        "before_2008": "用工在2008年以前，劳动合同法自2008年1月1日施行，从那天起算。",
        "interrupted_late": "主张权利那天离知道之日已超过一年，要有中间主张过的证据，不然对方会说过了时效。",
        "suspension_outside": "中止的日子不在时效期间里，没有计入。",
        "no_limit_in_service": "还在职的，追讨欠薪不受一年限制；离职后要在一年内申请。",
        "rest_day": "末日{day}是{name}，顺延到{next}；最好在末日之前办。",
        "no_holiday_data": "没有{year}年的放假安排，只按周六周日判断休息日，请对照当年的放假通知。",
        "not_applicable": "因本人原因没有提供正常劳动的，不适用最低工资的规定，请工会核对。",
        "si_rule_unknown": "当地最低工资含不含个人缴的社保公积金没有填，请按当地规定核对。",
        "over_two_years": "竞业限制最长两年，超过的部分无效。",
        "compensation_low": "约定的补偿低于30%或最低工资，能不能补足各地做法不同，请工会核对。",
        "personal_share": "工伤保险和生育保险个人不缴费，填的个人比例要核对。",
        "fund_share": "住房公积金单位和个人的比例都不低于5%，填的比例要核对。",
        "before_reform": "2025年以前已到原法定退休年龄的，按原来的年龄办。",
    }
)
"""Code → sentence; names in braces are filled in by the calculator."""
