import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('history', '0004_archived_branches'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='branch',
            name='branch_state',
        ),
        migrations.RemoveField(
            model_name='branch',
            name='state',
        ),
        migrations.CreateModel(
            name='BranchLock',
            fields=[
                ('token', models.BigAutoField(primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('taken_at', models.DateTimeField(verbose_name='taken at')),
                ('renewed_at', models.DateTimeField(verbose_name='renewed at')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('branch', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lock', to='history.branch')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'branch lock',
                'verbose_name_plural': 'branch locks',
                'ordering': ['branch__name'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('renewed_at__lt', models.F('expires_at'))), name='branch_lock_expires_later'),
                ],
            },
        ),
    ]
