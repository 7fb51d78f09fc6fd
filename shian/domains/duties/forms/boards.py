"""Forms of notice boards."""

from django import forms
from django.utils.translation import gettext_lazy


class PostingForm(forms.Form):
    """A photo of the board where it hangs."""

    photo = forms.FileField(
        label=gettext_lazy("张贴照片"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png", "capture": "environment"}),
    )
