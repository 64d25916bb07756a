"""Entries that were merged into another are found by an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ventures", "0003_registers_and_facts")]

    operations = [
        migrations.AddIndex(
            model_name="party",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="party_duplicates_of_another",
            ),
        ),
    ]
