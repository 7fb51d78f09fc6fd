"""A provincial first evaluation under way, what it found, and interviews of leaders (by position, never by name)."""

from __future__ import annotations

from datetime import timedelta

from tools.democity.rectifying import MATTERS, Desk, Finding, open_problem, rectify

FOUND = 16
STAGES = ("closed", "closed", "rectifying", "submitted")
QUESTIONS = "如何落实党政同责？\n本年度研究过哪些食品安全问题？\n财政投入和队伍建设有哪些措施？"


def reception(desk: Desk) -> None:
    """The evaluators came five weeks ago; half of what they found is struck off, some of the rest is late."""
    today, dice = desk.place.today, desk.place.dice("reception", with_today=True)
    visited = today - timedelta(days=35)
    number = f"迎检〔{visited.year}〕1号"
    thread = desk.book.open(
        "reception", number, "省级初评", on=visited - timedelta(days=25), due=visited, area=desk.place.unit.code,
        issuer=desk.office, unit=desk.office, 评价层级="省级初评", 评价组="省食安办评价组",
    )  # fmt: skip
    told = {"visit_date": str(visited), "points": "学校食堂、农贸市场、大型商超、小餐饮、食品生产企业共20余处"}
    thread.step("开始资料审查", visited - timedelta(days=10), "创建办工作人员")
    thread.step("进入现场检查", visited, "创建办工作人员", data=told)
    thread.step("进入访谈", visited + timedelta(days=1), "创建办工作人员")
    on = visited + timedelta(days=2)
    thread.step("登记反馈", on, "创建办工作人员", note="评价组反馈问题，逐件交办整改，每周通报。",
                evidence="督查报告.pdf", kind="feedback")  # fmt: skip
    for place in range(FOUND):
        due = on + timedelta(days=dice.choice((14, 21, 28, 45)))
        county = desk.place.counties[place % len(desk.place.counties)]
        matter = dice.choice(MATTERS)
        finding = Finding(county, matter, on, due, "迎检", number, parent_type="reception", is_running=True)
        problem, unit = open_problem(desk, finding, dice)
        rectify(desk, problem, unit, finding, dice, until=STAGES[place % len(STAGES)])


def interviews(desk: Desk) -> None:
    """One leader has been interviewed, one will be in ten days."""
    today = desk.place.today
    held = today - timedelta(days=34)
    thread = desk.book.open(
        "interview", f"访谈〔{held.year}〕{desk.place.unit.code}-1", "省级初评领导访谈", on=held - timedelta(days=15),
        due=held, area=desk.place.unit.code, issuer=desk.office, 访谈职务="分管副市长",
    )  # fmt: skip
    thread.step("备齐资料", held - timedelta(days=5), "创建办工作人员", evidence="访谈资料.pdf", kind="pack",
                data={"question_set": QUESTIONS})  # fmt: skip
    thread.step("已访谈", held, "创建办工作人员", data={"held_on": str(held)})
    answers = "党政同责、部门职责清楚；食品安全纳入年度考核；县乡两级专职监管力量仍需充实。"
    thread.step("登记访谈", held + timedelta(days=1), "创建办工作人员",
                data={"question_set": QUESTIONS, "answers_summary": answers, "score": "92"})  # fmt: skip
    desk.book.open(
        "interview", f"访谈〔{today.year}〕{desk.place.unit.code}-2", "国家验收领导访谈",
        on=today - timedelta(days=3), due=today + timedelta(days=10), area=desk.place.unit.code, issuer=desk.office,
        访谈职务="市长",
    )  # fmt: skip
