from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaign", "0005_weeks")]
    operations: list[migrations.operations.base.Operation] = []
