"""A definition as an ODK XForm. pyxform makes it, from the rows of the same workbook, with our score as hidden sums."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from shian.engine.forms.definition import NOT_APPLICABLE, Definition, Question
from shian.engine.forms.faults import Fault, FormRefused
from shian.engine.forms.question_types import GROUPS
from shian.engine.forms.sheets import survey_row

EARNED, WHOLE, SCORE, FAILED = SUMS = ("shian_earned", "shian_whole", "shian_score", "shian_failed")
OWN_COLUMNS = ("points", "deduction", "key_item", "legal_basis", "photo_required")


def xform_of(form: Definition) -> str:
    """The XForm as XML. Raises FormRefused with pyxform's own words for what our check let pass."""
    from pyxform.errors import PyXFormError  # half a second that a process without forms need not spend
    from pyxform.xls2xform import convert

    with override(settings.LANGUAGE_CODE):
        rows = list(_rows(form))
        book: dict[str, Any] = {"survey": rows, "choices": list(_choices(form)), "settings": [_settings(form)]}
    # pyxform looks for headings in the first hundred rows only; a sheet of 34 items is longer.
    book["survey_header"] = [dict.fromkeys(name for row in rows for name in row)]
    try:
        found = convert(xlsform=book, form_name="data", validate=False)
    except PyXFormError as error:
        fault = Fault("survey", 0, "", _("表单不能转成 XForm：%(error)s") % {"error": str(error)[:300]})
        raise FormRefused([fault]) from error
    return str(found.xform)


def _settings(form: Definition) -> dict[str, str]:
    return {"form_title": form.title, "form_id": form.key, "version": form.version}


def _choices(form: Definition) -> Iterator[dict[str, str]]:
    for name, listed in form.choices.items():
        for each in listed:
            yield {"list_name": name, "name": each.name, "label": each.label}


def _rows(form: Definition) -> Iterator[dict[str, str]]:
    yield from _standing(form.questions)
    if form.items:
        yield from scoring_rows(form)


def _standing(questions: Iterable[Question]) -> Iterator[dict[str, str]]:
    for each in questions:
        row = _row(each)
        if each.type in GROUPS:
            yield {**row, "type": f"begin {each.type}"}
            yield from _standing(each.children)
            yield {"type": f"end {each.type}"}
        else:
            yield row


def _row(question: Question) -> dict[str, str]:
    row = {key: value for key, value in survey_row(question).items() if value and key not in OWN_COLUMNS}
    if question.is_scored:
        row["hint"] = _told(question)
        if question.type == "integer":
            own = f"({question.constraint}) and " if question.constraint else ""
            row |= {"constraint": f"{own}. >= 0"}
            row.setdefault("constraint_message", _("请填写不小于 0 的数。"))
    return row


def _told(item: Question) -> str:
    """What the inspector reads below a scored item: points, whether it is a key item, rule and basis."""
    parts = [item.hint, _("%(points)s 分") % {"points": item.points}, _("关键项") if item.key_item else ""]
    return " · ".join(filter(None, [*parts, item.rule, item.legal_basis]))


def scoring_rows(form: Definition) -> Iterator[dict[str, str]]:
    """Earned and whole of each item, their sums, the score and the number of key items lost: what scoring.py says, in
    XPath. The server computes all of it again."""
    for item in form.items:
        answered = f"${{{item.name}}} = ''"
        excused = [each.name for each in form.choices.get(item.list_name, ()) if each.score == NOT_APPLICABLE]
        out = " or ".join([answered, *(f"selected(${{{item.name}}}, '{name}')" for name in excused)])
        yield _calculate(f"shian_w_{item.name}", f"if({out}, 0, {item.points})")
        yield _calculate(f"shian_e_{item.name}", f"if({out}, 0, {_earned(form, item)})")
    names = [item.name for item in form.items]
    yield _calculate(EARNED, _sum(f"${{shian_e_{name}}}" for name in names))
    yield _calculate(WHOLE, _sum(f"${{shian_w_{name}}}" for name in names))
    yield _calculate(SCORE, f"if(${{{WHOLE}}} > 0, round(100 * ${{{EARNED}}} div ${{{WHOLE}}}, 2), '')")
    keys = [
        f"if(${{shian_w_{item.name}}} > 0 and ${{shian_e_{item.name}}} = 0, 1, 0)"
        for item in form.items
        if item.key_item
    ]
    yield _calculate(FAILED, _sum(keys) if keys else "0")
    told = _("得分 %(score)s，合格分 %(mark)s；不合格的关键项 %(failed)s 个。") % {
        "score": f"${{{SCORE}}}", "mark": form.pass_mark, "failed": f"${{{FAILED}}}",
    }  # fmt: skip
    yield {"type": "note", "name": "shian_told", "label": told}


def _calculate(name: str, formula: str) -> dict[str, str]:
    return {"type": "calculate", "name": name, "calculation": formula}


def _sum(parts: Iterable[str]) -> str:
    return " + ".join(parts)


def _earned(form: Definition, item: Question) -> str:
    answer = f"${{{item.name}}}"
    if item.type == "integer":
        taken = f"{item.each} * {answer}"
        taken = f"min({item.most}, {taken})" if item.most else taken
        return f"max(0, {item.points} - {taken})"
    listed = [each for each in form.choices[item.list_name] if each.score != NOT_APPLICABLE]
    if item.type == "select_one":
        return _sum(f"if(selected({answer}, '{each.name}'), {item.points} * {each.score}, 0)" for each in listed)
    taken = _sum(f"if(selected({answer}, '{each.name}'), {each.deduct}, 0)" for each in listed)
    return f"max(0, {item.points} - ({taken}))"
