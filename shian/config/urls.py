"""Root urls: one include per app; an app owns everything below its prefix."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shian.config.operation.urls")),
    path("account/", include("shian.kernel.accounts.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/factors/", include("allauth.mfa.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("account/identity/", include("allauth.socialaccount.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("ui/", include("shian.kernel.ui.urls")),
    path("log/", include("shian.kernel.notary.urls")),
    path("workdays/", include("shian.kernel.workdays.urls")),
    path("notices/", include("shian.kernel.notices.urls")),
    path("api/", include("shian.kernel.api.urls")),
    path("disclosures/", include("shian.kernel.disclosures.urls")),
    path("retention/", include("shian.kernel.retention.urls")),
    path("imports/", include("shian.kernel.imports.urls")),
    path("areas/", include("shian.registers.areas.urls")),
    path("dictionaries/", include("shian.registers.dictionaries.urls")),
    path("people/", include("shian.registers.people.urls")),
    path("public/replies/", include("shian.portals.public.urls.replies")),
    path("c/", include("shian.portals.public.urls")),
    path("operators/", include("shian.domains.census.urls")),
    path("ledgers/", include("shian.engine.ledgers.urls")),
    path("public/ledgers/", include("shian.engine.ledgers.public_urls")),
    path("forms/", include("shian.engine.forms.urls")),
    path("draws/", include("shian.engine.draws.urls")),
    path("cases/", include("shian.engine.cases.urls")),
    path("epcis/v2/", include("shian.engine.trace.urls")),
    path("", include("shian.engine.trace.public_urls")),
    path("figures/", include("shian.engine.measures.urls")),
    path("exchange/", include("shian.engine.exchange.urls")),
    path("snapshots/", include("shian.engine.snapshots.urls")),
    path("reports/", include("shian.engine.reports.urls")),
    path("archives/", include("shian.engine.archives.urls")),
    path("campaign/", include("shian.domains.campaign.urls")),
    path("fieldchecks/", include("shian.domains.fieldchecks.urls")),
    path("selfcontrol/", include("shian.domains.selfcontrol.urls")),
    path("duties/", include("shian.domains.duties.urls")),
    path("tracing/", include("shian.domains.tracing.urls")),
    path("assess/", include("shian.portals.assess.urls")),
    path("field/", include("shian.portals.field.urls")),
    path("own/", include("shian.portals.operator.urls")),
    path("", include("shian.portals.office.urls")),
]

handler403 = "shian.kernel.ui.views.forbidden"
handler404 = "shian.kernel.ui.views.not_found"
handler500 = "shian.kernel.ui.views.server_error"
