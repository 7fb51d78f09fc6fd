from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaign", "0007_organisation")]
    operations: list[migrations.operations.base.Operation] = []
