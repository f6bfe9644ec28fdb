# The shop's app as a container: the web app by default, the worker by another command. Two
# processes are two containers of this one image; docs/deployment.md starts them.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements.lock ./
# Into a folder of its own, with the hashes of the lock: nothing else is taken.
RUN python -m venv /opt/khqr-pos \
    && /opt/khqr-pos/bin/python -m pip install --no-cache-dir --require-hashes \
        --requirement requirements.lock

FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/khqr-pos/bin:$PATH \
    POS_HOST=0.0.0.0 \
    POS_PORT=5000 \
    POS_INSTANCE=/data
RUN groupadd --system --gid 10001 khqr \
    && useradd --system --uid 10001 --gid khqr --home-dir /data --create-home --shell /usr/sbin/nologin khqr \
    && chmod 700 /data
WORKDIR /app
COPY --from=build /opt/khqr-pos /opt/khqr-pos
COPY wsgi.py ./
COPY deploy/gunicorn.conf.py deploy/gunicorn.conf.py
COPY migrations migrations
COPY translations translations
COPY static static
COPY templates templates
COPY pos pos
USER 10001:10001
VOLUME /data
EXPOSE 5000
# The worker has no port: its container is started with --no-healthcheck.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5000/healthz', timeout=2)"]
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
