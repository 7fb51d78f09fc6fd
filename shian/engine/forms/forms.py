"""Forms of forms: a workbook to upload, the first day of a version, the reason of a withdrawal."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """An XLSForm workbook."""

    file = forms.FileField(
        label=_("工作簿"),
        help_text=_("XLSForm 格式的 .xlsx：survey、choices、settings 三张表；可先下载现行版本修改后再上传"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class IssueForm(forms.Form):
    """From which day on the version counts."""

    valid_from = forms.DateField(
        label=_("启用日期"),
        help_text=_("从这一天起的检查使用这个版本；此前的检查和得分不变"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class WithdrawForm(forms.Form):
    """Why a version is taken out of use."""

    reason = forms.CharField(label=_("停用理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PhoneForm(forms.Form):
    """What a phone is called."""

    name = forms.CharField(label=_("手机名称"), max_length=60, help_text=_("便于日后认出，如：执法一组华为"))
