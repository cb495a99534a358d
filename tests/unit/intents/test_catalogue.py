"""The catalogue of intents."""

from intents import catalogue
from intents.catalogue import CATALOGUE, Group, Intent


def test_every_intent_is_described_once() -> None:
    """Each has a Chinese label of its own and a family."""
    assert set(CATALOGUE) == set(Intent)
    labels = [intent.label for intent in Intent]
    assert len(set(labels)) == len(labels) == 46
    assert {intent.group for intent in Intent} == set(Group)


def test_codes_lead_back_to_intents() -> None:
    """A code that is none is no error."""
    assert catalogue.known("my_cases") is Intent.MY_CASES
    assert catalogue.known("mycases") is None
