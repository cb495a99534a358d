"""Composition root: settings in, running parts out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot import understanding
from bot.assistant import Assistant, Practice
from bot.core.clock import Clock, SystemClock
from bot.core.messages import Reply
from bot.rewriting import Model, Rewriter
from bot.settings import Settings, content_dir
from bot.storage.database import Database, open_database
from bot.storage.vault import Vault
from handlers import curation, forms, publishing, trial, wording
from handlers.skills import Skills, Standards
from knowledge import encoder as encoders
from knowledge import equipment
from knowledge.catalogue import Catalogue
from knowledge.drafts import as_stored
from knowledge.equipment import Equipment

_REMEMBERED = 16
"""Messages whose reading is kept for the rest of their turn."""
_MOST_MODEL_SECONDS = 2.5
_MODEL_SHARE = 0.6
"""Of the time in which WeChat wants its answer, so much may go by in waiting for a model."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a front end is given: the web server, the command line and the tests share it."""

    settings: Settings
    database: Database
    equipment: Equipment
    follower: publishing.Follower
    wording: wording.Wording
    assistant: Assistant
    clock: Clock
    skills: Skills
    """What conversations can do beside answering; front ends that ask without a conversation need it too."""
    rewriter: Rewriter | None = None
    """The model that may say answers in other words; None = off."""

    @property
    def catalogue(self) -> Catalogue:
        """Statutes known by name."""
        return self.equipment.catalogue

    def close(self) -> None:
        """Give everything back."""
        if self.rewriter is not None:
            self.rewriter.close()
        self.database.close()


def assemble(settings: Settings, clock: Clock | None = None) -> Parts:
    """Open the database, bring it up to date, load the served index; a first start builds one."""
    clock = clock or SystemClock()
    database = open_database(settings.database, Vault.open(settings.key_file))
    database.upgrade()
    encoder = encoders.open_encoder(
        settings.encoder, content_dir() / "encoder", settings.data_dir / "encoder"
    )
    known = equipment.load(content_dir(), encoder, settings.data_dir / "encoder")
    follower = publishing.Follower(database, settings.index_dir, known)
    words = wording.load(content_dir(), settings.union_name)
    practice = Practice(region=settings.region, keep_transcript=settings.transcript_days > 0)
    rewriter = _rewriter(settings)
    skills = _skills(settings, known)
    assistant = Assistant(database, follower, words, clock, practice, rewriter or as_stored, skills)
    parts = Parts(settings, database, known, follower, words, assistant, clock, skills, rewriter)
    prepare(parts)
    return parts


def _skills(settings: Settings, known: Equipment) -> Skills:
    """Intents, local standards and forms of this deployment."""
    engine = understanding.workshop(settings, known).open()
    standards = Standards(content_dir() / "parameters", settings.data_dir / "parameters")
    return Skills(
        understand=lru_cache(_REMEMBERED)(engine.parse),
        thresholds=engine.thresholds,
        standards=standards.on,
        forms=forms.load(content_dir() / "forms"),
        places=known.places,
        zone=ZoneInfo(settings.timezone),
    )


def _rewriter(settings: Settings) -> Rewriter | None:
    """The model of these settings; both address and name are needed."""
    if not (settings.llm_base_url and settings.llm_model):
        return None
    # httpx is large; only a deployment that has a model pays for loading it.
    from bot.completions import Connections

    key = settings.llm_api_key.get_secret_value()
    seconds = min(_MOST_MODEL_SECONDS, settings.wechat_answer_within * _MODEL_SHARE)
    model = Model(settings.llm_base_url, settings.llm_model, key, seconds)
    return Rewriter(model, Connections(model))


def prepare(parts: Parts) -> None:
    """Put the shipped handbook in place and serve the newest index."""
    changed = curation.load_handbook(parts.database, content_dir(), parts.clock.now())
    if changed or not parts.follower.is_current():
        rebuild(parts)
    parts.follower.refresh()


def rebuild(parts: Parts) -> bool:
    """Publish an index of what is stored now; returns whether anything had changed."""
    return parts.follower.publish(parts.clock.now())


def asker(parts: Parts) -> Callable[[str], Reply]:
    """Answers questions without touching a conversation."""
    settings, library, reword = parts.settings, parts.follower.library, parts.rewriter or as_stored
    return lambda text: trial.ask(
        text, library, parts.wording, parts.clock.now(), settings.region, reword, parts.skills
    )
