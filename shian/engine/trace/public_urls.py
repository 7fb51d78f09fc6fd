"""GS1 Digital Links: at the root of the site, as codes on packages carry them."""

from django.urls import re_path

from shian.engine.trace.views import links

app_name = "trace_links"
KEYS = "00|01|253|255|401|402|414|417|8003|8004|8006|8010|8017|8018"

urlpatterns = [re_path(rf"^(?P<link>(?:{KEYS})/.+?)/?$", links.link_detail, name="link_detail")]
