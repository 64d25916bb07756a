"""The field for files: several at once, each checked before the form is valid."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from chuangju.kernel.forms import AttachmentsField
from tests.kernel.files import picture, upload


class NoteForm(forms.Form):
    files = AttachmentsField(label="照片或文件", required=False, max_files=2)


class ProofForm(forms.Form):
    files = AttachmentsField(label="证明")


def filled(form: type[forms.Form], *files: SimpleUploadedFile) -> forms.Form:
    return form({}, MultiValueDict({"files": list(files)}))


def test_several_files_come_as_a_list_ready_to_be_attached() -> None:
    form = filled(NoteForm, upload("a.jpg", picture()), upload("b.txt", b"abc"))
    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["files"]] == ["a.jpg", "b.txt"]
    assert form.cleaned_data["files"][1].read() == b"abc"


def test_no_file_is_an_empty_list_unless_one_is_required() -> None:
    form = filled(NoteForm)
    assert form.is_valid()
    assert form.cleaned_data["files"] == []
    assert not filled(ProofForm).is_valid()


def test_every_unfit_file_is_named_beside_the_field() -> None:
    form = filled(NoteForm, upload("a.exe", b"MZ"), upload("b.txt", b""))
    first, second = form.errors["files"]
    assert "a.exe" in first
    assert second == "文件“b.txt”是空的。"


def test_more_files_than_allowed_are_refused() -> None:
    form = filled(NoteForm, *(upload(f"{number}.txt", b"abc") for number in range(3)))
    assert form.errors["files"] == ["一次最多上传 2 个文件。"]


def test_a_phone_offers_its_camera_and_several_choices() -> None:
    html = str(NoteForm()["files"])
    assert "multiple" in html
    assert 'accept="image/jpeg,image/png,image/webp,' in html
    assert "enctype" not in html
    assert NoteForm().is_multipart()
