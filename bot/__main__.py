"""``python -m bot`` is the ``niangjia`` command."""

from bot.cli import main

main()
