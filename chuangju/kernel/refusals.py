"""拒绝: a rule says no, in one sentence that the user can read and act on."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise


class Refused(Exception):
    """Base of every `<Noun>Refused`; nothing was changed, and `sentence` says why and what to do."""

    # What the pages answer with when nobody turned the refusal into a message beside a form.
    status: ClassVar[int] = 422

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)

    @property
    def sentence(self) -> str:
        """The translated sentence, in the language of whoever reads it now."""
        return str(self.args[0])

    def __str__(self) -> str:
        return self.sentence


class StaleForm(Refused):
    """The record changed while the form was open; the user reloads and decides again."""

    status = 409
