"""Operators' own duty (企业主体责任): who answers for food safety in a business, and what they do by day and week.

Basis: 食品安全法 第四十四、四十七条; 企业落实食品安全主体责任监督管理规定 (2022, 2025). Who uses it: principals,
food-safety directors and officers through portals/operator; stations and counties, which see who has not. Verbs: open
accounts, appoint, approve a list, record a day, report a week, hold a month's meeting, examine oneself, train, examine.
"""
