# Papers of the campaign and their receipts.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0006_steps'),
        ('files', '0001_initial'),
        ('people', '0002_row_security'),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(blank=True, default='', max_length=2)),
                ('city', models.CharField(blank=True, default='', max_length=4)),
                ('county', models.CharField(blank=True, default='', max_length=6)),
                ('township', models.CharField(blank=True, default='', max_length=9)),
                ('village', models.CharField(blank=True, default='', max_length=12)),
                ('doc_no', models.CharField(max_length=60, verbose_name='文号')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('title', models.CharField(max_length=200, verbose_name='文件名称')),
                ('kind', models.CharField(max_length=10, verbose_name='文件类别')),
                ('applies_to', models.CharField(blank=True, default='', max_length=200, verbose_name='适用范围')),
                ('state', models.CharField(choices=[('draft', '草拟'), ('approved', '已审定'), ('issued', '已印发')], default='draft', max_length=8, verbose_name='状态')),
                ('approved_on', models.DateField(blank=True, null=True, verbose_name='审定日期')),
                ('approved_at_meeting', models.CharField(blank=True, default='', max_length=100, verbose_name='审定会议')),
                ('issued_on', models.DateField(blank=True, null=True, verbose_name='印发日期')),
                ('file_name', models.CharField(blank=True, default='', max_length=255, verbose_name='文件')),
                ('issuer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation', to_field='code', verbose_name='印发单位')),
                ('stored', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='campaign.paper', verbose_name='替代')),
            ],
        ),
        migrations.CreateModel(
            name='PaperReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_on', models.DateField(verbose_name='发送日期')),
                ('acknowledged_on', models.DateField(blank=True, null=True, verbose_name='签收日期')),
                ('acknowledged_by', models.CharField(blank=True, default='', max_length=150, verbose_name='签收人')),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='campaign.paper')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organisation', to_field='code', verbose_name='单位')),
            ],
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('doc_no', 'version'), name='campaign_paper_once'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_on__isnull', False), ('state', 'issued')), models.Q(models.Q(('state', 'issued'), _negated=True), ('issued_on__isnull', True)), _connector='OR'), name='campaign_paper_issued_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='paperreceipt',
            constraint=models.UniqueConstraint(fields=('paper', 'unit'), name='campaign_paperreceipt_once'),
        ),
        migrations.AddConstraint(
            model_name='paperreceipt',
            constraint=models.CheckConstraint(condition=models.Q(('acknowledged_on__isnull', True), ('acknowledged_on__gte', models.F('sent_on')), _connector='OR'), name='campaign_paperreceipt_after_sending'),
        ),
    ]
