"""A small intents folder for tests that need no more than two or three intents."""

from pathlib import Path

APPLY = (
    "孩子学费凑不齐，想申请助学",
    "娃娃考上大学了，帮我报个金秋助学",
    "我要申请金秋助学",
    "学费太贵，工会能帮一把不",
)
WAGES = ("老板欠我三个月工资不给", "工资拖了半年", "工地的工钱要不回来", "厂里扣着我的工资不发")
THANKS = ("你好", "谢谢", "早上好呀", "再见")


def nlu(**examples: tuple[str, ...]) -> str:
    """The content of one NLU file."""
    lines = ['version: "3.1"', "nlu:"]
    for intent, listed in examples.items():
        lines += [f"  - intent: {intent}", "    examples: |", *(f"      - {text}" for text in listed)]
    return "\n".join(lines) + "\n"


def write(folder: Path, content: str = "", name: str = "all.yml") -> Path:
    """``folder`` with one NLU file."""
    (folder / "nlu").mkdir(parents=True, exist_ok=True)
    content = content or nlu(apply_student_aid=APPLY, report_unpaid_wages=WAGES, chitchat=THANKS)
    (folder / "nlu" / name).write_text(content, encoding="utf-8")
    return folder
