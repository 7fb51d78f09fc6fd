from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaign", "0006_steps")]
    operations: list[migrations.operations.base.Operation] = []
