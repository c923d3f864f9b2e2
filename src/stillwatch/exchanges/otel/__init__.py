"""OpenTelemetry's model-call telemetry: decoding OTLP, the names its attributes have had, and its messages.

Spans and log records become `Item`s, the same whether they came as JSON or as protobuf, and a group of items
that describe one model call becomes one canonical record.
"""
