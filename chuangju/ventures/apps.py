"""Registrations of ventures with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VenturesConfig(AppConfig):
    """Parties, their relations, and who acts for them."""

    name = "chuangju.ventures"
    label = "ventures"
    verbose_name = _("主体")

    def ready(self) -> None:
        """Hand menus, action names, checks, background work, search and demo data downwards."""
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415 - models exist only now
        from chuangju.kernel.backup_files import KeptFiles, register_backup_files  # noqa: PLC0415
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.duties import register_duty  # noqa: PLC0415
        from chuangju.kernel.integrity import register_check  # noqa: PLC0415
        from chuangju.kernel.jobs import register_job  # noqa: PLC0415
        from chuangju.kernel.preparation import register_tidying  # noqa: PLC0415
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415
        from chuangju.ui.tallies import register_tallies  # noqa: PLC0415
        from chuangju.ventures import demo, demo_registers, jobs, menus, search  # noqa: PLC0415
        from chuangju.ventures.log_registrations import register_party_words  # noqa: PLC0415
        from chuangju.ventures.register_files import (  # noqa: PLC0415
            find_register_faults,
            numbered_names,
            place_of_name,
            tidy_registers,
        )
        from chuangju.ventures.relation_guards import find_relation_faults  # noqa: PLC0415

        register_actions(menus.ACTIONS)
        register_party_words()
        register_check("ventures.relations", find_relation_faults)
        register_check("ventures.registers", find_register_faults)
        register_backup_files("ventures.registers", KeptFiles(numbered_names, place_of_name))
        register_tidying("ventures.registers", tidy_registers)
        register_demo("ventures", demo.load_demo, order=40)
        register_demo("ventures.registers", demo_registers.load_demo_register, order=41)
        for section in menus.SECTIONS:
            register_menu(section)
        register_tallies("ventures", menus.claim_tallies)
        for kind in jobs.KINDS:
            register_job(kind)
        for duty in jobs.DUTIES:
            register_duty(duty)
        for source in search.SOURCES:
            register_search_source(source)
        self._register_personal_data()
        self._register_claims()

    def _register_personal_data(self) -> None:
        """Whoever keeps a party may see its numbers in full, with a reason."""
        from chuangju.kernel.unmasking import register_unmasking  # noqa: PLC0415 - as above
        from chuangju.ventures.access import can_unmask_party, parties_visible_to  # noqa: PLC0415
        from chuangju.ventures.models import Party  # noqa: PLC0415

        register_unmasking(Party, "id_number", can_unmask_party, _("证件号码"), visible_to=parties_visible_to)
        register_unmasking(Party, "mobile", can_unmask_party, _("手机号"), visible_to=parties_visible_to)

    def _register_claims(self) -> None:
        """The papers of a claim, what is said about it, how it was dealt with, and who is told."""
        from chuangju.kernel.attachments import register_attachment_owner  # noqa: PLC0415 - as above
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415
        from chuangju.kernel.ratings import register_rating_owner  # noqa: PLC0415
        from chuangju.kernel.threads import register_thread_owner  # noqa: PLC0415
        from chuangju.ventures import claim_words, menus  # noqa: PLC0415
        from chuangju.ventures.access import can_read_claim  # noqa: PLC0415
        from chuangju.ventures.models import Claim  # noqa: PLC0415

        register_attachment_owner(Claim, can_read_claim)
        register_thread_owner(Claim, claim_words.THREAD)
        register_rating_owner(Claim, claim_words.RATING)
        for template in menus.MESSAGES:
            register_message_template(template)
