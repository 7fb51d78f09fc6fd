"""Where the things that a case is about have their pages: told by the apps above.

register_page("item_code", "campaign:item_detail")    # a column of Case, the name of a page whose address holds it
"""

from shian.kernel.ui.addresses import record_address

_pages: dict[str, str] = {}


def register_page(column: str, url_name: str) -> None:
    """Name the page of what a column holds; naming another one replaces it."""
    _pages[column] = url_name


def page_of(column: str, value: str) -> str:
    """The address of the thing's page; "" for no value, or where nobody named a page."""
    return record_address(_pages[column], value) if value and column in _pages else ""
