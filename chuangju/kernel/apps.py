"""Registrations of kernel with its own registries."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

PERSONAL_DATA_ACTIONS = {
    "kernel.mobile_set": _("登记手机号"),
    "kernel.keys_rotated": _("更换个人信息加密密钥"),
    "kernel.keys_forgotten": _("移除旧密钥"),
    "kernel.value_unmasked": _("查看完整号码"),
}

TIME_ACTIONS = {
    "kernel.backup_made": _("制作备份"),
    "kernel.backup_restored": _("恢复备份"),
    "kernel.holiday_notice_entered": _("录入放假通知"),
    "kernel.holiday_notice_confirmed": _("放假通知生效"),
    "kernel.holiday_notice_superseded": _("放假通知被替换"),
    "kernel.holiday_notice_discarded": _("放弃录入的放假通知"),
    "kernel.clock_started": _("时限起算"),
    "kernel.clock_paused": _("时限暂停"),
    "kernel.clock_resumed": _("时限恢复"),
    "kernel.clock_stopped": _("时限结束"),
}

WORK_ACTIONS = {
    "kernel.job_cancelled": _("取消后台任务"),
    "kernel.job_retried": _("重新执行后台任务"),
    "kernel.duty_run_asked": _("要求执行例行事务"),
}


OUTBOX_ACTIONS = {
    "kernel.delivery_retried": _("重新发送消息"),
    "kernel.message_preference_changed": _("修改消息设置"),
}

PAPER_ACTIONS = {
    "kernel.paper_drafted": _("起草文书"),
    "kernel.paper_changed": _("修改文书草稿"),
    "kernel.paper_handed_over": _("文书送核稿"),
    "kernel.paper_taken_back": _("文书退回修改"),
    "kernel.paper_sealed": _("登记文号和用印"),
    "kernel.paper_delivered": _("登记文书送达"),
    "kernel.paper_voided": _("文书作废"),
}

WORDS_ACTIONS = {
    "kernel.message_posted": _("留言"),
    "kernel.message_withdrawn": _("撤回留言"),
    "kernel.rated": _("评价"),
    "kernel.rating_changed": _("修改评价"),
    "kernel.checklist_started": _("建立核验清单"),
    "kernel.checklist_ticked": _("核验一项"),
    "kernel.checklist_noted": _("更新核验事项"),
}


class KernelConfig(AppConfig):
    """Makes the package known to Django."""

    name = "chuangju.kernel"
    label = "kernel"
    verbose_name = _("登录与系统")

    def ready(self) -> None:
        """Register guarded tables, action names and checks; abandoned files go when a request ends."""
        from django.core.signals import request_finished  # noqa: PLC0415 - models are ready only now

        from chuangju.kernel import attachments, audit, audit_checks, guards, integrity  # noqa: PLC0415

        guards.register_append_only_table(guards.AUDIT_EVENTS)
        guards.register_append_only_table(guards.AUDIT_STREAMS)
        audit.register_actions(
            {
                "kernel.file_attached": _("上传附件"),
                "kernel.demo_marked": _("标记为演示数据库"),
            }
        )
        self._register_personal_data()
        self._register_time()
        self._register_words()
        self._register_outbox()
        self._register_papers()
        self._register_work()
        integrity.register_check("audit_chains", audit_checks.find_chain_faults)
        integrity.register_check("audit_guards", audit_checks.find_guard_faults)
        integrity.register_check("audit_anchors", audit_checks.find_anchor_faults)
        integrity.register_check("attachments", attachments.find_attachment_faults)
        request_finished.connect(attachments.discard_abandoned_files, dispatch_uid="kernel.discard_abandoned_files")

    def _register_personal_data(self) -> None:
        """What happens to mobile numbers and keys, and the check that every encrypted value can be read."""
        from chuangju.kernel import audit, integrity, key_rotation  # noqa: PLC0415 - as above

        audit.register_actions(PERSONAL_DATA_ACTIONS)
        integrity.register_check("encryption", key_rotation.find_encryption_faults)

    def _register_time(self) -> None:
        """Entered holiday notices count as soon as the models are there; clocks have their actions."""
        from chuangju.kernel import audit, holiday_notices, working_days  # noqa: PLC0415 - as above

        audit.register_actions(TIME_ACTIONS)
        working_days.read_notices_with(holiday_notices.entered_notices)

    def _register_work(self) -> None:
        """What people ask of jobs and duties, and the kernel's own duties."""
        from chuangju.kernel import audit, duties, upkeep  # noqa: PLC0415 - as above

        audit.register_actions(WORK_ACTIONS)
        for duty in upkeep.DUTIES:
            duties.register_duty(duty)

    def _register_outbox(self) -> None:
        """The ways out, and what a worker sends every minute."""
        from chuangju.kernel import audit, channels, outbox, rounds  # noqa: PLC0415 - as above

        audit.register_actions(OUTBOX_ACTIONS)
        for channel in channels.every_channel():
            channels.register_channel(channel)
        rounds.register_round("outbox", outbox.send_what_waits)

    def _register_papers(self) -> None:
        """The steps of an outgoing paper, and who may open its files."""
        from chuangju.kernel import attachments, audit, models, paper_templates  # noqa: PLC0415 - as above

        audit.register_actions(PAPER_ACTIONS)
        attachments.register_attachment_owner(models.Paper, paper_templates.can_read_paper)

    def _register_words(self) -> None:
        """Threads, ratings and checklists; the search index, which a duty and a check keep true."""
        from chuangju.kernel import attachments, audit, checklists, duties, integrity, models, search, threads  # noqa: PLC0415
        from chuangju.kernel.outbox import register_message_template  # noqa: PLC0415
        from chuangju.kernel.rounds import register_round  # noqa: PLC0415

        audit.register_actions(WORDS_ACTIONS)
        attachments.register_attachment_owner(models.ThreadMessage, threads.can_read_message)
        attachments.register_attachment_owner(models.ChecklistItem, checklists.can_read_item)
        register_message_template(threads.NEW_MESSAGE_TEMPLATE)
        integrity.register_check("search_index", search.find_index_faults)
        duties.register_duty(search.RECONCILING)
        register_round("search_index", search.index_what_changed)
