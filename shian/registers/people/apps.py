from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "shian.registers.people"
    label = "people"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from shian.kernel.scope.reach import register_reach_provider
        from shian.registers.people import imports
        from shian.registers.people.queries import reach_by_posts

        register_reach_provider(reach_by_posts)
        imports.register()
