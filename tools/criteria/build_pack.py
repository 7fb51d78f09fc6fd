"""Build the versioned standard pack from a reconstruction of the evaluation criteria.

    python tools/criteria/build_pack.py SOURCE.yaml packs/criteria

The reconstruction is given as an argument and stays outside the repository. Chinese gists and the wording
of the quantified measures stand beside this script, so the pack can be rebuilt and compared.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

Node = dict[str, Any]
HERE = Path(__file__).parent
EXPANSIONS = {"FSC": "members", "CAMP": "members", "TOWN": "townships", "TOWNP": "townships"}
SAMPLED = {"field", "field+register"}


class Wording:
    """Own-words texts and the tables that translate the source's terms."""

    def __init__(self) -> None:
        self.gists: Node = _load(HERE / "gists.yaml")
        self.tables: Node = _load(HERE / "wording.yaml")

    def translated(self, table: str, key: str) -> Any:
        """Return the entry of a translation table, refusing a term that is not in it."""
        entries = self.tables[table]
        if key not in entries:
            raise SystemExit(f"wording.yaml: {table} has no entry for {key!r}")
        return entries[key]


def _load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def department_codes(source: Node) -> dict[str, str]:
    """Map the full name of each department to its code."""
    return {row["name_zh"]: row["code"] for row in source["departments"]}


def department_rows(source: Node) -> list[Node]:
    """List departments and the group names that expand to many units."""
    rows = []
    for row in source["departments"]:
        entry: Node = {"code": row["code"], "name": row["name_zh"], "name_en": row["name_en"]}
        entry["aliases"] = [alias for alias in row.get("aliases_in_seeds", []) if alias != row["name_zh"]]
        entry["group"] = row["code"] in EXPANSIONS
        if entry["group"]:
            entry["expands"] = EXPANSIONS[row["code"]]
        rows.append(entry)
    return rows


def measure_row(source: Node, words: Wording) -> Node:
    """Translate one quantified measure of an item."""
    key = source["key"]
    part, whole, unit = words.translated("measures", key)
    period, period_label = words.translated("periods", source["period"])
    origin, origin_label = words.translated("threshold_sources", source["threshold_source"])
    denominator = None if source["denominator"] == "-" else source["denominator"]
    row: Node = {"key": key, "title": source["name_zh"], "kind": source["kind"], "numerator": part}
    row["numerator_en"] = source["numerator"]
    row |= {"denominator": whole, "denominator_en": denominator, "unit": unit, "unit_en": source["unit"]}
    row |= {
        "period": period,
        "period_label": period_label,
        "levels": words.translated("levels", source["level"]),
    }
    row |= {"operator": source["operator"], "threshold": source["threshold"]}
    row |= {"threshold_source": origin, "threshold_source_label": origin_label}
    return row | optional(note=words.tables["measure_notes"].get(key))


def optional(**values: Any) -> Node:
    """Keep only the keys that say something."""
    return {key: value for key, value in values.items() if value}


def applicable_levels(item: Node, measures: list[Node], words: Wording) -> list[str]:
    """Decide which levels an item concerns: a judgement of this reconstruction, open to change per city."""
    if item["id"] in words.tables["city_only"]:
        return ["city"]
    units = set(item["lead"]) | set(item["responsible"])
    if item["computability"] in SAMPLED:
        return ["city", "county", "township"]
    stops_above = bool(measures) and not any("township" in row["levels"] for row in measures)
    if item["id"] in words.tables["county_lowest"] or stops_above or not units & {"TOWN", "TOWNP"}:
        return ["city", "county"]
    return ["city", "county", "township"]


def track_rows(item: Node, codes: Mapping[str, str]) -> list[Node]:
    """List the parts of an item that have lead units of their own."""
    return [
        {
            "code": track["id"],
            "title": track["title_zh"],
            "title_en": track["title_en"],
            "lead": [codes[name] for name in track["lead"]],
            "responsible": [codes[name] for name in track["responsible"]],
        }
        for track in item.get("tracks", [])
    ]


def field_sites(source: Node) -> list[str]:
    """List the kinds of sites to visit; the mark that separates a list in a workbook stays out of a name."""
    return [name.replace("、", "/") for name in source.get("field_sites", {}).get("formats", [])]


def indicator_row(source: Node, codes: Mapping[str, str], words: Wording) -> Node:
    """Translate one evaluated item."""
    code = source["id"]
    item = dict(source, lead=[codes[n] for n in source["lead"]], responsible=[codes[n] for n in source["responsible"]])
    measures = [measure_row(row, words) for row in source["measures"]]
    row: Node = {"code": code, "title": source["title_zh"], "title_en": source["title_en"]}
    row |= {"gist": words.gists[code], "gist_en": source["gist_en"], "method": source["method"]}
    row |= {"primary_channel": source["primary_channel"], "computability": source["computability"]}
    row |= {
        "lead": item["lead"],
        "lead_inferred": bool(source.get("lead_inferred")),
        "responsible": item["responsible"],
    }
    row["applicable_levels"] = applicable_levels(item, measures, words)
    row |= optional(tracks=track_rows(source, codes), measures=measures)
    row |= {"registers": source["data_registers"], "evidence": source["evidence"]}
    row |= optional(field_sites=field_sites(source))
    row |= optional(veto=words.tables["vetoes"].get(code), note=words.tables["indicator_notes"].get(code))
    return row


def section_rows(source: Node, words: Wording) -> list[Node]:
    """Translate the tree of sections, points and items."""
    codes = department_codes(source)
    sections = []
    for section in source["sections"]:
        points = []
        for point in section["points"]:
            row: Node = {"no": point["point"], "title": point["title_zh"], "title_en": point["title_en"]}
            row |= optional(note=words.tables["point_notes"].get(point["point"]))
            row["indicators"] = [indicator_row(item, codes, words) for item in point["indicators"]]
            points.append(row)
        titles = {"title": section["title_zh"], "title_en": section["title_en"]}
        sections.append({"no": section["section"], **titles, "points": points})
    return sections


def meta_row(source: Node, words: Wording) -> Node:
    """Describe the pack: what it is, what the published standard declares and what was obtained."""
    obtained = source["meta"]["obtained"]
    return {
        "key": "2021",
        "title": "国家食品安全示范城市评价细则（2021版）重构",
        "title_en": "Evaluation criteria for national food-safety demonstration cities (2021), reconstructed",
        "effective_from": date(2021, 1, 1),
        **words.tables["meta"],
        "declared": source["meta"]["declared_in_seeds"] | {"total_points": 120, "catalogues": 3},
        "obtained": {
            "sections": obtained["sections"],
            "points": obtained["points_numbered_in_seed"],
            "indicators": obtained["indicators"],
            "by_section": obtained["by_section"],
            "primary_channel": obtained["primary_channel"],
            "measures": obtained["measures"],
        },
    }


def clause_rows(sections: Iterable[Node]) -> Iterable[Node]:
    """Group items into clauses: a run of items of one point under the same units; tracks stand alone."""
    for section in sections:
        if section["no"] == 6:
            continue
        for point in section["points"]:
            clauses: list[Node] = []
            for item in point["indicators"]:
                for part in item.get("tracks") or [item]:
                    clause = clause_of(point["no"], item, part)
                    joined = clauses[-1] if clauses and "tracks" not in item else None
                    if joined and same_units(joined, clause):
                        joined["indicators"].append(item["code"])
                    else:
                        clauses.append(clause)
            yield from clauses


def clause_of(point: int, item: Node, part: Node) -> Node:
    """Make one clause with the units that the plan's text names; gaps of the text stay gaps."""
    lead = [] if item.get("lead_inferred") else part["lead"]
    responsible = list(part["responsible"])
    if item.get("lead_inferred"):
        responsible = part["lead"] + responsible
    if part["code"] == "5.30.1-T3":
        lead, responsible = part["lead"], []
    return {
        "point": point,
        "title": part["title"],
        "indicators": [item["code"]],
        "track": part["code"] if part is not item else None,
        "lead": lead,
        "responsible": responsible,
    }


def same_units(left: Node, right: Node) -> bool:
    return bool(left["lead"] == right["lead"] and left["responsible"] == right["responsible"])


def plan_pack(sections: list[Node], words: Wording) -> Node:
    """Derive the county plan's assignment clauses from the items."""
    clauses = [{"no": number, **clause} for number, clause in enumerate(clause_rows(sections), start=1)]
    both = sum(1 for row in clauses if row["lead"] and row["responsible"])
    meta = {
        "key": "weixian-2023",
        "title": "威县创建国家食品安全示范城市任务分工（按公开方案整理）",
        "standard": "2021",
        "published_on": date(2023, 1, 25),
        "note": words.tables["plan_note"],
        "counts": {
            "clauses": len(clauses),
            "both": both,
            "no_lead": sum(1 for row in clauses if not row["lead"]),
            "no_responsible": sum(1 for row in clauses if not row["responsible"]),
        },
    }
    return {"meta": meta, "clauses": clauses}


class PlainDumper(yaml.SafeDumper):
    """Write repeated lists in full instead of anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(path: Path, content: Node, heading: str) -> None:
    text = yaml.dump(content, Dumper=PlainDumper, allow_unicode=True, sort_keys=False, width=160)
    path.write_text(f"# {heading}\n{text}", encoding="utf-8")


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print(__doc__)
        return 2
    source, target = _load(Path(arguments[0])), Path(arguments[1])
    words = Wording()
    sections = section_rows(source, words)
    pack: Node = {"meta": meta_row(source, words), "departments": department_rows(source), "sections": sections}
    pack["meta"]["registers"] = {key: row["name_zh"] for key, row in source["registers"].items()}
    write(target / "2021.yaml", pack, "Made by tools/criteria/build_pack.py; edit the wording there, not here.")
    write(
        target / "weixian-plan.yaml",
        plan_pack(sections, words),
        "Made by tools/criteria/build_pack.py from the same items.",
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
