"""What pages cost a person on a cheap phone, and what requests cost a server: ratios taken in one run.

`bin/bench` runs everything but `scale`; docs/budgets.md says what each figure means and against what it is held.
"""
