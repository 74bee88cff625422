"""A council's contact for accessibility: one way at least, and each as it can be followed."""

from __future__ import annotations

import pytest

from pipelines.errors import RegistryError
from pipelines.registry.council import Contact
from pipelines.registry.strict import parse


def test_each_way_that_is_named_can_be_followed() -> None:
    said = parse(
        Contact, {"email": "access@council.example", "telephone": "01234 567890"}, "settings.yml"
    )
    assert said.ways == [
        ("Email", "access@council.example", "mailto:access@council.example"),
        ("Telephone", "01234 567890", "tel:01234567890"),
    ]


@pytest.mark.parametrize(
    "content",
    [{}, {"email": "the web team"}, {"telephone": "ring us"}, {"page": "javascript:alert(1)"}],
    ids=["nothing", "no-address", "no-number", "no-page"],
)
def test_a_contact_that_cannot_be_followed_is_refused(content: dict[str, str]) -> None:
    with pytest.raises(RegistryError):
        parse(Contact, content, "settings.yml")
