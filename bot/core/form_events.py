"""What happens to a form, and what is to be done about it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.fields import Found
from bot.core.form import Session
from bot.core.messages import Reply

# What happens


@dataclass(frozen=True, slots=True)
class Message:
    """Words, and what is named in them."""

    text: str = field(repr=False)
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or file, kept elsewhere under ``reference``."""

    reference: str


@dataclass(frozen=True, slots=True)
class Back:
    """One question back."""


@dataclass(frozen=True, slots=True)
class Skip:
    """No answer to this question."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """The form is given up; what was filled in goes."""


@dataclass(frozen=True, slots=True)
class Resume:
    """The form is taken up again where it was left."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An earlier answer is to be corrected; ``path`` or the number in the summary."""

    path: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Deny:
    """No."""


@dataclass(frozen=True, slots=True)
class Interrupt:
    """Another question came in between and was answered; the form goes on."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Something else is done first; the form waits."""


@dataclass(frozen=True, slots=True)
class Crisis:
    """Somebody is in danger: the form steps aside without a word."""


@dataclass(frozen=True, slots=True)
class Expired:
    """Nothing was said for so long that the next message may mean anything."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was handed in cannot be worked with: ask ``path`` again, for this reason."""

    path: str
    reason: str


Event = (
    Message
    | Attachment
    | Back
    | Skip
    | Cancel
    | Resume
    | Edit
    | Confirm
    | Deny
    | Interrupt
    | Leave
    | Crisis
    | Expired
    | Refused
)


# What is to be done


@dataclass(frozen=True, slots=True)
class Submitted:
    """The form is complete and, where it asks for that, confirmed."""

    values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Discarded:
    """The draft may be forgotten."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """The message answered nothing; it may be a question for the handbook."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """Too many answers were not understood: a person should look."""


Effect = Submitted | Discarded | Unclear | GaveUp
Step = tuple[Session, tuple[Reply, ...], tuple[Effect, ...]]
