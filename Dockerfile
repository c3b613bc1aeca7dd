# Sân Chơi as a container:
#     docker build -t sanchoi .
#     docker run --read-only --tmpfs /tmp -v sanchoi-data:/data -p 8000:8000 sanchoi
# Everything that changes lies in /data. The demo is off; see docs/operations.md for settings.

FROM python:3.11-slim AS packages
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /srv/venv \
    && /srv/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /tmp/run.txt \
    && /srv/venv/bin/python -m pip uninstall --yes --quiet pip setuptools

FROM python:3.11-slim
RUN groupadd --gid 10001 sanchoi \
    && useradd --uid 10001 --gid sanchoi --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin sanchoi \
    && install -d -o sanchoi -g sanchoi -m 0750 /data
COPY --from=packages /srv/venv /srv/venv
WORKDIR /srv/sanchoi
COPY . .
# Compiled now, because the program's files cannot be written later.
RUN /srv/venv/bin/python -m compileall -q contest
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SANCHOI_DATA_DIR=/data \
    SANCHOI_DEMO=0 \
    SANCHOI_HOST=0.0.0.0 \
    SANCHOI_PORT=8000
USER sanchoi
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['SANCHOI_PORT'] + '/readyz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["python", "-m", "contest", "serve"]
