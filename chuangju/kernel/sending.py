"""One text on its way to one place, and how that fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sending:
    """What a channel is given: `key` is the same at every attempt, so that a gateway can tell a repetition."""

    key: str
    to: str
    subject: str
    text: str
    language: str
    # Seconds after which the attempt is given up.
    timeout: float


class SendFailed(Exception):
    """It did not go out; the sentence holds no personal data. `is_final`: trying again would not help."""

    def __init__(self, sentence: str, *, is_final: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_final = is_final
