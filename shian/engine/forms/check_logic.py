"""What is checked when all questions are known: expressions and whom they name; then photos and remarks of items."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from shian.engine.forms.definition import ALWAYS, NOT_APPLICABLE, Definition, Question
from shian.engine.forms.expressions import NotUnderstood, parse
from shian.engine.forms.faults import Fault
from shian.engine.forms.question_types import GROUPS, SHOWN_ONLY

EXPRESSIONS = ("relevant", "constraint", "calculation")
PHOTO, NOTE, REASON, AFTER = COMPANIONS = ("_photo", "_note", "_reason", "_after")


def logic_faults(form: Definition) -> list[Fault]:
    """Expressions that are none, that name nobody, look into a repeat from outside, or go in a circle."""
    homes = dict(_homes(form.questions, ""))
    faults = [fault for each in form.walk() for fault in _expression_faults(each, homes)]
    faults += [
        Fault("survey", each.row, "name", _taken(each.name + ending, each.name), _("请换一个名称。"))
        for each in form.items
        for ending in COMPANIONS
        if each.name + ending in homes
    ]
    return faults or list(_circles(form))


def _taken(name: str, item: str) -> str:
    return _("“%(name)s”是“%(item)s”的照片或说明的名称。") % {"name": name, "item": item}


def _homes(questions: tuple[Question, ...], repeat: str) -> Iterator[tuple[str, str]]:
    """Each name with the repeat that it stands in, "" outside."""
    for each in questions:
        yield each.name, repeat
        yield from _homes(each.children, each.name if each.type == "repeat" else repeat)


def _expression_faults(question: Question, homes: dict[str, str]) -> Iterator[Fault]:
    for column in EXPRESSIONS:
        text = getattr(question, column)
        if not text:
            continue
        try:
            names = set(parse(text).names())
        except NotUnderstood as error:
            told = _("看不懂“%(part)s”。") % {"part": error.part}
            yield Fault("survey", question.row, column, told, _("可用的写法见表单说明。"))
            continue
        for name in sorted(names):
            if name not in homes:
                told = _("没有名为“%(name)s”的题目。") % {"name": name}
                yield Fault("survey", question.row, column, told, _("请核对名称。"))
            elif homes[name] and homes[name] != homes[question.name]:
                told = _("“%(name)s”在重复组里，组外不能引用。") % {"name": name}
                yield Fault("survey", question.row, column, told, _("请改用重复组外的题目。"))


def _circles(form: Definition) -> Iterator[Fault]:
    """Questions whose own answer decides whether they are shown or what they are."""
    needs = {each.name: set(_needs(each)) for each in form.walk()}
    for each in form.walk():
        seen: set[str] = set()
        edge = list(needs[each.name])
        while edge:
            name = edge.pop()
            if name not in seen:
                seen.add(name)
                edge += needs.get(name, ())
        if each.name in seen:
            told = _("“%(name)s”的条件绕回到它自己。") % {"name": each.name}
            yield Fault("survey", each.row, "relevant", told, _("请去掉循环引用。"))


def _needs(question: Question) -> Iterator[str]:
    for text in filter(None, (question.relevant, question.calculation)):
        yield from parse(text).names()


def with_companions(form: Definition) -> Definition:
    """Behind each scored item its photo and its remark when points are lost, where the form takes corrections also
    the photo of what was put right on the spot; a reason when it does not apply."""
    return replace(form, questions=_accompanied(form, form.questions))


def _accompanied(form: Definition, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    found: list[Question] = []
    for each in questions:
        found.append(replace(each, children=_accompanied(form, each.children)) if each.type in GROUPS else _asked(each))
        if each.is_scored:
            found += _companions(form, each)
    return tuple(found)


def _asked(question: Question) -> Question:
    """A scored item must be answered; a note is never an answer."""
    if question.type in SHOWN_ONLY:
        return replace(question, required=False)
    return replace(question, required=True) if question.is_scored else question


def _companions(form: Definition, item: Question) -> Iterator[Question]:
    lost, excused = lost_condition(form, item), _excused_condition(form, item)
    always = f"not({excused})" if excused else ""
    wanted = [
        (PHOTO, "image", _("照片"), always if item.photo == ALWAYS else lost, bool(item.photo)),
        (NOTE, "text", _("说明"), lost, False),
        (REASON, "text", _("不适用的理由"), excused, True),
        (AFTER, "image", _("当场整改：整改后的照片"), lost if form.takes_corrections else "", False),
    ]
    for ending, type, label, when, is_required in wanted:
        if when or (ending == PHOTO and item.photo == ALWAYS):
            yield Question(
                name=item.name + ending, type=type, label=label, required=is_required, companion_of=item.name,
                relevant=_both(item.relevant, when), appearance="new" if type == "image" else "multiline", row=item.row,
            )  # fmt: skip


def _both(one: str, two: str) -> str:
    return f"({one}) and ({two})" if one and two else one or two


def lost_condition(form: Definition, item: Question) -> str:
    """True when the item loses points."""
    if item.type == "integer":
        return f"${{{item.name}}} > 0"
    listed = form.choices[item.list_name]
    if item.type == "select_one":
        names = [each.name for each in listed if each.score != NOT_APPLICABLE and Decimal(each.score) < 1]
    else:
        names = [each.name for each in listed if each.deduct and Decimal(each.deduct)]
    return _any_chosen(item, names)


def _excused_condition(form: Definition, item: Question) -> str:
    """True when the item does not apply."""
    if item.type == "integer":
        return ""
    return _any_chosen(item, [each.name for each in form.choices[item.list_name] if each.score == NOT_APPLICABLE])


def _any_chosen(item: Question, names: list[str]) -> str:
    return " or ".join(f"selected(${{{item.name}}}, '{name}')" for name in names)
