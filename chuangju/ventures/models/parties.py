"""Who the programme is for and with: one Party for each firm, person, team, school or organisation."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from chuangju.kernel.encryption import EncryptedTextField, KeyedHashField, mask_id_number, mask_mobile
from chuangju.units.models import Unit


class PartyQuerySet(models.QuerySet["Party"]):
    """Questions about many parties."""

    def standing(self) -> PartyQuerySet:
        """Parties that count: those that turned out to be another one's duplicate do not."""
        return self.filter(merged_into__isnull=True)

    def same_body(self, party: Party) -> PartyQuerySet:
        """The entries of one body: the one that stays, and all that were merged into it."""
        return self.filter(Q(pk=party.body_id) | Q(merged_into=party.body_id))


class Party(models.Model):
    """主体: a firm, a person, a team, a school, an association; told apart by credit code or ID number, never by name."""

    class Kind(models.TextChoices):
        """What it is; 创业组织 are the first four."""

        FIRM = "firm", _("企业")
        INDIVIDUAL_BUSINESS = "individual_business", _("个体工商户")
        COOPERATIVE = "cooperative", _("农民专业合作社")
        SOCIAL_ORGANISATION = "social_organisation", _("社会组织")
        PERSON = "person", _("个人")
        TEAM = "team", _("创业团队")
        SCHOOL = "school", _("学校")
        ASSOCIATION = "association", _("社团")
        PROVIDER = "provider", _("服务机构")

    class IdKind(models.TextChoices):
        """What a person's number stands on."""

        RESIDENT = "resident", _("居民身份证")
        HMT_PERMIT = "hmt_permit", _("港澳台居民居住证")
        FOREIGN_PERMANENT = "foreign_permanent", _("外国人永久居留身份证")
        PASSPORT = "passport", _("护照")

    class Status(models.TextChoices):
        """Whether it is in being, as the register says."""

        ACTIVE = "active", _("存续")
        CLOSED = "closed", _("注销")
        REVOKED = "revoked", _("吊销")
        MOVED_OUT = "moved_out", _("迁出")

    class Source(models.TextChoices):
        """Where we know it from."""

        DEMO = "demo", _("演示数据")
        IMPORT = "import", _("批量导入")
        SELF_DECLARED = "self_declared", _("自行填报")
        REGISTER = "register", _("工作人员登记")

    # A venture in the sense of the law: what somebody may act for by licence.
    VENTURES = (Kind.FIRM, Kind.INDIVIDUAL_BUSINESS, Kind.COOPERATIVE, Kind.SOCIAL_ORGANISATION)
    # Kinds that never have a credit code.
    WITHOUT_CODE = (Kind.PERSON, Kind.TEAM)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("主体类型"), max_length=24, choices=Kind)
    name = models.CharField(_("名称"), max_length=200)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True)
    id_kind = models.CharField(_("证件类型"), max_length=24, choices=IdKind, blank=True, default="")
    id_number = EncryptedTextField(_("证件号码"), blank=True, default="", mask=mask_id_number)
    id_number_hash = KeyedHashField(source="id_number", purpose="ventures.id_number", unique=True, blank=True)
    mobile = EncryptedTextField(_("手机号"), blank=True, default="", mask=mask_mobile)
    mobile_hash = KeyedHashField(source="mobile", purpose="ventures.mobile", blank=True, db_index=True)
    town = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.RESTRICT, related_name="parties", verbose_name=_("所属街镇")
    )
    registered_on = models.DateField(_("成立日期"), null=True, blank=True)
    status = models.CharField(_("登记状态"), max_length=16, choices=Status, default=Status.ACTIVE)
    address = models.CharField(_("地址"), max_length=300, blank=True)
    source = models.CharField(_("数据来源"), max_length=16, choices=Source)
    # What its own people told is not checked until a clerk has confirmed one of them.
    is_checked = models.BooleanField(_("已核实"), default=False)
    is_demo = models.BooleanField(_("演示数据"), default=False)
    # The account of this very person; nobody has two.
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="party",
        verbose_name=_("本人账号"),
    )
    # The same body entered twice points to the entry that stays; nothing is moved, so it can be taken back.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="duplicates",
        verbose_name=_("已并入"),
    )
    came_with = models.ForeignKey(
        "ventures.PartyImport",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="parties",
        verbose_name=_("导入批次"),
    )
    # Counts up with every change; a form made from an older revision is stale.
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="+",
        verbose_name=_("登记人"),
    )
    created_at = models.DateTimeField(_("登记时间"))

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("主体")
        verbose_name_plural = _("主体")
        ordering = ("name", "id")
        indexes = (
            models.Index(fields=("kind", "name")),
            models.Index(fields=("town", "kind")),
            # The few that were merged into another: asked for on every page, and never by going through the register.
            models.Index(
                fields=("merged_into",), condition=Q(merged_into__isnull=False), name="party_duplicates_of_another"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(credit_code__isnull=True) | (~Q(kind__in=("person", "team")) & ~Q(credit_code="")),
                name="party_code_of_a_body",
            ),
            models.CheckConstraint(
                condition=Q(id_number_hash__isnull=True, id_kind="") | (Q(kind="person") & ~Q(id_kind="")),
                name="party_id_number_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(kind="person"), name="party_account_of_a_person"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="party_never_its_own_duplicate"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def body_id(self) -> uuid.UUID:
        """The entry that stays, by which all entries of one body are known."""
        return self.merged_into_id or self.pk

    @property
    def is_person(self) -> bool:
        """Whether this is one human being."""
        return self.kind == self.Kind.PERSON

    @property
    def masked_id_number(self) -> str:
        """The ID number as everybody sees it; empty for none."""
        return mask_id_number(self.id_number) if self.id_number else ""

    @property
    def masked_mobile(self) -> str:
        """The mobile number as everybody sees it; empty for none."""
        return mask_mobile(self.mobile) if self.mobile else ""


class FormerName(models.Model):
    """曾用名: what a party was called until a day; the day is unknown for many."""

    party = models.ForeignKey(Party, on_delete=models.RESTRICT, related_name="former_names", verbose_name=_("主体"))
    name = models.CharField(_("曾用名"), max_length=200)
    until = models.DateField(_("使用至"), null=True, blank=True)

    class Meta:
        verbose_name = _("曾用名")
        verbose_name_plural = _("曾用名")
        ordering = (F("until").desc(nulls_last=True), "id")
        constraints = (models.UniqueConstraint(fields=("party", "name"), name="former_name_once_per_party"),)

    def __str__(self) -> str:
        return self.name
