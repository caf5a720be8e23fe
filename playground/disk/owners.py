"""Which process owns a file, and whether it still lives: a number alone is given again to another process."""


def started() -> float:
    """When this process began, seconds since 1970."""
    import psutil  # late: a window begins without it

    return float(psutil.Process().create_time())


def lives(pid: int, process_started: float) -> bool:
    """Whether the process of this number is still the one that began then."""
    import psutil

    try:
        return bool(abs(psutil.Process(pid).create_time() - process_started) < 1)
    except psutil.Error:
        return False
