"""New rows of a table that nobody else added to are a range; batches of before keep their lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]
    operations = [
        migrations.AddField("writtenrows", "first", models.BigIntegerField(null=True)),
        migrations.AddField("writtenrows", "last", models.BigIntegerField(null=True)),
    ]
