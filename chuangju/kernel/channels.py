"""渠道 - the ways by which a message leaves: in the list, by e-mail, by SMS, and whatever a district adds (docs/adapters.md).

A channel sends one text to one place. It raises `SendFailed` with a sentence that holds no personal data: it is shown
to administrators and written to the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangju.kernel.masking import mask_middle, mask_mobile
from chuangju.kernel.message_templates import EMAIL, IN_APP, SMS
from chuangju.kernel.models import Message
from chuangju.kernel.registry import Registry
from chuangju.kernel.sending import SendFailed, Sending
from chuangju.kernel.sms_gateway import send_to_gateway


@dataclass(frozen=True)
class Channel:
    """One way out: `address_of` says where a message goes ("" = this person cannot be reached), `send` returns a receipt.

    `is_ready` is asked before a delivery is made: nothing waits for a gateway that was never set up. A quiet channel
    observes quiet hours, a digested one the daily digest; `mask` is how a destination is shown.
    """

    key: str
    label: str | Promise
    send: Callable[[Sending], str]
    address_of: Callable[[Message], str]
    is_ready: Callable[[], bool] = lambda: True
    is_quiet: bool = False
    is_digested: bool = False
    mask: Callable[[str], str] = str


channels: Registry[str, Channel] = Registry("message_channels")


def register_channel(channel: Channel) -> None:
    """Add a way out."""
    channels.register(channel.key, channel)


def every_channel() -> list[Channel]:
    """The ways out of every installation, and those that a district names in CHUANGJU_MESSAGE_CHANNELS."""
    return [IN_APP_CHANNEL, EMAIL_CHANNEL, SMS_CHANNEL, *(import_string(path) for path in settings.MESSAGE_CHANNELS)]


def channel_label(key: str) -> str:
    """What a channel is called; its key where it is gone."""
    channel = channels.find(key)
    return str(channel.label) if channel else key


def is_kept_only() -> bool:
    """Whether nothing really leaves: demo people have no mailbox and no telephone, whatever gateways are set up."""
    return bool(settings.DEMO)


def account_name(message: Message) -> str:
    """In the list: whoever has an account."""
    return message.user.username if message.user else ""


def email_of(message: Message) -> str:
    """The address of the account, or the one that the message was written to; demo people have a made-up one."""
    if message.user is None:
        return str(message.email)
    return message.user.email or (f"{message.user.username}@demo.invalid" if is_kept_only() else "")


def mobile_of(message: Message) -> str:
    """The number of the account, or the one that the message was written to; demo people have a made-up one."""
    if message.user is None:
        return str(message.mobile)
    return str(message.user.mobile) or ("000 0000 0000" if is_kept_only() else "")


def mask_email(address: str) -> str:
    """z***@example.org."""
    name, _at, host = address.partition("@")
    return f"{mask_middle(name, front=1, end=0)}@{host}"


def send_email(sending: Sending) -> str:
    """Through the mail server of the settings; refused and unreachable ones are tried again."""
    if is_kept_only():
        return "demo"
    headers = {
        "Message-ID": f"<{sending.key}@{settings.DISTRICT['code']}.chuangju>",
        "Auto-Submitted": "auto-generated",
    }
    server = get_connection(timeout=sending.timeout)
    try:
        EmailMessage(sending.subject, sending.text, to=[sending.to], headers=headers, connection=server).send()
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise SendFailed(_("邮件服务器没有接受（%(kind)s）") % {"kind": type(error).__name__}) from error
    return str(headers["Message-ID"])


def send_sms(sending: Sending) -> str:
    """Through the HTTP gateway of the settings; in demo mode it is only kept."""
    return "demo" if is_kept_only() else send_to_gateway(sending)


IN_APP_CHANNEL = Channel(IN_APP, gettext_lazy("站内消息"), lambda _sending: "", account_name)
EMAIL_CHANNEL = Channel(
    EMAIL,
    gettext_lazy("电子邮件"),
    send_email,
    email_of,
    is_ready=lambda: is_kept_only() or bool(settings.EMAIL_HOST),
    is_digested=True,
    mask=mask_email,
)
SMS_CHANNEL = Channel(
    SMS,
    gettext_lazy("短信"),
    send_sms,
    mobile_of,
    is_ready=lambda: is_kept_only() or bool(settings.SMS_URL),
    is_quiet=True,
    mask=mask_mobile,
)
