"""packs/templates/<key>.yaml: the figures a template may print, and where each comes from.

key: self_assessment
title: "{area}国家食品安全示范城市创建工作自查自评报告"
allowed_words: [十四五]            # Chinese numerals that are no figures
figures:
  operators_total: {title: 在册食品生产经营单位, measure: operators.total}
  pesticides_then: {title: 农药用量, measure: pesticides.amount, period: year-3}
  coordinators:    {title: 食品安全协管员, awaits: 协管员名册}    # its register comes later: printed as 〔待补充〕
"""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

_FIGURE_KEYS = {"title", "measure", "period", "area", "decimals", "unit", "awaits"}


class TemplateRefused(ValueError):
    """The template or its declaration cannot be used; the text says why, for the user."""


@dataclass(frozen=True)
class FigureSlot:
    """A named place for a figure. Without a measure its register does not exist yet (`awaits` names it)."""

    key: str
    title: str
    measure: str = ""
    period: str = ""
    area: str = ""
    decimals: int | None = None
    unit: str | None = None
    awaits: str = ""


@dataclass(frozen=True)
class Declaration:
    key: str
    title: str
    docx: bytes
    digest: str
    allowed_words: tuple[str, ...] = ()
    figures: dict[str, FigureSlot] = field(default_factory=dict)


def load_declaration(key: str, folder: Path | None = None) -> Declaration:
    """Template and declaration of that key, read from the packs. Raises TemplateRefused."""
    base = (folder or Path(settings.SHIAN_PACKS) / "templates") / key
    try:
        text = base.with_suffix(".yaml").read_bytes()
        docx = base.with_suffix(".docx").read_bytes()
    except FileNotFoundError as error:
        raise TemplateRefused(f"找不到模板文件 {Path(str(error.filename)).name}。") from error
    content = yaml.load(text, Loader=yaml.CSafeLoader)
    figures = {name: _slot(name, given or {}) for name, given in (content.get("figures") or {}).items()}
    digest = hashlib.sha256(docx + b"\x00" + text).hexdigest()
    allowed = tuple(content.get("allowed_words") or ())
    return Declaration(content["key"], content["title"], docx, digest, allowed, figures)


def _slot(name: str, given: dict[str, Any]) -> FigureSlot:
    if unknown := set(given) - _FIGURE_KEYS:
        raise TemplateRefused(f"指标“{name}”有不认识的属性：{'、'.join(sorted(unknown))}。")
    if not given.get("title"):
        raise TemplateRefused(f"指标“{name}”没有名称。")
    if not given.get("measure") and not given.get("awaits"):
        raise TemplateRefused(f"指标“{name}”既没有统计口径，也没有说明等待哪个登记册。")
    return FigureSlot(key=name, **{**given, "period": str(given.get("period", ""))})
