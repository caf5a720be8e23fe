import pytest

from playground.engine.books import Books


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def frames_in(books, clock, cost, seconds, step=0.001):
    """Make a frame of this cost whenever the books allow it."""
    frames = 0
    while clock.now < seconds:
        if books.due():
            clock.now += cost
            books.charge(cost)
            frames += 1
        clock.now += step
    return frames


@pytest.mark.parametrize("cost", [0.002, 0.01, 0.08])
def test_watching_stays_below_its_share_whatever_a_frame_costs(cost):
    clock = Clock()
    books = Books(share=0.02, clock=clock)
    books.run(True)
    frames = frames_in(books, clock, cost, 120)
    assert frames * cost / 120 <= 0.023  # the first frames come a little sooner, before their cost is known
    assert books.watching == pytest.approx(frames * cost / clock.now)
    assert frames * cost / 120 > 0.015  # and the share is used


def test_cheap_frames_come_at_most_sixty_times_a_second():
    clock = Clock()
    books = Books(share=0.02, most_per_second=60, clock=clock)
    books.run(True)
    frames = frames_in(books, clock, 1e-5, 20, step=1e-4)
    assert 50 * 20 < frames <= 60 * 20 + 1
    assert books.frames_per_second == pytest.approx(60, rel=0.05)


def test_pauses_are_no_running_time():
    clock = Clock()
    books = Books(clock=clock)
    books.run(True)
    clock.now = 2
    books.run(False)
    clock.now = 50
    books.charge(1.0)
    assert books.ran == 2
    assert books.watching == 0


def test_what_fits_into_a_wait_costs_nothing():
    clock = Clock()
    books = Books(share=0.02, most_per_second=60, clock=clock)
    books.run(True)
    for _frame in range(10):
        books.charge(0.005, idle=0.1)
        clock.now += 0.02
    assert books.due()
    assert books.watching == 0
    books.charge(0.3, idle=0.1)
    clock.now += 1
    assert books.watching == pytest.approx(0.2 / books.ran)
    assert not books.due()
    books.charge(0.1, idle=-3.0)
    assert books.watching == pytest.approx(0.3 / books.ran)
