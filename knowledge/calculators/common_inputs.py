"""Inputs that several calculators ask for in the same words."""

from decimal import Decimal

from knowledge.calculators.inputs import Input


def local_minimum(required: bool = True) -> Input:
    """The local minimum wage of a month."""
    return Input(
        "local_min",
        "当地最低工资",
        "当地最低工资每月多少元？",
        unit="元/月",
        required=required,
        help="填了地区、数据表里又有的，可以不填。",
        table="minimum_wage",
    )


def local_average(help_text: str, required: bool = True) -> Input:
    """The local average wage of last year by the month."""
    return Input(
        "local_avg",
        "当地社平工资",
        "当地上年度职工月平均工资是多少元？",
        unit="元/月",
        required=required,
        help=help_text,
        minimum=Decimal("0.01"),
        table="average_wage",
    )
