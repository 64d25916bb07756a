"""A nomination that was taken back says when, and why where it had been confirmed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0015_nominations_taken_back")]

    operations = [
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("asked", "withdrawn")), ("answered_at__isnull", False), _connector="OR"
                ),
                name="nomination_answered_has_its_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="nomination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "withdrawn"), _negated=True),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(
                            ("answered_at__isnull", True),
                            models.Q(("withdrawal_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="nomination_withdrawn_says_when_and_why",
            ),
        ),
    ]
