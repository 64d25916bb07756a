"""Forms of parties, relations, mergers, claims and imports."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.forms import AttachmentsField
from chuangju.kernel.models import User
from chuangju.units.access import existing_units_visible_to
from chuangju.units.forms import DayInput, UnitChoiceField
from chuangju.units.models import Unit
from chuangju.ventures.claims import ClaimFacts
from chuangju.ventures.counter_claims import CounterPerson
from chuangju.ventures.models import Claim, Party, PartyRelation
from chuangju.ventures.parties import PartyFacts, PartyRefused
from chuangju.ventures.relations import ENDS

REGISTER_TYPES = ".xlsx,.csv,.txt"
_TO, _FROM = "to", "from"
_SAID = ("credit_code", "name", "town", "capacity", "starts_on", "ends_on")


def town_field(*, required: bool = False) -> UnitChoiceField:
    """A town or zone, by its name in the reader's language."""
    return UnitChoiceField(
        label=_("所属街镇"),
        queryset=Unit.objects.none(),
        required=required,
        empty_label=_("（请选择）") if required else _("（不属于某一街镇）"),
        to_field_name="code",
    )


def offer_towns(form: forms.Form, user: User, on: date) -> None:
    """The towns there are on the day, in a form's field `town`."""
    towns = existing_units_visible_to(user, on).filter(kind__in=Unit.PLACES)
    form.fields["town"].queryset = towns  # type: ignore[attr-defined]


def place_refusal(form: forms.Form, refused: PartyRefused) -> None:
    """The sentences of a refusal beside their fields; what belongs to no field of the form stands above it."""
    for name, sentence in refused.by_field.items():
        form.add_error(name if name in form.fields else None, sentence)
    if not refused.by_field:
        form.add_error(None, refused.sentence)


class PartyForm(forms.Form):
    """What is said of a party; numbers that are kept already are not shown and stay where the field is left empty."""

    kind = forms.ChoiceField(label=_("主体类型"), choices=Party.Kind.choices)
    name = forms.CharField(label=_("名称"), max_length=200, help_text=_("企业按营业执照，个人填姓名"))
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=30, required=False, help_text=_("企业等组织 18 位；个人和团队不填")
    )
    id_kind = forms.ChoiceField(
        label=_("证件类型"), choices=[("", _("（按号码判断）")), *Party.IdKind.choices], required=False
    )
    id_number = forms.CharField(
        label=_("证件号码"), max_length=30, required=False, help_text=_("只登记个人的；加密保存，页面只显示首尾几位")
    )
    mobile = forms.CharField(label=_("手机号"), max_length=30, required=False, help_text=_("加密保存"))
    town = town_field()
    registered_on = forms.DateField(label=_("成立日期"), required=False, widget=DayInput())
    status = forms.ChoiceField(label=_("登记状态"), choices=Party.Status.choices, initial=Party.Status.ACTIVE)
    address = forms.CharField(label=_("地址"), max_length=300, required=False)

    def __init__(self, *args: Any, user: User, on: date, party: Party | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_towns(self, user, on)
        self.party = party
        if party is None:
            return
        self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=party.revision)
        for name, masked in (("id_number", party.masked_id_number), ("mobile", party.masked_mobile)):
            if masked:
                self.fields[name].help_text = gettext("现登记为 %(number)s，留空则不变") % {"number": masked}
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def facts(self) -> PartyFacts:
        """What was said, with what is kept already where nothing was said."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        for name in ("id_number", "mobile"):
            if self.party is not None and not data[name]:
                data[name] = getattr(self.party, name)
        if self.party is not None and not self.cleaned_data["id_number"] and not data["id_kind"]:
            data["id_kind"] = self.party.id_kind
        return PartyFacts(**data)


def initial_of(party: Party) -> dict[str, Any]:
    """What the form of a party holds before anybody has typed; nothing of what is encrypted."""
    return {
        "kind": party.kind,
        "name": party.name,
        "credit_code": party.credit_code or "",
        "id_kind": party.id_kind,
        "town": party.town.code if party.town else "",
        "registered_on": party.registered_on,
        "status": party.status,
        "address": party.address,
    }


class OtherPartyForm(forms.Form):
    """Another party, by what tells it apart."""

    other = forms.CharField(
        label=_("对方主体"), max_length=200, help_text=_("填写统一社会信用代码、证件号码，或没有重名的完整名称")
    )


class RelationForm(OtherPartyForm):
    """What a party is to another one, from when to when."""

    relation = forms.ChoiceField(label=_("关系"))
    starts_on = forms.DateField(label=_("起始日期"), required=False, widget=DayInput(), help_text=_("不清楚可留空"))
    ends_on = forms.DateField(label=_("截止日期"), required=False, widget=DayInput(), help_text=_("仍然有效则留空"))
    share = forms.DecimalField(
        label=_("持股比例（%）"),
        required=False,
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("只用于股东"),
    )

    field_order = ("relation", "other", "starts_on", "ends_on", "share")

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        for kind, label in PartyRelation.Kind.choices:
            if party.kind in ENDS[kind][1]:
                choices.append((f"{_TO}:{kind}", gettext("对方 → 本主体：%(kind)s") % {"kind": label}))
            if party.kind in ENDS[kind][0]:
                choices.append((f"{_FROM}:{kind}", gettext("本主体 → 对方：%(kind)s") % {"kind": label}))
        self.fields["relation"].choices = choices  # type: ignore[attr-defined]

    def ends(self, party: Party, other: Party) -> tuple[Party, Party, str]:
        """From, to and kind of the relation that was chosen."""
        side, _colon, kind = self.cleaned_data["relation"].partition(":")
        return (party, other, kind) if side == _FROM else (other, party, kind)

    def share_kept(self) -> int | None:
        """The share in ten-thousandths."""
        share = self.cleaned_data["share"]
        return None if share is None else int(share * 100)


class LastDayForm(forms.Form):
    """The last day of a relation."""

    last_day = forms.DateField(label=_("最后一天"), widget=DayInput())


class ReasonForm(forms.Form):
    """Why something is done; read by whom it concerns and by the audit."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class MissingForm(forms.Form):
    """What is missing, all of it; read by the claimant."""

    missing = forms.CharField(label=_("缺少的材料"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class PapersForm(forms.Form):
    """Further papers of a claim."""

    papers = AttachmentsField(label=_("补充的材料"), help_text=_("照片、PDF 或文档，一次最多 9 份，每份不超过 20 MB"))


class MergeForm(OtherPartyForm):
    """Which entry stays, and why the two are one."""

    reason = forms.CharField(label=_("合并依据"), max_length=200, help_text=_("例如：同一企业换照后重复登记"))


class RegisterForm(forms.Form):
    """A register as a file."""

    file = forms.FileField(
        label=_("名册文件"),
        help_text=_("xlsx 或 csv（UTF-8、GB18030 均可），一次最多 10,000 行；列的顺序不限"),
        widget=forms.FileInput(attrs={"accept": REGISTER_TYPES}),
    )


class ClaimForm(forms.Form):
    """The firm one acts for, in what capacity, and how that is to be shown."""

    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=30, help_text=_("营业执照上的 18 位代码"))
    name = forms.CharField(label=_("企业名称"), max_length=200, help_text=_("按营业执照填写全称"))
    town = town_field(required=True)
    capacity = forms.ChoiceField(label=_("您的身份"), choices=Claim.Capacity.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=_("授权起始日期"), required=False, widget=DayInput(), help_text=_("受托代理人按授权委托书填写")
    )
    ends_on = forms.DateField(
        label=_("授权截止日期"), required=False, widget=DayInput(), help_text=_("受托代理人按授权委托书填写")
    )
    way = forms.ChoiceField(
        label=_("核实方式"), choices=Claim.Way.choices, widget=forms.RadioSelect, initial=Claim.Way.DOCUMENT
    )
    papers = AttachmentsField(
        label=_("证明材料"),
        required=False,
        help_text=_("营业执照；代理人另附授权委托书，职工另附在职证明。可直接拍照"),
    )

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_towns(self, user, on)

    def clean(self) -> dict[str, Any]:
        """Dates of an agent and papers are asked for beside their fields."""
        data = super().clean() or {}
        if data.get("capacity") == Claim.Capacity.AGENT:
            for name in ("starts_on", "ends_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, gettext("受托代理人请按授权委托书填写"))
        if data.get("way") == Claim.Way.DOCUMENT and not data.get("papers") and "papers" not in self.errors:
            self.add_error("papers", gettext("请上传证明材料，或选择到窗口核实"))
        return data

    def facts(self) -> ClaimFacts:
        """What was said."""
        said = {name: self.cleaned_data[name] for name in _SAID}
        return ClaimFacts(**said, way=self.cleaned_data.get("way") or Claim.Way.COUNTER)


class CounterClaimForm(ClaimForm):
    """What a clerk enters for somebody at the counter: the person, and the firm they act for."""

    person = forms.CharField(label=_("姓名"), max_length=64, help_text=_("按身份证件填写，已登记过的须与登记的一致"))
    mobile = forms.CharField(label=_("手机号"), max_length=30, help_text=_("本人今后用这个号码登录"))
    has_consented = forms.BooleanField(label=_("本人已阅读并同意个人信息保护说明"))
    way = None  # type: ignore[assignment]
    field_order = ("person", "mobile", "has_consented")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].label = gettext("申请人的身份")
        self.fields["papers"].help_text = gettext("当场拍下营业执照；代理人另附授权委托书，职工另附在职证明")

    def who(self) -> CounterPerson:
        """Who stands there."""
        data = self.cleaned_data
        return CounterPerson(data["person"], data["mobile"], data["has_consented"])
