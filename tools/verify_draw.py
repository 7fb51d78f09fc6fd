#!/usr/bin/env python3
"""Draw a published record again: python3 verify_draw.py RECORD.json

Only the standard library (Python >= 3.11), nothing of Shian. RFC 3797; a stratum draws under the key with the SHA-256
of its name behind it. verify_log.py checks the checkpoint's signature. Exit 0: all holds. 1: the first difference.
"""

import base64
import hashlib
import json
import math
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

# fmt: off
encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
def require(place: str, recorded: Any, computed: Any) -> None:
    if isinstance(recorded, list) and isinstance(computed, list):
        recorded, computed = dict(enumerate(recorded, 1)), dict(enumerate(computed, 1))
    for part in {**computed, **recorded} if isinstance(recorded, dict) and isinstance(computed, dict) else ():
        require(f"{place} {part}", recorded.get(part), computed.get(part))
    if recorded != computed:
        sys.exit(f"{place}: recorded {recorded}, computed {computed}")

def sha256(data: str | bytes) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()

def root_by_path(data: str, number: int, size: int, path: list[str]) -> str:
    at, last, root = number, size - 1, sha256(b"\x00" + bytes.fromhex(data))
    for step in path:
        is_right = at % 2 == 1 or at == last
        root = sha256(b"\x01" + bytes.fromhex(step + root if is_right else root + step))
        while is_right and at % 2 == 0 and at:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return root if last == 0 <= number < size else "the path does not fit"

def canonical(source: dict[str, Any]) -> str:
    if source["kind"] == "text":
        return "".join(re.sub("[^A-Z0-9]", "", value.upper()) for value in source["values"]) + "/"
    parts = [value.partition(".") for value in source["values"]]
    return "".join(sorted((f"{a.lstrip('0') or '0'}.{b.rstrip('0')}" for a, _, b in parts), key=Fraction)) + "/"

def cell(name: tuple[str, str], rows: list[list[str]], told: dict[str, Any], key: str) -> dict[str, Any]:
    ratio = Fraction(told["ratio"]) * Fraction(told["weights"][name[1]] if told["weights"] else 1)
    pool, share = sorted(row[0] for row in rows if not row[4]), min(Fraction(1), ratio) * len(rows)
    ways = {"up": math.ceil(share), "half_up": math.floor(share + Fraction(1, 2)), "half_even": round(share)}
    asked = max(ways.get(told["rounding"], math.floor(share)), told["minimum"])
    wanted, eligible, taken = min(len(rows), asked), len(pool), list[str]()
    size, own = min(wanted, eligible), f"{key}{sha256(chr(10).join(filter(None, name))).upper()}/"
    while pool and len(taken) < size + math.ceil(size * Fraction(told["reserves"])):
        run, turn = divmod(len(taken), 65_536)
        octets, chained = turn.to_bytes(2, "big"), f"{own}{run}./" if run else own
        digest = hashlib.md5(octets + chained.encode() + octets, usedforsecurity=False).digest()
        taken.append(pool.pop(int.from_bytes(digest, "big") % len(pool)))
    return {"stratum": name[0], "grade": name[1], "population": len(rows), "eligible": eligible, "wanted": wanted,
            "drawn": taken[:size], "reserves": taken[size:]}

def verify(record: dict[str, Any]) -> str:
    rows, told, draw = sorted(record["frame"]["rows"]), record["parameters"], record["draw"]
    sources, by, is_public = record["randomness"]["sources"], dict[str, Any](), draw["method"] == "public"
    require("frame", record["frame"]["sha256"], frame := sha256("".join(f"{encoded(row)}\n" for row in rows)))
    size, root = record["checkpoint"].split("\n")[1:3]
    for seal in record["seals"]:
        leaf, entry = sha256(bytes.fromhex(seal["salt"]) + seal["entry"].encode()), json.loads(seal["entry"])
        found = [root_by_path(leaf, seal["leaf"], int(size), seal["path"]), draw["subject"]]
        require(f"seal {seal['leaf']} {entry['action']}", [base64.b64decode(root).hex(), entry["subject"]], found)
        by.setdefault(entry["action"], []).append({**entry, "leaf": seal["leaf"]})
    parts = (by.get(f"draws.{name}", []) for name in ["frozen", "read", "committed", "revealed", "drawn", "replaced"])
    frozen, read, bound, shown, drawn, replaced = parts
    fixed = {**draw, "parameters": told, "frame": f"sha256:{frame}", "rows": len({row[0] for row in rows})}
    require("frozen", [{name: {**one, **one["data"]}.get(name) for name in fixed} for one in frozen], [fixed])
    announced = [{"name": each["name"], "kind": each["kind"]} for each in sources]
    require("sources", announced, frozen[0]["data"]["sources"] + [{"name": a, "kind": "text"} for a in draw["parties"]])
    order = [leaf for part in (frozen, read + bound, shown, drawn) for leaf in sorted(one["leaf"] for one in part)]
    require("order of the seals", order, sorted(order))
    require("values known after freezing", not is_public or frozen[0]["at"] < draw["known_at"] <= read[0]["at"], True)
    require("key", record["randomness"]["key"], key := "".join(map(canonical, sources)))
    require("two who agree", len({one["actor"] for one in read if sha256(key) in one["data"]["read"]}) > 1, is_public)
    secrets = {each["name"]: f"sha256:{sha256(''.join(each['values']))}" for each in sources if not is_public}
    require("commitments", {one["actor"]: one["data"]["commitment"] for one in bound}, secrets)
    names = [(row[1], row[2] if told["weights"] else "") for row in rows]
    groups = {name: [row for row, own in zip(rows, names, strict=True) if own == name] for name in sorted({*names})}
    require("cells", record["cells"], cells := [cell(name, groups[name], told, key) for name in groups])
    require("sealed cells", [one["data"]["cells"] for one in drawn], [f"sha256:{sha256(encoded(cells))}"])
    require("replacements", record["replacements"], [one["data"] for one in replaced])
    for place, each in enumerate(record["replacements"]):
        gone, used = ({one[name] for one in record["replacements"][:place]} for name in ("key", "by"))
        own = next(one for one in cells if each["key"] in {*one["drawn"], *(used & {*one["reserves"]})} - gone)
        require(f"stand-in of {each['key']}", each["by"], next(one for one in own["reserves"] if one not in used))
    return f"Verified: {sum(len(one['drawn']) for one in cells)} of {len(rows)} drawn, {len(cells)} cells."

if __name__ == "__main__":
    try:
        print(verify(json.loads(Path(sys.argv[1]).read_text("utf-8"))) if len(sys.argv) == 2 else sys.exit(__doc__))
    except (LookupError, TypeError, ValueError, StopIteration, OSError) as error:
        sys.exit(f"cannot be verified: {type(error).__name__} {error}")
