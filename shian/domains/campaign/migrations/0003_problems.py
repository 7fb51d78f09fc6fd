import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaign", "0002_standardnode"), ("cases", "0001_initial")]
    operations: list[migrations.operations.base.Operation] = [
        migrations.CreateModel(
            name="ReplyDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="稿次")),
                ("template", models.TextField(verbose_name="正文")),
                ("text", models.TextField()),
                ("figures", models.JSONField(default=list)),
                ("as_of", models.DateField(verbose_name="数据时点")),
                ("drafted_at", models.DateTimeField(verbose_name="起草时间")),
                ("drafted_by", models.CharField(max_length=150)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="cases.case"
                    ),
                ),
            ],
            options={
                "ordering": ["case", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="campaign_reply_once"),
                ],
            },
        ),
    ]
