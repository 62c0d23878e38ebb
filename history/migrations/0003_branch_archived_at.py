from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('history', '0002_reference_lower_case_name'),
    ]

    operations = [
        migrations.AddField(
            model_name='branch',
            name='archived_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='archived at'),
        ),
    ]
