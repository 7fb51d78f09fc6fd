from shian.engine.reports.preview import Link, blocks_of
from shian.engine.reports.tests.factories import template_bytes

TEXT = (
    ("标题", "工作简报"),
    ("一级标题", "一、基本情况"),
    ("正文段", "主体2家，市场2家，巡查〔待补充：巡查次数〕，<其他>2家。"),
    ("附件", "附件"),
    ("正文段", "附件里的2家"),
)


def test_figures_are_linked_in_the_order_they_were_printed():
    links = {1: Link("2家", "/a/"), 2: Link("2家", "/b/"), 3: Link("〔待补充：巡查次数〕", "", "waiting")}

    heading, paragraph = blocks_of(template_bytes(TEXT), links, [1, 2, 3])

    assert (heading.tag, heading.html) == ("h2", "一、基本情况")
    assert paragraph.html == (
        '主体<a href="/a/">2家</a>，市场<a href="/b/">2家</a>，巡查<mark>〔待补充：巡查次数〕</mark>，&lt;其他&gt;2家。'
    )


def test_a_changed_figure_is_marked():
    links = {1: Link("2家", "/a/", "overdue")}

    assert '<a href="/a/"><mark>2家</mark></a>' in blocks_of(template_bytes(TEXT), links, [1])[1].html


def test_a_figure_that_an_editor_removed_stops_no_preview():
    links = {1: Link("9家", "/a/"), 2: Link("2家", "/b/")}

    assert len(blocks_of(template_bytes(TEXT), links, [1, 2])) == 2
