"""A case type as a page of the documentation: its states drawn, its steps, clocks and ladder in tables (Markdown)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from shian.engine.cases.declarations import OPENING, CaseType, ClockRule, Need, Transition
from shian.engine.cases.parameters import Parameters, versions_of
from shian.engine.cases.rules import HOUR, Audience, Length, Side
from shian.kernel.workdays.rules import Unit

SIDES = {Side.UNIT: "承办单位", Side.ISSUER: "交办单位", Side.VERIFIER: "核实单位"}
NEEDS = {
    Need.NOTE: "办理情况", Need.EVIDENCE: "佐证材料", Need.HELD: "本轮已有佐证材料", Need.UNIT: "承办单位",
    Need.OWNER: "责任人", Need.DUE: "期限",
}  # fmt: skip
UNITS = {
    Unit.WORKDAY.value: "个工作日", Unit.DAY.value: "日", Unit.MONTH.value: "个月", Unit.YEAR.value: "年", HOUR: "小时"
}  # fmt: skip
AUDIENCES = {
    Audience.OWNER: "当前一方的责任人", Audience.UNIT: "当前一方", Audience.UNIT_HEAD: "当前一方的领导",
    Audience.ISSUER: "交办单位", Audience.ISSUER_HEAD: "交办单位领导", Audience.VERIFIER: "核实单位",
}  # fmt: skip


def page_of(declared: CaseType) -> str:
    """The page of a type, with the newest version of its parameters."""
    newest = max(versions_of(declared.key), key=lambda each: each.valid_from)
    parts = [
        f"# {declared.title} `{declared.key}`", str(declared.description), _facts(declared),
        f"```mermaid\n{diagram_of(declared)}\n```", "## 环节", _steps(declared), "## 期限",
        _clocks(declared, newest), "## 提醒和升级", _ladder(newest), _sources(declared, versions_of(declared.key)),
    ]  # fmt: skip
    return "\n\n".join(filter(None, parts)) + "\n"


def diagram_of(declared: CaseType) -> str:
    """The states and steps as a Mermaid state diagram. Steps that keep the state are left out."""
    lines = ["stateDiagram-v2", f"    [*] --> {declared.states[0].key}"]
    lines += [f"    {each.key}: {each.title}{_turn(each.turn)}" for each in declared.states]
    lines += [
        f"    {source} --> {step.target}: {step.title}"
        for step in declared.transitions
        for source in step.sources
        if step.target and step.target != source
    ]
    return "\n".join([*lines, *(f"    {each.key} --> [*]" for each in declared.states if not each.is_open)])


def _turn(side: Side | None) -> str:
    return f"（{SIDES[side]}）" if side else ""


def _facts(declared: CaseType) -> str:
    facts = [f"- 编号：`{declared.numbering}`"]
    facts += [f"- 来源：{'、'.join(str(title) for _key, title in declared.sources)}"] if declared.sources else []
    facts += (
        [f"- 材料种类：{'、'.join(str(t) for _key, t in declared.evidence_kinds)}"] if declared.evidence_kinds else []
    )
    facts += [f"- 自有字段：{'、'.join(str(each.title) for each in declared.fields)}"] if declared.fields else []
    facts += ["- 下级事项都办结后才能办结"] if declared.waits_for_children else []
    facts += [f"- 依据：{declared.legal_basis}"] if declared.legal_basis else []
    return "\n".join(facts)


def _steps(declared: CaseType) -> str:
    rows = [
        (
            f"{step.title} `{step.key}`", _states(declared, step.sources),
            _states(declared, (step.target,)) if step.target else "不变",
            SIDES[step.by] if step.by else "—", _asked(declared, step), _remarks(declared, step),
        )
        for step in declared.transitions
    ]  # fmt: skip
    return _table(("环节", "从", "到", "由谁", "须填", "说明"), rows)


def _states(declared: CaseType, keys: Sequence[str]) -> str:
    return "、".join(str(declared.by_state[key].title) for key in keys)


def _asked(declared: CaseType, step: Transition) -> str:
    asked = [NEEDS[each] for each in Need if each in step.needs]
    return "、".join([*asked, *(str(declared.by_field[name].title) for name in step.demands)])


def _remarks(declared: CaseType, step: Transition) -> str:
    found = []
    if step.apart_from:
        before = "、".join(_title(declared, key) for key in step.apart_from)
        found.append(f"不得与“{before}”为同一人{'或同一单位' if step.apart_units else ''}")
    shown = [str(title) for key, title in declared.evidence_kinds if key in step.proofs]
    found += [f"须有材料：{'、'.join(shown)}"] if shown else []
    found += ["限登记当天"] if step.same_day else []
    found += ["此前的材料不再算数"] if step.begins_round else []
    found += ["计一次重开"] if step.reopens else []
    found += ["可批量"] if step.is_bulk else []
    return "；".join(found)


def _title(declared: CaseType, key: str) -> str:
    return "提出" if key == OPENING else str(declared.by_step[key].title)


def _clocks(declared: CaseType, newest: Parameters) -> str:
    rows = [
        (
            f"{rule.title} `{rule.key}`", _length(rule, newest.clocks.get(rule.key)),
            "、".join(_title(declared, key) for key in rule.starts),
            "、".join(_title(declared, key) for key in rule.stops) or "—", "可以" if rule.may_extend else "不可以",
        )
        for rule in declared.clocks
    ]  # fmt: skip
    return _table(("期限", "长度", "起算", "停止", "延期"), rows) if rows else "没有期限。"


def _length(rule: ClockRule, length: Length | None) -> str:
    if rule.is_given:
        return "办理时指定"
    if length is None:
        return "现行参数没有"
    return f"{length.amount} {UNITS[length.unit]}{'（含当日）' if length.counts_start else ''}"


def _ladder(newest: Parameters) -> str:
    rows = [(_after(rung.after), str(rung.level) if rung.level else "提醒", AUDIENCES[rung.to])
            for rung in newest.ladder]  # fmt: skip
    return _table(("何时", "级别", "告知"), rows) if rows else "不提醒、不升级。"


def _after(days: int) -> str:
    if not days:
        return "到期当日"
    return f"到期前 {-days} 个工作日" if days < 0 else f"逾期 {days} 个工作日"


def _sources(declared: CaseType, versions: Sequence[Parameters]) -> str:
    """Which versions there are, each with its basis; a case keeps the one of the day it was opened on."""
    return "\n".join(
        [f"参数（`packs/parameters/cases/{declared.key}.yaml`），按提出日期适用：", "", *_versions(versions)]
    )


def _versions(versions: Sequence[Parameters]) -> Iterator[str]:
    ordered = sorted(versions, key=lambda each: each.valid_from)
    ends: list[date | None] = [*(each.valid_from for each in ordered[1:]), None]
    for each, end in zip(ordered, ends, strict=True):
        yield f"- {each.valid_from} 起{f'，至 {end}' if end else ''}：{each.basis}（可信度 {each.confidence}）"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '／') for cell in row)} |" for row in lines)
