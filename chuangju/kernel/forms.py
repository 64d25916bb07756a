"""Form fields for files: several at once, straight from a phone's camera, each checked before the form is valid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.file_checks import ACCEPT, AttachmentRefused, check_upload

MAX_FILES = 9


class AttachmentsInput(forms.FileInput):
    """A file input for several files; phones offer the camera because pictures are among the accepted types."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": ACCEPT, "multiple": True, **(attrs or {})})


class AttachmentsField(forms.FileField):
    """Any number of files up to a limit; its value is a list, each member fit for `attach_file`."""

    widget = AttachmentsInput
    default_error_messages = {"too_many": _("一次最多上传 %(count)s 个文件。")}  # noqa: RUF012 - Django's own way

    def __init__(self, *, max_files: int = MAX_FILES, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_files = max_files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ARG002 - Django's signature
        """Each file checked by its content; the refusals of all of them are shown at once."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > self.max_files:
            raise forms.ValidationError(
                self.error_messages["too_many"], code="too_many", params={"count": self.max_files}
            )
        faults = [sentence for file in files if (sentence := _fault_of(file))]
        if faults:
            raise forms.ValidationError(faults)
        return files


def _fault_of(file: UploadedFile[Any]) -> str:
    try:
        check_upload(file)
    except AttachmentRefused as refused:
        return refused.sentence
    return ""
