"""Forms of appointments, delegations and hand-overs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.models import User
from chuangju.units.access import colleagues_visible_to
from chuangju.units.appointments import Appointee
from chuangju.units.forms import DayInput, ReasonForm
from chuangju.units.lists import role_text
from chuangju.units.models import Appointment, RoleAssignment


class PersonChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """One account, by the person's name and what they do."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and roles; the sign-in name where there is no role yet."""
        return f"{obj.name} · {'，'.join(role_text(one) for one in obj.held) or obj.username}"


class RolesChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes no argument at run time
    """Some of somebody's roles, to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """The role with its unit."""
        return role_text(obj)


class AppointmentsChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """Some of somebody's appointments, to be ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Unit and kind."""
        return f"{obj.unit.shown_name} · {obj.get_kind_display()}"


def with_roles(people: QuerySet[User], on: date) -> QuerySet[User]:
    """Accounts with their roles of the day, for the labels of a choice: two queries."""
    held = RoleAssignment.objects.held_on(on).select_related("unit").order_by("starts_on", "pk")
    return people.prefetch_related(Prefetch("assignments", queryset=held, to_attr="held")).order_by("name", "pk")


class AppointForm(forms.Form):
    """Who is appointed, by account or by name, and what for."""

    account = PersonChoiceField(
        label=_("系统账号"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("（没有账号，填写姓名）"),
        to_field_name="username",
        help_text=_("有账号的，提醒会发给本人；没有账号的，先登记姓名"),
    )
    name = forms.CharField(label=_("姓名"), max_length=64, required=False, help_text=_("没有账号时填写"))
    post = forms.CharField(label=_("职务"), max_length=60, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)
    duty = forms.CharField(label=_("职责"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    starts_on = forms.DateField(label=_("任命日期"), widget=DayInput())

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = with_roles(colleagues_visible_to(user, on), on)
        self.fields["account"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Somebody is named."""
        data = super().clean() or {}
        if "account" in data and not data["account"] and not data.get("name", "").strip():
            self.add_error("name", _("请选择账号，或填写姓名"))
        return data

    def appointee(self) -> Appointee:
        """Who was chosen."""
        data = self.cleaned_data
        return Appointee(data["account"], data["name"], data["post"], data["phone"], data["duty"])


class ReplaceForm(AppointForm):
    """Who follows, from when, and why."""

    reason = forms.CharField(label=_("原因"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].label = _("接任日期")


class EndAppointmentForm(forms.Form):
    """The last day of an appointment, and why."""

    last_day = forms.DateField(label=_("最后一天"), widget=DayInput())
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)


class CorrectAppointmentForm(forms.Form):
    """What may be put right without appointing anybody anew."""

    post = forms.CharField(label=_("职务"), max_length=60, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)
    duty = forms.CharField(label=_("职责"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 5}))


class DutyForm(forms.Form):
    """What everybody newly appointed to a kind is asked to do."""

    text = forms.CharField(label=_("职责"), max_length=1000, widget=forms.Textarea(attrs={"rows": 8}))


class NoticeForm(forms.Form):
    """The day of the list that a notice prints."""

    as_of = forms.DateField(label=_("名单日期"), widget=DayInput(), help_text=_("通知印发的是这一天的名单"))


class DelegationForm(forms.Form):
    """Who stands in for whom, in which roles, from when to when."""

    assignments = RolesChoiceField(label=_("代岗的角色"), queryset=RoleAssignment.objects.none())
    to_user = PersonChoiceField(
        label=_("代岗人"), queryset=User.objects.none(), empty_label=_("请选择"), to_field_name="username"
    )
    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=DayInput(), help_text=_("当天仍由代岗人履职，次日自动恢复"))
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：年休假、出差、产假"))

    def __init__(self, *args: Any, roles: list[RoleAssignment], people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = RoleAssignment.objects.filter(pk__in=[one.pk for one in roles]).select_related("unit")
        self.fields["assignments"].queryset = own  # type: ignore[attr-defined]
        self.fields["assignments"].initial = [one.pk for one in roles]
        self.fields["to_user"].queryset = people  # type: ignore[attr-defined]
        if not people.exists():
            self.fields["to_user"].help_text = _("本单位没有其他可用的账号，请先由系统管理员邀请一位同事")


class HandOverForm(forms.Form):
    """Which roles and appointments pass to whom, after which day."""

    assignments = RolesChoiceField(label=_("交接的角色"), queryset=RoleAssignment.objects.none(), required=False)
    appointments = AppointmentsChoiceField(label=_("交接的任命"), queryset=Appointment.objects.none(), required=False)
    to_user = PersonChoiceField(
        label=_("接任人"), queryset=User.objects.none(), empty_label=_("请选择"), to_field_name="username"
    )
    last_day = forms.DateField(label=_("最后一天"), widget=DayInput(), help_text=_("原任到这一天为止，接任人自次日起"))
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：岗位调整、退休"))

    def __init__(
        self,
        *args: Any,
        roles: list[RoleAssignment],
        appointments: list[Appointment],
        people: QuerySet[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        held = RoleAssignment.objects.filter(pk__in=[one.pk for one in roles]).select_related("unit")
        seats = Appointment.objects.filter(pk__in=[one.pk for one in appointments]).select_related("unit")
        self.fields["assignments"].queryset = held  # type: ignore[attr-defined]
        self.fields["assignments"].initial = [one.pk for one in roles]
        self.fields["appointments"].queryset = seats  # type: ignore[attr-defined]
        self.fields["appointments"].initial = [one.pk for one in appointments]
        self.fields["to_user"].queryset = people  # type: ignore[attr-defined]
        if not appointments:
            del self.fields["appointments"]
        if not roles:
            del self.fields["assignments"]


class DayForm(forms.Form):
    """The day from which something counts."""

    starts_on = forms.DateField(label=_("开始日期"), widget=DayInput())


class NeededReasonForm(ReasonForm):
    """Why, which must be said."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class ReviewForm(forms.Form):
    """What the reviewer has to say."""

    note = forms.CharField(
        label=_("复核意见"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
