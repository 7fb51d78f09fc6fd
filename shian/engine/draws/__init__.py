"""Provable draws (抽签): samples and teams that anybody can draw again from what was published.

Basis: RFC 3797 for the selection; 国办发〔2015〕58号 (random subject, random inspector, result made public). Who draws:
offices and departments; who checks: anybody with the published record and `tools/verify_draw.py`.
Verbs: draft, freeze, enter the randomness or commit and reveal, draw, confirm, replace, publish, cancel.

The order is what makes a draw provable: the frame and the parameters are sealed before the randomness exists.
"""
