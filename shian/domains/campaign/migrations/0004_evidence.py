from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaign", "0003_problems")]
    operations: list[migrations.operations.base.Operation] = []
