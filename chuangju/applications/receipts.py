"""受理回执 - proof that a case was handed in: number, day, what was handed in, and a code by which anybody can check it."""

from __future__ import annotations

import hmac
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangju.applications.models import Application, RequiredDocument
from chuangju.kernel.encryption import keyed_hash
from chuangju.kernel.languages import in_kept_language
from chuangju.kernel.money import format_yuan
from chuangju.papers.documents import PaperColumn, PaperDocument, PaperTable, Paragraph, QrBlock, SignedBy

_CODE_LENGTH = 12


def receipt_code(application: Application) -> str:
    """The code that only we can make for a case's number."""
    return _code_of(application.number or "")


def receipt_address(application: Application) -> str:
    """The public page on which a receipt is checked."""
    return reverse("applications:receipt_check", args=(application.number, receipt_code(application)))


def find_receipt(number: str, code: str) -> Application | None:
    """The case of a receipt whose code is right; None for every other."""
    if not hmac.compare_digest(_code_of(number), code):
        return None
    return Application.objects.filter(number=number).select_related("unit").first()


def receipt_document(application: Application, *, title: str) -> PaperDocument:
    """The receipt as a paper: not the acceptance, which has its own."""
    given = [
        one.name
        for one in application.documents.all()
        if one.state in {RequiredDocument.State.GIVEN, RequiredDocument.State.CHECKED}
    ]
    day = timezone.localdate(application.submitted_at or application.changed_at)
    with in_kept_language():
        return _written(application, title, given, day)


def _written(application: Application, title: str, given: list[str], day: date) -> PaperDocument:
    money = application.expected_amount
    rows = [
        [_("办件编号"), application.number or ""],
        [_("申请事项"), title],
        [_("申请主体"), application.subject.name],
        [_("政策版本"), application.policy_key],
        [_("测算金额"), str(format_yuan(money)) if money is not None else "—"],
        [_("已交材料"), "、".join(given) or "—"],
        [_("办理单位"), application.unit.name],
    ]
    address = f"{settings.PUBLIC_URL}{receipt_address(application)}"
    return PaperDocument(
        _("收件回执"),
        [
            Paragraph(_("您的申请已经收到。5 个工作日内告知是否受理；缺什么会一次说清。测算金额以审核结果为准。")),
            PaperTable([PaperColumn(_("项目"), 1), PaperColumn(_("内容"), 3)], rows),
            QrBlock(address, f"{_('扫码核验')}　{receipt_code(application)}"),
            SignedBy(str(settings.DISTRICT["brand"]), day),
        ],
        number=application.number or "",
        footer_code=receipt_code(application),
    )


def _code_of(number: str) -> str:
    digest = keyed_hash(number, purpose="applications.receipt").rpartition(":")[2]
    return digest[:_CODE_LENGTH]
