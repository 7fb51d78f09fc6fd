"""The form that opens an account for a person on file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shian.kernel.accounts.forms import ValidityForm
from shian.kernel.scope.walls import system_scope
from shian.registers.people.models import Person


class AccountForm(ValidityForm):
    """Whose account, and for how long; `person` is set once the form is valid."""

    person_no = forms.CharField(
        label=gettext_lazy("人员编号"), max_length=30, help_text=gettext_lazy("就是以后的用户名。")
    )
    field_order = ("person_no", "valid_from", "valid_to")
    person: Person

    def clean_person_no(self) -> str:
        number: str = self.cleaned_data["person_no"].strip()
        with system_scope():  # who gives access reaches no register: the number is all that is asked for
            person = Person.objects.filter(person_no=number).first()
        if person is None:
            raise ValidationError(_("没有这个编号的人员，请先导入人员。"))
        self.person = person
        return number
