"""Campaign (创建): the standard's 94 items evaluated for a city, each county and each township.

Legal basis: 国家食品安全示范城市评价与管理办法 and its criteria (2021). Used by the campaign office (standard, weights,
catalogues, evaluation, report), reviewers (verdicts), counties and departments (where points are lost).
Verbs: load and put in force a standard, enter weights, draft and issue catalogues, enter verdicts, state reasons,
evaluate an area, rescore an item, write the self-assessment report.
"""
