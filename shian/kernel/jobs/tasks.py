"""Upkeep of the queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

STALLED_AFTER_SECONDS = 15


@app.periodic(cron="* * * * *")
@app.task(name="jobs.retry_stalled", queueing_lock="jobs.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of a killed worker stay in `doing`: hand them out again."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)
