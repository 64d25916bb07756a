"""Settings of one installation, each read from the environment with a safe default."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where the installation keeps what it owns: database, attachments, collected static files, its secret key.
DATA_DIR = Path(env.str("CHUANGJU_DATA", default=str(BASE_DIR / "var"))).resolve()
DEBUG = env.bool("CHUANGJU_DEBUG", default=False)
# Demo mode: demo accounts, the account switcher and the banner; refuses a database that is not demo.
DEMO = env.bool("CHUANGJU_DEMO", default=False)


def _secret_key() -> str:
    """The installation's key: from the environment, else made once and kept in the data folder (mode 600)."""
    given = env.str("CHUANGJU_SECRET_KEY", default="")
    if given:
        return str(given)
    file = DATA_DIR / "secret-key"
    if not file.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(64), encoding="ascii")
    return file.read_text(encoding="ascii").strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("CHUANGJU_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CHUANGJU_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_htmx",
    "chuangju.kernel",
    "chuangju.ui",
    "chuangju.units",
    "chuangju.indicators",
    "chuangju.scoring",
    "chuangju.programme",
    "chuangju.ventures",
    "chuangju.budget",
    "chuangju.policies",
    "chuangju.applications",
    "chuangju.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads what it compresses at random, so that lengths tell nothing of tokens.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "chuangju.kernel.middleware.SessionLimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "chuangju.ui.middleware.ProblemPagesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chuangju.units.middleware.StaffAccessMiddleware",
    "chuangju.kernel.middleware.IdempotencyMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "chuangju.ui.context_processors.shell",
            ],
            "builtins": ["django.templatetags.i18n", "chuangju.ui.templatetags.ui"],
        },
    },
]

# SQLite is the embedded default; IMMEDIATE, WAL and FULL are what keep it honest under concurrent writers.
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'chuangju.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    # What the address asks for (sslmode, a socket's folder) stays beside the pool.
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            {"user_attributes": ("username", "name")},
        ),
        ("chuangju.units.password_rules.LeastLengthValidator", {"min_length": 10}),
        ("django.contrib.auth.password_validation.CommonPasswordValidator", {}),
        ("django.contrib.auth.password_validation.NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "units:sign_in"
# Where the public side sends people who want to sign in: founders come first, staff find their way from there.
PUBLIC_LOGIN_URL = "units:mobile_sign_in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "chuangju.units.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "chuangju.units.adapters.address_of"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How many proxies of ours stand in front of the server; each adds the address it saw to X-Forwarded-For.
PROXIES = env.int("CHUANGJU_PROXIES", default=0)
# Staff show a second factor; a demo, whose password everybody knows, does without (docs/security.md).
SECOND_FACTOR_REQUIRED = env.bool("CHUANGJU_SECOND_FACTOR", default=not DEMO)
# allauth keeps second factors and the city's identities; its limits live in a process, ours in the database.
ACCOUNT_ADAPTER = "chuangju.units.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGIN_TIMEOUT = 10 * 60
MFA_ADAPTER = "chuangju.units.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TRUST_ENABLED = False
SOCIALACCOUNT_ADAPTER = "chuangju.units.city_adapters.CityAccountAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8
# The city's sign-in (随申办, 电子营业执照) by OpenID Connect; offered once the issuer and the client are set.
CITY_SIGN_IN = {
    "issuer": env.str("CHUANGJU_OIDC_ISSUER", default="").rstrip("/"),
    "client_id": env.str("CHUANGJU_OIDC_CLIENT_ID", default=""),
    "secret": env.str("CHUANGJU_OIDC_CLIENT_SECRET", default=""),
    "label": env.str("CHUANGJU_OIDC_LABEL", default="随申办"),
    "label_en": env.str("CHUANGJU_OIDC_LABEL_EN", default="Suishenban"),
}

SESSION_ENGINE = "chuangju.kernel.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_NAME = "chuangju_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("CHUANGJU_HTTPS", default=False)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "chuangju.ui.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "chuangju_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
ATTACHMENTS_DIR = DATA_DIR / "attachments"
# Where `chuangju load_policies` looks for the district's own policy files.
POLICY_FOLDER = Path(env.str("CHUANGJU_POLICIES", default=str(DATA_DIR / "policies")))
# The keys of personal data; best kept on another disk than the database, and backed up apart from it.
KEY_FILE = Path(env.str("CHUANGJU_KEY_FILE", default=str(DATA_DIR / "keys" / "personal-data.json")))
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_PERMISSIONS = 0o600

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("CHUANGJU_LOG_LEVEL", default="WARNING")},
}

# The address under which people reach this installation: it stands in messages and in QR codes.
PUBLIC_URL = env.str("CHUANGJU_URL", default=(CSRF_TRUSTED_ORIGINS or ["http://localhost:8000"])[0]).rstrip("/")
# Messages outside (docs/operations.md): without a mail server or a gateway nothing waits for one.
EMAIL_HOST = env.str("CHUANGJU_EMAIL_HOST", default="")
EMAIL_PORT = env.int("CHUANGJU_EMAIL_PORT", default=465)
EMAIL_USE_SSL = env.bool("CHUANGJU_EMAIL_SSL", default=True)
EMAIL_USE_TLS = env.bool("CHUANGJU_EMAIL_STARTTLS", default=False)
EMAIL_HOST_USER = env.str("CHUANGJU_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("CHUANGJU_EMAIL_PASSWORD", default="")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("CHUANGJU_EMAIL_FROM", default=EMAIL_HOST_USER or "noreply@localhost")
SMS_URL = env.str("CHUANGJU_SMS_URL", default="")
SMS_TOKEN = env.str("CHUANGJU_SMS_TOKEN", default="")
SMS_SIGN = env.str("CHUANGJU_SMS_SIGN", default="")
# Further channels as dotted paths to a `Channel`, for a gateway of the district's own (docs/adapters.md).
MESSAGE_CHANNELS = env.list("CHUANGJU_MESSAGE_CHANNELS", default=[])

# What a district calls itself and how it looks: changed here or by the environment, never in templates.
DISTRICT: dict[str, Any] = {
    "brand": env.str("CHUANGJU_BRAND", default="创聚闵行"),
    "brand_en": env.str("CHUANGJU_BRAND_EN", default="Chuangju Minhang"),
    "district": env.str("CHUANGJU_DISTRICT", default="闵行区"),
    "district_en": env.str("CHUANGJU_DISTRICT_EN", default="Minhang District"),
    "code": env.str("CHUANGJU_DISTRICT_CODE", default="310112"),
    "strapline": _("创业型城区创建工作平台"),
    # Below the programme on the home page: whom to ask, and where. Empty: not shown.
    "contact": env.str("CHUANGJU_CONTACT", default=""),
    # A static file in place of the product's mark, and colours in place of its own ({"brand-700": "#rrggbb", ...}).
    "mark": "",
    "colours": {},
}
# Within so many working days a claim to act for a firm is checked; papers that are awaited do not count.
CLAIM_WORKING_DAYS = env.int("CHUANGJU_CLAIM_WORKING_DAYS", default=5)
# How long a process may count by the holiday notices it knows before it looks for newer ones.
HOLIDAYS_REREAD_SECONDS: float | None = 60
# A milestone due within so many working days counts as near (临近时限).
SOON_WORKING_DAYS = env.int("CHUANGJU_SOON_WORKING_DAYS", default=5)
# One that is late by so many working days is reported to the unit's leader in charge and the programme office too.
ESCALATE_WORKING_DAYS = env.int("CHUANGJU_ESCALATE_WORKING_DAYS", default=3)
# Plans: an item late by at most so many working days turns its row amber, a later one red (docs/decisions/0022).
PLAN_LATE_WORKING_DAYS = env.int("CHUANGJU_PLAN_LATE_WORKING_DAYS", default=5)
# A date moved by at most so many working days from the issued one is the office's to approve, any further the leaders'.
PLAN_SMALL_ADJUSTMENT_WORKING_DAYS = env.int("CHUANGJU_PLAN_SMALL_ADJUSTMENT_WORKING_DAYS", default=10)
# So long after the end of a half-year or year the review of a plan is due.
PLAN_REVIEW_WORKING_DAYS = env.int("CHUANGJU_PLAN_REVIEW_WORKING_DAYS", default=10)
# What a consultation proposes as its deadline.
PLAN_ROUND_WORKING_DAYS = env.int("CHUANGJU_PLAN_ROUND_WORKING_DAYS", default=7)
# Codes of the units whose finance people and approvers work with the money of every unit: the finance bureau (财政局).
FINANCE_BUREAUS = env.list("CHUANGJU_FINANCE_BUREAUS", default=["czj"])
# Somebody looks through all accounts and their roles (权限复核) every so many months.
ACCESS_REVIEW_MONTHS = env.int("CHUANGJU_ACCESS_REVIEW_MONTHS", default=6)
