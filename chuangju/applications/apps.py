"""Registrations of applications with the packages below it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    """The case from draft to payment and after."""

    name = "chuangju.applications"
    label = "applications"
    verbose_name = _("办件")

    def ready(self) -> None:
        """Hand menus, action names and the rest downwards."""
        self._register_apply()
        self._register_desk()
        self._register_decide()
        self._register_loans()
        self._register_batches()

    def _register_batches(self) -> None:
        """Application rounds, panels over cases, selection lists."""
        from chuangju.applications.batch_registrations import register_batches  # noqa: PLC0415 - models exist only now

        register_batches()

    def _register_apply(self) -> None:
        """Applying: one's own cases, papers, offers, bundles."""
        from chuangju.applications.apply_registrations import register_applying  # noqa: PLC0415 - models exist only now

        register_applying()
        self._register_nominations()

    def _register_nominations(self) -> None:
        """Putting somebody forward."""
        from chuangju.applications.nomination_registrations import register_nominations  # noqa: PLC0415 - as above

        register_nominations()

    def _register_desk(self) -> None:
        """Accepting, reviewing, consulting: the clerks' side."""
        from chuangju.applications.desk_registrations import register_desk  # noqa: PLC0415 - models exist only now

        register_desk()

    def _register_decide(self) -> None:
        """Deciding, notices, what a decision leaves."""
        from chuangju.applications import decide_menus, decide_messages, decide_registrations  # noqa: PLC0415 - as above
        from chuangju.kernel.audit import register_actions  # noqa: PLC0415
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415
        from chuangju.ui.menus import register_menu  # noqa: PLC0415

        register_actions(decide_menus.ACTIONS)
        for template in decide_messages.TEMPLATES:
            register_message_template(template)
        for section in decide_menus.SECTIONS:
            register_menu(section)
        decide_registrations.register_deciding()
        self._register_step_days()
        self._register_search()

    def _register_search(self) -> None:
        """Cases, letters and notices as they are found."""
        from chuangju.applications.letter_registrations import LETTER_SOURCES  # noqa: PLC0415 - as above
        from chuangju.applications.search import SOURCES, index_demo_cases  # noqa: PLC0415 - as above
        from chuangju.kernel.demo import register_demo  # noqa: PLC0415
        from chuangju.kernel.search import register_search_source  # noqa: PLC0415

        for source in (*SOURCES, *LETTER_SOURCES):
            register_search_source(source)
        register_demo("applications.search", index_demo_cases, order=79)

    def _register_step_days(self) -> None:
        """What the steps of decided cases took."""
        from chuangju.applications.step_days_registrations import register_step_days  # noqa: PLC0415 - as above

        register_step_days()

    def _register_loans(self) -> None:
        """Guaranteed loans with the bank's movements and interest by period; vouchers; financing."""
        from chuangju.applications.financing_registrations import register_financing  # noqa: PLC0415 - as above
        from chuangju.applications.loan_registrations import register_loans  # noqa: PLC0415 - models exist only now
        from chuangju.applications.uptake_registrations import register_uptake  # noqa: PLC0415
        from chuangju.applications.voucher_registrations import register_vouchers  # noqa: PLC0415

        register_loans()
        register_vouchers()
        register_financing()
        register_uptake()
