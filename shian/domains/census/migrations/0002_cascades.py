"""References that cascade in the database: a deleted operator takes its codes along, a deleted code its scans."""

from django.db import migrations

CASCADE = """
ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {target} (id)
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""
DROP = "ALTER TABLE {table} DROP CONSTRAINT {name}"
REFERENCES = (
    {
        "table": "census_operatorcode",
        "name": "census_code_operator",
        "column": "operator_id",
        "target": "operators_operator",
    },
    {"table": "census_codescan", "name": "census_scan_code", "column": "code_id", "target": "census_operatorcode"},
)


class Migration(migrations.Migration):
    dependencies = [("census", "0001_initial")]
    operations = [migrations.RunSQL(CASCADE.format(**each), DROP.format(**each)) for each in REFERENCES]
