"""Pure rules of proposals: how a reply is graded, and when the public may read it."""

GRADES = ("A 已解决或采纳", "B 列入计划解决", "C 因条件所限尚难解决", "D 留作参考")
YES = "是"
CONSENT = (YES, "否")
ANSWERED = ("replied", "closed")


def is_public(state: str, consent: str) -> bool:
    """Only a reply that went out, and whose parties agreed to its publication."""
    return state in ANSWERED and consent == YES
