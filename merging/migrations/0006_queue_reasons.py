from django.db import migrations

import gateway.models


class Migration(migrations.Migration):
    """Reasons that are there stay as the texts that they are."""

    dependencies = [
        ('merging', '0005_queue_failures'),
    ]

    operations = [
        migrations.RunSQL(
            sql='ALTER TABLE merging_queueentry ALTER COLUMN reason TYPE jsonb USING to_jsonb(reason)',
            reverse_sql="""
                ALTER TABLE merging_queueentry ALTER COLUMN reason TYPE text
                USING coalesce(reason ->> 'template', reason #>> '{}')
            """,
            state_operations=[
                migrations.AlterField(
                    model_name='queueentry',
                    name='reason',
                    field=gateway.models.SentencesField(blank=True, default=str, verbose_name='reason'),
                ),
                migrations.AlterField(
                    model_name='queueentry',
                    name='errors',
                    field=gateway.models.SentencesField(default=list, verbose_name='errors'),
                ),
            ],
        ),
    ]
