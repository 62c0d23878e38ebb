from django.db import migrations
from django.utils import timezone


def state_to_moment(apps, schema_editor):
    """Locked ones become active: there was no owner who could write or unlock them."""
    apps.get_model('history', 'Branch').objects.filter(state='archived').update(archived_at=timezone.now())


def moment_to_state(apps, schema_editor):
    apps.get_model('history', 'Branch').objects.exclude(archived_at=None).update(state='archived')


class Migration(migrations.Migration):

    dependencies = [
        ('history', '0003_branch_archived_at'),
    ]

    operations = [
        migrations.RunPython(state_to_moment, moment_to_state),
    ]
