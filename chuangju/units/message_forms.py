"""The form of what reaches somebody outside: daily e-mail, quiet hours, topics."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.channels import Channel, channels
from chuangju.kernel.message_templates import IN_APP, message_templates
from chuangju.kernel.models import Message, MessagePreference, MessageTopic

EARLIEST_HOUR, LATEST_HOUR = 6, 22
AT_ONCE = "at_once"


def _hour_of(value: str) -> int | None:
    """None for each e-mail at once."""
    return None if value == AT_ONCE else int(value)


class ClockInput(forms.TimeInput):
    """A time of the day, with the browser's own control."""

    input_type = "time"

    def __init__(self) -> None:
        """Hours and minutes, which is what browsers send and expect."""
        super().__init__(format="%H:%M")


class PreferenceForm(forms.Form):
    """What somebody wants outside; one field of topics for each channel that is set up."""

    digest_hour = forms.TypedChoiceField(label=_("电子邮件何时发送"), coerce=_hour_of)
    quiet_from = forms.TimeField(label=_("免打扰开始"), widget=ClockInput)
    quiet_until = forms.TimeField(
        label=_("免打扰结束"),
        widget=ClockInput,
        help_text=_("这段时间内短信留到结束时再发；紧急事项和登录验证码不受限制。两个时间相同即不设免打扰"),
    )

    def __init__(self, data: Any = None, *, preference: MessagePreference, is_staff: bool) -> None:
        """Filled with what holds now."""
        self.preference = preference
        initial = {name: getattr(preference, name) for name in ("digest_hour", "quiet_from", "quiet_until")}
        if preference.digest_hour is None:
            initial["digest_hour"] = AT_ONCE
        super().__init__(data, initial=initial)
        hours = [(hour, _each_day(hour)) for hour in range(EARLIEST_HOUR, LATEST_HOUR + 1)]
        self.fields["digest_hour"].choices = [(AT_ONCE, _("每封及时发送")), *hours]  # type: ignore[attr-defined]
        self.topics = _topics_of_choice(is_staff=is_staff)
        for key, channel in channels.items():
            if key != IN_APP and channel.is_ready() and self.topics:
                self._add_topics(key, channel)

    def _add_topics(self, key: str, channel: Channel) -> None:
        reaches = bool(channel.address_of(Message(user=self.preference.user)))
        self.fields[f"wanted_{key}"] = forms.MultipleChoiceField(
            label=format_lazy(_("{channel}接收"), channel=channel.label),
            choices=[(topic.value, topic.label) for topic in self.topics],
            initial=[topic.value for topic in self.topics if f"{key}:{topic}" not in self.preference.muted],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text="" if reaches else _("账号中还没有可用的联系方式，登记后才会发送"),
        )

    def chosen(self) -> MessagePreference:
        """The preference as the form says, not stored yet; what it does not speak of stays."""
        preference, data = self.preference, self.cleaned_data
        preference.digest_hour = data["digest_hour"]
        preference.quiet_from, preference.quiet_until = data["quiet_from"], data["quiet_until"]
        spoken_of = {
            f"{name.removeprefix('wanted_')}:{topic}"
            for name in self.fields
            if name.startswith("wanted_")
            for topic in self.topics
        }
        wanted = {
            f"{name.removeprefix('wanted_')}:{topic}"
            for name, topics in data.items()
            if name.startswith("wanted_")
            for topic in topics
        }
        kept = set(preference.muted) - spoken_of
        preference.muted = sorted(kept | (spoken_of - wanted))
        return preference


def _each_day(hour: int) -> Any:
    return format_lazy(_("每天 {hour} 点汇总一封"), hour=str(hour))


def _topics_of_choice(*, is_staff: bool) -> list[MessageTopic]:
    """The topics of which this side of the house sends something that may be refused."""
    audiences = {"any", "staff" if is_staff else "public"}
    sent = {one.topic for one in message_templates.values() if one.can_opt_out and one.audience in audiences}
    return [topic for topic in MessageTopic if topic in sent]
