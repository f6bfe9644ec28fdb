"""Puts the parts together; decides nothing."""

from flask import Flask

from pos import cli, config, database, logs, models
from pos.config import Settings
from pos.extensions import csrf, db, login, migrate
from pos.logs import sentry
from pos.paths import HOME
from pos.services.banking import opening
from pos.web import (
    cookies,
    errors,
    files,
    filters,
    gate,
    htmx,
    languages,
    reach,
    security,
    sessions,
    traced,
    trouble,
)
from pos.web.again import Again
from pos.web.api import (
    api_health,
    bakong,
    bakong_admin,
    openapi,
    orders,
    token,
    v1_displays,
    v1_payments,
    v1_refunds,
    v1_sales,
    v1_shifts,
)
from pos.web.bookkeeping import corrections, counting, days, exports, shifts, x
from pos.web.counter import (
    cash,
    claim,
    discounts,
    display,
    drawer,
    kiosk,
    pairing,
    sound,
    till,
    tips,
)
from pos.web.counter.unchanged import Unchanged
from pos.web.entrance import (
    auth,
    callbacks,
    health,
    logins,
    metrics,
    second_step,
    switch,
    welcome,
)
from pos.web.office import (
    accounts,
    alerts,
    attention,
    audit,
    backups,
    devices,
    discount_rules,
    disputes,
    figures,
    gateways,
    instalments,
    limits,
    office,
    payments,
    people,
    premises,
    programs,
    qr_log,
    quick_amounts,
    rates,
    receipt_lines,
    recipients,
    reconcile,
    refunds,
    signs,
    tip_rules,
    webhooks,
)
from pos.web.paperwork import ereceipts, paper, receipts

DOORS = (
    auth.bp,
    second_step.bp,
    switch.bp,
    welcome.bp,
    logins.bp,
    till.bp,
    cash.bp,
    discounts.bp,
    tips.bp,
    drawer.bp,
    claim.bp,
    attention.bp,
    display.bp,
    pairing.bp,
    shifts.bp,
    x.bp,
    days.bp,
    receipts.bp,
    ereceipts.bp,
    paper.bp,
    exports.bp,
    counting.bp,
    corrections.bp,
    rates.bp,
    quick_amounts.bp,
    discount_rules.bp,
    tip_rules.bp,
    instalments.bp,
    limits.bp,
    receipt_lines.bp,
    refunds.bp,
    people.bp,
    devices.bp,
    figures.bp,
    signs.bp,
    disputes.bp,
    accounts.bp,
    premises.bp,
    programs.bp,
    webhooks.bp,
    gateways.bp,
    reconcile.bp,
    office.bp,
    audit.bp,
    backups.bp,
    payments.bp,
    qr_log.bp,
    alerts.bp,
    recipients.bp,
    callbacks.bp,
    health.bp,
    metrics.bp,
    sound.bp,
    kiosk.bp,
    token.bp,
    v1_sales.bp,
    v1_payments.bp,
    v1_refunds.bp,
    v1_displays.bp,
    v1_shifts.bp,
    bakong.bp,
    bakong_admin.bp,
    orders.bp,
    api_health.bp,
    openapi.bp,
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the shop's web app, with settings of the environment unless some are given.

    Starts no thread and reads nothing else of the environment. ConfigError stops it. With
    settings of the environment it is this process's only app, and opens the log, and Sentry.
    """
    is_the_one, settings = settings is None, settings or config.load()
    app = Flask("pos", root_path=str(HOME), instance_path=str(settings.instance.resolve()))
    app.config.update(_flask_config(settings))
    app.extensions["pos_settings"] = settings
    traced.init_app(app)
    _bind_extensions(app)
    for part in (htmx, reach, gate, sessions, security, files, languages, filters, errors, trouble):
        part.init_app(app)
    for door in (*DOORS, cli.bp):
        app.register_blueprint(door)
    app.wsgi_app = Again(app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = reach.behind_proxies(Unchanged(app), settings)  # type: ignore[method-assign]
    app.wsgi_app = traced.Traced(app, settings)  # type: ignore[method-assign]
    if is_the_one:
        # A command tells its person what it did; the log is for what goes wrong meanwhile.
        logs.open_logs(settings, "warning" if cli.is_command() else "")
        sentry.open_sentry(settings)
    return app


def serve() -> Flask:
    """Return the app for a server, once its accounts are seen to fit the banks they are at.

    An operator's commands open the books without that look: they put it right. ConfigError.
    """
    app = create_app()
    with app.app_context():
        opening.refuse_mixed()
        db.session.remove()
        for engine in db.engines.values():
            # A server that forks after this must not share a connection.
            engine.dispose()
    return app


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        **database.engine_options(settings.database),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        **cookies.for_login(settings),
        "TRUSTED_HOSTS": reach.names(settings),
        "MAX_CONTENT_LENGTH": 1_000_000,
        # A till's page stays open for a whole shift; its token lives as long as its login.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _bind_extensions(app: Flask) -> None:
    assert models.Payment.metadata is db.metadata
    db.init_app(app)
    migrate.init_app(app, db, directory=str(HOME / "migrations"), render_as_batch=True)
    login.init_app(app)
    csrf.init_app(app)
    with app.app_context():
        database.prepare(db.engines)
        database.refuse_unsafe(db.engines)
