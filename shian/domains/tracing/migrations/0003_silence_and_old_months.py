"""A device that falls silent is an alert of its own; months of temperatures may be dropped once nobody has to keep them.

The function runs as the owner of the tables: the web role can drop none otherwise. The younger two years stay, whoever
asks; a month counts as over a day after its end, since its borders are those of UTC.
"""

from django.db import migrations, models

DROP = """
CREATE FUNCTION tracing_drop_reading_months(before date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
    youngest date := date_trunc('month', LEAST(before, (current_date - interval '24 months')::date) - interval '1 day');
    name text;
    dropped integer := 0;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.tracing_coldreading'::regclass
          AND to_date(right(c.relname, 6), 'YYYYMM') < youngest
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
"""


HEARD = models.Q(kind__in=["warm", "cold"], device__isnull=False, peak__isnull=False, code="")
SILENT = models.Q(kind="silent", device__isnull=False, peak__isnull=True, code="")
SHOWN = models.Q(kind__in=["unknown", "unreleased"], operator__isnull=False, device__isnull=True) & ~models.Q(code="")
GOING_ON = models.Q(ended_at__isnull=True)


class Migration(migrations.Migration):
    dependencies = [("tracing", "0002_walls")]
    operations = [
        migrations.RunSQL(DROP, "DROP FUNCTION tracing_drop_reading_months(date)"),
        migrations.RemoveConstraint("coldalert", "tracing_alert_of_a_device_or_a_code"),
        migrations.RemoveConstraint("coldalert", "tracing_alert_one_at_a_time"),
        migrations.AlterField(
            "coldalert",
            "kind",
            models.CharField(
                "类型",
                max_length=10,
                choices=[
                    ("warm", "温度过高"),
                    ("cold", "温度过低"),
                    ("silent", "设备失联"),
                    ("unknown", "追溯码查无此码"),
                    ("unreleased", "未放行货物"),
                ],
            ),
        ),
        migrations.AddConstraint(
            "coldalert",
            models.CheckConstraint(condition=HEARD | SILENT | SHOWN, name="tracing_alert_of_a_device_or_a_code"),
        ),
        migrations.AddConstraint(
            "coldalert",
            models.UniqueConstraint(
                fields=["device"], condition=GOING_ON & ~models.Q(kind="silent"), name="tracing_alert_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            "coldalert",
            models.UniqueConstraint(
                fields=["device"],
                condition=models.Q(ended_at__isnull=True, kind="silent"),
                name="tracing_alert_one_silence",
            ),
        ),
        migrations.AlterField(
            "recallholder",
            "channel",
            models.CharField(
                "送达方式",
                max_length=7,
                choices=[
                    ("portal", "企业端"), ("station", "属地送达"), ("letter", "协查函"), ("public", "公告"),
                ],
                default="station",
            ),
        ),
    ]  # fmt: skip
