"""The only way up is a registry: who hands what to a lower package is written down here and changes in plain sight."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.urls import get_resolver

from chuangju.kernel.registry import all_registries
from tests.architecture import house

# Registry -> the keys under which packages have registered. A new registration is added here on purpose.
REGISTRATIONS: dict[str, str] = {
    "append_only_tables": """
        applications_frozenfacts budget_entry budget_posting kernel_auditevent kernel_auditstream
        policies_publishedpolicy scoring_frozenresult""",
    "applications.after_approval": "publish",
    "applications.grant_effects": "voucher",
    "applications.preparations": "objection reopening",
    "applications.publications": "correction objection recovery reopening",
    "applications.step_behaviours": "notice referral",
    "attachment_owners": """
        applications.application applications.requireddocument applications.step kernel.checklistitem
        kernel.holidaynotice kernel.paper kernel.threadmessage policies.policystep programme.planitemreport
        programme.progressnote programme.tableversion ventures.claim""",
    "audit_actions": """
        applications.acceptance_refused applications.accepted applications.account_given applications.answered
        applications.begun applications.bundle_begun applications.bundle_noted applications.child_opened
        applications.consultation_withdrawn applications.consulted applications.correction_answered
        applications.correction_asked applications.correction_cancelled applications.correction_expired
        applications.decision_approved applications.decision_proposed applications.decision_published
        applications.decision_replaced applications.decision_returned applications.document_checked
        applications.document_given applications.document_let_off applications.document_reused applications.entitled
        applications.fact_disputed applications.financing_answered applications.financing_closed
        applications.financing_posted applications.flag_lowered applications.flag_raised applications.frozen
        applications.hearing_held applications.instalment_changed applications.interest_changed
        applications.interest_paid applications.interest_returned applications.interest_settled
        applications.interest_stopped applications.kept applications.lapsed applications.loan_file_read
        applications.loan_moved applications.loan_signed applications.notice_begun applications.notice_over
        applications.objection_answered applications.objection_made applications.obligation_reported
        applications.obligation_settled applications.obliged applications.offer_accepted applications.offer_declined
        applications.offered applications.original_seen applications.rebased applications.referred applications.repaid
        applications.resumed applications.role_answered applications.role_asked applications.role_ended
        applications.sample_drawn applications.sample_settled applications.standing_ended applications.standing_given
        applications.standing_resumed applications.standing_revoked applications.standing_suspended
        applications.step_assigned applications.step_completed applications.step_opened applications.step_returned
        applications.step_skipped applications.step_taken_over applications.submitted applications.suspended
        applications.uptake_entered applications.visit_planned applications.voucher_answered
        applications.voucher_cancelled applications.voucher_confirmed applications.voucher_expired
        applications.voucher_issued applications.voucher_ordered applications.voucher_paid
        applications.voucher_returned applications.voucher_settled applications.window_begun applications.withdrawn
        budget.answers_taken budget.batch_approved budget.batch_changed budget.batch_checked budget.batch_dissolved
        budget.batch_exported budget.batch_formed budget.batch_returned budget.batch_sent budget.batch_settled
        budget.carry budget.commit budget.line_changed budget.line_closed budget.line_entered budget.line_opened
        budget.move budget.pay budget.payment_failed budget.payment_mended budget.payment_paid budget.payment_recovered
        budget.payment_requested budget.payment_returned budget.payment_stopped budget.plan
        budget.reallocation_approved budget.reallocation_proposed budget.reallocation_refused
        budget.reallocation_withdrawn budget.recover budget.release budget.request_changed budget.request_submitted
        budget.request_written budget.reserve budget.return budget.reverse budget.surrender budget.target_added
        budget.target_dropped kernel.backup_made kernel.backup_restored kernel.checklist_noted kernel.checklist_started
        kernel.checklist_ticked kernel.clock_paused kernel.clock_resumed kernel.clock_started kernel.clock_stopped
        kernel.delivery_retried kernel.demo_marked kernel.duty_run_asked kernel.file_attached
        kernel.holiday_notice_confirmed kernel.holiday_notice_discarded kernel.holiday_notice_entered
        kernel.holiday_notice_superseded kernel.job_cancelled kernel.job_retried kernel.keys_forgotten
        kernel.keys_rotated kernel.message_posted kernel.message_preference_changed kernel.message_withdrawn
        kernel.mobile_set kernel.paper_changed kernel.paper_delivered kernel.paper_drafted kernel.paper_handed_over
        kernel.paper_sealed kernel.paper_taken_back kernel.paper_voided kernel.rated kernel.rating_changed
        kernel.value_unmasked policies.check_removed policies.check_saved policies.check_shared policies.clause_tied
        policies.draft_begun policies.draft_changed policies.draft_discarded policies.draft_returned
        policies.draft_submitted policies.draft_taken_back policies.fee_entered policies.fee_withdrawn
        policies.match_removed policies.match_restarted policies.match_started policies.package_import_discarded
        policies.package_import_started policies.package_imported policies.package_superseded policies.record_abandoned
        policies.record_changed policies.record_opened policies.record_superseded policies.record_updated
        policies.reminder_asked policies.reminder_stopped policies.simulation_removed policies.simulation_saved
        policies.step_recorded policies.step_withdrawn policies.version_published programme.adjustment_approved
        programme.adjustment_proposed programme.adjustment_rejected programme.adjustment_withdrawn
        programme.feed_opened programme.feed_revoked programme.group_chosen programme.import_confirmed
        programme.import_discarded programme.import_started programme.measure_units_set programme.milestone_added
        programme.milestone_changed programme.milestone_completed programme.milestone_dropped
        programme.milestone_reopened programme.note_released programme.note_retracted programme.note_withdrawn
        programme.note_written programme.opinion_decided programme.opinion_given programme.opinion_taken_back
        programme.plan_approved programme.plan_changed programme.plan_collected programme.plan_discarded
        programme.plan_drafted programme.plan_ended programme.plan_issue_withdrawn programme.plan_issued
        programme.plan_item_added programme.plan_item_adjusted programme.plan_item_changed
        programme.plan_item_completed programme.plan_item_removed programme.plan_item_reopened
        programme.plan_item_reported programme.plan_reinstated programme.plan_returned programme.plan_round_answered
        programme.plan_round_closed programme.plan_round_extended programme.plan_round_opened
        programme.plan_section_added programme.plan_section_changed programme.plan_section_removed
        programme.plan_sent_round programme.plan_submitted programme.plan_superseded programme.plan_taken_back
        programme.review_noted programme.review_opened programme.review_returned programme.review_submitted
        programme.review_written programme.snapshot_taken programme.version_imported scoring.assessor_withdrawn
        scoring.assigned scoring.conflict_declared scoring.no_conflict_declared scoring.panel_begun
        scoring.panel_closed scoring.panel_frozen scoring.panel_moved scoring.panel_opened scoring.papers_imported
        scoring.reminded scoring.scores_kept scoring.scores_returned scoring.scores_submitted scoring.sheet_changed
        scoring.sheet_discarded scoring.sheet_drafted scoring.sheet_published scoring.spread scoring.subject_withdrawn
        scoring.subjects_added units.access_reviewed units.account_created units.account_disabled units.account_enabled
        units.account_unlocked units.alias_added units.alias_removed units.appointed units.appointment_corrected
        units.appointment_ended units.city_linked units.delegation_ended units.delegation_made units.demo_switched
        units.duty_set units.factor_added units.factor_removed units.factors_reset units.follow_up_closed
        units.follow_up_opened units.founder_registered units.group_added units.group_alias_added
        units.identity_confirmed units.invitation_accepted units.invitation_lapsed units.invitation_renewed
        units.invitation_revoked units.invitation_sent units.member_list_drafted units.notice_changed
        units.notice_written units.password_changed units.password_reset units.proposal_decided
        units.recovery_code_used units.recovery_codes_made units.reset_asked units.reset_decided units.role_ended
        units.role_granted units.roles_handed_over units.second_factor_failed units.sessions_ended units.sign_in_failed
        units.signed_in units.signed_out units.unit_abolished units.unit_added units.unit_renamed
        ventures.claim_confirmed ventures.claim_ended ventures.claim_lapsed ventures.claim_made
        ventures.claim_papers_added ventures.claim_papers_asked ventures.claim_refused ventures.claim_withdrawn
        ventures.fact_disputed ventures.fact_recorded ventures.fact_settled ventures.import_confirmed
        ventures.import_discarded ventures.import_started ventures.import_written ventures.list_joined
        ventures.list_left ventures.party_added ventures.party_changed ventures.party_checked ventures.party_merged
        ventures.party_parted ventures.register_confirmed ventures.register_discarded ventures.register_mapped
        ventures.register_started ventures.relation_added ventures.relation_changed ventures.relation_ended
        ventures.relation_removed""",
    "audit_role_resolver": "role",
    "backup_files": "ventures.registers",
    "budget.payment_owners": "applications.instalment applications.interest applications.voucher_use",
    "budget.pending_sources": "",
    "checklist_owners": "applications.step programme.milestone",
    "checklist_templates": "applications.visit programme.site_check",
    "demo_sets": """
        applications.applying applications.cases applications.money budget papers policies.checks policies.making
        policies.matches programme programme.jobs programme.plans programme.reminders programme.words scoring units
        units.calendar units.mobiles units.people ventures ventures.registers""",
    "duties": """
        applications.corrections applications.hearings applications.instalments applications.interest
        applications.lapses applications.notices applications.obligations applications.reminders applications.repaid
        applications.samples applications.silence applications.standings applications.vouchers kernel.anchors
        kernel.files kernel.messages kernel.retention kernel.search_index kernel.verify policies.check_reminders
        policies.expiries policies.match_retention programme.freeze programme.milestone_reminders
        programme.plan_reminders programme.plan_reviews scoring.reminders units.access_review units.delegations
        units.follow_ups units.invitations units.sign_in_traces ventures.lapse_claims""",
    "indicators.metrics": """
        applications.decided applications.financing_funded applications.granted applications.interest_paid
        applications.loans_outstanding applications.loans_overdue applications.median_days applications.paid
        applications.relief_enjoyed applications.standings applications.vouchers_redeemed budget.committed
        budget.execution_rate budget.paid policies.clauses_landed policies.expiring policies.fees_waived
        policies.in_force policies.official_share programme.completion_rate programme.measures_without_milestones
        programme.milestones_done programme.milestones_late programme.notes programme.plan_items_late
        programme.plan_items_on_time programme.plan_items_on_time_rate programme.plan_reviews_on_time
        programme.plans_issued""",
    "indicators.task_names": "tasks",
    "integrity_checks": """
        applications.decisions applications.loans attachments audit_anchors audit_chains audit_guards budget.ledger
        encryption policies.making policies.published programme.plans programme.snapshots scoring.panels search_index
        ventures.registers ventures.relations""",
    "job_kinds": """
        policies.match programme.read_table ventures.check_import ventures.check_register ventures.write_import""",
    "low_rating_handler": "low_rating",
    "menu_role_source": "roles",
    "menu_sections": """
        account administrators applications.bank_loans applications.decisions applications.desk applications.financing
        applications.loans applications.my applications.offers applications.own applications.own_financing
        applications.own_vouchers applications.public applications.uptake applications.vouchers budget budget.own demo
        indicators policies.desk policies.life policies.own policies.public policies.public_fees portal programme
        programme.categories programme.plans programme.public_plans scoring scoring.own units ventures ventures.own
        work""",
    "menu_tallies": """
        applications.decisions applications.desk applications.my budget policies.desk policies.life programme
        programme.plans scoring units ventures""",
    "message_channels": "email in_app sms",
    "message_templates": """
        applications.accepted applications.child_begun applications.consulted applications.corrected
        applications.correction_asked applications.correction_expired applications.correction_expiring
        applications.decided applications.financing_answered applications.hearing_asked applications.in_notice
        applications.instalment_stopped applications.interest_paid applications.not_accepted
        applications.obligation_due applications.obligation_late applications.offered applications.paid
        applications.payment_returned applications.repayment_due applications.resumed applications.role_answered
        applications.role_asked applications.standing_changed applications.standing_expiring applications.step_assigned
        applications.step_due applications.step_late applications.suspended applications.visit_planned
        kernel.thread_message policies.check_due policies.expired policies.expiring programme.adjustment_decided
        programme.adjustment_to_decide programme.milestone_due programme.milestone_escalated programme.milestone_late
        programme.milestone_soon programme.plan_approved programme.plan_issued programme.plan_item_due
        programme.plan_item_late programme.plan_returned programme.plan_round_due programme.plan_round_opened
        programme.plan_to_decide programme.plan_withdrawn programme.review_late programme.review_opened
        programme.review_submitted scoring.assigned scoring.complete scoring.conflict scoring.due_soon scoring.late
        scoring.overdue scoring.returned units.access_review_due units.appointed units.appointment_ended
        units.delegation_ended units.delegation_last_day units.delegation_made units.factor_added units.factor_removed
        units.factors_reset units.follow_up_late units.follow_up_opened units.invitation_accepted units.invited
        units.mobile_code units.recovery_code_used units.reset_asked units.reset_decided units.reset_to_decide
        units.role_granted units.roles_proposed units.welcome ventures.claim_confirmed ventures.claim_ended
        ventures.claim_lapsed ventures.claim_papers_asked ventures.claim_refused""",
    "open_work": "applications.steps programme.milestones programme.plan_items units.follow_ups",
    "panel_subjects": "",
    "paper_templates": """
        applications.acceptance applications.certificate applications.correction applications.decision
        applications.not_accepted notice programme.plan units.member_list""",
    "paper_verify_page": "page",
    "policies.apply_link": "apply",
    "programme.row_tools": """
        administration/fees administration/matches administration/policy_records administration/policy_versions
        administration/public_policies funding/budget_lines funding/budget_payments funding/budget_requests
        funding/decisions funding/entitlements funding/expiring_policies funding/instalments funding/matches
        funding/policy_packages funding/policy_records funding/policy_versions funding/public_policies
        funding/simulations guaranteed-loan/cases guaranteed-loan/loan_calculator guaranteed-loan/loans
        guaranteed-loan/matches guaranteed-loan/policy_versions guaranteed-loan/public_policies
        guaranteed-loan/simulations incubation/cases incubation/matches incubation/panels incubation/policy_versions
        incubation/public_policies incubation/standings internship/public_policies internship/standings
        public-services/cases public-services/counter public-services/entitlements role-models/panels
        sci-tech-start-up/cases sci-tech-start-up/decisions sci-tech-start-up/financing sci-tech-start-up/matches
        sci-tech-start-up/panels sci-tech-start-up/policy_versions sci-tech-start-up/public_policies
        sci-tech-start-up/simulations service-agencies/matches service-agencies/policy_versions
        service-agencies/public_policies service-agencies/vouchers start-up-support/cases start-up-support/decisions
        start-up-support/entitlements start-up-support/matches start-up-support/policy_versions
        start-up-support/public_policies start-up-support/simulations talent/matches talent/points_planner
        talent/policy_packages talent/policy_records talent/policy_versions talent/public_policies
        tax-relief/expiring_policies tax-relief/matches tax-relief/policy_records tax-relief/policy_versions
        tax-relief/public_policies tax-relief/simulations tax-relief/size_classes tax-relief/tax_calculator
        tax-relief/uptake theme-events/panels work-plan/plan_adjustments work-plan/plan_calendar work-plan/plan_items
        work-plan/plan_reviews work-plan/plans""",
    "rating_owners": "applications.application programme.progressnote ventures.claim",
    "reference_data": "policies.records scoring.sheets units",
    "rounds": "outbox",
    "search_lists": "indicators.metric policies.pages policies.policy",
    "search_sources": """
        budget.batch budget.line budget.payment policies.clause policies.record programme.measure programme.milestone
        programme.note programme.plan programme.plan_item programme.public_milestone programme.public_note
        programme.public_plan programme.public_task programme.task programme.version scoring.panel scoring.sheet
        units.account units.appointment units.group units.unit ventures.party""",
    "shell_notices": "stand_in",
    "shell_search_box": "search",
    "thread_owners": "applications.application programme.milestone programme.plan programme.task ventures.claim",
    "tidyings": "policies.matches programme.imports ventures.registers",
    "unmaskings": "budget-payment-account_number ventures-party-id_number ventures-party-mobile",
}


def find_registrations(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each call of a `register_…` function with the name of the function it stands in ('' at module level)."""
    inside: dict[int, str] = {}
    for name, function in house.functions_of(tree):
        for node in ast.walk(function):
            inside[id(node)] = name
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called.startswith("register_"):
                yield called, inside.get(id(node), "")


def _calls_by_package() -> dict[str, list[tuple[str, str, str]]]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path in house.python_files("chuangju"):
        for called, function in find_registrations(house.tree_of(path)):
            found.setdefault(house.package_of(path), []).append((called, house.label_of(path), function))
    return found


def _is_asked_for(label: str, function: str) -> bool:
    """Whether a registration stands where Django asks for it: in apps.py, or in a file of registrations that it calls."""
    name = function.rsplit(".", maxsplit=1)[-1]
    if label.endswith("/apps.py"):
        return name.startswith(("ready", "_register"))
    return label.endswith("_registrations.py") and name.startswith(("register_", "_register"))


def test_packages_register_only_when_django_has_loaded_them_all() -> None:
    """Registering at import would make the answer depend on who was imported first."""
    strays = [
        f"{label}: {called}"
        for calls in _calls_by_package().values()
        for called, label, function in calls
        if not _is_asked_for(label, function)
    ]
    assert strays == []


def test_every_registration_is_listed() -> None:
    assert get_resolver().url_patterns  # loads every module that a page needs, and with it every registry
    made = {name: [str(key) for key, _value in registry.items()] for name, registry in all_registries().items()}
    assert made == {name: keys.split() for name, keys in REGISTRATIONS.items()}


def find_recorded_actions(tree: ast.Module) -> Iterator[str]:
    """The action codes that code writes into the audit log."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called == "record_event" and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_recorded_action_has_a_name_to_read_and_every_named_action_is_recorded() -> None:
    files = house.python_files("chuangju")
    recorded = {action for path in files for action in find_recorded_actions(house.tree_of(path))}
    named = set(REGISTRATIONS["audit_actions"].split())
    assert len(recorded) > 15
    assert recorded - named == set()
    written = "\n".join(house.source_of(path) for path in files)
    # Named once in the registration; recorded by its whole code, or by its last part where a package adds its own name.
    uses = {action: written.count(f'"{action}"') + written.count(f'"{action.split(".")[1]}"') for action in named}
    assert sorted(action for action, count in uses.items() if count < 2) == []


def test_a_registration_at_import_is_found() -> None:
    assert list(find_registrations(ast.parse("register_menu(x)"))) == [("register_menu", "")]
    inside = "class C:\n    def ready(self):\n        register_menu(x)"
    assert list(find_registrations(ast.parse(inside))) == [("register_menu", "C.ready")]


def test_no_package_listens_to_signals() -> None:
    """A signal is an import upwards in disguise: nobody reading the sender sees what it sets off."""
    faults = [
        house.label_of(path)
        for path in house.python_files("chuangju")
        for node in ast.walk(house.tree_of(path))
        for name in house.imported_names(node)
        if name.startswith(("django.dispatch", "django.db.models.signals"))
    ]
    assert faults == []
