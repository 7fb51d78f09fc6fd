"""Tracing (追溯): markets and merchants, origin certificates, cold chain, recall; their rows draw engine/trace's graph.

Basis: 食品安全法 42, 53, 64, 65; 食用农产品市场销售质量安全监督管理办法 (2023); 农产品质量安全法 39 (承诺达标合格证).
Who uses it: markets and merchants by phone or file, producers by phone, counties and the city in the office. Verbs:
admit or refuse goods at the gate, sell on, issue, split and re-issue certificates.
"""
