"""A message that nobody answers keeps its place until the end, and there are few."""

from app import cli, worker

NOTICED_BY = "seconds that silence delays the others, 95 of 100"

worker.SLOW = 3600.0
worker.AT_ONCE = worker.AT_LEAST = 1

if __name__ == "__main__":
    cli.main()
