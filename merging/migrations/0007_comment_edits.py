from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merging', '0006_queue_reasons'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='edited_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='edited at'),
        ),
    ]
