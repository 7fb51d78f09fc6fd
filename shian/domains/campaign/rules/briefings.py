"""How an issue of a briefing is called. Pure."""


def issue_words(series: str, year: int, number: int) -> str:
    """工作简报2023年第7期"""
    return f"{series}{year}年第{number}期"
