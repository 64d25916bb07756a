"""消息列表 - one's own messages, what goes out over the channels, and in demo mode everything that was sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from chuangju.kernel.channels import channel_label, channels, mask_email
from chuangju.kernel.masking import mask_mobile
from chuangju.kernel.message_templates import IN_APP, words_in
from chuangju.kernel.models import Delivery, Message, MessageTopic, User
from chuangju.kernel.outbox import messages_visible_to
from chuangju.ui.listing import Column, Filter, Listing
from chuangju.ui.signs import Sign
from chuangju.units.access import Visitor, has_role
from chuangju.units.models import Role

# A choice among more people than this helps nobody; the search box finds the others.
MOST_PEOPLE = 100
SIGNS = {
    Delivery.State.WAITING: "new",
    Delivery.State.HELD: "flat",
    Delivery.State.SENT: "done",
    Delivery.State.FAILED: "late",
    Delivery.State.CANCELLED: "flat",
}


def own_messages(user: Visitor) -> QuerySet[Any]:
    """One's own messages with `is_read` (0 or 1), so that the unread ones can stand first on both databases."""
    is_read = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return messages_visible_to(user).annotate(is_read=is_read)


def message_listing() -> Listing:
    """One's own messages, unread first."""
    language = get_language() or ""
    return Listing(
        key="messages",
        title=pgettext_lazy("list", "消息"),
        columns=(
            Column(
                "subject",
                gettext_lazy("标题"),
                lambda one: words_in(one, language).subject,
                template="units/cells/message.html",
                url=lambda one: reverse("units:message", args=[one.pk]),
            ),
            Column("topic", gettext_lazy("类别"), lambda one: one.get_topic_display(), css="short"),
            Column("created", gettext_lazy("时间"), lambda one: one.created_at, sort="created_at", css="short"),
            Column("state", gettext_lazy("状态"), message_sign, sort="is_read,-created_at", css="short"),
        ),
        filters=(
            Filter(
                "state",
                gettext_lazy("状态"),
                lambda: [("unread", _("未读")), ("read", _("已读"))],
                lambda rows, state: rows.filter(read_at__isnull=state == "unread"),
            ),
            Filter(
                "topic",
                gettext_lazy("类别"),
                lambda: MessageTopic.choices,
                lambda rows, topic: rows.filter(topic=topic),
            ),
        ),
        search=lambda rows, text: rows.filter(subject__icontains=text),
        search_label=gettext_lazy("搜索标题"),
        default_sort="state",
        empty_title=gettext_lazy("还没有消息"),
        empty_hint=gettext_lazy("有需要您办理或知晓的事项时，会出现在这里"),
    )


def message_sign(message: Message) -> Sign:
    """Read or not."""
    return Sign("flat", _("已读")) if message.read_at else Sign("new", _("未读"))


def delivery_sign(delivery: Delivery) -> Sign:
    """The state of a delivery."""
    state = Delivery.State(delivery.state)
    return Sign(SIGNS[state], str(state.label))


def recipient_of(message: Message) -> str:
    """Whom a message is for: the account's name, or the number with its middle hidden."""
    if message.user:
        return str(message.user)
    return mask_mobile(message.mobile) if message.mobile else mask_email(message.email)


def deliveries_visible_to(user: Visitor, on: date | None = None) -> QuerySet[Any]:
    """What goes outside, for the system administrator; with `rank`: failures first, then what waits."""
    if not has_role(user, Role.SYSTEM_ADMINISTRATOR, on=on):
        return Delivery.objects.none()
    rank = Case(
        When(state=Delivery.State.FAILED, then=Value(0)),
        When(state__in=Delivery.OPEN, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return Delivery.objects.exclude(channel=IN_APP).select_related("message__user").annotate(rank=rank)


def delivery_listing() -> Listing:
    """Deliveries, failed ones first; says to whom and why not, never what."""
    return Listing(
        key="deliveries",
        title=pgettext_lazy("list", "消息投递"),
        columns=(
            Column(
                "to",
                gettext_lazy("接收人"),
                lambda one: recipient_of(one.message),
                template="units/cells/delivery.html",
            ),
            Column("channel", gettext_lazy("渠道"), lambda one: channel_label(one.channel), css="short"),
            Column("topic", gettext_lazy("类别"), lambda one: one.message.get_topic_display(), css="short"),
            Column(
                "created",
                gettext_lazy("发出时间"),
                lambda one: one.message.created_at,
                sort="message__created_at",
                css="short",
            ),
            Column("attempts", gettext_lazy("尝试次数"), lambda one: one.attempts, sort="attempts", css="short"),
            Column("next", gettext_lazy("下次尝试"), lambda one: one.next_try_at, sort="next_try_at", css="short"),
            Column("error", gettext_lazy("原因"), lambda one: one.error),
            Column("state", gettext_lazy("状态"), delivery_sign, sort="rank,-message__created_at", css="short"),
        ),
        filters=(
            _state_filter(),
            _channel_filter(without=IN_APP),
        ),
        search=lambda rows, text: rows.filter(
            Q(message__user__name__icontains=text)
            | Q(message__user__username__icontains=text)
            | Q(error__icontains=text)
        ),
        search_label=gettext_lazy("搜索接收人、原因"),
        default_sort="state",
        empty_title=gettext_lazy("还没有向外发送的消息"),
        empty_hint=gettext_lazy("电子邮件和短信会列在这里，失败的排在最前"),
    )


def _state_filter() -> Filter:
    return Filter(
        "state",
        gettext_lazy("状态"),
        lambda: Delivery.State.choices,
        lambda rows, state: rows.filter(state=state),
    )


def _channel_filter(*, without: str = "") -> Filter:
    return Filter(
        "channel",
        gettext_lazy("渠道"),
        lambda: [(key, channel.label) for key, channel in channels.items() if key != without],
        lambda rows, channel: rows.filter(channel=channel),
    )


@dataclass(frozen=True)
class ShownDelivery:
    """A delivery as it would look where it arrives: the text cut at its address, which is a link here."""

    delivery: Delivery
    to: str
    channel: str
    state: Sign
    # What an SMS gateway puts in front: who sends it.
    sender: str
    before: str
    link: str
    link_text: str
    after: str


def shown_delivery(delivery: Delivery) -> ShownDelivery:
    """How a message looks on the telephone, in the mailbox or in the list."""
    text = delivery.message.body if delivery.channel == IN_APP else delivery.text
    found = re.search(re.escape(settings.PUBLIC_URL) + r"(/\S*)", text)
    before, after = (text[: found.start()], text[found.end() :]) if found else (text, "")
    return ShownDelivery(
        delivery,
        recipient_of(delivery.message),
        channel_label(delivery.channel),
        delivery_sign(delivery),
        settings.SMS_SIGN or settings.DISTRICT["brand"],
        before,
        found[1] if found else "",
        found[0] if found else "",
        after,
    )


def demo_deliveries() -> QuerySet[Delivery]:
    """Everything that was sent or waits, over every channel; what travelled in another one's bundle stands in that one."""
    return Delivery.objects.filter(carrier__isnull=True).select_related("message__user")


def demo_listing() -> Listing:
    """The demo inbox: newest first, by person and channel."""
    return Listing(
        key="demo_messages",
        title=gettext_lazy("演示消息"),
        columns=(
            Column("to", gettext_lazy("接收人"), lambda one: recipient_of(one.message)),
            Column("channel", gettext_lazy("渠道"), lambda one: channel_label(one.channel)),
            Column("subject", gettext_lazy("标题"), lambda one: one.subject or one.message.subject),
            Column(
                "created",
                gettext_lazy("时间"),
                lambda one: one.message.created_at,
                sort="message__created_at,message_id",
            ),
            Column("state", gettext_lazy("状态"), delivery_sign),
        ),
        filters=(
            Filter(
                "person",
                gettext_lazy("接收人"),
                _people,
                lambda rows, name: rows.filter(message__user__username=name),
            ),
            _channel_filter(),
            _state_filter(),
        ),
        search=lambda rows, text: rows.filter(
            Q(message__user__name__icontains=text) | Q(message__subject__icontains=text)
        ),
        search_label=gettext_lazy("搜索接收人、标题"),
        default_sort="-created",
        per_page=24,
        empty_title=gettext_lazy("还没有发出消息"),
        empty_hint=gettext_lazy("系统发出的短信、邮件和站内消息都会出现在这里"),
    )


def _people() -> list[tuple[str, str]]:
    told = User.objects.filter(messages__isnull=False).distinct().order_by("username")[:MOST_PEOPLE]
    return [(user.username, f"{user.name}（{user.username}）") for user in told]
