"""Two appraisals of the demo, as office and units would have made them: last year's is published, this year's runs."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from shian.config import verbs

# (line, share of its points that the office takes away, why)
FOUND = (
    (4, Decimal("0.25"), "两项评价内容在年末尚未达标，按办法扣分"),
    (5, Decimal("0.4"), "两件问题逾期销号，经核实属实"),
    (2, Decimal("0.2"), "责任清单未按新版细则修订"),
    (9, Decimal("0.4"), "三周台账未在截止前填报"),
    (3, Decimal("0.3"), "年度预算执行率低于序时进度"),
    (6, Decimal("0.3"), "一批次不合格样品的核查处置超过规定时限"),
)
DONE = ("已按要求完成，台账齐备", "按月调度，任务完成", "专人负责，资料已归档", "已完成，附有关文件")


@transaction.atomic
def appraise(area: str, office: Any) -> int:
    """Nothing where the place runs no campaign or has its appraisals already; how many there are."""
    from shian.domains.campaign.actions.appraisals import grade_appraisal, issue_appraisal, publish_appraisal
    from shian.domains.campaign.queries.appraisals import appraisals_of
    from shian.domains.campaign.queries.weeks import reporting_units
    from shian.kernel.scope.rules import key_of_code

    key, today, now = key_of_code(area), verbs.today(), verbs.now()
    if reporting_units(key, today).exists() and not appraisals_of(key).exists():
        dice = random.Random(f"appraisal {area}")  # noqa: S311 - a demo that is the same each time
        for year, filed, verified in ((today.year - 1, 1.0, 1.0), (today.year, 0.7, 0.5)):
            due_on = today + timedelta(days=20)
            made = issue_appraisal(area_key=key, year=year, due_on=due_on, by=office, at=now)
            for entry in made.entries.select_related("unit", "appraisal").order_by("unit__code"):
                _score(entry, dice, office, filed, verified, now)
            if filed == verified == 1:
                grade_appraisal(appraisal=made, by=office, at=now)
                publish_appraisal(appraisal=made, by=office, at=now)
    return appraisals_of(key).count()


def _score(entry: Any, dice: random.Random, office: Any, filed: float, verified: float, now: Any) -> None:
    """A unit's self-score with a document of its own where it has one, and what the office finds."""
    from shian.domains.campaign.actions.appraisals import file_entry, verify_entry
    from shian.domains.campaign.queries.appraisals import documents_of
    from shian.domains.campaign.rules.appraisals import Said

    if dice.random() > filed:
        return
    papers = list(documents_of(entry.unit).values_list("pk", flat=True)[:3])
    own = {
        each.number: Said(_half(each.maximum * dice.choice((1, 1, Decimal("0.95"), Decimal("0.9")))), dice.choice(DONE),
                          (papers[each.number % len(papers)],) if papers and each.number <= 4 else ())
        for each in entry.lines.all()
    }  # fmt: skip
    file_entry(entry=entry, said=own, by="demo", at=now)
    if dice.random() > verified:
        return
    taken = {number: (share, why) for number, share, why in dice.sample(FOUND, dice.randint(0, 4))}
    said = {}
    for number, each in own.items():
        share, why = taken.get(number, (Decimal(0), ""))
        score = _half((each.score or Decimal(0)) * (1 - share))
        said[number] = Said(score, why if score != each.score else "")
    verify_entry(entry=entry, said=said, by=office, at=now)


def _half(points: Decimal) -> Decimal:
    """To half a point."""
    return (points * 2).quantize(Decimal(1)) / 2
