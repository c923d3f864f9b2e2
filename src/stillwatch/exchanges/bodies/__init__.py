"""Vendors' request and response bodies: one module for each API shape, shared by every reader.

A body is parsed JSON. Each module turns a request or a response into a partial canonical record: only the
fields the body carries, so that the records of a request and its response merge without nulls in between.
"""
