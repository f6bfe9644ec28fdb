from pos.services.shop import lease


def test_the_program_says_that_it_lives(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok", "text/plain")


def test_without_a_worker_the_shop_is_not_ready(client, clock):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"database": "ok", "worker": "silent"})


def test_the_shop_is_ready_while_its_worker_ticks(app, client, clock):
    with app.app_context():
        lease.hold("a worker")
    assert (client.get("/readyz").status_code, client.get("/readyz").json["worker"]) == (200, "ok")
    clock.advance(15)
    assert client.get("/readyz").status_code == 200
    clock.advance(1)
    assert (client.get("/readyz").status_code, client.get("/readyz").json["worker"]) == (
        503,
        "silent",
    )


def test_health_tells_nothing_of_the_shop(client, shop):
    for page in ("/healthz", "/readyz"):
        answer = client.get(page)
        assert len(answer.data) < 60
        assert "Set-Cookie" not in answer.headers
