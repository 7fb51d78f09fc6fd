"""Field checks (明查暗访): the points evaluators might visit, checked openly and covertly before they come.

Basis: 国家食品安全示范城市评价与管理办法 and its 评价细则 (2021). Who uses it: the campaign office, departments in
charge and counties; inspectors on the spot. Verbs: list, prepare, check, declare ready, withdraw points; plan, draw,
visit and close rounds. What is covert is hidden from operators, stations and reviewers until it is released.
"""
