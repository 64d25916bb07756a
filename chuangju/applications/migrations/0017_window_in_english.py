"""A round can bear an English name beside its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0016_withdrawals_say_why")]

    operations = [
        migrations.AddField(
            model_name="window",
            name="title_en",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="英文名称"),
        ),
    ]
