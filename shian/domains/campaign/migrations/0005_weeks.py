from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaign", "0004_evidence")]
    operations: list[migrations.operations.base.Operation] = []
