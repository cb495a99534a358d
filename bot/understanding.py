"""How this deployment understands messages: the shipped examples, its encoder, its places."""

from bot.settings import Settings, content_dir
from intents import corpus
from intents.classifier import Workshop
from intents.training import Teacher
from knowledge import encoder as encoders
from knowledge import equipment
from knowledge.equipment import Equipment


def workshop(settings: Settings, known: Equipment) -> Workshop:
    """Where intents are trained and kept; the rooms meet here, for neither knows the other."""
    encoder = known.encoder
    teacher = Teacher(encoder.name, encoder.encode) if encoder else Teacher()
    return Workshop(corpus.folder(), settings.data_dir / "intents", teacher, known.places)


def open_workshop(settings: Settings) -> Workshop:
    """The same for a program that has not loaded the equipment."""
    trained = settings.data_dir / "encoder"
    encoder = encoders.open_encoder(settings.encoder, content_dir() / "encoder", trained)
    return workshop(settings, equipment.load(content_dir(), encoder, trained))
