from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    name = "shian.engine.forms"
    label = "forms"
    verbose_name = "表单"

    def ready(self) -> None:
        from shian.kernel.scope.walls import register_guarded
        from shian.kernel.ui.navigation import register_nav

        register_guarded("forms_formsubmission", "forms_submissionfile")

        register_nav(group="supervision", label=_("打分表"), url_name="forms:form_list", icon="checklist", order=60)
