"""The one place where a test of processes waits: until a fact holds, with an end."""
import time


def until(fact, what="", seconds=180, pause=0.05):
    """Asks `fact` until it gives something true, and returns that. Fails with `what`: a text, or a
    function that gives one. `seconds`: for a machine that twenty others use; nobody waits them out
    but who fails."""
    end = time.monotonic() + seconds
    while not (value := fact()):
        assert time.monotonic() < end, what() if callable(what) else what
        time.sleep(pause)
    return value
