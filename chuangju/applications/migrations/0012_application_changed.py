"""Cases are found by when they changed last, so that search indexes them after the change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0011_leniency")]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["changed_at"], name="application_changed"),
        ),
    ]
