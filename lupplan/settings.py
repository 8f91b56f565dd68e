"""All settings, read from the environment; a missing value stops the start with a hint.

What each variable means stands in docs/drift.md.
"""

import sys
from pathlib import Path
from typing import NoReturn

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from lupplan import oidc

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def required(name: str, example: str) -> str:
    """Return the environment variable ``name``, or stop the start with one line and an example."""
    value: str = env.str(name, default="")
    if not value:
        stop(f"{name} must be set when DEBUG is off, for example: {name}={example}")
    return value


def stop(message: str) -> NoReturn:
    """Stop the start with one line: whoever starts the service shall see no traceback.

    Status 3 tells gunicorn that its workers can't start; on others it would try for ever.
    """
    sys.stderr.write(f"{message}\n")
    sys.exit(3)


# --- Mode -----------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
if DEBUG:
    SECRET_KEY = env.str("SECRET_KEY", default="only-for-development-" + "x" * 40)
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
else:
    SECRET_KEY = required(
        "SECRET_KEY",
        "$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')",
    )
    ALLOWED_HOSTS = required("ALLOWED_HOSTS", "lupplan.example.no").split(",")

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Apps -----------------------------------------------------------------------------------

INSTALLED_APPS = [
    "lupplan.apps.LupplanConfig",
    "plans.apps.PlansConfig",
    "accounts.apps.AccountsConfig",
    "municipalities.apps.MunicipalitiesConfig",
    "audit.apps.AuditConfig",
    "crispy_forms",
    "csp",
    "django_htmx",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "accounts.oidc.apps.OidcConfig",  # after allauth, whose admin it replaces
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lupplan.middleware.ScreenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lupplan.middleware.LogInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lupplan.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "audit.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "lupplan.urls"
WSGI_APPLICATION = "lupplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Ours include Django's templates of widgets, and find them so.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "designsystemet"
CRISPY_TEMPLATE_PACK = "designsystemet"
CRISPY_FAIL_SILENTLY = False

# --- Data -----------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'lupplan.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    # Writers wait for each other instead of failing; readers never wait.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits are counted here, so all processes must share it; the database always is shared.
CACHES = {
    "default": env.cache_url(
        "CACHE_URL", default="locmemcache://" if DEBUG else "dbcache://lupplan_cache"
    )
}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache":
    # Django's own limit is 300 entries; beyond it counts of attempts would be thrown away.
    CACHES["default"].setdefault("OPTIONS", {"MAX_ENTRIES": 100_000})

# --- People ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "plans:work"
LOGOUT_REDIRECT_URL = "plans:front"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]

ACCOUNT_ADAPTER = "accounts.login.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An invitation reaches nobody else than the owner of the address: that verifies it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE, also when the browser closes
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if DEBUG else "https"
ACCOUNT_FORMS = {
    "login": "accounts.login.forms.LoginForm",
    "reset_password": "accounts.login.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.login.forms.ResetPasswordKeyForm",
    "change_password": "accounts.login.forms.ChangePasswordForm",
    "set_password": "accounts.login.forms.SetPasswordForm",
    "reauthenticate": "accounts.login.forms.ReauthenticateForm",
}
# amount/period/what is counted; several with commas. Each is well above what people need.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "keep_typed": "30/h/ip",
    "login_service": "60/m/ip",
    "check_pdf": "20/h/ip",
}
# How many proxies of one's own each add the address they saw to X-Forwarded-For; limits per
# address count the visitor's only if this is right.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Lupplan"
MFA_TOTP_TOLERANCE = 1  # the clock of a telephone may be half a minute wrong
# Addresses are verified by invitation, not in allauth's own table.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_FORMS = {
    "authenticate": "accounts.login.forms.AuthenticateForm",
    "reauthenticate": "accounts.login.forms.MfaReauthenticateForm",
    "activate_totp": "accounts.login.forms.ActivateTOTPForm",
    "deactivate_totp": "accounts.login.forms.DeactivateTOTPForm",
    "generate_recovery_codes": "accounts.login.forms.GenerateRecoveryCodesForm",
    "add_webauthn": "accounts.login.forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.login.forms.EditWebAuthnForm",
}
# Whoever holds one of these roles gets nowhere without a second factor.
DEMO = env.bool("DEMO", default=False)
MFA_REQUIRED_ROLES = env.list(
    "MFA_REQUIRED_ROLES",
    default=[] if DEBUG or DEMO else ["COUNTY_SIGNATORY", "LUP_SIGNATORY", "ADMINISTRATOR"],
)

try:
    OIDC_SERVICES = oidc.services(env)
except ImproperlyConfigured as error:
    stop(str(error))
# Those that vouch for a level of assurance have asked for a second factor themselves.
OIDC_STRONG_PROVIDERS = [
    service["provider_id"] for service in OIDC_SERVICES if service["settings"]["acr_values"]
]
SOCIALACCOUNT_ADAPTER = "accounts.oidc.adapter.SocialAdapter"
SOCIALACCOUNT_PROVIDERS = {"oidc": {"APPS": OIDC_SERVICES}}
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address alone never opens an account
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False

# --- Language and time ----------------------------------------------------------------------

LANGUAGE_CODE = "nn"
LANGUAGES = [("nn", _("Nynorsk")), ("nb", _("Bokmål")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
FORMAT_MODULE_PATH = ["lupplan.formats"]

# --- Static files and storage ---------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("designsystemet", NODE_MODULES / "@digdir/designsystemet-css/dist"),
    ("inter", NODE_MODULES / "@fontsource-variable/inter"),
]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}

# --- Mail -----------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Lupplan <lupplan@localhost>")
EMAIL_TIMEOUT = 30  # seconds; a mail server that is silent must not hold a worker for ever


def site_url() -> str:
    """Return where this site is for those who get mail from it, without a slash at the end."""
    if DEBUG:
        default = "http://127.0.0.1:8000"
    else:
        host = ALLOWED_HOSTS[0].strip().removeprefix(".")
        default = "" if "*" in host else f"https://{host}"
    url: str = env.str("SITE_URL", default="") or default
    if not url.startswith(("http://", "https://")):
        stop("SITE_URL must be set, for example: SITE_URL=https://lupplan.example.no")
    return url.rstrip("/")


# Mail is made where there is no request that would tell the address.
SITE_URL = site_url()

# --- Background tasks -----------------------------------------------------------------------

TASK_BACKENDS = {
    "immediate": "django_tasks.backends.immediate.ImmediateBackend",
    "database": "django_tasks_db.DatabaseBackend",
}
# Without a worker beside it, as when developing, tasks are done at once, in the same process.
TASKS_BACKEND = env.str("TASKS_BACKEND", default="") or ("immediate" if DEBUG else "database")
if TASKS_BACKEND not in TASK_BACKENDS:
    stop("TASKS_BACKEND must be one of immediate and database: TASKS_BACKEND=database")
TASKS = {"default": {"BACKEND": TASK_BACKENDS[TASKS_BACKEND]}}

# --- Signing ----------------------------------------------------------------------------------

# The keys that seal and sign: a folder, or a TOML file that names them (docs/drift.md). The demo
# makes a folder of its own.
SIGNING_KEYS = env.str("SIGNING_KEYS", default="") or str(VAR_DIR / "signering")
# The issuers that are believed: a PEM file, or a folder of them. The demo believes its own.
SIGNING_TRUST_ROOTS = env.str("SIGNING_TRUST_ROOTS", default="")
SIGNING_TIMESTAMP_URL = env.str("SIGNING_TIMESTAMP_URL", default="")
# Whether the issuers are asked if a certificate was revoked.
SIGNING_REVOCATION = env.bool("SIGNING_REVOCATION", default=bool(SIGNING_TIMESTAMP_URL))
SIGNING_TIMEOUT = env.float("SIGNING_TIMEOUT", default=15)  # seconds, for each question
SIGNING_RENEW_DAYS = env.int("SIGNING_RENEW_DAYS", default=180)
# A service that signs hashes with keys of its own (Cloud Signature Consortium).
SIGNING_SERVICE_URL = env.str("SIGNING_SERVICE_URL", default="").rstrip("/")
SIGNING_SERVICE_API = env.str("SIGNING_SERVICE_API", default="v1")
SIGNING_SERVICE_TOKEN = env.str("SIGNING_SERVICE_TOKEN", default="")
SIGNING_SERVICE_PIN = env.str("SIGNING_SERVICE_PIN", default="")
SIGNING_SERVICE_CREDENTIALS = env.dict("SIGNING_SERVICE_CREDENTIALS", default={})
for _name in ("SIGNING_TIMESTAMP_URL", "SIGNING_SERVICE_URL"):
    if vars()[_name] and not vars()[_name].startswith(("https://", "http://")):
        stop(f"{_name} must be an address, for example: {_name}=https://tsa.example.no/tsr")
if SIGNING_SERVICE_API not in ("v1", "v2"):
    stop("SIGNING_SERVICE_API must be one of v1 and v2: SIGNING_SERVICE_API=v1")
if SIGNING_TIMEOUT <= 0:
    stop("SIGNING_TIMEOUT must be more than 0 seconds: SIGNING_TIMEOUT=15")

# --- Archive ----------------------------------------------------------------------------------

# Where archive packages are delivered to: the path of a folder, or s3://bucket/prefix.
ARCHIVE_TARGET = env.str("ARCHIVE_TARGET", default="")
if ARCHIVE_TARGET and not ARCHIVE_TARGET.startswith(("/", "s3://")):
    stop("ARCHIVE_TARGET must be a path or a bucket: ARCHIVE_TARGET=s3://arkiv/lupplan")
# A TOML file that says what one's own archive calls things (docs/arkiv.md).
ARCHIVE_WORDS = env.str("ARCHIVE_WORDS", default="")
# What boto3 finds by itself where these are empty.
ARCHIVE_S3_ENDPOINT = env.str("ARCHIVE_S3_ENDPOINT", default="")
ARCHIVE_S3_REGION = env.str("ARCHIVE_S3_REGION", default="")
ARCHIVE_S3_ACCESS_KEY = env.str("ARCHIVE_S3_ACCESS_KEY", default="")
ARCHIVE_S3_SECRET_KEY = env.str("ARCHIVE_S3_SECRET_KEY", default="")

# --- Security -------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        # Designsystemet's icons are data: images in its CSS.
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        # Browsers hold redirects after a form to this too: a log-in service's origin is needed.
        "form-action": [SELF, *oidc.origins(OIDC_SERVICES)],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "lupplan_session"
SESSION_COOKIE_AGE = 60 * 60 * 8  # seconds: a working day
if not DEBUG:
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    # Set only behind a proxy that overwrites the header itself.
    if env.bool("TRUST_X_FORWARDED_PROTO", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
