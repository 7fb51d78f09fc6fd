"""A notice shows itself to its recipient, letters, hooks and pushes to administrators (kernel/scope/walls.py); unset, nothing."""

from django.db import migrations

SYSTEM = "current_setting('shian.system', true) = 'on'"
EVERYTHING = "current_setting('shian.everything', true) = 'on'"
USER = "NULLIF(current_setting('shian.user', true), '')::bigint"

FORWARD = f"""
ALTER TABLE notices_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_notice_own ON notices_notice USING ({SYSTEM} OR recipient_id = {USER});
ALTER TABLE notices_mail ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices_mail FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_mail_reach ON notices_mail USING ({SYSTEM} OR {EVERYTHING});
ALTER TABLE notices_hook ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices_hook FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_hook_reach ON notices_hook USING ({SYSTEM} OR {EVERYTHING});
ALTER TABLE notices_push ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices_push FORCE ROW LEVEL SECURITY;
CREATE POLICY notices_push_reach ON notices_push USING ({SYSTEM} OR {EVERYTHING});
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD)]
