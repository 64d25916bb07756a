"""口令要求 - the least length of a password, said in the language of the page: the framework's own sentence has no Chinese."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LeastLengthValidator(MinimumLengthValidator):
    """At least `min_length` characters."""

    def get_error_message(self) -> str:
        """What whoever chose a short one reads."""
        return _("密码太短，至少 %(count)d 个字符。") % {"count": self.min_length}

    def get_help_text(self) -> str:
        """What stands beside the field."""
        return _("密码至少 %(count)d 个字符。") % {"count": self.min_length}
