from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "shian.registers.people"
    label = "people"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from shian.kernel.accounts.models import Role
        from shian.kernel.accounts.queries import register_posts_provider
        from shian.kernel.disclosures.records import register_personal
        from shian.kernel.scope.reach import register_reach_provider
        from shian.kernel.scope.walls import register_guarded
        from shian.kernel.ui.actors import register_actor_provider
        from shian.kernel.ui.navigation import register_nav
        from shian.registers.people import imports
        from shian.registers.people.queries import actor_names, held_posts_of, reach_by_posts
        from shian.registers.people.tables import full_person

        register_guarded("people_person", "people_post")
        register_personal("person", full_person)
        register_reach_provider(reach_by_posts)
        register_posts_provider(held_posts_of)
        register_actor_provider(actor_names)
        imports.register()
        register_nav(
            group="operators",
            label=_("机构与人员"),
            url_name="people:organisation_list",
            icon="users",
            order=40,
            key="p",
        )
        register_nav(
            group="system",
            label=_("开通账号"),
            url_name="people:account_open",
            icon="fingerprint",
            order=11,
            roles={Role.ADMIN},
        )
