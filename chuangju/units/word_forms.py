"""Forms of what people tell each other: messages, ratings, ticks of a checklist, and how a low rating was put right."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.checklists import LONGEST_NOTE, MAX_PHOTOS
from chuangju.kernel.forms import AttachmentsField, AttachmentsInput
from chuangju.kernel.models import Rating
from chuangju.kernel.ratings import LONGEST_COMMENT
from chuangju.kernel.threads import LONGEST_REASON, LONGEST_TEXT, MAX_FILES
from chuangju.units.follow_ups import LONGEST_WORDS

# What a phone answers with its camera.
_PHOTOS = "image/jpeg,image/png,image/webp"


class MessageForm(forms.Form):
    """A message with files."""

    text = forms.CharField(label=_("留言"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}))
    attachments = AttachmentsField(label=_("附件"), required=False, max_files=MAX_FILES)


class WithdrawMessageForm(forms.Form):
    """Why one's own message is taken back."""

    reason = forms.CharField(label=_("撤回原因"), max_length=LONGEST_REASON)


class RatingForm(forms.Form):
    """One of the five words, and what somebody wants to add."""

    stars = forms.TypedChoiceField(
        label=_("您对这项服务是否满意"), choices=Rating.Stars.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("意见和建议"), max_length=LONGEST_COMMENT, required=False, widget=forms.Textarea({"rows": 3})
    )


class TickForm(forms.Form):
    """Whether an item is in order, with a note and photos straight from the camera."""

    is_done = forms.TypedChoiceField(
        label=_("核验结果"),
        choices=(("1", _("符合")), ("0", _("尚不符合"))),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("说明"), max_length=LONGEST_NOTE, required=False)
    photo = AttachmentsField(
        label=_("照片"),
        required=False,
        max_files=MAX_PHOTOS,
        widget=AttachmentsInput({"accept": _PHOTOS, "capture": "environment"}),
    )
    was_done = forms.TypedChoiceField(
        choices=(("1", "1"), ("0", "0")),
        required=False,
        coerce=lambda value: value == "1",
        empty_value=None,
        widget=forms.HiddenInput,
    )


class CloseFollowUpForm(forms.Form):
    """What was done, and whether the rater was spoken to."""

    done = forms.CharField(label=_("整改情况"), max_length=LONGEST_WORDS, widget=forms.Textarea({"rows": 4}))
    is_contacted = forms.TypedChoiceField(
        label=_("是否已联系评价人"),
        choices=(("1", _("已联系，并说明了处理结果")), ("0", _("联系不上（在整改情况中写明经过）"))),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
