"""Every url × role → 200, 403 or 404. An url that is not listed here fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shian.kernel.accounts.models import WATCHERS, Role, User
from shian.registers.people.tests.factories import reach_user
from tests.extent import IS_WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("langfang")]

EVERYBODY = frozenset(Role) - {Role.OPERATOR} - WATCHERS  # these have pages of their own
ANYBODY = frozenset(Role)
OFFICE = frozenset({Role.ADMIN, Role.OFFICE})
IMPORTERS = OFFICE | {Role.COUNTY, Role.DEPARTMENT}
CODERS = OFFICE | {Role.COUNTY, Role.STATION}
WEEKLY = EVERYBODY - {Role.STATION, Role.OFFICIAL}
FILLERS = IMPORTERS | {Role.STATION}
PHONES = FILLERS | {Role.OFFICIAL}
JUDGES = OFFICE | {Role.REVIEWER}
KEEPERS = OFFICE | {Role.COUNTY}
READERS = EVERYBODY - {Role.OFFICIAL}
ASSESSED = OFFICE | {Role.ASSESSOR}
AREA = {
    Role.COUNTY: "131022",
    Role.STATION: "131022100",
}


@dataclass(frozen=True)
class Page:
    """Who may open a page; `through` is what they get: 200, 404 for a record that is not there, 405 for a verb."""

    roles: frozenset[Role] = EVERYBODY
    args: tuple[Any, ...] = ()
    through: int = 200
    query: tuple[tuple[str, str], ...] = ()
    moved: frozenset[Role] = frozenset()  # who is sent to a page of their own


ACCESS = frozenset({Role.SECURITY})  # who gives access
AUDIT = frozenset({Role.AUDITOR})  # who watches over the log
OWN = frozenset({Role.OPERATOR})  # people of operators: the test user works for none
PAGES: dict[str, Page] = {
    "people:account_open": Page(ACCESS),
    "accounts:account_detail": Page(ANYBODY),
    "accounts:preferences_save": Page(ANYBODY, through=405),
    "accounts:sessions_end": Page(ANYBODY, through=405),
    "accounts:session_end": Page(ANYBODY, args=(0,), through=405),
    "accounts:user_list": Page(ACCESS),
    "accounts:user_create": Page(ACCESS),
    "accounts:user_detail": Page(ACCESS, ("u-office",)),
    "accounts:user_invite": Page(ACCESS, ("u-office",), 405),
    "accounts:user_unlock": Page(ACCESS, ("u-office",), 405),
    "accounts:user_disconnect": Page(ACCESS, ("u-office",), 405),
    "accounts:user_reopen": Page(ACCESS, ("u-office",), 405),
    "accounts:user_close": Page(ACCESS, ("u-office",)),
    "accounts:user_reset": Page(ACCESS, ("u-office",)),
    "accounts:user_role": Page(ACCESS, ("u-office",)),
    "accounts:user_validity": Page(ACCESS, ("u-office",)),
    "draws:draw_list": Page(IMPORTERS),
    "draws:draw_create": Page(IMPORTERS),
    "draws:draw_detail": Page(IMPORTERS, (0,), 404),
    "draws:draw_edit": Page(IMPORTERS, (0,), 404),
    "draws:draw_freeze": Page(IMPORTERS, (0,), 405),
    "draws:draw_run": Page(IMPORTERS, (0,), 405),
    "draws:draw_confirm": Page(IMPORTERS, (0,), 405),
    "draws:draw_publish": Page(IMPORTERS, (0,), 405),
    "draws:draw_cancel": Page(IMPORTERS, (0,), 404),
    "draws:draw_check": Page(IMPORTERS, (0,), 404),
    "draws:reading_enter": Page(IMPORTERS, (0,), 404),
    "draws:commitment_enter": Page(IMPORTERS, (0,), 404),
    "draws:commitment_open": Page(IMPORTERS, (0,), 404),
    "draws:frame_rows": Page(IMPORTERS, (0,), 404),
    "draws:estimate_list": Page(IMPORTERS, (0,), 404),
    "draws:person_list": Page(IMPORTERS, (0,), 404),
    "draws:pick_list": Page(IMPORTERS, (0,), 404),
    "draws:replacement_create": Page(IMPORTERS, (0, 0), 404),
    "draws:record_download": Page(IMPORTERS, (0,), 404),
    "cases:case_list": Page(),
    "cases:case_export": Page(),
    "cases:feed_detail": Page(),
    "cases:feed_create": Page(through=405),
    "cases:feed_end": Page(through=405),
    "cases:kind_list": Page(),
    "cases:type_list": Page(args=("card",)),
    "cases:case_create": Page(OFFICE | {Role.COUNTY}, ("card",)),
    "cases:cases_move": Page(args=("card",), through=405),
    "cases:case_detail": Page(args=(0,), through=404),
    "cases:file_download": Page(args=(0, 0), through=404),
    "cases:step_take": Page(args=(0, "close"), through=404),
    "cases:extension_create": Page(args=(0,), through=404),
    "cases:transfer_create": Page(args=(0,), through=404),
    "cases:request_answer": Page(args=(0, 0), through=404),
    "cases:case_suspend": Page(args=(0,), through=404),
    "cases:case_resume": Page(args=(0,), through=405),
    "cases:case_merge": Page(args=(0,), through=404),
    "cases:note_add": Page(args=(0,), through=404),
    "office:home": Page(moved=frozenset({Role.ASSESSOR, Role.OPERATOR}) | WATCHERS),
    "assess:home": Page(ASSESSED),
    "assess:item_detail": Page(ASSESSED, ("1.4.2",)),
    "assess:guide_detail": Page(ASSESSED),
    "assess:look_list": Page(OFFICE),
    "field:home": Page(PHONES),
    "field:assignment_read": Page(PHONES),
    "field:dataset_read": Page(PHONES, args=("operators",)),
    "ui:gallery": Page(frozenset({Role.ADMIN})),
    "ui:gallery_outline": Page(frozenset({Role.ADMIN})),
    "ui:gallery_points": Page(frozenset({Role.ADMIN})),
    "ui:gallery_pattern": Page(frozenset({Role.ADMIN}), ("list",)),
    "notary:entry_detail": Page(ANYBODY, args=("019f0000-0000-7000-8000-000000000000",), through=404),
    "notary:proof_detail": Page(ANYBODY, args=("019f0000-0000-7000-8000-000000000000",), through=404),
    "notary:record_export": Page(ANYBODY, query=(("subject", "operators.operator:none"),), through=404),
    "api:reference_detail": Page(),
    "api:problem_list": Page(),
    "api:token_list": Page(),
    "api:token_create": Page(),
    "api:token_revoke": Page(args=(0,), through=404),
    "disclosures:deed_list": Page(AUDIT),
    "disclosures:disclosure_list": Page(AUDIT),
    "disclosures:record_open": Page(args=("operator", "none"), through=404),
    "imports:batch_list": Page(IMPORTERS),
    "imports:batch_create": Page(IMPORTERS),
    "imports:template_download": Page(IMPORTERS, ("operators",)),
    "imports:batch_detail": Page(IMPORTERS, (0,), 404),
    "imports:batch_check": Page(IMPORTERS, (0,), 405),
    "imports:batch_accept": Page(IMPORTERS, (0,), 405),
    "imports:batch_accept_difference": Page(IMPORTERS, (0,), 405),
    "imports:batch_cancel": Page(IMPORTERS, (0,), 405),
    "imports:batch_undo": Page(IMPORTERS, (0,), 404),
    "imports:batch_match": Page(IMPORTERS, (0,), 404),
    "imports:heading_list": Page(IMPORTERS),
    "imports:heading_forget": Page(IMPORTERS, through=405),
    "imports:source_list": Page(OFFICE),
    "imports:source_create": Page(OFFICE),
    "imports:source_end": Page(OFFICE, through=405),
    "imports:batch_bad_rows": Page(IMPORTERS, (0,), 404),
    "imports:batch_file": Page(IMPORTERS, (0,), 404),
    "notices:notice_list": Page(ANYBODY),
    "notices:notice_detail": Page(ANYBODY, args=(0,), through=404),
    "notices:notice_read": Page(ANYBODY, through=405),
    "notices:preference_edit": Page(ANYBODY),
    "notices:mail_list": Page(frozenset({Role.ADMIN})),
    "notices:mail_retry": Page(frozenset({Role.ADMIN}), through=405),
    "notices:hook_list": Page(frozenset({Role.ADMIN})),
    "notices:hook_create": Page(frozenset({Role.ADMIN})),
    "notices:hook_detail": Page(frozenset({Role.ADMIN}), (0,), 404),
    "notices:hook_check": Page(frozenset({Role.ADMIN}), (0,), 405),
    "notices:hook_end": Page(frozenset({Role.ADMIN}), (0,), 405),
    "notices:push_retry": Page(frozenset({Role.ADMIN}), (0,), 405),
    "workdays:year_current": Page(),
    "workdays:year_detail": Page(args=(2026,)),
    "areas:area_list": Page(),
    "areas:area_outlines": Page(),
    "areas:area_detail": Page(args=("131022100",)),
    "dictionaries:dictionary_list": Page(OFFICE),
    "dictionaries:dictionary_detail": Page(OFFICE, ("formats",)),
    "dictionaries:term_detail": Page(OFFICE, ("formats", "11")),
    "dictionaries:entry_draft": Page(frozenset({Role.ADMIN}), ("formats",)),
    "dictionaries:entry_end": Page(frozenset({Role.ADMIN}), ("formats", "11")),
    "dictionaries:entry_confirm": Page(frozenset({Role.ADMIN}), (0,), 405),
    "dictionaries:entry_discard": Page(frozenset({Role.ADMIN}), (0,), 405),
    "people:organisation_list": Page(),
    "people:organisation_detail": Page(args=("131022100-STATION",)),
    "census:operator_list": Page(),
    "census:operator_export": Page(query=(("q", "好面"),)),
    "census:operator_map": Page(),
    "census:operator_points": Page(query=(("bbox", "116,38,118,40"), ("zoom", "9"))),
    "census:stage_report": Page(),
    "census:code_issue": Page(CODERS, through=405),
    "census:sheet_print": Page(CODERS),
    "census:label_print": Page(CODERS, ("none",), 404),
    "census:code_download": Page(CODERS, ("none",), 404),
    "census:code_suspend": Page(CODERS, ("none",), 404),
    "census:code_resume": Page(CODERS, ("none",), 404),
    "census:code_revoke": Page(CODERS, ("none",), 404),
    "census:code_replace": Page(CODERS, ("none",), 404),
    "census:operator_detail": Page(args=("none",), through=404),
    "ledgers:ledger_list": Page(),
    "ledgers:row_list": Page(args=("monitoring_sites",)),
    "ledgers:row_export": Page(args=("monitoring_sites",)),
    "ledgers:missing_list": Page(args=("monitoring_sites",)),
    "ledgers:month_list": Page(args=("publicity",)),
    "ledgers:gap_list": Page(args=("account_posts",)),
    "ledgers:row_map": Page(args=("publicity",)),
    "ledgers:row_points": Page(args=("publicity",)),
    "ledgers:row_create": Page(IMPORTERS, ("monitoring_sites",)),
    "ledgers:row_correct": Page(IMPORTERS, ("monitoring_sites", 0), 404),
    "ledgers:row_file": Page(args=("publicity", 0, "photo"), through=404),
    "ledgers:row_detail": Page(args=("monitoring_sites", 0), through=404),
    "figures:measure_list": Page(),
    "figures:figure_detail": Page(args=("operators.total",)),
    "figures:figure_rows": Page(args=("operators.total",)),
    "figures:figure_export": Page(args=("areas.counties",)),
    "reports:document_list": Page(),
    "reports:document_create": Page(OFFICE),
    "reports:document_detail": Page(args=(0,), through=404),
    "reports:document_download": Page(args=(0,), through=404),
    "reports:document_check": Page(OFFICE, (0,), 405),
    "reports:document_accept": Page(OFFICE, (0,), 405),
    "reports:document_rewrite": Page(OFFICE, (0,), 405),
    "reports:document_sign": Page(OFFICE, (0,), 405),
    "reports:document_publish": Page(OFFICE, (0,), 405),
    "retention:file_list": Page(OFFICE),
    "retention:rule_list": Page(OFFICE),
    "retention:hold_list": Page(OFFICE),
    "retention:hold_create": Page(OFFICE),
    "retention:hold_end": Page(OFFICE, (0,), 404),
    "retention:disposal_list": Page(OFFICE),
    "retention:disposal_create": Page(OFFICE),
    "retention:disposal_detail": Page(OFFICE, (0,), 404),
    "retention:disposal_approve": Page(OFFICE, (0,), 405),
    "retention:disposal_reject": Page(OFFICE, (0,), 405),
    "forms:form_list": Page(),
    "forms:form_create": Page(OFFICE),
    "forms:form_detail": Page(args=("nothing",), through=404),
    "forms:version_detail": Page(args=(0,), through=404),
    "forms:version_issue": Page(OFFICE, (0,), 404),
    "forms:version_discard": Page(OFFICE, (0,), 405),
    "forms:version_withdraw": Page(OFFICE, (0,), 404),
    "forms:version_download": Page(args=(0,), through=404),
    "forms:version_file": Page(args=(0,), through=404),
    "forms:version_read": Page(args=(0,), through=404),
    "forms:submission_create": Page(PHONES, (0, "uuid:x"), 405),
    "forms:submission_list": Page(),
    "forms:submission_detail": Page(args=(0,), through=404),
    "forms:submission_open": Page(OFFICE, (0,), 405),
    "forms:submission_download": Page(args=(0, 0), through=404),
    "forms:phone_list": Page(PHONES),
    "forms:phone_create": Page(PHONES),
    "forms:phone_detail": Page(PHONES, (0,), 404),
    "forms:phone_revoke": Page(PHONES, (0,), 405),
    "selfcontrol:account_open": Page(CODERS, ("none",), 404),
    "selfcontrol:account_end": Page(CODERS, (0,), 405),
    "selfcontrol:safety_staff_board": Page(),
    "selfcontrol:safety_staff_list": Page(),
    "selfcontrol:daily_control_board": Page(),
    "selfcontrol:daily_control_list": Page(),
    "selfcontrol:self_exam_board": Page(),
    "selfcontrol:self_exam_list": Page(query=(("class", "producer"),)),
    "selfcontrol:training_session_list": Page(),
    "selfcontrol:commitment_text_list": Page(),
    "selfcontrol:commitment_text_create": Page(OFFICE | {Role.COUNTY}),
    "selfcontrol:commitment_text_detail": Page(args=(0,), through=404),
    "operator:self_exam_submit": Page(OWN, ("none", "producer"), 404),
    "operator:commitment_text_sign": Page(OWN, ("none", 0), 404),
    "selfcontrol:exam_list": Page(),
    "selfcontrol:exam_create": Page(CODERS),
    "tracing:market_list": Page(READERS),
    "tracing:market_detail": Page(READERS, ("none",), 404),
    "tracing:in_order_create": Page(CODERS, ("none",), 404),
    "tracing:in_order_list": Page(READERS),
    "tracing:in_order_detail": Page(READERS, ("none",), 404),
    "tracing:out_order_list": Page(READERS),
    "tracing:out_order_detail": Page(READERS, ("none",), 404),
    "tracing:out_order_read": Page(READERS, ("none",), 404),
    "tracing:voucher_print": Page(READERS, ("none",), 404),
    "tracing:certificate_list": Page(READERS),
    "tracing:certificate_check": Page(ANYBODY - WATCHERS),
    "tracing:certificate_detail": Page(READERS, ("none",), 404),
    "tracing:label_print": Page(READERS, ("none",), 404),
    "tracing:certificate_revoke": Page(IMPORTERS, ("none",), 404),
    "tracing:producer_list": Page(READERS),
    "tracing:trace_list": Page(READERS),
    "tracing:anomaly_list": Page(READERS),
    "tracing:anomaly_run": Page(KEEPERS, through=405),
    "tracing:anomaly_detail": Page(READERS, (0,), 404),
    "tracing:anomaly_edit": Page(CODERS, (0,), 404),
    "tracing:trace_detail": Page(READERS, (0,), 404),
    "tracing:node_list": Page(READERS, (0, "forward"), 404),
    "tracing:recall_list": Page(READERS),
    "tracing:drill_list": Page(READERS),
    "tracing:recall_create": Page(KEEPERS, through=404),
    "tracing:recall_detail": Page(READERS, ("none",), 404),
    "tracing:recall_review": Page(KEEPERS, ("none",), 404),
    "tracing:recall_publish": Page(KEEPERS, ("none",), 405),
    "tracing:recall_close": Page(KEEPERS, ("none",), 404),
    "tracing:recall_letter_create": Page(KEEPERS, ("none",), 404),
    "tracing:recall_letter_list": Page(READERS),
    "tracing:recall_export": Page(READERS, ("none",), 404),
    "tracing:alert_edit": Page(CODERS, ("none", 0), 404),
    "tracing:holder_list": Page(READERS, ("none",), 404),
    "tracing:holder_detail": Page(READERS, ("none", 0), 404),
    "tracing:holder_edit": Page(CODERS, ("none", 0), 404),
    "tracing:drill_report": Page(CODERS, ("none",), 404),
    "tracing:drill_close": Page(KEEPERS, ("none",), 404),
    "operator:recall_answer": Page(OWN, ("none", 0), 404),
    "operator:recall_edit": Page(OWN, ("none", 0), 404),
    "tracing:cold_batch_list": Page(READERS),
    "tracing:cold_batch_detail": Page(READERS, ("none",), 404),
    "tracing:cold_batch_take": Page(CODERS, ("none",), 404),
    "tracing:cold_batch_review": Page(CODERS, ("none",), 404),
    "tracing:cold_code_check": Page(ANYBODY - WATCHERS),
    "tracing:cold_store_list": Page(READERS),
    "tracing:cold_store_detail": Page(READERS, ("none",), 404),
    "tracing:cold_key_issue": Page(CODERS, ("none",), 404),
    "tracing:cold_alert_list": Page(READERS),
    "tracing:cold_alert_detail": Page(READERS, (0,), 404),
    "tracing:kitchen_list": Page(READERS),
    "tracing:kitchen_detail": Page(READERS, ("none",), 404),
    "tracing:kitchen_sheet_detail": Page(READERS, ("none",), 404),
    "operator:home": Page(OWN),
    "operator:phone_detail": Page(OWN),
    "operator:work_read": Page(OWN),
    "operator:day_receive": Page(OWN, (0, "019f0000-0000-7000-8000-000000000000"), 405),
    "operator:desk_detail": Page(OWN, ("none",), 404),
    "operator:daily_control_calendar": Page(OWN, ("none",), 404),
    "operator:daily_control_enter": Page(OWN, ("none", "2026-11-18"), 404),
    "operator:daily_control_download": Page(OWN, ("none", "2026-11-18"), 404),
    "operator:closure_create": Page(OWN, ("none",), 404),
    "operator:closure_end": Page(OWN, ("none", 0), 405),
    "operator:own_problem_resolve": Page(OWN, ("none", 0), 404),
    "operator:decision_close": Page(OWN, ("none", 0), 405),
    "operator:own_week_edit": Page(OWN, ("none", "2026-11-16"), 404),
    "operator:own_week_sign": Page(OWN, ("none", "2026-11-16"), 405),
    "operator:own_week_download": Page(OWN, ("none", "2026-11-16"), 404),
    "operator:own_month_edit": Page(OWN, ("none", "2026-11"), 404),
    "operator:own_month_sign": Page(OWN, ("none", "2026-11"), 405),
    "operator:own_month_download": Page(OWN, ("none", "2026-11"), 404),
    "operator:risk_list_detail": Page(OWN, ("none",), 404),
    "operator:risk_list_edit": Page(OWN, ("none",), 404),
    "operator:risk_list_approve": Page(OWN, ("none",), 405),
    "operator:safety_staff_detail": Page(OWN, ("none",), 404),
    "operator:appointment_create": Page(OWN, ("none",), 404),
    "operator:appointment_end": Page(OWN, ("none", 0), 405),
    "operator:board_detail": Page(OWN, ("none",), 404),
    "operator:board_publish": Page(OWN, ("none",), 404),
    "operator:exam_answer": Page(OWN, ("none", 0), 404),
    "operator:exam_start": Page(OWN, ("none", 0), 405),
    "operator:trade_detail": Page(OWN, ("none",), 404),
    "operator:in_order_sell": Page(OWN, ("none", 0), 404),
    "operator:voucher_print": Page(OWN, ("none", "none"), 404),
    "operator:certificate_create": Page(OWN, ("none", 0), 404),
    "operator:label_print": Page(OWN, ("none", "none"), 404),
    "operator:certificate_revoke": Page(OWN, ("none", "none"), 404),
    "operator:certificate_split": Page(OWN, ("none", "none"), 404),
    "operator:certificate_mix": Page(OWN, ("none", 0), 404),
    "operator:in_order_create": Page(OWN, ("none", "none"), 404),
    "operator:cold_batch_create": Page(OWN, ("none",), 404),
    "operator:cold_arrival_enter": Page(OWN, ("none",), 404),
    "operator:cold_code_verify": Page(OWN, ("none",), 404),
    "operator:cold_stock_send": Page(OWN, ("none", 0), 404),
    "operator:cold_stock_split": Page(OWN, ("none", 0), 404),
    "operator:meal_create": Page(OWN, ("none",), 404),
    "operator:meal_send": Page(OWN, ("none", 0), 404),
    "operator:meal_receive": Page(OWN, ("none", 0), 404),
    "exchange:system_list": Page(IMPORTERS),
    "exchange:system_detail": Page(IMPORTERS, ("national_12315",)),
    "exchange:system_import": Page(IMPORTERS, ("hebei_coldchain",)),
    "exchange:batch_list": Page(IMPORTERS),
    "exchange:batch_create": Page(OFFICE | {Role.COUNTY}),
    "exchange:batch_detail": Page(IMPORTERS, (0,), 404),
    "exchange:batch_rows": Page(IMPORTERS, (0,), 404),
    "exchange:batch_check": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "exchange:batch_send": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "exchange:batch_accept": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "exchange:batch_return": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "exchange:batch_download": Page(IMPORTERS, (0,), 404),
    "snapshots:day_list": Page(),
    "snapshots:figure_history": Page(args=("operators.total",)),
    "archives:archive_list": Page(),
    "archives:archive_create": Page(IMPORTERS),
    "archives:archive_detail": Page(args=(0,), through=404),
    "archives:archive_download": Page(args=(0,), through=404),
    "campaign:item_list": Page(),
    "campaign:item_export": Page(),
    "campaign:item_detail": Page(args=("1.4.2",)),
    "campaign:verdict_enter": Page(JUDGES, ("1.4.2",)),
    "campaign:measured_enter": Page(OFFICE, ("4.24.1",)),
    "campaign:reason_state": Page(OFFICE, ("1.4.2",)),
    "campaign:reasons_adopt": Page(OFFICE, through=405),
    "campaign:evaluation_run": Page(OFFICE),
    "campaign:progress_list": Page(),
    "campaign:progress_detail": Page(args=("county", "none"), through=404),
    "campaign:war_map": Page(),
    "campaign:war_live": Page(),
    "campaign:step_list": Page(),
    "campaign:road_map": Page(),
    "campaign:work_calendar": Page(),
    "campaign:hanging_list": Page(),
    "campaign:stage_open": Page(OFFICE, (0,), 405),
    "campaign:output_enter": Page(OFFICE, (0,), 404),
    "campaign:plan_create": Page(OFFICE),
    "campaign:plan_move": Page(OFFICE),
    "campaign:problem_board": Page(),
    "campaign:visit_board": Page(),
    "campaign:reception_list": Page(),
    "campaign:weekly_notice_preview": Page(OFFICE, (0,), 404),
    "campaign:weekly_notice_issue": Page(OFFICE, (0,), 404),
    "campaign:weekly_notice_detail": Page(args=(0,), through=404),
    "campaign:weekly_notice_download": Page(args=(0,), through=404),
    "campaign:interview_draft": Page(OFFICE, (0,), 404),
    "campaign:briefing_list": Page(),
    "campaign:briefing_create": Page(OFFICE),
    "campaign:briefing_detail": Page(args=(0,), through=404),
    "campaign:briefing_download": Page(args=(0,), through=404),
    "campaign:dispatch_list": Page(),
    "campaign:dispatch_create": Page(IMPORTERS | {Role.STATION}),
    "campaign:dispatch_detail": Page(args=(0,), through=404),
    "campaign:dispatch_edit": Page(OFFICE, (0,), 404),
    "campaign:dispatch_adopt": Page(OFFICE, (0,), 405),
    "campaign:dispatch_reject": Page(OFFICE, (0,), 404),
    "campaign:reprint_create": Page(OFFICE, (0,), 404),
    "campaign:selfcheck_board": Page(),
    "campaign:selfcheck_create": Page(OFFICE | {Role.COUNTY}),
    "campaign:reply_draft": Page(IMPORTERS, (0,), 404),
    "campaign:veto_board": Page(),
    "campaign:ranking_list": Page(WEEKLY),
    "campaign:ranking_confirm": Page(OFFICE, through=405),
    "campaign:ranking_publish": Page(OFFICE, (0,), 405),
    "campaign:ranking_detail": Page(WEEKLY, ("nobody",), 404),
    "campaign:score_appeal": Page(frozenset({Role.ADMIN, Role.DEPARTMENT, Role.COUNTY}), (0,), 404),
    "campaign:score_correct": Page(OFFICE, (0,), 404),
    "campaign:commendation_list": Page(EVERYBODY - {Role.OFFICIAL}),
    "campaign:commendation_create": Page(OFFICE, through=404),
    "campaign:appraisal_list": Page(WEEKLY),
    "campaign:appraisal_create": Page(OFFICE),
    "campaign:appraisal_grade": Page(OFFICE, (0,), 405),
    "campaign:appraisal_publish": Page(OFFICE, (0,), 405),
    "campaign:appraisal_detail": Page(WEEKLY, (0,), 404),
    "campaign:appraisal_submit": Page(frozenset({Role.ADMIN, Role.DEPARTMENT, Role.COUNTY}), (0,), 404),
    "campaign:appraisal_verify": Page(OFFICE, (0,), 404),
    "campaign:loss_list": Page(),
    "campaign:standard_detail": Page(),
    "campaign:standard_upload": Page(OFFICE),
    "campaign:standard_activate": Page(OFFICE, (0,), 405),
    "campaign:scoring_enter": Page(OFFICE),
    "campaign:catalogue_list": Page(),
    "campaign:catalogue_draft": Page(OFFICE),
    "campaign:plan_upload": Page(OFFICE),
    "campaign:catalogue_detail": Page(args=(0,), through=404),
    "campaign:catalogue_issue": Page(OFFICE, (0,), 405),
    "campaign:meeting_list": Page(),
    "campaign:meeting_create": Page(OFFICE),
    "campaign:meeting_detail": Page(args=(0,), through=404),
    "campaign:topic_add": Page(OFFICE, (0,), 404),
    "campaign:agenda_close": Page(OFFICE, (0,), 405),
    "campaign:decision_add": Page(OFFICE, (0,), 404),
    "campaign:minutes_publish": Page(OFFICE, (0,), 404),
    "campaign:meeting_acknowledge": Page(args=(0,), through=405),
    "campaign:rate_list": Page(WEEKLY),
    "campaign:push_create": Page(OFFICE, through=405),
    "campaign:filing_list": Page(WEEKLY, ("nobody",), 404),
    "campaign:unit_list": Page(),
    "campaign:liaison_list": Page(),
    "campaign:liaison_notify": Page(OFFICE),
    "campaign:body_list": Page(),
    "campaign:act_list": Page(),
    "campaign:project_list": Page(),
    "campaign:project_detail": Page(args=(0,), through=404),
    "campaign:benchmark_list": Page(),
    "campaign:lesson_list": Page(),
    "campaign:lesson_detail": Page(args=(0,), through=404),
    "campaign:paper_list": Page(),
    "campaign:paper_create": Page(OFFICE),
    "campaign:paper_detail": Page(args=(0,), through=404),
    "campaign:paper_file": Page(args=(0,), through=404),
    "campaign:paper_approve": Page(OFFICE, (0,), 404),
    "campaign:paper_issue": Page(OFFICE, (0,), 404),
    "campaign:paper_acknowledge": Page(IMPORTERS | {Role.STATION}, (0,), 405),
    "campaign:paper_remind": Page(OFFICE, (0,), 405),
    "campaign:need_list": Page(),
    "campaign:need_detail": Page(args=(0,), through=404),
    "campaign:evidence_create": Page(IMPORTERS | {Role.STATION}),
    "campaign:evidence_detail": Page(args=(0,), through=404),
    "campaign:version_add": Page(IMPORTERS | {Role.STATION}, (0,), 404),
    "campaign:version_download": Page(args=(0, 1), through=404),
    "campaign:version_preview": Page(args=(0, 1), through=404),
    "campaign:round_list": Page(),
    "campaign:round_open": Page(OFFICE),
    "campaign:round_detail": Page(args=(0,), through=404),
    "campaign:round_review": Page(JUDGES, (0,), 404),
    "campaign:round_close": Page(OFFICE, (0,), 405),
    "campaign:submission_list": Page(IMPORTERS),
    "campaign:submission_send": Page(IMPORTERS - {Role.ADMIN}),
    "campaign:submission_detail": Page(IMPORTERS, (0,), 404),
    "campaign:submission_accept": Page(OFFICE, (0,), 405),
    "campaign:submission_return": Page(OFFICE, (0,), 404),
    "campaign:week_list": Page(WEEKLY),
    "campaign:week_detail": Page(WEEKLY, (0,), 404),
    "campaign:week_export": Page(WEEKLY, (0,), 404),
    "campaign:week_confirm": Page(OFFICE, (0,), 405),
    "campaign:report_detail": Page(WEEKLY, (0,), 404),
    "campaign:report_submit": Page(IMPORTERS, (0,), 404),
    "campaign:report_return": Page(OFFICE, (0,), 404),
    "campaign:report_correct": Page(OFFICE, (0,), 404),
    "campaign:duty_acknowledge": Page(IMPORTERS | {Role.STATION}, (0,), 405),
    "duties:visit_list": Page(),
    "duties:visit_export": Page(query=(("q", "没有这一家"),)),
    "duties:visit_detail": Page(args=(0,), through=404),
    "duties:visit_download": Page(args=(0, "official_signature"), through=404),
    "duties:coverage_detail": Page(),
    "duties:due_list": Page(),
    "duties:due_export": Page(query=(("quarter", "2020Q1"),)),
    "duties:quarter_close": Page(OFFICE, through=405),
    "duties:spotcheck_list": Page(READERS),
    "duties:spotcheck_create": Page(KEEPERS),
    "duties:spotcheck_detail": Page(READERS, (0,), 404),
    "duties:spotcheck_freeze": Page(KEEPERS, (0,), 404),
    "duties:spotcheck_grade": Page(KEEPERS, (0,), 405),
    "duties:spotcheck_publish": Page(KEEPERS, (0,), 405),
    "duties:spotitem_list": Page(READERS, (0,), 404),
    "duties:spotitem_check": Page(KEEPERS, (0,), 404),
    "duties:spotitem_withdraw": Page(KEEPERS, (0,), 404),
    "duties:untrue_answer": Page(PHONES, (0,), 404),
    "duties:notice_list": Page(READERS),
    "duties:notice_draft": Page(KEEPERS),
    "duties:notice_create": Page(KEEPERS, through=404),
    "duties:notice_detail": Page(READERS, (0,), 404),
    "duties:notice_edit": Page(KEEPERS, (0,), 404),
    "duties:notice_approve": Page(KEEPERS, (0,), 405),
    "duties:notice_return": Page(KEEPERS, (0,), 404),
    "duties:notice_publish": Page(KEEPERS, (0,), 405),
    "duties:notice_resolve": Page(KEEPERS, (0,), 404),
    "duties:notice_download": Page(READERS, (0,), 404),
    "duties:filing_list": Page(READERS),
    "duties:filing_check": Page(KEEPERS),
    "duties:filing_send": Page(KEEPERS, query=(("area", "131022"),)),
    "duties:filing_report": Page(OFFICE, through=405),
    "duties:filing_download": Page(READERS),
    "duties:filing_detail": Page(READERS, (0,), 404),
    "duties:filing_accept": Page(OFFICE, (0,), 405),
    "duties:filing_return": Page(OFFICE, (0,), 404),
    "duties:training_list": Page(READERS),
    "duties:untrained_list": Page(READERS),
    "duties:training_create": Page(CODERS),
    "duties:training_detail": Page(READERS, (0,), 404),
    "duties:training_confirm": Page(CODERS, (0,), 404),
    "duties:training_cancel": Page(CODERS, (0,), 404),
    "duties:training_close": Page(CODERS, (0,), 405),
    "duties:attendance_list": Page(CODERS, (0,), 404),
    "duties:attendance_add": Page(CODERS, (0,), 405),
    "duties:score_enter": Page(CODERS, (0,), 404),
    "duties:training_question_add": Page(CODERS, (0,), 404),
    "duties:paper_print": Page(CODERS, (0,), 404),
    "duties:mine_detail": Page(PHONES),
    "duties:mine_points": Page(PHONES),
    "duties:problem_answer": Page(PHONES, (0,), 404),
    "duties:training_test_take": Page(PHONES, (0,), 404),
    "duties:training_test_start": Page(PHONES, (0,), 405),
    "duties:support_create": Page(PHONES, through=404),
    "fieldchecks:field_visit_list": Page(),
    "fieldchecks:field_visit_export": Page(),
    "fieldchecks:field_visit_create": Page(IMPORTERS),
    "fieldchecks:field_score_detail": Page(),
    "fieldchecks:field_visit_detail": Page(args=(0,), through=404),
    "fieldchecks:field_visit_enter": Page(FILLERS, (0,), 404),
    "fieldchecks:field_visit_check": Page(FILLERS, (0,), 404),
    "fieldchecks:field_visit_sign": Page(FILLERS, (0,), 404),
    "fieldchecks:field_visit_add": Page(FILLERS, (0,), 404),
    "fieldchecks:field_visit_cancel": Page(FILLERS, (0,), 404),
    "fieldchecks:field_visit_close": Page(FILLERS, (0,), 405),
    "fieldchecks:field_visit_publish": Page(IMPORTERS, (0,), 405),
    "fieldchecks:field_visit_download": Page(args=(0, "team_signature"), through=404),
    "fieldchecks:problem_correct": Page(FILLERS, (0,), 404),
    "fieldchecks:filing_create": Page(FILLERS, (0,), 404),
    "fieldchecks:revisit_list": Page(),
    "duties:census_list": Page(READERS),
    "duties:census_edit": Page(CODERS, ("x",), 404),
    "duties:ledger_print": Page(READERS, ("x",), 404),
    "duties:tier_edit": Page(KEEPERS, ("x",), 404),
    "duties:match_edit": Page(KEEPERS, ("x",), 404),
    "duties:tier_list": Page(READERS),
    "duties:tier_run": Page(KEEPERS, through=405),
    "duties:tier_confirm": Page(KEEPERS, through=405),
    "duties:tier_reject": Page(KEEPERS, (0,), 404),
    "duties:official_list": Page(READERS),
    "duties:official_create": Page(KEEPERS),
    "duties:official_detail": Page(READERS, (0,), 404),
    "duties:official_replace": Page(KEEPERS, (0,), 404),
    "duties:official_end": Page(KEEPERS, (0,), 404),
    "duties:match_list": Page(READERS),
    "duties:match_plan_list": Page(KEEPERS),
    "duties:match_plan_create": Page(KEEPERS),
    "duties:match_plan_detail": Page(KEEPERS, (0,), 404),
    "duties:match_plan_approve": Page(KEEPERS, (0,), 405),
    "duties:match_plan_reject": Page(KEEPERS, (0,), 404),
    "duties:letter_list": Page(),
    "duties:letter_detail": Page(args=(0,), through=404),
    "duties:letter_sign": Page(args=(0,), through=404),
    "duties:letter_confirm": Page(args=(0,), through=404),
    "duties:letter_download": Page(args=(0,), through=404),
    "duties:signature_download": Page(args=(0, "signature"), through=404),
    "duties:responsibility_detail": Page(READERS),
    "duties:board_list": Page(READERS),
    "duties:board_print": Page(CODERS, through=405),
    "duties:board_deliver": Page(CODERS, through=405),
    "duties:board_sheet_print": Page(READERS),
    "duties:board_detail": Page(READERS, (0,), 404),
    "duties:board_publish": Page(PHONES, (0,), 404),
    "fieldchecks:field_point_list": Page(),
    "fieldchecks:field_point_export": Page(query=(("q", "131022-M19-000"),)),
    "fieldchecks:field_point_create": Page(IMPORTERS),
    "fieldchecks:field_point_detail": Page(args=(0,), through=404),
    "fieldchecks:field_point_confirm": Page(IMPORTERS, (0, "ready"), 404),
    "fieldchecks:field_point_withdraw": Page(IMPORTERS, (0,), 404),
    "fieldchecks:field_round_list": Page(IMPORTERS),
    "fieldchecks:field_round_create": Page(OFFICE | {Role.COUNTY}),
    "fieldchecks:field_round_detail": Page(IMPORTERS, (0,), 404),
    "fieldchecks:field_round_freeze": Page(OFFICE | {Role.COUNTY}, (0,), 404),
    "fieldchecks:field_round_start": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "fieldchecks:field_round_close": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "fieldchecks:field_team_list": Page(IMPORTERS),
    "fieldchecks:field_team_detail": Page(IMPORTERS, (0,), 404),
    "fieldchecks:field_round_assign": Page(OFFICE | {Role.COUNTY}, (0,), 405),
    "fieldchecks:preparation_list": Page(FILLERS),
    "fieldchecks:joint_check_list": Page(IMPORTERS),
    "fieldchecks:joint_check_create": Page(IMPORTERS),
    "fieldchecks:joint_check_detail": Page(IMPORTERS, (0,), 404),
    "fieldchecks:joint_check_close": Page(IMPORTERS, (0,), 404),
    "fieldchecks:joint_check_assign": Page(IMPORTERS, (0,), 404),
    "fieldchecks:special_supervision_list": Page(IMPORTERS | {Role.REVIEWER}),
    "fieldchecks:special_supervision_create": Page(OFFICE),
    "fieldchecks:special_supervision_detail": Page(IMPORTERS | {Role.REVIEWER}, (0,), 404),
    "fieldchecks:special_supervision_freeze": Page(OFFICE, (0,), 404),
    "fieldchecks:special_supervision_confirm": Page(OFFICE, (0,), 405),
    "fieldchecks:special_supervision_report": Page(OFFICE, (0,), 405),
    "fieldchecks:special_supervision_edit": Page(OFFICE, (0,), 404),
    "fieldchecks:sample_assign": Page(OFFICE | {Role.COUNTY}, (0,), 404),
    "fieldchecks:sample_replace": Page(OFFICE | {Role.COUNTY}, (0, 0), 404),
    "fieldchecks:sample_list": Page(IMPORTERS, (0,), 404),
}
OPEN = {
    "campaign:sheet_print",
    "draws:record_file",
    "accounts:account_activate",
    "cases:calendar_download",
    "operation:health_live",
    "operation:health_ready",
    "operation:metrics_export",
} | {
    "forms:xform_list",  # phones come in by their token or password (test_protocol.py)
    "forms:xform_detail",
    "forms:manifest_detail",
    "forms:medium_download",
    "forms:submission_send",
    "field:shell_detail",  # the frame without anything personal, and what a browser needs to keep it
    "field:worker_download",
    "field:manifest_download",
    "field:session_read",
    "operator:shell_detail",
    "operator:worker_download",
    "operator:manifest_download",
    "accounts:mail_closed",
    "api:schema_detail",
    "trace:capture_list",  # EPCIS: by token (tests/api/test_epcis.py)
    "trace:capture_detail",
    "trace:event_list",
    "trace:event_detail",
    "trace:term_list",
    "trace:term_events_list",
    "trace:trace_detail",
    "trace:unoffered_detail",
    "trace:query_list",
    "trace:query_detail",
    "trace:query_events_list",
    "trace:subscription_list",
    "trace:subscription_detail",
    "public:code_detail",
    "trace_links:link_detail",
    "tracing:certificate_scan",
    "tracing:notice_list",
    "tracing:notice_detail",
    "tracing:cold_label_scan",
    "tracing:readings_send",  # by the key of a device
    "notary:log_detail",
    "notary:checkpoint_detail",
    "notary:tile_detail",
    "notary:bundle_detail",
    "notary:inclusion_detail",
    "notary:consistency_detail",
    "notary:cosignature_add",
    "notary:key_detail",
    "notary:script_detail",
    "public_replies:reply_list",
    "public_replies:reply_detail",
    "public_ledgers:public_list",
    "public_ledgers:public_rows_list",
}
# allauth's own pages: what a stranger gets, and what somebody signed in gets (302: to confirm the password, or onward).
LIBRARY: dict[str, tuple[tuple[object, ...], int, int]] = {
    "account_login": ((), 200, 302),
    "account_logout": ((), 302, 200),
    "account_inactive": ((), 200, 200),
    "account_signup": ((), 200, 302),
    "account_reauthenticate": ((), 302, 200),
    "account_change_password": ((), 302, 200),
    "account_set_password": ((), 302, 302),
    "account_reset_password": ((), 200, 200),
    "account_email": ((), 404, 404),
    "account_email_verification_sent": ((), 404, 404),
    "account_confirm_email": (("x",), 404, 404),
    "account_confirm_login_code": ((), 404, 404),
    "account_reset_password_done": ((), 404, 404),
    "account_reset_password_from_key": (("1", "x"), 404, 404),
    "account_reset_password_from_key_done": ((), 404, 404),
    "mfa_index": ((), 302, 200),
    "mfa_authenticate": ((), 302, 302),
    "mfa_reauthenticate": ((), 302, 302),
    "mfa_activate_totp": ((), 302, 302),
    "mfa_deactivate_totp": ((), 302, 404),
    "mfa_view_recovery_codes": ((), 302, 404),
    "mfa_generate_recovery_codes": ((), 302, 302),
    "mfa_download_recovery_codes": ((), 302, 404),
    "mfa_list_webauthn": ((), 302, 200),
    "mfa_add_webauthn": ((), 302, 302),
    "mfa_reauthenticate_webauthn": ((), 302, 302),
    "mfa_remove_webauthn": ((0,), 302, 302),
    "mfa_edit_webauthn": ((0,), 302, 302),
    "mfa_login_webauthn": ((), 302, 302),
    "openid_connect_login": (("none",), 404, 404),
    "openid_connect_callback": (("none",), 404, 404),
    "socialaccount_login_cancelled": ((), 200, 200),
    "socialaccount_login_error": ((), 302, 401),
    "socialaccount_signup": ((), 404, 404),
    "socialaccount_connections": ((), 404, 404),
}


def own_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from own_names(entry, entry.namespace or namespace)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith("shian."):
            yield f"{namespace}:{entry.name}"


@pytest.fixture(scope="module")
def tickets(langfang: None, django_db_blocker: Any) -> Iterator[dict[Role, str]]:
    """The session of an account of each role, signed in once for all tests of this module, taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        users = {role: reach_user(f"u-{role}", AREA.get(role, "131000"), role) for role in Role if role != Role.ADMIN}
        users[Role.ADMIN] = User.objects.create(username="u-admin", role=Role.ADMIN, is_superuser=True, is_staff=True)
        yield {role: _ticket(user) for role, user in users.items()}
        transaction.set_rollback(True)


def _ticket(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def enter(client: Client, ticket: str) -> None:
    """From here on the client is who signed in for the ticket."""
    client.cookies.clear()
    client.cookies[settings.SESSION_COOKIE_NAME] = ticket


def test_every_page_of_ours_is_listed() -> None:
    assert set(own_names(get_resolver())) == set(PAGES) | OPEN


def space_of(name: str) -> str:
    return name.partition(":")[0]


# A test of each page would cost as much for its beginning and end as for the page.
SPACES = sorted({space_of(name) for name in PAGES})


@pytest.mark.parametrize("space", SPACES)
def test_pages_open_for_their_roles_only(space: str, tickets: dict[Role, str], client: Client) -> None:
    wrong = {}
    for name, page in PAGES.items():
        if space_of(name) != space:
            continue
        allowed = {role: page.through if role in page.roles else 403 for role in tickets}
        allowed |= dict.fromkeys(page.moved, 302)
        answers = {role: opened(client, ticket, name, page) for role, ticket in tickets.items()}
        if answers != allowed:
            wrong[name] = {
                role: f"{answers[role]}, not {allowed[role]}" for role in tickets if answers[role] != allowed[role]
            }

    assert wrong == {}


def opened(client: Client, ticket: str, name: str, page: Page) -> int:
    enter(client, ticket)
    response = client.get(reverse(name, args=page.args), dict(page.query))
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


# What an assessor may send: only what concerns the own sign-in. The last is a regular expression, tested below.
OWN_SIGN_IN = {"accounts:preferences_save", "accounts:sessions_end", "accounts:session_end", "accounts:mail_closed"}
LINKS = {"link": "01/09506000134352"}  # an expression of its own, no converter
SAMPLES = {"int": 0, "str": "x", "slug": "x", "path": "x", "uuid": UUID(int=0), "uuidstr": str(UUID(int=0))}


def own_patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from own_patterns(entry, entry.namespace or namespace)
        elif entry.callback.__module__.startswith("shian."):
            yield f"{namespace}:{entry.name}", entry


# An address for programs takes no session: to it an assessor is a stranger (tests/api/test_epcis.py).
WRITABLE = [
    (name, entry)
    for name, entry in own_patterns(get_resolver())
    if name not in OWN_SIGN_IN and not name.startswith("trace:")
]


@pytest.mark.parametrize("space", sorted({space_of(name) for name, _entry in WRITABLE}))
def test_an_assessor_can_send_nothing(space: str, tickets: dict[Role, str], client: Client) -> None:
    """By POST, and by one of the other ways in turn; `make test-all` sends to every page in each of them."""
    enter(client, tickets[Role.ASSESSOR])
    taken = {}
    for place, (name, entry) in enumerate(WRITABLE):
        if space_of(name) != space:
            continue
        kinds = re.findall(r"<(?:(\w+):)?(\w+)>", str(entry.pattern))
        address = reverse(name, kwargs={key: LINKS.get(key) or SAMPLES[kind or "str"] for kind, key in kinds})
        others = (client.put, client.patch, client.delete)
        answers = {send(address).status_code for send in (client.post, *(others if IS_WHOLE else [others[place % 3]]))}
        if not answers <= {403, 405}:
            taken[name] = answers

    assert taken == {}


@pytest.mark.parametrize("space", SPACES)
def test_pages_send_a_stranger_to_the_sign_in(space: str, client: Client) -> None:
    answers = {name: client.get(reverse(name, args=PAGES[name].args)) for name in PAGES if space_of(name) == space}

    assert {name: each.status_code for name, each in answers.items()} == dict.fromkeys(answers, 302)
    assert [name for name, each in answers.items() if "/account/login/" not in each["Location"]] == []


def library_names(resolver: URLResolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from library_names(entry)
        elif isinstance(entry, URLPattern) and entry.callback.__module__.startswith(("allauth.", "axes.")):
            yield str(entry.name)


def test_every_page_of_the_sign_in_library_is_listed() -> None:
    assert set(library_names(get_resolver())) == set(LIBRARY)


@pytest.mark.parametrize("name", LIBRARY)
def test_page_of_the_sign_in_library_opens_as_listed(name: str, client: Client) -> None:
    args, for_strangers, for_users = LIBRARY[name]
    stranger = client.get(reverse(name, args=args))
    user = User(username="alice", role=Role.OFFICE)
    user.set_password("any-Words-2026")
    user.save()
    client.force_login(user)

    assert (stranger.status_code, client.get(reverse(name, args=args)).status_code) == (for_strangers, for_users)


def test_closed_addresses_of_the_library_stay_closed(client: Client) -> None:
    closed = ("email", "confirm-email", "login/code/confirm", "password/reset/done", "identity", "identity/signup")
    for path in (f"{each}/" for each in closed):
        assert client.get(f"/account/{path}").status_code == 404
