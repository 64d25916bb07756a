"""政策用词 - levels, kinds of benefit, whom it is for, how sure a source is: codes of policy files in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangju.policies.models import Confidence
from chuangju.ui.signs import Sign

LEVELS: Mapping[str, str | Promise] = {
    "national": pgettext_lazy("level", "国家"),
    "city": pgettext_lazy("level", "市级"),
    "district": pgettext_lazy("level", "区级"),
    "town": pgettext_lazy("level", "街镇"),
}
BENEFITS: Mapping[str, str | Promise] = {
    "grant": pgettext_lazy("benefit", "一次性补贴"),
    "subsidy": pgettext_lazy("benefit", "补贴"),
    "loan": pgettext_lazy("benefit", "贷款"),
    "interest": pgettext_lazy("benefit", "贴息"),
    "tax": pgettext_lazy("benefit", "减税"),
    "fee": pgettext_lazy("benefit", "免收费"),
    "recognition": pgettext_lazy("benefit", "认定备案"),
    "voucher": pgettext_lazy("benefit", "券"),
    "points": pgettext_lazy("benefit", "积分"),
    "residence": pgettext_lazy("benefit", "落户"),
    "prize": pgettext_lazy("benefit", "奖金"),
}
AUDIENCES: Mapping[str, str | Promise] = {
    "venture": pgettext_lazy("audience", "初创企业"),
    "individual_business": pgettext_lazy("audience", "个体工商户"),
    "sme": pgettext_lazy("audience", "小微企业"),
    "team": pgettext_lazy("audience", "创业团队"),
    "planning": pgettext_lazy("audience", "准备创业"),
    "graduate": pgettext_lazy("audience", "高校毕业生"),
    "student": pgettext_lazy("audience", "在校学生"),
    "trainee": pgettext_lazy("audience", "培训和见习学员"),
    "veteran": pgettext_lazy("audience", "退役军人"),
    "unemployed": pgettext_lazy("audience", "失业人员"),
    "hard_to_employ": pgettext_lazy("audience", "就业困难人员"),
    "disabled": pgettext_lazy("audience", "残疾人"),
    "returnee": pgettext_lazy("audience", "留学人员"),
    "talent": pgettext_lazy("audience", "人才"),
    "incubator": pgettext_lazy("audience", "孵化载体"),
    "internship_base": pgettext_lazy("audience", "见习基地"),
    "partner": pgettext_lazy("audience", "合作机构"),
    "provider": pgettext_lazy("audience", "服务机构"),
    "school": pgettext_lazy("audience", "学校"),
    "association": pgettext_lazy("audience", "社团"),
}
CHANNELS: Mapping[str, str | Promise] = {
    "apply": pgettext_lazy("channel", "需要申请"),
    "offered": pgettext_lazy("channel", "免申即享：由部门找到您，您确认即可"),
    "none": pgettext_lazy("channel", "不用申请，自行享受，留存资料备查"),
    "referral": pgettext_lazy("channel", "由本区初审，转有关机构办理"),
}
_SIGNS = {"official": "good", "secondary": "flat", "unverified": "soon", "sample": "flat"}


def word_of(words: Mapping[str, str | Promise], code: str) -> str:
    """The word of a code; the code itself where it has none."""
    return str(words.get(code, code))


def words_of(words: Mapping[str, str | Promise], codes: Iterable[str]) -> str:
    """The words of several codes."""
    return _("、").join(word_of(words, code) for code in codes)


def source_sign(confidence: str) -> Sign:
    """How sure the source of a policy is."""
    label = {
        "official": Confidence.OFFICIAL.label,
        "secondary": Confidence.SECONDARY.label,
        "unverified": Confidence.UNVERIFIED.label,
    }.get(confidence, SAMPLE)
    return Sign(_SIGNS.get(confidence, "flat"), str(label))


SAMPLE = gettext_lazy("示例参数")
