import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaign", "0005_weeks")]
    operations = [
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('province', models.CharField(blank=True, default='', max_length=2)),
                ('city', models.CharField(blank=True, default='', max_length=4)),
                ('county', models.CharField(blank=True, default='', max_length=6)),
                ('township', models.CharField(blank=True, default='', max_length=9)),
                ('village', models.CharField(blank=True, default='', max_length=12)),
                ('key', models.CharField(max_length=40, unique=True, verbose_name='计划编号')),
                ('title', models.CharField(max_length=80, verbose_name='工作计划')),
                ('basis', models.CharField(blank=True, default='', max_length=300, verbose_name='依据')),
                ('final_on', models.DateField(verbose_name='最终期限')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.CharField(max_length=150)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PlanMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.DateField(verbose_name='原最终期限')),
                ('after', models.DateField(verbose_name='新最终期限')),
                ('stages', models.JSONField()),
                ('steps', models.PositiveIntegerField(verbose_name='随之调整的步骤')),
                ('reason', models.CharField(max_length=500, verbose_name='调整理由')),
                ('at', models.DateTimeField(verbose_name='调整时间')),
                ('by', models.CharField(max_length=150)),
                ('seal', models.UUIDField()),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='campaign.schedule')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('title', models.CharField(max_length=40, verbose_name='阶段')),
                ('starts_on', models.DateField(verbose_name='开始日期')),
                ('ends_on', models.DateField(verbose_name='截止日期')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='启动时间')),
                ('opened_by', models.CharField(blank=True, default='', max_length=150)),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='campaign.schedule')),
            ],
            options={
                'ordering': ['schedule', 'number'],
            },
        ),
        migrations.CreateModel(
            name='StageOutput',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('key', models.SlugField(max_length=20)),
                ('title', models.CharField(max_length=80, verbose_name='阶段成果')),
                ('reference', models.CharField(blank=True, default='', max_length=200, verbose_name='文号或存放位置')),
                ('recorded_at', models.DateTimeField(blank=True, null=True, verbose_name='登记时间')),
                ('recorded_by', models.CharField(blank=True, default='', max_length=150)),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outputs', to='campaign.stage')),
            ],
            options={
                'ordering': ['stage', 'order'],
            },
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(fields=('schedule', 'number'), name='campaign_stage_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='campaign_stage_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opened_at__isnull', True), ('opened_by', '')), models.Q(('opened_at__isnull', False), models.Q(('opened_by', ''), _negated=True)), _connector='OR'), name='campaign_stage_opened_at_with_by'),
        ),
        migrations.AddConstraint(
            model_name='stageoutput',
            constraint=models.UniqueConstraint(fields=('stage', 'key'), name='campaign_stageoutput_once'),
        ),
        migrations.AddConstraint(
            model_name='stageoutput',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('recorded_at__isnull', True), ('recorded_by', ''), ('reference', '')), models.Q(('recorded_at__isnull', False), models.Q(('reference', ''), _negated=True), models.Q(('recorded_by', ''), _negated=True)), _connector='OR'), name='campaign_stageoutput_recorded_with_reference'),
        ),
    ]
