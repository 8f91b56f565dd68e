import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('municipalities', '0001_initial'),
        ('plans', '0003_negotiation'),
    ]

    operations = [
        migrations.CreateModel(
            name='LupCapacity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='year')),
                ('days_q1', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(500), django.core.validators.StepValueValidator(Decimal('0.5'), message='Give whole or half days, such as 2 or 2.5.')], verbose_name='days in the 1st quarter')),
                ('days_q2', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(500), django.core.validators.StepValueValidator(Decimal('0.5'), message='Give whole or half days, such as 2 or 2.5.')], verbose_name='days in the 2nd quarter')),
                ('days_q3', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(500), django.core.validators.StepValueValidator(Decimal('0.5'), message='Give whole or half days, such as 2 or 2.5.')], verbose_name='days in the 3rd quarter')),
                ('days_q4', models.DecimalField(decimal_places=1, max_digits=4, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(500), django.core.validators.StepValueValidator(Decimal('0.5'), message='Give whole or half days, such as 2 or 2.5.')], verbose_name='days in the 4th quarter')),
                ('county', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.county', verbose_name='county')),
                ('programme', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='plans.programme', verbose_name='programme')),
            ],
            options={
                'verbose_name': "LUP's capacity",
                'verbose_name_plural': "LUP's capacities",
                'constraints': [models.UniqueConstraint(fields=('programme', 'county', 'year'), name='plans_lupcapacity_once'), models.CheckConstraint(condition=models.Q(('days_q1__gte', 0), ('days_q2__gte', 0), ('days_q3__gte', 0), ('days_q4__gte', 0)), name='plans_lupcapacity_not_negative')],
            },
        ),
    ]
