"""``niangjia encoder``: training of a deployment's own encoder."""

from typing import Annotated

import typer
from rich.progress import Progress

from bot import app as assembly
from bot import logs
from bot.settings import load_settings

encoder_commands = typer.Typer(no_args_is_help=True, help="检索用的编码器。")


@encoder_commands.callback()
def encoder() -> None:
    """检索用的编码器。"""


@encoder_commands.command("train")
def encoder_train(
    steps: Annotated[int, typer.Option(min=1, help="训练步数。")] = 900,
    seed: Annotated[int, typer.Option(help="随机种子；同样的内容和种子得到同样的结果。")] = 0,
) -> None:
    """用本机现有的手册、法规和问法训练编码器，训练完马上使用（要先安装 niangjia[models]）。"""
    from handlers import encoding

    logs.configure("WARNING")
    parts = assembly.assemble(load_settings())
    folder = parts.settings.data_dir / "encoder"
    with Progress(transient=True) as shown:
        task = shown.add_task("训练编码器", total=steps * 2)
        plan = encoding.Plan(steps=steps, seed=seed)
        trained = encoding.train(
            parts.database, parts.equipment, folder, plan, lambda done, _: shown.update(task, completed=done)
        )
    parts.close()
    assembly.assemble(load_settings()).close()
    print(
        f"编码器 {trained.name}，在留出的 {trained.figures['questions']:.0f} 个问题上选定的分量 {trained.weight}。"
    )
    if not trained.weight:
        print("编码器没有带来提升，检索只用关键词。")
    for name, value in trained.figures.items():
        print(f"  {name}  {value}")
