"""Cases and what happened to them, from files: clocks, turns and ladders right, broken chains refused, undone whole."""

import csv
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import timezone

from shian.engine.cases.actions import CaseRefused
from shian.engine.cases.imports.specs import STEPS, spec_of
from shian.engine.cases.models import Case, CaseClock, CaseCounter, CaseEvent, CaseFile
from shian.engine.cases.tests.cast import AT, CARD, ZONE, step
from shian.engine.ledgers.fields import LedgerField
from shian.kernel.accounts.models import Role, User
from shian.kernel.files.models import StoredFile
from shian.kernel.imports.actions import UndoRefused, import_path, undo_batch
from shian.kernel.imports.actions.paths import ImportSummary
from shian.kernel.imports.models import ImportBatch, ImportProblem
from shian.kernel.imports.taking import personal_in
from shian.kernel.ui.masking import Personal
from shian.registers.areas.tests.factories import AreaFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 4, 3, 9, tzinfo=ZONE)
OFFICE, BUREAU = "1310-OFFICE", "1310-AGRI"
MEASURES = '{"measures": "补记并培训"}'
FIRST = {"number": "督〔2023〕7号", "title": "冷库温度记录缺失", "source": "检查", "area_code": "131022",
         "issuer_code": OFFICE, "unit_code": BUREAU, "opened_on": "2023-03-06"}  # fmt: skip
ANSWER = {"case_type": "督办卡", "case_number": FIRST["number"], "order": "1", "step": "回复", "by": "某农业（联络员）",
          "at": "2023-03-08 10:00", "note": "已补记", "data": MEASURES, "evidence": "现场.png",
          "evidence_kind": "整改后"}  # fmt: skip
CLOSE = {"case_type": "tried", "case_number": FIRST["number"], "order": "2", "step": "close", "by": "某主任（食安办）",
         "at": "2023-03-09 15:30"}  # fmt: skip


@pytest.fixture(autouse=True)
def city(cast, time_machine):
    time_machine.move_to(NOW)
    for code, name, kind in (
        ("131000", "廊坊市", "地级市"),
        ("131022", "固安县", "县"),
        ("131002", "安次区", "市辖区"),
    ):
        AreaFactory(code=code, name=name, kind=kind)
    return cast


@pytest.fixture
def bring(tmp_path: Path):
    """Rows as a CSV file in a package with a picture, through the ordinary importer."""

    def do(importer: str, *rows: dict[str, str], **terms: object) -> ImportSummary:
        folder = tmp_path / "package"
        (folder / "evidence").mkdir(parents=True, exist_ok=True)
        (folder / "evidence" / "现场.png").write_bytes(PICTURE)
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
        (folder / "datapackage.json").write_text(
            '{"name": "p", "resources": [{"name": "rows", "path": "rows.csv", '
            f'"shian": {{"importer": "{importer}", "attachments": "evidence"}}}}]}}',
            encoding="utf-8",
        )
        return import_path(path=folder, by="cli", at=NOW, **{"again": True, **terms})[0]

    return do


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "a7f605810000000049454e44ae426082"
)


HEADINGS = {str(each.title): each.name for each in STEPS.fields} | {"步序": "order"}


def reasons(summary: ImportSummary) -> dict[int, tuple[str, str, str]]:
    found = ImportProblem.objects.filter(batch=summary.batch, severity="error")
    return {each.row_no: (each.column, each.reason, each.remedy) for each in found}


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Case, CaseClock, CaseEvent, CaseFile)]


def test_a_case_from_a_file_stands_as_one_from_a_page(cast, bring) -> None:
    typed = cast.card(source="check", at=AT.replace(hour=9))
    summary = bring("cases.tried", FIRST)

    assert (summary.new, summary.rejected) == (1, 0), reasons(summary)
    brought = Case.objects.get(number=FIRST["number"])
    own = {"id", "number", "created_at", "updated_at", "batch"}
    assert {n: v for n, v in vars(brought).items() if n not in own and n[0] != "_"} == {
        name: value for name, value in vars(Case.objects.get(pk=typed.pk)).items() if name not in own and name[0] != "_"
    }
    assert (brought.due_on, brought.turn, brought.next_rung_on) == (
        date(2023, 3, 13), f"o:{BUREAU}", date(2023, 3, 10)
    )  # fmt: skip
    assert CaseClock.objects.get(case=brought).due_on == date(2023, 3, 13)
    event = CaseEvent.objects.get(case=brought)
    assert (event.step, event.batch) == ("open", summary.batch)
    assert ImportBatch.objects.get(pk=summary.batch).entry


def test_a_file_says_what_caused_a_case_and_need_not_say_it_again(cast, bring) -> None:
    bring("cases.tried", FIRST | {"subject": "score:202303/1310-AGRI"})
    assert Case.objects.get().subject == "score:202303/1310-AGRI"

    again, other = bring("cases.tried", FIRST), bring("cases.tried", FIRST | {"subject": "score:202302/1310-AGRI"})

    assert (again.same, [column for column, *_told in reasons(other).values()]) == (1, ["number"])


def test_a_file_of_a_type_that_names_persons_counts_as_personal() -> None:
    named = replace(CARD, key="named", fields=(LedgerField("who", "姓名", "string", personal=Personal.NAME),))

    assert personal_in(spec_of(named)) == ["name"]


def test_numbers_of_a_file_are_taken(cast, bring) -> None:
    bring("cases.tried", FIRST, {**FIRST, "number": "旧字第3号"})

    assert cast.card().number == "督〔2023〕8号"
    assert CaseCounter.objects.get().last == 8


def test_a_file_cannot_fix_on_the_spot_without_both_photos_nor_a_day_later(bring) -> None:
    bring("cases.tried", FIRST)
    fix = {**ANSWER, "step": "立行立改", "by": "某主任（食安办）", "data": "", "at": "2023-03-06 11:00"}
    assert "整改前" in reasons(bring("case_steps", fix))[2][1]

    show = {**fix, "step": "取证", "at": "2023-03-06 10:30", "evidence_kind": "整改前"}
    late = {**fix, "order": "2", "at": "2023-03-07 10:00"}
    assert "登记当天" in reasons(bring("case_steps", show, late))[3][1]

    summary = bring("case_steps", show, {**fix, "order": "2"})
    assert (summary.same, summary.new) == (1, 1), reasons(summary)
    assert Case.objects.get().closed_at == datetime(2023, 3, 6, 11, tzinfo=ZONE)


def test_steps_leave_the_case_as_the_actions_would(cast, bring) -> None:
    bring("cases.tried", FIRST)
    summary = bring("case_steps", CLOSE, ANSWER)

    assert (summary.new, summary.rejected) == (2, 0), reasons(summary)
    case = Case.objects.get()
    assert (case.state, case.is_open, case.turn, case.version, case.next_rung_on) == ("closed", False, "", 3, None)
    assert case.closed_at == datetime(2023, 3, 9, 15, 30, tzinfo=ZONE)
    assert case.data == {"measures": "补记并培训"}
    file = CaseFile.objects.get()
    assert (file.name, file.kind, file.event.step, file.stored.kind) == ("现场.png", "after", "answer", "png")
    assert [(e.number, e.step, e.by, e.unit, e.batch) for e in CaseEvent.objects.filter(case=case)][1:] == [
        (2, "answer", "某农业（联络员）", BUREAU, summary.batch),
        (3, "close", "某主任（食安办）", OFFICE, summary.batch),
    ]
    clocks = dict(CaseClock.objects.values_list("key", "stopped_at"))
    assert clocks == {"reply": case.closed_at, "report": case.closed_at}
    step(case, "reopen", cast.office, NOW)
    assert Case.objects.get().due_on == date(2023, 4, 10)


def test_an_open_chain_has_its_clock_turn_and_rung(cast, bring) -> None:
    bring("cases.tried", FIRST)
    again = {**CLOSE, "step": "退回", "note": "照片不清", "at": "2023-03-29 09:00"}
    assign = {**CLOSE, "order": "3", "step": "assign", "by": "某局长", "at": "2023-03-29 10:00",
              "owner_no": cast.officer.person.person_no}  # fmt: skip
    summary = bring("case_steps", ANSWER, again, assign)

    assert summary.rejected == 0, reasons(summary)
    case = Case.objects.get()
    assert (case.state, case.round, case.turn) == ("issued", 2, f"u:{cast.officer.pk}")
    assert (case.due_on, case.next_rung_on, case.climbed) == (date(2023, 4, 5), date(2023, 4, 4), 0)
    cast.answered(case, NOW)
    with pytest.raises(CaseRefused, match="佐证材料"):  # the picture was of the first round
        step(case, "close", cast.office, NOW)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ({"step": "close", "note": "x"}, "环节", "现在的状态"),
        ({"step": "飞"}, "环节", "没有这个环节"),
        ({"note": ""}, "办理情况", "写明情况"),
        ({"data": ""}, "其他内容", "整改措施"),
        ({"data": "[1"}, "其他内容", "JSON"),
        ({"data": '{"x": 1}'}, "其他内容", "没有字段"),
        ({"at": "昨天"}, "办理时间", "日期时间"),
        ({"at": "2023-03-01"}, "办理时间", "早于前一步"),
        ({"at": "2023-05-01"}, "办理时间", "现在以后"),
        ({"unit_code": OFFICE}, "办理单位编码", "承办单位办理"),
        ({"evidence": "没有.png"}, "佐证材料", "没有这个文件"),
        ({"evidence_kind": "从前"}, "材料种类", "没有这种材料"),
        ({"case_type": "别的"}, "事项类别", "没有这类事项"),
        ({"case_number": "无"}, "事项编号", "没有这件事项"),
        ({"order": "2"}, "步序", "应为第 1 步"),
    ],
)
def test_what_an_action_refuses_a_file_cannot_do(cast, bring, row, column, reason) -> None:
    bring("cases.tried", FIRST)
    good = {**FIRST, "number": "督〔2023〕9号"}
    bring("cases.tried", good)
    before = Case.objects.get(number=FIRST["number"])
    summary = bring("case_steps", {**ANSWER, **row}, {**ANSWER, "case_number": good["number"]})

    assert (summary.accepted, summary.rejected) == (1, 1)
    ((shown, told, remedy),) = reasons(summary).values()
    assert shown == HEADINGS[column]
    assert reason in told
    assert remedy
    assert Case.objects.get(pk=before.pk).version == before.version


def test_the_verifier_is_another_and_evidence_is_of_this_round(cast, bring) -> None:
    bring("cases.tried", FIRST)
    same = bring("case_steps", ANSWER, {**CLOSE, "by": ANSWER["by"]})
    assert "另一人" in reasons(same)[3][1]
    bare = bring("case_steps", ANSWER, {**CLOSE, "step": "return", "note": "不清"},
                 {**ANSWER, "order": "3", "at": "2023-03-10", "evidence": ""},
                 {**CLOSE, "order": "4", "at": "2023-03-11"})  # fmt: skip
    assert "佐证材料" in reasons(bare)[5][1]
    assert (bare.same, bare.new) == (1, 2)


def test_what_follows_a_broken_step_is_refused_with_it(cast, bring) -> None:
    bring("cases.tried", FIRST)
    summary = bring("case_steps", {**ANSWER, "note": ""}, CLOSE)

    assert (summary.state, summary.rejected) == ("failed", 2)
    assert "前一步未被接受" in reasons(summary)[3][1]


def test_a_parent_closes_after_its_parts(cast, bring) -> None:
    part = {**FIRST, "number": "督〔2023〕8号", "parent_number": FIRST["number"]}
    assert bring("cases.tried", part, FIRST).rejected == 0
    early = bring("case_steps", ANSWER, CLOSE)
    assert "下级事项" in reasons(early)[3][1]
    of_part = {"case_number": part["number"]}
    late = bring("case_steps", ANSWER, {**CLOSE, "at": "2023-03-20"}, {**ANSWER, **of_part}, {**CLOSE, **of_part})
    assert late.rejected == 0, reasons(late)
    assert not Case.objects.filter(is_open=True).exists()


def test_a_parent_that_is_nowhere_or_bad_is_refused(cast, bring) -> None:
    lost = {**FIRST, "number": "甲", "parent_number": "无"}
    summary = bring("cases.tried", FIRST, lost, {**FIRST, "number": "乙", "parent_number": "甲"},
                    {**FIRST, "number": "丙", "parent_number": "丙"})  # fmt: skip

    assert (summary.new, summary.rejected) == (1, 3)
    assert {column for column, _reason, _remedy in reasons(summary).values()} == {"parent_number"}


def test_the_same_file_again_changes_nothing(cast, bring) -> None:
    bring("cases.tried", FIRST)
    bring("case_steps", ANSWER, CLOSE)
    before = everything()
    cases, steps = bring("cases.tried", FIRST), bring("case_steps", ANSWER, CLOSE)

    assert [(each.new, each.same, each.rejected) for each in (cases, steps)] == [(0, 1, 0), (0, 2, 0)]
    assert everything() == before


def test_a_case_or_step_that_says_something_else_is_refused(cast, bring) -> None:
    bring("cases.tried", FIRST)
    bring("case_steps", ANSWER)

    assert "内容不同" in reasons(bring("cases.tried", {**FIRST, "title": "另一件"}))[2][1]
    assert "不同的记录" in reasons(bring("case_steps", {**ANSWER, "note": "另一种说法"}))[2][1]


def test_an_undone_import_leaves_what_was_before(cast, bring) -> None:
    admin = User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)
    opened = bring("cases.tried", FIRST)
    before = everything()
    moved = bring("case_steps", ANSWER, CLOSE)
    with pytest.raises(UndoRefused):
        _undo(opened, admin)
    _undo(moved, admin)
    assert everything() == before


def test_undone_cases_are_gone(cast, bring) -> None:
    admin = User.objects.create(username="root", role=Role.ADMIN, is_superuser=True)
    _undo(bring("cases.tried", FIRST), admin)

    assert everything() == [[], [], [], []]


def _undo(summary: ImportSummary, admin: User) -> None:
    undo_batch(batch=ImportBatch.objects.get(pk=summary.batch), reason="传错文件", by=admin, at=timezone.now())


def test_rows_outside_the_reach_are_refused(cast, bring) -> None:
    beyond = {**FIRST, "number": "督〔2023〕8号", "area_code": "131002"}
    summary = bring("cases.tried", FIRST, beyond, area="131022")
    assert set(reasons(summary)) == {2, 3}  # the issuer sits at the city
    bring("cases.tried", beyond)
    steps = bring("case_steps", {**ANSWER, "case_number": beyond["number"]}, area="131022")
    assert "没有这件事项" in reasons(steps)[2][1]


def test_hundreds_of_steps_take_a_few_milliseconds_each(cast, bring, django_assert_max_num_queries) -> None:
    cases = [{**FIRST, "number": f"督〔2023〕{n}号"} for n in range(1, 101)]
    with django_assert_max_num_queries(90):
        bring("cases.tried", *cases)
    steps = [{**each, "case_number": case["number"]} for case in cases for each in (ANSWER, CLOSE)]
    with django_assert_max_num_queries(90):
        assert bring("case_steps", *steps).new == 200
    assert StoredFile.objects.filter(kind="png").count() == 1
