"""Who answers what: read this first. The order is the order of design: danger, words, choices, articles, questions."""

from dataclasses import replace

from bot.core.messages import MessageKind, Reply, ReplyKind
from handlers import answer, browse, calculation, crisis, errands, filling, menu
from handlers.turn import Outcome, Turn
from intents import commands


def dispatch(turn: Turn) -> Outcome:
    """The outcome of one turn."""
    urgent = crisis.danger(turn) or crisis.company(turn)
    return filling.set_aside(turn, urgent) if urgent else _ordinary(turn)


def _ordinary(turn: Turn) -> Outcome:
    if turn.message.kind is MessageKind.FOLLOW:
        return menu.follow(turn)
    if turn.message.kind is not MessageKind.TEXT and not turn.text.strip():
        return menu.not_text(turn)
    if turn.message.offer and turn.message.offer != turn.conversation.offer:
        return _expired(turn)
    if not turn.text.strip():
        return _ask_again(turn)
    turn = filling.current(turn)
    picked = None if turn.conversation.form else _picked(turn)
    if picked is not None:
        turn = replace(turn, text=picked)
    filled = filling.answered(turn)
    if filled is not None:
        return filled
    command = commands.command(turn.text)
    if command is not None:
        return menu.COMMANDS[command](turn)
    if picked is None and commands.choice(turn.text) is not None and turn.conversation.choices:
        return _no_such_choice(turn)
    return browse.shelf(turn) or _answer(turn)


def _answer(turn: Turn) -> Outcome:
    if commands.is_greeting(turn.text):
        return menu.menu(turn)
    if commands.is_thanks(turn.text):
        return menu.thanks(turn)
    changed = calculation.changed(turn)
    if changed is not None:
        return changed
    return answer.article(turn) or calculation.asked(turn) or errands.begun(turn) or _question(turn)


def _question(turn: Turn) -> Outcome:
    """An answer from the handbook; the calculator that goes with it can be picked."""
    outcome = answer.question(turn)
    offered = calculation.offered(turn) if outcome.reply.kind is ReplyKind.ANSWER else ()
    if not offered:
        return outcome
    reply = replace(outcome.reply, choices=(*offered, *outcome.reply.choices))
    return replace(outcome, reply=reply, conversation=outcome.conversation.after(reply))


def _picked(turn: Turn) -> str | None:
    """What the number in the message stands for."""
    choices = turn.conversation.choices
    number = commands.choice(turn.text, len(choices))
    return choices[number - 1].send if number and 0 < number <= len(choices) else None


def _no_such_choice(turn: Turn) -> Outcome:
    """The choices stay as they were, so that the next number still works."""
    if commands.choice(turn.text) == 0:
        return menu.menu(turn)
    return Outcome(Reply(ReplyKind.CLARIFY, turn.wording["no_choice"]), turn.conversation)


def _expired(turn: Turn) -> Outcome:
    """A choice of an earlier reply was tapped; those of the newest stay as they were."""
    return Outcome(Reply(ReplyKind.CLARIFY, turn.wording["choice_expired"]), turn.conversation)


def _ask_again(turn: Turn) -> Outcome:
    reply = Reply(ReplyKind.CLARIFY, turn.wording["empty"])
    return Outcome(reply, turn.conversation)
