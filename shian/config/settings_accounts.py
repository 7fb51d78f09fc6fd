"""Settings of sign-in: allauth (passwords, second factors, sessions, outside identities) and axes (lock-out).

The numbers that a city may change (lengths, ages, limits) are not here but in packs/parameters/accounts.yaml.
"""

import os

from shian.kernel.accounts.environment import identity_service

IS_HTTPS = os.environ.get("SHIAN_HTTPS", "") == "1"
# How many proxies of our own stand in front; from which end of X-Forwarded-For the client's address is read.
PROXIES = int(os.environ.get("SHIAN_PROXIES", "0"))

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "shian.kernel.accounts.validators.LengthAndClasses"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "shian.kernel.accounts.validators.NotUsedLately"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "shian.kernel.accounts.adapter.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on with a new key; the others end by their hash
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 0  # seconds: the adapter goes by the minutes of the dated policy instead
ACCOUNT_FORMS = {
    "login": "shian.kernel.accounts.forms.SignInForm",
    "change_password": "shian.kernel.accounts.forms.PasswordForm",
    "reauthenticate": "shian.kernel.accounts.forms.ConfirmPasswordForm",
}
# Wrong passwords lock an account by django-axes, before the limit per key, which is there for codes of second factors.
# The limits per address are wide enough for an office behind one address.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,10/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

MFA_ADAPTER = "shian.kernel.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "食安 Shian"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Browsers call http://localhost a secure context; anywhere else a passkey needs TLS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
MFA_FORMS = {
    "authenticate": "shian.kernel.accounts.forms.CodeForm",
    "reauthenticate": "shian.kernel.accounts.forms.ConfirmCodeForm",
    "activate_totp": "shian.kernel.accounts.forms.AuthenticatorAppForm",
    "add_webauthn": "shian.kernel.accounts.forms.PasskeyForm",
    "edit_webauthn": "shian.kernel.accounts.forms.PasskeyNameForm",
}

AXES_FAILURE_LIMIT = "shian.kernel.accounts.policy.lock_failures"
AXES_COOLOFF_TIME = "shian.kernel.accounts.policy.lock_duration"
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "shian.kernel.accounts.locks.locked_answer"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who keeps trying cannot keep the owner out for ever
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are sealed
AXES_VERBOSE = False
# The name alone is counted, so no change of address or browser helps; addresses have their limits above.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_CLIENT_IP_CALLABLE = "shian.kernel.accounts.locks.client_ip"

SOCIALACCOUNT_ADAPTER = "shian.kernel.accounts.adapter.IdentityAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_PROVIDERS = identity_service(os.environ)

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
