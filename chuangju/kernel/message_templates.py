"""消息模板 - the sentences of each kind of message, in both languages, and how they are filled in for one reader.

A template names its values as `%(name)s`. Staff are told outside (SMS, e-mail) only that there is something: `pointer`
says so without content, names or amounts, and knows nothing but `%(link)s`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chuangju.kernel.models import Message, MessageTopic, User
from chuangju.kernel.registry import Registry

Audience = Literal["staff", "public", "any"]
LONGEST_SUBJECT = 200
IN_APP, EMAIL, SMS = "in_app", "email", "sms"
# One value: the same in every language, or one text for each.
Values = Mapping[str, str | dict[str, str]]
BUILT_IN = (IN_APP, EMAIL, SMS)
USUAL_POINTER = _("您有一条新消息，请登录查看：%(link)s")


@dataclass(frozen=True)
class MessageTemplate:
    """One kind of message: its lazy sentences, whom it is for, and how it may leave the house.

    For "staff" and "any" SMS and e-mail carry only the pointer; for "public" they carry subject and body. A secret one
    (a code) keeps no values and loses its text once sent; nothing is sent after `expires_after`.
    """

    key: str
    subject: str | Promise
    body: str | Promise = ""
    pointer: str | Promise = ""
    audience: Audience = "staff"
    is_urgent: bool = False
    can_opt_out: bool = True
    topic: MessageTopic = MessageTopic.WORK
    channels: tuple[str, ...] = BUILT_IN
    is_secret: bool = False
    expires_after: timedelta | None = None

    @property
    def is_pointed_to(self) -> bool:
        """Whether only a pointer may leave the house."""
        return self.audience != "public"


@dataclass(frozen=True)
class Words:
    """Subject and body for one reader."""

    subject: str
    body: str


message_templates: Registry[str, MessageTemplate] = Registry("message_templates")


def register_message_template(template: MessageTemplate) -> None:
    """Add a kind of message; its key begins with the package's name."""
    message_templates.register(template.key, template)


def message_language(language: str) -> str:
    """The language somebody is written to: their own where the product speaks it, else the district's."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def remember_language(user: User, language: str) -> None:
    """Write to this person in the language they have just chosen for their pages."""
    User.objects.filter(pk=user.pk).exclude(language=language).update(language=language)


def plain_values(values: Mapping[str, Any] | None) -> Values:
    """The values as text; one that reads differently in another language is kept once for each language.

    A value may be a lazy text or a function that is asked in the language.
    """
    return {name: _in_every_language(value) for name, value in (values or {}).items()}


def values_in(values: Values, language: str) -> dict[str, str]:
    """The values as they read in one language; what an older message kept in one language stays so."""
    return {name: kept if isinstance(kept, str) else kept[language] for name, kept in values.items()}


def fill(template: MessageTemplate, values: Values, language: str) -> Words:
    """The sentences in one language; raises KeyError where a value is missing."""
    said = values_in(values, language)
    with override(language):
        subject = " ".join((str(template.subject) % said).split())
        return Words(subject[:LONGEST_SUBJECT], str(template.body) % said)


def fill_pointer(template: MessageTemplate, link: str, language: str) -> str:
    """What leaves the house for staff: no content, only where to sign in."""
    with override(language):
        text = str(template.pointer or USUAL_POINTER)
        return text % {"link": link} if "%(link)s" in text else f"{text} {link}"


def pointer_path(code: str) -> str:
    """Where a pointer leads: sign in, and on to the message; the page is units:pointer."""
    return f"/m/{code}/"


def words_in(message: Message, language: str) -> Words:
    """A message as its reader reads it now: in the language of the page, where its template still stands."""
    template = message_templates.find(message.template)
    if template is None or template.is_secret or message.language == language:
        return Words(message.subject, message.body)
    return fill(template, message.values, language)


def _in_every_language(value: Any) -> str | dict[str, str]:
    if not callable(value) and not isinstance(value, Promise):
        return _plain(value)
    said = {}
    for language in dict(settings.LANGUAGES):
        with override(language):
            said[language] = _plain(value)
    return said if len(set(said.values())) > 1 else said[settings.LANGUAGE_CODE]


def _plain(value: Any) -> str:
    given = value() if callable(value) else value
    if isinstance(given, datetime):
        return f"{timezone.localtime(given):%Y-%m-%d %H:%M}"
    return given.isoformat() if isinstance(given, date) else str(given)
