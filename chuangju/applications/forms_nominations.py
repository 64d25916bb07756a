"""The form in which somebody is put forward."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from chuangju.applications.nomination_rules import (
    nominated_policies,
    nominating_parties,
    nominating_units,
    nomination_rule,
)
from chuangju.applications.nominations import LONGEST_REASON, Forward
from chuangju.kernel.models import User
from chuangju.policies.check_reading import say
from chuangju.units.models import Unit
from chuangju.ventures.models import Party


class NominationForm(forms.Form):
    """For what, in whose name, whom, and why."""

    policy = forms.ChoiceField(label=gettext_lazy("推荐哪项政策"))
    nominator = forms.ChoiceField(label=gettext_lazy("以谁的名义推荐"))
    credit_code = forms.CharField(
        label=gettext_lazy("被推荐组织的统一社会信用代码"), max_length=40, required=False,
        help_text=gettext_lazy("推荐个人的不填，填下面的手机号码"),
    )  # fmt: skip
    mobile = forms.CharField(label=gettext_lazy("被推荐人的手机号码"), max_length=20, required=False)
    reason = forms.CharField(
        label=gettext_lazy("推荐理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("被推荐者和承办单位都能看到"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        """What this person may put forward, and in whose name."""
        super().__init__(*args, **kwargs)
        self._names: dict[str, Party | Unit] = {}
        policies = []
        for policy in nominated_policies(on):
            rule = nomination_rule(policy)
            if rule is None:
                continue
            parties = {f"party-{one.pk}": one for one in nominating_parties(user, rule, on=on)}
            units = {f"unit-{one.pk}": one for one in nominating_units(user, rule, on=on)}
            if parties or units:
                policies.append((policy.id, say(policy.title)))
                self._names |= {**parties, **units}
        choices, names = self.fields["policy"], self.fields["nominator"]
        assert isinstance(choices, forms.ChoiceField)  # noqa: S101 - as declared above
        assert isinstance(names, forms.ChoiceField)  # noqa: S101 - as declared above
        choices.choices = policies
        names.choices = [(key, _name(one)) for key, one in self._names.items()]

    @property
    def can_be_filled(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._names)

    def clean(self) -> dict[str, Any]:
        """Whom it is about is said once."""
        given = super().clean() or {}
        if bool(given.get("credit_code", "").strip()) == bool(given.get("mobile", "").strip()):
            self.add_error("credit_code", gettext("统一社会信用代码和手机号码填一项"))
        return given

    def forward(self) -> Forward:
        """What was filled in."""
        given = self.cleaned_data
        chosen = self._names[given["nominator"]]
        return Forward(
            policy_id=given["policy"],
            reason=given["reason"],
            credit_code=given["credit_code"],
            mobile=given["mobile"],
            party=chosen if isinstance(chosen, Party) else None,
            unit=chosen if isinstance(chosen, Unit) else None,
        )


class WithdrawalForm(forms.Form):
    """Why a nomination is taken back; nobody has to say where it was not answered yet."""

    reason = forms.CharField(
        label=gettext_lazy("撤回理由"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("被推荐者和承办单位都能看到"),
    )  # fmt: skip

    def __init__(self, *args: Any, is_confirmed: bool, **kwargs: Any) -> None:
        """Whether the nominee had agreed."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_confirmed


def _name(one: Party | Unit) -> str:
    return one.name if isinstance(one, Party) else one.shown_name
