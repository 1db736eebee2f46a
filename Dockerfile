# syntax=docker/dockerfile:1
FROM python:3.13.12-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src

# The libraries first: they change seldom, so their layer is kept.
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/build && python -m venv /opt/uphold \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt \
    && /opt/uphold/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt

COPY . .
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/uphold/bin/pip install --no-cache-dir --no-deps /wheels/*.whl \
    && /opt/uphold/bin/pip check


FROM python:3.13.12-slim-trixie

ENV PATH=/opt/uphold/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --system --uid 10001 --home-dir /srv/uphold --shell /usr/sbin/nologin uphold \
    && install -d -o uphold -g uphold /srv/uphold/var
COPY --from=build /opt/uphold /opt/uphold

USER 10001
WORKDIR /srv/uphold
VOLUME /srv/uphold/var

HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=6 CMD ["uphold", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["uphold"]
CMD ["worker"]
