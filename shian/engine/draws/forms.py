"""Forms of draws: the draft, a reading, a commitment, a secret, a replacement, a reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.engine.draws.actions import Draft, Randomness
from shian.engine.draws.frames import OWN_LIST, PersonLine, frame_kinds, frame_title
from shian.engine.draws.lists import BadList, lines_in, people_in
from shian.engine.draws.models import Draw, Method
from shian.engine.draws.rules.randomness import SourceKind
from shian.engine.draws.rules.recusal import TeamRules, team_rules_in
from shian.engine.draws.rules.sampling import BadParameter, Parameters, Rounding
from shian.kernel.scope.rules import code_of_key
from shian.kernel.ui.pieces import Option

MOST_BYTES = 20 * 1024 * 1024
ROUNDINGS = {
    Rounding.UP: gettext_lazy("向上取整（不少于比例）"),
    Rounding.HALF_UP: gettext_lazy("四舍五入"),
    Rounding.HALF_EVEN: gettext_lazy("四舍六入五成双"),
    Rounding.DOWN: gettext_lazy("向下取整"),
}
WIDTHS_OF_OWN = (
    (0, gettext_lazy("不要求")),
    (6, gettext_lazy("不去本县（市、区）")),
    (4, gettext_lazy("不去本市")),
)
KINDS = {SourceKind.NUMBERS: gettext_lazy("数字"), SourceKind.TEXT: gettext_lazy("字母或校验值")}
WEIGHT = re.compile(r"(?P<grade>\S+?)\s*[=＝:：\s]\s*(?P<weight>[0-9.]+)")
BETWEEN = re.compile(r"[\s、，]+")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class RandomnessForm(forms.Form):
    """Public values that are known later, or parties who commit and reveal."""

    sources_offered = 2
    method = forms.ChoiceField(label=gettext_lazy("随机数来源"), choices=Method.choices)
    known_at = forms.DateTimeField(
        label=gettext_lazy("数据公布时间"),
        required=False,
        widget=MOMENT,
        help_text=gettext_lazy("须晚于冻结；到这个时间才能录入。"),
    )
    parties = forms.CharField(
        label=gettext_lazy("参与方账号"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个登录名，至少两个；各方先承诺、再揭示。"),
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        for number in range(1, self.sources_offered + 1):
            self._add_source(number)
        self.order_fields([name for name in self.fields if name not in self.randomness_fields] + self.randomness_fields)

    def _add_source(self, number: int) -> None:
        self.fields[f"source_{number}"] = forms.CharField(
            label=_("公开数据 %(number)s") % {"number": number},
            required=False,
            max_length=120,
            help_text=_("写明到唯一一个数，如“上证指数 2026-12-01 收盘价”。") if number == 1 else "",
        )
        self.fields[f"kind_{number}"] = forms.ChoiceField(
            label=_("公开数据 %(number)s 是") % {"number": number}, choices=list(KINDS.items())
        )

    @property
    def randomness_fields(self) -> list[str]:
        """The names of these fields, in the order in which they are asked."""
        numbers = range(1, self.sources_offered + 1)
        sources = [f"{name}_{number}" for number in numbers for name in ("source", "kind")]
        return ["method", *sources, "known_at", "parties"]

    def randomness(self) -> Randomness:
        """What was asked for."""
        told = self.cleaned_data
        sources = [
            {"name": told[f"source_{number}"].strip(), "kind": told[f"kind_{number}"]}
            for number in range(1, self.sources_offered + 1)
            if told[f"source_{number}"].strip()
        ]
        return Randomness(Method(told["method"]), sources, told["known_at"], told["parties"].split())


class TeamForm(forms.Form):
    """Who can be sent, and by what rules teams are drawn of them."""

    draws_people = forms.BooleanField(label=gettext_lazy("同时抽取检查人员"), required=False)
    people = forms.FileField(
        label=gettext_lazy("检查人员名册（CSV）"),
        required=False,
        help_text=gettext_lazy(
            "表头：编号、姓名；可加区划、专长、考核有效期至、证件有效期至、有利害关系的单位、上次检查的单位、"
            "最多单位数。单位填名册里的编号，用顿号隔开。"
        ),
    )
    team_size = forms.IntegerField(
        label=gettext_lazy("每组人数"), required=False, min_value=1, max_value=9, initial=TeamRules.size
    )
    certified = forms.DecimalField(
        label=gettext_lazy("每组持证人员不少于（%）"), required=False, min_value=0, max_value=100, decimal_places=2,
        initial=0,
    )  # fmt: skip
    speciality = forms.CharField(
        label=gettext_lazy("须有的专长"), required=False, max_length=40, help_text=gettext_lazy("不填则不限。")
    )
    needs_assessment = forms.BooleanField(label=gettext_lazy("须考核有效"), required=False)
    avoids_last = forms.BooleanField(label=gettext_lazy("不去上次检查的单位"), required=False, initial=True)
    own_width = forms.TypedChoiceField(
        label=gettext_lazy("回避本区划"), required=False, choices=WIDTHS_OF_OWN, coerce=int, empty_value=None
    )
    limit = forms.IntegerField(
        label=gettext_lazy("每人最多单位数"), required=False, min_value=1, max_value=9999,
        help_text=gettext_lazy("不填则不限；名册里写明的从其规定。"),
    )  # fmt: skip
    team_fields = (
        "draws_people", "people", "team_size", "certified", "speciality", "needs_assessment", "avoids_last",
        "own_width", "limit",
    )  # fmt: skip

    def team(self) -> TeamRules | None:
        """The rules by which people are drawn; None when only places are."""
        told = self.cleaned_data
        if not told["draws_people"]:
            return None
        return TeamRules(
            size=told["team_size"] or TeamRules.size, speciality=told["speciality"].strip(),
            needs_assessment=told["needs_assessment"], certified=_share(told["certified"] or Decimal(0)),
            avoids_last=told["avoids_last"], own_width=told["own_width"] or 0, limit=told["limit"] or 0,
        )  # fmt: skip

    def people_lines(self, reader: Any) -> list[PersonLine] | None:
        """The people of the uploaded list; None without a file. Raises BadList."""
        file = self.cleaned_data["people"]
        if file is None or not self.cleaned_data["draws_people"]:
            return None
        return people_in(_content(file, "people"), reader)


class DraftForm(TeamForm, RandomnessForm):
    """What is drawn, how many, and where the randomness comes from."""

    sources_offered = 3

    title = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    area = forms.ChoiceField(label=gettext_lazy("区划"))
    frame_kind = forms.ChoiceField(label=gettext_lazy("名册"))
    as_of = forms.DateField(label=gettext_lazy("名册时点"), widget=DAY)
    list_file = forms.FileField(
        label=gettext_lazy("名册文件（CSV）"),
        required=False,
        help_text=gettext_lazy("表头：编号、层；可加等级、区划、不参加抽取的原因、名称。"),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    ratio = forms.DecimalField(
        label=gettext_lazy("抽取比例（%）"), min_value=Decimal("0.01"), max_value=100, decimal_places=2, initial=20
    )
    rounding = forms.ChoiceField(label=gettext_lazy("取整"), choices=list(ROUNDINGS.items()))
    minimum = forms.IntegerField(label=gettext_lazy("每层至少"), min_value=0, max_value=100_000, initial=1)
    reserves = forms.DecimalField(
        label=gettext_lazy("备选占样本（%）"), min_value=0, max_value=1000, decimal_places=2, initial=50
    )
    weights = forms.CharField(
        label=gettext_lazy("等级倍数"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("每行一个等级，如“A=0.5”：比例乘以倍数，最多全抽。不填则不分等级。"),
    )

    def __init__(self, *given: Any, areas: Sequence[tuple[str, str]], reader: Any, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("as_of", timezone.localdate())
        super().__init__(*given, **options)
        self.reader = reader
        kinds = [(each.key, str(each.title)) for each in frame_kinds()]
        self._choose("area", areas)
        self._choose("frame_kind", [*kinds, (OWN_LIST, str(frame_title(OWN_LIST)))])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_weights(self) -> dict[str, str]:
        weights: dict[str, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["weights"].splitlines())):
            told = WEIGHT.fullmatch(line)
            if told is None or told["grade"] in weights:
                raise forms.ValidationError(_("“%(line)s”不能用：每行写一个等级和倍数，如“A=0.5”。") % {"line": line})
            weights[told["grade"]] = told["weight"]
        return weights

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.errors:
            return told
        try:
            told["parameters"] = Parameters(
                ratio=_share(told["ratio"]), rounding=Rounding(told["rounding"]), minimum=told["minimum"],
                reserves=_share(told["reserves"]), weights=told["weights"],
            )  # fmt: skip
        except BadParameter as bad:
            self.add_error(str(bad), _("这个数不能用。"))
        return told

    def lines(self) -> Any:
        """The rows of the uploaded list; None without a file. Raises BadList."""
        file = self.cleaned_data["list_file"]
        if file is None or self.cleaned_data["frame_kind"] != OWN_LIST:
            return None
        return lines_in(_content(file, "list_file"), self.reader)

    def draft(self) -> Draft:
        """What was asked for. Raises BadList."""
        told = self.cleaned_data
        return Draft(
            title=told["title"], area=told["area"], frame_kind=told["frame_kind"], as_of=told["as_of"],
            parameters=told["parameters"], basis=told["basis"], lines=self.lines(),
            people=self.people_lines(self.reader), team=self.team(), **asdict(self.randomness()),
        )  # fmt: skip


def _content(file: Any, field: str) -> bytes:
    """The bytes of an upload. Raises BadList."""
    if file.size > MOST_BYTES:
        raise BadList([_("文件太大，最多 20 MB。")], field)
    content: bytes = file.read()
    return content


def _share(percent: Decimal) -> str:
    """12.50 → "0.125"."""
    text = format(percent / 100, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def initial_of(draw: Draw) -> dict[str, Any]:
    """What the form of a draft shows at first."""
    told: Mapping[str, Any] = draw.parameters
    sources: dict[str, Any] = {}
    for number, source in enumerate(draw.sources, start=1):
        sources |= {f"source_{number}": source["name"], f"kind_{number}": source["kind"]}
    return {
        "title": draw.title, "area": code_of_key(draw.area_key), "frame_kind": draw.frame_kind, "as_of": draw.as_of,
        "basis": draw.basis, "ratio": Decimal(told["ratio"]) * 100, "rounding": told["rounding"],
        "minimum": told["minimum"], "reserves": Decimal(told["reserves"]) * 100,
        "weights": "\n".join(f"{grade}={weight}" for grade, weight in told["weights"].items()),
        "method": draw.method, "known_at": draw.known_at, "parties": "\n".join(draw.parties), **sources,
        **_initial_team(draw.team_rules),
    }  # fmt: skip


def _initial_team(told: Mapping[str, Any]) -> dict[str, Any]:
    if not told:
        return {}
    rules = team_rules_in(told)
    return {
        "draws_people": True, "team_size": rules.size, "certified": Decimal(rules.certified) * 100,
        "speciality": rules.speciality, "needs_assessment": rules.needs_assessment, "avoids_last": rules.avoids_last,
        "own_width": rules.own_width, "limit": rules.limit or None,
    }  # fmt: skip


class ReadingForm(forms.Form):
    """One field for each announced source."""

    def __init__(self, *given: Any, sources: Sequence[Mapping[str, str]], **options: Any) -> None:
        super().__init__(*given, **options)
        self.sources = sources
        for number, source in enumerate(sources, start=1):
            is_number = source["kind"] == SourceKind.NUMBERS
            told = _("照原样填写数字，多个数用空格隔开；不写千位逗号和单位。")
            self.fields[f"values_{number}"] = forms.CharField(
                label=source["name"],
                max_length=400,
                help_text=told if is_number else _("照原样填写字母和数字。"),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip

    def values(self) -> list[list[str]]:
        """What was read of each source, in their order."""
        told = [self.cleaned_data[f"values_{number}"].strip() for number in range(1, len(self.sources) + 1)]
        return [
            [each for each in BETWEEN.split(text) if each] if source["kind"] == SourceKind.NUMBERS else [text]
            for source, text in zip(self.sources, told, strict=True)
        ]


class CommitmentForm(forms.Form):
    digest = forms.CharField(
        label=gettext_lazy("承诺值（SHA-256）"),
        max_length=64,
        min_length=64,
        help_text=gettext_lazy("自选 16 至 64 位字母和数字作秘密，自行算出其 SHA-256 填在这里；秘密自己留好。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class SecretForm(forms.Form):
    secret = forms.CharField(
        label=gettext_lazy("秘密"),
        max_length=64,
        help_text=gettext_lazy("承诺时所用的字母和数字，一个都不能差。揭示后公开。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


def stratum_options(strata: Mapping[str, int]) -> list[Option]:
    """Strata as the filter of a list offers them."""
    return [Option(name, name, count) for name, count in strata.items()]
