"""A definition as the JSON of a SurveyJS form (survey-core 2.5): the face that browsers show, off line too.

What SurveyJS has no word for is a property of our own, which the page registers: `capture` (geopoint, barcode),
`dataset` (the list of entities to choose from), and of scored items `points`, `keyItem`, `rule`, `basis`. Expressions
become those of SurveyJS; FUNCTIONS are the ones that the page adds to its own.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from shian.engine.forms.definition import Choice, Definition, Question
from shian.engine.forms.expressions import Node, parse
from shian.engine.forms.question_types import METADATA
from shian.engine.forms.xform import scoring_rows

FUNCTIONS = {
    "count-selected": "shianCount", "string-length": "shianLength", "coalesce": "shianCoalesce", "now": "shianNow",
    "today": "shianToday", "number": "shianNumber", "concat": "shianConcat",
}  # fmt: skip
SAME = {"if": "iif", "round": "round", "min": "min", "max": "max"}
SIGNS = {"div": "/", "mod": "%", "or": "or", "and": "and"}
INPUTS = {"integer": "number", "decimal": "number", "date": "date", "time": "time", "datetime": "datetime-local"}
KINDS = {
    "select_one": "radiogroup", "select_multiple": "checkbox", "rank": "ranking", "select_one_from_file": "dropdown",
    "image": "file", "file": "file", "acknowledge": "boolean", "note": "html",
}  # fmt: skip


def survey_of(form: Definition) -> dict[str, Any]:
    """The JSON that a SurveyJS model is made of; `metadata` are names that the page fills by itself."""
    drawing = _Drawing(form)
    questions = list(drawing.elements(form.questions, ""))
    told: dict[str, Any] = {
        "title": form.title,
        "locale": "zh-cn",
        "showQuestionNumbers": "off",
        "textUpdateMode": "onTyping",
        "checkErrorsMode": "onValueChanged",
        "clearInvisibleValues": "onComplete",
        "pages": [{"name": "page", "elements": questions}],
        "calculatedValues": drawing.calculated,
        "metadata": {each.name: each.type for each in form.walk() if each.type in METADATA},
    }
    return told


class _Drawing:
    """Questions under way; sums are collected beside them, because SurveyJS keeps them apart."""

    def __init__(self, form: Definition) -> None:
        self.form = form
        self.types = {each.name: each.type for each in form.walk()}
        self.homes = dict(_homes(form.questions, ""))
        self.calculated = [
            {"name": each.name, "expression": self.said(each.calculation, each.name), "includeIntoResult": True}
            for each in form.walk()
            if each.type == "calculate"
        ]
        if form.items:
            self.calculated += [
                {"name": row["name"], "expression": self.said(row["calculation"], ""), "includeIntoResult": True}
                for row in scoring_rows(form)
                if row["type"] == "calculate"
            ]

    def elements(self, questions: tuple[Question, ...], repeat: str) -> Iterator[dict[str, Any]]:
        for each in questions:
            if each.type == "repeat":
                inner = list(self.elements(each.children, each.name))
                yield {**self.common(each), "type": "paneldynamic", "templateElements": inner, "panelCount": 0}
            elif each.type == "group":
                inner = list(self.elements(each.children, repeat))
                yield {**self.common(each), "type": "panel", "elements": inner}
            elif each.type not in METADATA and each.type != "calculate":
                yield {**self.common(each), **self.kind(each)}

    def common(self, question: Question) -> dict[str, Any]:
        """What every question has, without what is empty."""
        told: dict[str, Any] = {
            "name": question.name,
            "title": question.label or question.name,
            "description": question.hint,
            "visibleIf": self.said(question.relevant, question.name),
            "isRequired": question.required,
            "requiredErrorText": question.required_message,
            "readOnly": question.read_only,
            "defaultValue": question.default,
            "validators": self.validators(question),
            "companionOf": question.companion_of,
        }
        if question.is_scored:
            told |= {"points": float(question.full), "keyItem": question.key_item, "rule": question.rule}
            told["basis"] = question.legal_basis
        return {key: value for key, value in told.items() if value not in ("", False, [])}

    def validators(self, question: Question) -> list[dict[str, str]]:
        found = []
        if question.constraint:
            told = {"type": "expression", "expression": self.said(question.constraint, question.name)}
            found.append({**told, "text": question.constraint_message} if question.constraint_message else told)
        if question.type == "integer":
            found.append(
                {"type": "expression", "expression": f"{{{self.placed(question.name, question.name)}}} % 1 = 0"}
            )
        if question.is_scored and question.type == "integer":
            found.append({"type": "expression", "expression": f"{{{question.name}}} >= 0"})
        return found

    def kind(self, question: Question) -> dict[str, Any]:
        """The type of SurveyJS with what belongs to it."""
        appearance = question.appearance.split()
        match question.type:
            case "text" if "multiline" in appearance:
                return {"type": "comment"}
            case "text" | "barcode" | "hidden" | "geopoint":
                capture = {"capture": question.type} if question.type in {"barcode", "geopoint"} else {}
                return {"type": "text", **capture, **({"visible": False} if question.type == "hidden" else {})}
            case "range":
                ends = {"start": "min", "end": "max", "step": "step"}
                limits = {ends[name]: float(value) for name, value in question.parameters.items()}
                return {"type": "text", "inputType": "range", **limits}
            case "image" if "signature" in appearance:
                return {"type": "signaturepad"}
            case "image":
                return {"type": "file", "acceptedTypes": "image/*", "sourceType": "file-camera", "allowMultiple": False}
            case "note":
                return {"type": "html", "html": escape(question.label)}
            case "acknowledge":
                return {"type": "boolean", "valueTrue": "OK", "valueFalse": ""}
            case "select_one_from_file":
                return {"type": "dropdown", "dataset": question.list_name, "choices": []}
        if question.type in INPUTS:
            return {"type": "text", "inputType": INPUTS[question.type]}
        told: dict[str, Any] = {"type": KINDS[question.type]}
        if question.list_name:
            told["type"] = "dropdown" if told["type"] == "radiogroup" and "minimal" in appearance else told["type"]
            told["choices"] = [_choice(each) for each in self.form.choices[question.list_name]]
        return told

    def said(self, text: str, home: str) -> str:
        """An expression in the words of SurveyJS; `home` is the question that it belongs to."""
        return self.written(parse(text), home) if text else ""

    def written(self, node: Node, home: str) -> str:
        match node.kind:
            case "number":
                return f"{node.value:g}"
            case "text":
                return _quoted(node.value)
            case "name":
                return f"{{{self.placed(node.value, home)}}}"
            case "self":
                return f"{{{self.placed(home, home)}}}"
            case "call":
                return self.called(node, home)
        return self.signed(node, home)

    def signed(self, node: Node, home: str) -> str:
        if node.value == "neg":
            return f"(0 - {self.written(node.parts[0], home)})"
        left, right = node.parts
        if node.value in {"=", "!="} and right == Node("text", ""):
            return f"({self.written(left, home)} {'empty' if node.value == '=' else 'notempty'})"
        sign = SIGNS.get(node.value, node.value)
        return f"({self.written(left, home)} {sign} {self.written(right, home)})"

    def called(self, node: Node, home: str) -> str:
        parts = [self.written(part, home) for part in node.parts]
        match node.value:
            case "selected":
                asked = node.parts[0]
                several = asked.kind != "name" or self.types.get(asked.value) != "select_one"
                return f"({parts[0]} {'contains' if several else '='} {parts[1]})"
            case "not":
                return f"!({parts[0]})"
            case "true" | "false":
                return str(node.value)
        return f"{FUNCTIONS.get(node.value) or SAME[node.value]}({', '.join(parts)})"

    def placed(self, name: str, home: str) -> str:
        """The name as it is asked for from there: in the same repeat by its row."""
        repeat = self.homes.get(name, "")
        return f"panel.{name}" if repeat and repeat == self.homes.get(home, "") else name


def _homes(questions: tuple[Question, ...], repeat: str) -> Iterator[tuple[str, str]]:
    for each in questions:
        yield each.name, repeat
        yield from _homes(each.children, each.name if each.type == "repeat" else repeat)


def _choice(choice: Choice) -> dict[str, str]:
    return {"value": choice.name, "text": choice.label}


def _quoted(text: str) -> str:
    """A text between the quotes that it does not hold; a text of the subset never holds both."""
    return f'"{text}"' if "'" in text else f"'{text}'"
