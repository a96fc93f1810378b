"""Working off what waits, in batches, by a scheduled job."""


def work_off(env, next_batch, work):
    """Work off what waits, a transaction for each batch, and return whether nothing is left.

    When the time of the scheduled job is over, it is told that something remains: then it goes on
    at once, after the other jobs, and not at its next time.

    :param next_batch: returns the next records, and empty ones when nothing is left
    :param work: takes them, and sees to it that they are not returned again
    """
    commit_progress = env["ir.cron"]._commit_progress
    is_begun = False
    while batch := next_batch():
        work(batch)
        is_begun = True
        # How many there are is not counted: that there may be one is enough.
        if not commit_progress(len(batch), remaining=1):
            return False
    if is_begun:
        commit_progress(remaining=0)
    return True
