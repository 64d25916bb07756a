"""办件用语 - how cases, steps and papers are named and marked for the people they belong to."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangju.applications.models import Application, ApplicationRole, RequiredDocument, Step, Voucher
from chuangju.kernel.languages import reads_english
from chuangju.policies.check_reading import say
from chuangju.policies.current import current_catalogue
from chuangju.rules.catalogue import Catalogue
from chuangju.ui.signs import Sign

_DOCUMENT_SHAPES = {
    RequiredDocument.State.MISSING: "soon",
    RequiredDocument.State.GIVEN: "good",
    RequiredDocument.State.CHECKED: "done",
    RequiredDocument.State.FAULTY: "late",
    RequiredDocument.State.TO_FOLLOW: "soon",
    RequiredDocument.State.PROMISED: "flat",
    RequiredDocument.State.BROKEN: "late",
    RequiredDocument.State.WAIVED: "flat",
}
_STATE_SHAPES = {
    Application.State.OFFERED: "soon",
    Application.State.DRAFT: "flat",
    Application.State.SUBMITTED: "flat",
    Application.State.IN_REVIEW: "flat",
    Application.State.GRANTED: "good",
    Application.State.REFUSED: "late",
    Application.State.WITHDRAWN: "flat",
    Application.State.LAPSED: "flat",
}
# In the words of whoever applied, while it lasts and once it is done.
_DOING = {
    Step.Kind.ACCEPT: _("正在核对材料是否齐全"),
    Step.Kind.SCREEN: _("正在初审"),
    Step.Kind.VERIFY: _("正在审核"),
    Step.Kind.CONSULT: _("正在征求有关单位意见"),
    Step.Kind.VISIT: _("正在安排上门核查"),
    Step.Kind.PANEL: _("正在由专家评审"),
    Step.Kind.APPROVE: _("正在审定"),
    Step.Kind.NOTICE: _("正在公示"),
    Step.Kind.REFERRAL: _("正在由外部机构办理"),
    Step.Kind.PAY: _("正在安排拨付"),
    Step.Kind.CONFIRM: _("等您确认"),
}
_DONE = {
    Step.Kind.ACCEPT: _("已受理"),
    Step.Kind.SCREEN: _("初审完成"),
    Step.Kind.VERIFY: _("审核完成"),
    Step.Kind.CONSULT: _("有关单位已答复"),
    Step.Kind.VISIT: _("核查完成"),
    Step.Kind.PANEL: _("评审完成"),
    Step.Kind.APPROVE: _("已经审定"),
    Step.Kind.NOTICE: _("公示结束"),
    Step.Kind.REFERRAL: _("外部机构已办理"),
    Step.Kind.PAY: _("已拨付"),
    Step.Kind.CONFIRM: _("您已确认"),
}
CHANNEL_LIST = pgettext_lazy("list", "我的办件")


def document_shape(document: RequiredDocument) -> str:
    """The shape of a paper's state."""
    return _DOCUMENT_SHAPES.get(RequiredDocument.State(document.state), "flat")


def state_sign(state: Application.State) -> Sign:
    """A state of cases as a sign."""
    return Sign(_STATE_SHAPES.get(state, "flat"), str(state.label))


def application_sign(application: Application) -> Sign:
    """The state of a case as a sign."""
    return state_sign(Application.State(application.state))


def step_doing(step: Step) -> str:
    """What is being done, in the applicant's words."""
    return str(_DOING[Step.Kind(step.kind)])


def step_done(step: Step) -> str:
    """What has been done, in the applicant's words."""
    return str(_DONE[Step.Kind(step.kind)])


def step_name(step: Step) -> str:
    """What the policy file calls the step."""
    return step.label_en if reads_english() and step.label_en else step.label


class Titled(Protocol):
    """What has the title of a case: the case itself, or a line of a list."""

    @property
    def title(self) -> str:
        """As it was given."""

    @property
    def policy_id(self) -> str:
        """Under which policy."""

    @property
    def policy_version(self) -> str:
        """In which version of it."""


def title_of(application: Titled, catalogue: Catalogue) -> str:
    """The title of a case in the reader's language: that of its policy."""
    policy = catalogue.version(application.policy_id, application.policy_version)
    return say(policy.title) if policy is not None else application.title


def shown_case_title(application: Titled) -> str:
    """The same by the catalogue in force; a title of its own stays as it was given."""
    return title_of(application, current_catalogue()) if reads_english() else application.title


def shown_voucher_title(voucher: Voucher) -> str:
    """The title of the policy that gave it, in the reader's language."""
    versions = current_catalogue().versions(voucher.policy_id) if reads_english() else ()
    return say(versions[-1].title) if versions else voucher.title


def part_name(role: ApplicationRole) -> str:
    """What part somebody has in a case."""
    return str(role.get_kind_display())
