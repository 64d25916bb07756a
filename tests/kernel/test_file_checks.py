"""The content decides what a file is; each hostile file is refused with a sentence that names it."""

from __future__ import annotations

import zipfile

import pytest
from pytest_django import Settings

from chuangju.kernel import file_checks
from chuangju.kernel.file_checks import CSV, DOCX, JPEG, PDF, TEXT, XLSX, AttachmentRefused, check_upload, clean_name
from tests.kernel.files import archive, docx, office, picture, upload

PDF_BYTES = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


@pytest.mark.parametrize(
    ("name", "content", "media_type", "stored_as"),
    [
        ("现场.jpg", picture(), JPEG, "现场.jpg"),
        ("现场.JPEG", picture(), JPEG, "现场.JPEG"),
        ("截图.png", picture("PNG"), JPEG, "截图.jpg"),
        ("照片.webp", picture("WEBP"), JPEG, "照片.jpg"),
        ("通知.pdf", PDF_BYTES, PDF, "通知.pdf"),
        ("通知", PDF_BYTES, PDF, "通知.pdf"),
        ("纪要.docx", docx(), DOCX, "纪要.docx"),
        ("纪要.zip", docx(), DOCX, "纪要.docx"),
        ("名册.xlsx", office(main="xl/workbook.xml"), XLSX, "名册.xlsx"),
        ("名册.csv", "单位,人数\n人社局,3\n".encode(), CSV, "名册.csv"),
        ("名册.tsv", "单位\t人数\n".encode("gb18030"), CSV, "名册.tsv"),
        ("说明.txt", "说明".encode("utf-16"), TEXT, "说明.txt"),
        ("说明.TXT", b"\xef\xbb\xbfabc\r\n", TEXT, "说明.TXT"),
    ],
)
def test_what_may_be_uploaded_is_known_by_its_content(
    name: str, content: bytes, media_type: str, stored_as: str
) -> None:
    checked = check_upload(upload(name, content))
    assert (checked.name, checked.media_type) == (stored_as, media_type)
    assert (checked.content == content) is (media_type != JPEG)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("空.txt", b"", "文件“空.txt”是空的。"),
        ("动图.gif", b"GIF89a" + b"\x00" * 40, "的类型不能上传；可上传："),
        ("页面.html", b"<script>alert(1)</script>", "的类型不能上传"),
        ("图.svg", b"<svg onload='alert(1)'/>", "的类型不能上传"),
        ("程序.txt", b"MZ\x90\x00\x03\x00", "的类型不能上传"),
        ("程序.jpg", b"MZ\x90\x00\x03\x00", "的类型不能上传"),
        ("乱码.txt", b"\xff\xff\xff\xff", "的类型不能上传"),
        ("坏.txt", b"\xff\xfe\x00\xd8", "的类型不能上传"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40, "请另存为 docx 或 xlsx"),
        ("包.zip", archive({"a.txt": b"a"}), "的类型不能上传"),
        ("坏.docx", docx()[:900], "已损坏或加密"),
        ("坏.jpg", picture()[:300], "坏.jpg：图片已损坏"),
        ("宏.docx", office({"word/vbaProject.bin": b"x"}), "含有宏"),
        ("宏.xlsx", office({"xl/macrosheets/sheet1.xml": b"<x/>"}, main="xl/workbook.xml"), "含有宏"),
        ("控件.docx", office({"word/activeX/activeX1.xml": b"<x/>"}), "含有宏"),
        ("宏2.docx", office({"docProps/a.xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}), "含有宏"),
        (
            "实体.docx",
            office({"word/a.xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"}),
            "引用了外部内容",
        ),
        ("实体16.docx", office({"word/a.xml": "<!DOCTYPE x []>".encode("utf-16")}), "引用了外部内容"),
    ],
)
def test_everything_else_is_refused_with_the_reason(name: str, content: bytes, sentence: str) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        check_upload(upload(name, content))
    assert sentence in refused.value.sentence
    assert name in refused.value.sentence


def test_the_limit_of_size_is_the_installations(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    assert check_upload(upload("a.txt", b"a" * 1024 * 1024)).media_type == TEXT
    with pytest.raises(AttachmentRefused, match=r"文件“a\.txt”超过 1 MB。"):
        check_upload(upload("a.txt", b"a" * (1024 * 1024 + 1)))


def test_an_archive_of_high_ratio_is_given_up_while_it_inflates() -> None:
    with pytest.raises(AttachmentRefused, match="解压后过大"):
        check_upload(upload("弹.docx", office({"word/media/a.bin": b"\x00" * 30_000_000})))


def test_an_archive_that_inflates_to_more_than_the_limit_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_checks, "MAX_UNPACKED", 1_000_000)
    content = archive({"word/document.xml": b"<w/>", "a.bin": b"\x00" * 1_000_001}, method=zipfile.ZIP_STORED)
    with pytest.raises(AttachmentRefused, match="解压后过大"):
        check_upload(upload("大.docx", content))


def test_the_directory_of_an_archive_is_not_believed() -> None:
    """The directory claims that the bomb inflates to ten bytes: reading it is cut off or fails, never trusted."""
    content = bytearray(office({"a.bin": b"\x00" * 30_000_000}))
    for marker, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.rfind(marker)
        content[at + offset : at + offset + 4] = (10).to_bytes(4, "little")
    with pytest.raises(AttachmentRefused, match=r"已损坏或加密|解压后过大"):
        check_upload(upload("弹.docx", bytes(content)))


def test_an_archive_of_too_many_entries_is_refused() -> None:
    with pytest.raises(AttachmentRefused, match="条目过多"):
        check_upload(upload("多.docx", office({f"word/{number}.xml": b"" for number in range(2000)})))


def test_an_encrypted_archive_is_refused() -> None:
    content = bytearray(office())
    for marker, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(marker)
        content[at + offset] |= 1
    with pytest.raises(AttachmentRefused, match="已损坏或加密"):
        check_upload(upload("密.docx", bytes(content)))


def test_the_upload_can_be_read_again_after_the_check() -> None:
    file = upload("a.txt", b"abc")
    check_upload(file)
    assert file.read() == b"abc"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        (r"C:\用户\纪要.docx", "纪要.docx"),
        ("a\u202etxt.exe.jpg", "atxt.exe.jpg"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("...", "未命名"),
        ("", "未命名"),
        (".htaccess", "htaccess"),
        ("长" * 300 + ".docx", "长" * 100 + ".docx"),
        ("无后缀", "无后缀"),
    ],
)
def test_a_file_name_is_cleaned_of_folders_and_hidden_characters(given: str, kept: str) -> None:
    assert clean_name(given) == kept
