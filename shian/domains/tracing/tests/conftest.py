"""Shared by the tests of tracing. Imports wait until Django is set up."""

import pytest


@pytest.fixture
def bring(db, tmp_path):
    """bring(importer, headings, *rows): what the importer says: rows accepted, and the reasons of what it found."""
    import csv

    from django.utils import timezone

    from shian.kernel.imports.actions import import_path
    from shian.kernel.imports.models import ImportBatch, ImportProblem

    def brought(importer: str, headings: str, *rows: str) -> tuple[int, list[str]]:
        path = tmp_path / f"{importer}-{ImportBatch.objects.count()}.csv"
        with path.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows([headings.split(), *(row.split(",") for row in rows)])
        summary = import_path(path=path, by="cli", at=timezone.now(), importer=importer)[0]
        batch = ImportBatch.objects.latest("pk")
        found = ImportProblem.objects.filter(batch=batch).order_by("row_no", "pk")
        return summary.accepted, [
            *found.values_list("reason", flat=True),
            *([summary.stopped] if summary.stopped else []),
        ]

    return brought


@pytest.fixture
def town(bring):
    """固安 with everything that files bring: a market with two merchants, a producer with certificates, in-orders."""
    from django.db import connection

    from shian.domains.tracing.tests import scene
    from tests.kept import make_once

    make_once("town of tracing", lambda: _brought_town(bring), marked=["trace_graph"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trace_graph SET version = nextval('trace_graph_version_seq')")
    return scene


def _brought_town(bring) -> None:
    from shian.domains.tracing.tests import scene

    scene.make_areas()
    for code in ("O-1", "O-2", "O-3"):
        scene.make_operator(code)
    bring(
        "markets",
        "市场编号 市场名称 市场类型 区划代码 开办日期",
        "M1,固安农产品批发市场,农批市场,131022,2015-01-01",
        "L1,固安第一农贸市场,零售市场,131022,2015-01-01",
    )
    bring(
        "merchants",
        "市场编号 商户编号 商户名称 主体编号 入网日期",
        "M1,S1,商户甲,,2021-01-01",
        "M1,S2,商户乙,O-1,2021-01-01",
        "L1,T1,摊位甲,O-3,2021-01-01",
    )
    bring(
        "producers",
        "生产主体编号 生产主体名称 区划代码 列入日期 接入日期 产地",
        "P1,合作社甲,131022100201,2021-01-01,2021-03-01,固安镇",
    )
    bring(
        "certificates",
        "合格证编号 生产主体编号 品种 数量 承诺依据 开具日期",
        "HGZ1,P1,黄瓜,1000,自行检测、自我承诺,2022-11-01",
        "HGZ2,P1,韭菜,300,委托检测,2022-11-02",
    )
    bring(
        "in_orders",
        IN,
        "R1,M1,S1,2022-11-03,04:30,黄瓜,600,合格证,HGZ1,,",
        "R2,M1,S1,2022-11-03,,韭菜,200,入场快检合格,,,",
        "R3,M1,S2,2022-11-04,,萝卜,50,无凭证,,拒入,无凭证且快检不合格",
    )


IN = "入库单号 市场编号 商户编号 入场日期 入场时间 品种 数量 凭证 凭证编号 查验结论 拒入原因"
