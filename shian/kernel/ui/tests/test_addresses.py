import pytest
from django.test import override_settings
from django.urls import NoReverseMatch, reverse, set_script_prefix

from shian.kernel.ui.addresses import page_address, record_address


@pytest.mark.parametrize("key", ["JY-0001", "甲 乙", "a&b=c;d", "100%", "-key-", "a:b@c~d"])
def test_address_of_a_record_is_the_routers(key: str) -> None:
    assert record_address("census:operator_detail", key) == reverse("census:operator_detail", args=[key])


def test_a_page_that_is_not_installed_has_no_address() -> None:
    assert page_address("unheard:of") == ""
    with pytest.raises(NoReverseMatch):
        record_address("unheard:of", "1")


def test_another_router_or_prefix_gives_another_address() -> None:
    plain = page_address("census:operator_list")
    try:
        set_script_prefix("/city/")
        assert page_address("census:operator_list") == f"/city{plain}"
    finally:
        set_script_prefix("/")
    with override_settings(ROOT_URLCONF="shian.kernel.ui.urls"):
        assert page_address("census:operator_list") == ""
