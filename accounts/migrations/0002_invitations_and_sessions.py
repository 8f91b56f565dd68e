"""Invitations, the list of sessions, and the number that ends them all."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('municipalities', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='session_epoch',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.CreateModel(
            name='UserSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(max_length=40, unique=True)),
                ('epoch', models.PositiveIntegerField()),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='logged in')),
                ('browser', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'ordering': ['-began_at'],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('COUNTY_EDITOR', 'County editor'), ('COUNTY_SIGNATORY', 'County signatory'), ('LUP_ADVISER', 'LUP adviser'), ('LUP_SIGNATORY', 'LUP signatory'), ('CONTRIBUTOR', 'Contributor'), ('MUNICIPAL_CONTACT', 'Municipal contact'), ('ADMINISTRATOR', 'Administrator')], max_length=20, verbose_name='role')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(choices=[('nn', 'Nynorsk'), ('nb', 'Bokmål'), ('en', 'English')], default='nn', max_length=2, verbose_name='language of the mail')),
                ('token_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('invited_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='invited')),
                ('expires_at', models.DateTimeField(verbose_name='works until')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
                ('cooperation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.procurementcooperation', verbose_name='procurement cooperation')),
                ('county', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.county', verbose_name='county')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='invited by')),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.municipality', verbose_name='municipality')),
                ('working_group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipalities.workinggroup', verbose_name='working group')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
                'ordering': ['-invited_at', '-pk'],
                'indexes': [models.Index(fields=['invited_by', 'invited_at'], name='accounts_invitation_by')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(models.Q(('role__in', ('COUNTY_EDITOR', 'COUNTY_SIGNATORY'))), models.Q(('cooperation__isnull', True), ('county__isnull', False), ('municipality__isnull', True), ('working_group__isnull', True))), models.Q(models.Q(('role', 'MUNICIPAL_CONTACT')), models.Q(('cooperation__isnull', True), ('county__isnull', True), ('municipality__isnull', False), ('working_group__isnull', True))), models.Q(models.Q(('role', 'CONTRIBUTOR')), models.Q(models.Q(('cooperation__isnull', False), ('county__isnull', True), ('municipality__isnull', True), ('working_group__isnull', True)), models.Q(('cooperation__isnull', True), ('county__isnull', True), ('municipality__isnull', True), ('working_group__isnull', False)), _connector='OR')), models.Q(models.Q(('role__in', ('LUP_ADVISER', 'LUP_SIGNATORY', 'ADMINISTRATOR'))), models.Q(('cooperation__isnull', True), ('county__isnull', True), ('municipality__isnull', True), ('working_group__isnull', True))), _connector='OR'), name='accounts_invitation_right_organisation', violation_error_message='Choose the organisation that the role is for.'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), ('revoked_at__isnull', True)), _connector='OR'), name='accounts_invitation_accepted_once')],
            },
        ),
    ]
