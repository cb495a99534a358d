"""The table of calculators as a form engine sees it."""

import re
from pathlib import Path

import pytest

from knowledge.calculators import registry
from knowledge.calculators.calculator import local_standard
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.flags import FLAGS
from knowledge.calculators.inputs import Kind
from knowledge.calculators.parameters import Parameters, plain_region
from knowledge.calculators.periods import length, whole_months
from knowledge.calculators.results import Context

ROOT = Path(__file__).resolve().parents[4]
SPECIFIED = (
    "severance",
    "overtime",
    "annual_leave_days",
    "annual_leave_new",
    "annual_leave_exit",
    "medical_period",
    "sick_pay_floor",
    "maternity",
    "work_injury",
    "work_death",
    "unemployment_months",
    "unemployment_months_gd",
    "double_wage",
    "probation",
    "probation_wage",
    "illegal_probation_pay",
    "arbitration_deadline",
    "lawsuit_deadline",
    "min_wage_check",
    "training_penalty",
    "noncompete",
    "social_insurance",
    "wage_deduction",
    "retirement",
)


def test_every_specified_calculator_is_there_by_name_and_title() -> None:
    """Names of the specification; the Chinese title finds it too; a near miss is suggested."""
    assert set(SPECIFIED) <= set(registry.CALCULATORS)
    assert registry.find("加班费").name == "overtime"
    with pytest.raises(CalculationError, match="是不是 severance"):
        registry.find("severence")
    with pytest.raises(CalculationError, match="calc list"):
        registry.find("qqq")


def test_each_definition_can_be_asked_for_in_chat_and_on_a_page() -> None:
    """Chinese label and question for every input, choices where one chooses, conditions on inputs that exist."""
    for calculator in registry.CALCULATORS.values():
        names = [one.name for one in calculator.inputs]
        assert len(names) == len(set(names))
        assert calculator.fields
        assert calculator.changes
        for one in calculator.inputs:
            assert re.fullmatch(r"[一-鿿]{2,9}", one.label), one.label
            assert re.search(r"[一-鿿].*[？。]$", one.prompt), one.prompt
            assert bool(one.choices) == (one.kind is Kind.CHOICE)
            assert one.when is None or one.when[0] in names
            assert (
                one.required
                or one.table
                or one.kind is Kind.CHOICE
                or one.default in (None, False, True, 0, 1, ())
            )


def test_every_field_of_a_result_has_a_label() -> None:
    """What the worked examples show is described."""
    from tests.unit.knowledge.calculators.test_worked_examples import EXAMPLES

    for name, _, expected in EXAMPLES:
        labels = {field.name for field in registry.CALCULATORS[name].fields}
        assert (set(expected) if isinstance(expected, dict) else {"value"}) <= labels


def test_flags_are_sentences() -> None:
    """Each ends as a sentence and is raised somewhere, and none is raised that is not in the table."""
    assert all(text.endswith("。") for text in FLAGS.values())
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "knowledge" / "calculators").glob("*.py")
    )
    assert set(re.findall(r'\.flag\(\s*"(\w+)"', sources)) == set(FLAGS)


def test_the_documentation_names_every_calculator_input_and_field() -> None:
    """docs/calculators.md has one row for each calculator, with what goes in and what comes out."""
    rows = re.findall(
        r"^\| `(\w+)` \|.*?\| (.*?) \| (.*?) \|$",
        (ROOT / "docs" / "calculators.md").read_text(encoding="utf-8"),
        re.M,
    )
    documented = {
        name: (set(re.findall(r"`(\w+)`", asked)), set(re.findall(r"`(\w+)`", fields)))
        for name, asked, fields in rows
    }
    assert documented == {
        one.name: ({asked.name for asked in one.inputs}, {field.name for field in one.fields})
        for one in registry.CALCULATORS.values()
    }


def test_small_words() -> None:
    """Lengths and regions as people read them, and a standard asked for without a day."""
    from datetime import date

    assert length(date(2019, 3, 15), date(2025, 6, 30)) == "6年3个月16天"
    assert length(date(2025, 1, 1), date(2024, 12, 31)) == "0天"
    assert whole_months(date(2025, 1, 31), date(2025, 2, 28)) == 1
    assert [plain_region(name) for name in ("上海市", "广西壮族自治区", "浙江", "市")] == [
        "上海",
        "广西",
        "浙江",
        "市",
    ]
    asked = registry.find("sick_pay_floor").inputs[0]
    assert "资料里没有云南的这项标准" in str(local_standard(asked, "云南"))
    with pytest.raises(CalculationError, match="没有全国统一"):
        registry.calculate("sick_pay_floor", {}, Context(Parameters()))
