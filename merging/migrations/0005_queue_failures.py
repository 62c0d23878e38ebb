from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merging', '0004_queue'),
    ]

    operations = [
        migrations.AddField(
            model_name='queueentry',
            name='failures',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='failures'),
        ),
    ]
