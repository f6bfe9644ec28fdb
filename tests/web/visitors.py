"""Every door of the app, and what each of five people who come to it is answered there."""

Door = tuple[str, str]
"""An endpoint and a method."""

VISITORS = ("cashier", "manager", "colleague", "stranger", "their manager")
"""The owner of the till, shift, payment and display asked for; the manager of that store;
another cashier there, at Till 2; a cashier and a manager of another store."""

OF_THE_OFFICE = (
    *("days.days", "office.office", "audit.audit", "gateways.gateways", "qr_log.qr_log"),
    *("figures.figures", "signs.signs", "signs.rows", "alerts.alerts"),
)
A_REFUNDS = ("payment", "refund", "reference")

MANAGERS_OWN = (
    *("rates.rates", "quick_amounts.quick_amounts", "discount_rules.rules"),
    *(
        "people.new",
        "devices.devices",
        "recipients.recipients",
        "tip_rules.rules",
        "programs.programs",
        "webhooks.webhooks",
    ),
    *("limits.limits", "receipt_lines.receipt_lines"),
)
EVERYBODYS = (
    *("static", "health.alive", "auth.login", "auth.password", "auth.pin", "logins.logins"),
    *(
        "attention.attention",
        "attention.history",
        "second_step.second_step",
        "payments.payments",
        "refunds.refunds",
        "disputes.disputes",
        "shifts.shifts",
        "receipts.receipts",
    ),
    *("kiosk.till_manifest", "kiosk.display_manifest", "kiosk.offline", "kiosk.service_worker"),
)
OF_A_TILL = (
    *("till.till", "till.payment", "cash.change", "drawer.drawer", "drawer.move"),
    *("pairing.pairing", "sound.sound"),
)

AT_TILL = (f"till.{it}" for it in ("charge", "cash", "discount"))
SENT_EMPTY = ("sound.choose", "claim.claim", "drawer.move", "pairing.pair", *AT_TILL)
A_SHUT_PAGE = ("/till", "/shifts/open", "/till", "/till", "/shifts/open")
AN_EMPTY_FORM = ("422", "/shifts/open", "422", "422", "/shifts/open")
ONES_OWN_AT_A_TILL = ("/till", "/shifts/open", "404", "404", "/shifts/open")
GONE_AT_A_TILL = ("404", *ONES_OWN_AT_A_TILL[1:])
NOT_COUNTED_YET = ("/shifts/4/close", "/shifts/4/close", "404", "404", "404")

OF_A_TIP = ("tips.skip", "tips.cancel")
PREMISES = ("store", "tills", "change_store", "change_merchant", "add_till")
A_TILLS_PAGE = ("403", "/settings/tills", "403", "403", "404")

OF_A_WEBHOOK = tuple(f"webhooks.{it}" for it in ("pause", "resume", "again", "test", "renew"))
A_WEBHOOK = ("403", "/settings/webhooks/1", "403", "403", "404")

OF_A_PERSON = tuple(f"people.{it}" for it in ("shut_out", "let_in", "end_logins"))
OF_A_PERSON += ("people.reset_second_step",)

LOOKED_AT_BY_TOKEN = (
    *(f"v1_sales.{it}" for it in ("sales", "sale")),
    *(f"v1_payments.{it}" for it in ("payments", "payment", "qr_png", "qr_svg")),
    *("v1_refunds.refunds", "v1_refunds.refund", "v1_displays.displays"),
    *("bakong.status", "orders.status", "v1_shifts.shifts", "v1_shifts.report"),
    *("bakong_admin.payments", "bakong_admin.payment"),
)
SENT_BY_TOKEN = (
    *(f"v1_sales.{it}" for it in ("register", "pay", "complete")),
    *(f"v1_payments.{it}" for it in ("cancel", "check")),
    *(f"bakong.{it}" for it in ("create", "verify", "webhook")),
    *("orders.khqr", "bakong_admin.refund", "v1_refunds.ask"),
)

OF_PROGRAMS: dict[Door, tuple[str, str, str, str, str]] = {
    ("token.refresh", "POST"): ("415",) * 5,
    **{
        (it, "GET"): ("200",) * 5
        for it in ("api_health.health", "openapi.description", "openapi.docs")
    },
    **{(it, "GET"): ("401",) * 5 for it in ("token.whoami", *LOOKED_AT_BY_TOKEN)},
    **{(it, "POST"): ("401",) * 5 for it in SENT_BY_TOKEN},
}
"""The doors of the API, where a login counts for nothing: a form there is no JSON."""

DOORS: dict[Door, tuple[str, str, str, str, str]] = {
    **{(page, "GET"): ("200",) * 5 for page in EVERYBODYS},
    **{(p, "GET"): ("200", "/shifts/open", "200", "200", "/shifts/open") for p in OF_A_TILL},
    ("health.ready", "GET"): ("503", "503", "503", "503", "503"),
    ("metrics.metrics", "GET"): ("404",) * 5,
    **{(it, "POST"): AN_EMPTY_FORM for it in SENT_EMPTY},
    ("callbacks.payway", "POST"): ("415", "415", "415", "415", "415"),
    ("display.screen", "GET"): ("/display",) * 5,
    ("display.tip", "POST"): ("/display",) * 5,
    ("display.display", "GET"): ("200",) * 5,
    **{(f"auth.{it}", "POST"): ("422",) * 5 for it in ("login", "language", "password", "pin")},
    ("auth.store", "POST"): ("403",) * 5,
    **{("switch.switch", it): ("/login",) * 5 for it in ("GET", "POST")},
    **{("second_step.code", it): ("/login?password=",) * 5 for it in ("GET", "POST")},
    **{(f"second_step.{it}", "POST"): ("422",) * 5 for it in ("begin", "turn_on", "turn_off")},
    **{("welcome.welcome", it): ("404",) * 5 for it in ("GET", "POST")},
    ("logins.end", "POST"): ("/password/logins", "404", "404", "404", "404"),
    ("logins.end_others", "POST"): ("/password/logins",) * 5,
    ("people.people", "GET"): ("403", "200", "403", "403", "200"),
    ("people.person", "GET"): ("403", "200", "403", "403", "404"),
    ("people.person", "POST"): ("403", "422", "403", "403", "404"),
    ("people.password", "POST"): ("403", "200", "403", "403", "404"),
    **{(page, "POST"): ("403", "/people/6", "403", "403", "404") for page in OF_A_PERSON},
    ("accounts.accounts", "GET"): ("403", "200", "403", "403", "200"),
    ("accounts.new", "GET"): ("403", "200", "403", "403", "200"),
    ("accounts.new", "POST"): ("403", "422", "403", "403", "422"),
    ("accounts.account", "GET"): ("403", "200", "403", "403", "404"),
    ("accounts.test", "POST"): ("403", "200", "403", "403", "404"),
    ("accounts.key", "POST"): ("403", "422", "403", "403", "404"),
    ("accounts.use", "POST"): ("403", "422", "403", "403", "404"),
    ("accounts.same", "POST"): ("403", "/settings/accounts", "403", "403", "404"),
    **{(f"premises.{it}", "GET"): ("403", "200", "403", "403", "200") for it in PREMISES[:2]},
    **{(f"premises.{it}", "POST"): ("403", "422", "403", "403", "422") for it in PREMISES[2:]},
    ("premises.change_till", "POST"): ("403", "422", "403", "403", "404"),
    **{(f"premises.{it}_till", "POST"): A_TILLS_PAGE for it in ("retire", "bring_back")},
    ("instalments.instalments", "GET"): ("200",) * 5,
    ("instalments.sale", "GET"): ("200", "200", "200", "404", "404"),
    ("instalments.charge", "POST"): ("422", "/shifts/open", "422", "404", "/shifts/open"),
    ("instalments.complete", "POST"): ("403", "422", "403", "403", "404"),
    ("programs.revoke", "POST"): ("403", "/settings/programs", "403", "403", "404"),
    ("devices.revoke", "POST"): ("403", "/devices", "403", "403", "404"),
    ("attention.ask", "POST"): ("/attention", "/attention", "404", "404", "404"),
    ("attention.item", "GET"): ("200", "200", "404", "404", "404"),
    ("attention.item", "POST"): ("/attention", "/attention", "404", "404", "404"),
    ("claim.claim", "GET"): ("200", "/shifts/open", "200", "200", "/shifts/open"),
    **{("claim.mark", how): ONES_OWN_AT_A_TILL for how in ("GET", "POST")},
    ("till.home", "GET"): ("/till", "/till", "/till", "/till", "/till"),
    **{(f"till.{it}", "POST"): ONES_OWN_AT_A_TILL for it in ("check", "new_qr", "cancel")},
    **{(it, "POST"): ONES_OWN_AT_A_TILL for it in OF_A_TIP},
    **{("discounts.discount", it): A_SHUT_PAGE for it in ("GET", "POST")},
    ("cash.take", "GET"): ("200", "/shifts/open", "404", "404", "/shifts/open"),
    ("cash.take", "POST"): ("422", "/shifts/open", "404", "404", "/shifts/open"),
    ("till.give_back", "POST"): ONES_OWN_AT_A_TILL,
    ("drawer.refund", "GET"): ("200", "/shifts/open", "404", "404", "/shifts/open"),
    ("drawer.refund", "POST"): ("422", "/shifts/open", "404", "404", "/shifts/open"),
    **{(page, "GET"): ("403", "200", "403", "403", "200") for page in MANAGERS_OWN},
    **{(page, "POST"): ("403", "422", "403", "403", "422") for page in MANAGERS_OWN},
    **dict.fromkeys((("pairing.confirm", "GET"), ("pairing.answer", "POST")), GONE_AT_A_TILL),
    ("pairing.rename", "POST"): ("422", "/shifts/open", "404", "404", "/shifts/open"),
    ("display.window", "POST"): ("/display", "/pairing", "/display", "/display", "/pairing"),
    ("pairing.revoke", "POST"): ("/pairing", "/shifts/open", "404", "404", "/shifts/open"),
    **{(f"refunds.{it}", "GET"): (*("200",) * 2, *("404",) * 3) for it in A_REFUNDS},
    **{(f"refunds.{it}", "POST"): (*("422",) * 2, *("404",) * 3) for it in A_REFUNDS},
    ("payments.payment", "GET"): ("200", "200", "404", "404", "404"),
    ("refunds.look", "POST"): ("/refunds/1", "/refunds/1", "404", "404", "404"),
    ("reconcile.reconcile", "GET"): ("403", "200", "403", "403", "200"),
    ("reconcile.run", "GET"): ("403", "200", "403", "403", "404"),
    ("shifts.open_shift", "GET"): ("/till", "200", "/till", "/till", "200"),
    ("shifts.open_shift", "POST"): ("/till", "422", "/till", "/till", "422"),
    ("shifts.close_shift", "GET"): ("200", "200", "404", "404", "404"),
    ("shifts.close_shift", "POST"): ("422", "422", "404", "404", "404"),
    ("shifts.report", "GET"): ("200", "200", "404", "404", "404"),
    ("corrections.correction", "GET"): ("200", "200", "404", "404", "404"),
    ("corrections.recount", "GET"): ("403", "200", "403", "403", "404"),
    ("corrections.recount", "POST"): ("403", "422", "403", "403", "404"),
    ("x.look", "GET"): ("200", "200", "404", "404", "404"),
    ("x.print_it", "POST"): ("422", "422", "404", "404", "404"),
    ("days.print_it", "POST"): ("403", "422", "403", "403", "422"),
    **{(it, "GET"): ("403", "200", "403", "403", "200") for it in OF_THE_OFFICE},
    ("disputes.new", "GET"): ("200",) * 5,
    ("disputes.new", "POST"): ("422",) * 5,
    ("disputes.dispute", "GET"): ("200", "200", "404", "404", "404"),
    **{(f"disputes.{it}", "POST"): (*("422",) * 2, *("404",) * 3) for it in ("end", "evidence")},
    ("backups.backups", "GET"): ("403", "200", "403", "403", "200"),
    ("backups.ask", "POST"): ("403", "/backups", "403", "403", "/backups"),
    ("alerts.acknowledge", "POST"): ("403", "/alerts", "403", "403", "404"),
    **{
        (f"recipients.{it}", "POST"): ("403", "/recipients", "403", "403", "404")
        for it in ("test", "remove")
    },
    ("receipts.issue", "POST"): ("/receipts/1", "/receipts/1", "404", "404", "404"),
    ("receipts.show_link", "POST"): ("422", "422", "404", "404", "404"),
    ("receipts.link", "GET"): ("/receipts", "/receipts", "404", "404", "404"),
    ("ereceipts.receipt", "GET"): ("404", "404", "404", "404", "404"),
    ("receipts.receipt", "GET"): ("200", "200", "404", "404", "404"),
    ("paper.print_it", "POST"): ("422", "422", "404", "404", "404"),
    ("paper.sheet", "GET"): ("200", "200", "404", "404", "404"),
    ("paper.want_pdf", "POST"): ("422", "422", "404", "404", "404"),
    ("paper.pdf", "GET"): ("200", "200", "404", "404", "404"),
    ("exports.exports", "GET"): ("403", "200", "403", "403", "200"),
    ("exports.file", "GET"): ("403", "422", "403", "403", "422"),
    ("counting.count", "GET"): NOT_COUNTED_YET,
    **{(f"counting.{it}", "POST"): NOT_COUNTED_YET for it in ("count", "agree")},
    ("counting.resume", "POST"): ("/till", "/shifts", "404", "404", "404"),
    ("webhooks.webhook", "GET"): ("403", "200", "403", "403", "404"),
    **{(it, "POST"): A_WEBHOOK for it in OF_A_WEBHOOK[:3]},
    ("webhooks.test", "POST"): ("403", "422", "403", "403", "404"),
    ("webhooks.renew", "POST"): ("403", "200", "403", "403", "404"),
    ("webhooks.remove", "POST"): ("403", "/settings/webhooks", "403", "403", "404"),
    **OF_PROGRAMS,
    ("auth.logout", "POST"): ("/login", "/login", "/login", "/login", "/login"),
}
"""What each visitor is answered, going from door to door in this order: a status, or where the
answer leads. A form is sent empty but for its token; no shift closes, for a QR still waits."""

OPEN = {
    "auth.language",
    "auth.login",
    "second_step.code",
    "static",
    "switch.switch",
    "welcome.welcome",
}

PUBLIC = {door for door in DOORS if door[0] in OPEN} | {
    *OF_PROGRAMS,
    *(("callbacks.payway", "POST"), ("ereceipts.receipt", "GET"), ("health.ready", "GET")),
    ("metrics.metrics", "GET"),
    *((f"display.{it}", "GET") for it in ("display", "screen")),
    ("display.tip", "POST"),
    *((page, "GET") for page in EVERYBODYS if page.startswith(("kiosk.", "health."))),
}

SECRETS = ("Dara", "Maly", "Riverside", "Till 1", "3.50", "Mekong", "csrf_token", "<form")
"""What only a page behind the login says."""
