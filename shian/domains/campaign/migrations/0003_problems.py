from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaign", "0002_standardnode")]
    operations: list[migrations.operations.base.Operation] = []
