"""Positive controls: each module starts the real server with one function replaced, and its proof must notice.

python -m tests.controls.last_place.a_thousand_seats serve
"""
