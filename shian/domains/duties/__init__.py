"""Duties (包保): which official answers for which operator, and what the officials do about it.

Basis: 食品安全属地管理责任工作规定（食安委发〔2022〕7号）. Who uses it: the food-safety office, counties, stations, and
the officials themselves, on the phone. Verbs: verify and exclude operators; propose, confirm and change tiers; name and
replace officials; propose, approve and end matches; issue, sign and invalidate letters; print and post notice boards.

A tier (包保层级) is the size of an operator; a risk grade (风险等级) is its hazard. 包联, where a leader is paired with
a county or a unit, belongs to the campaign. The operators' own half of the two responsibilities is a sibling domain.
"""
