import subprocess
import sys
import textwrap

import pytest

from operations.preview_warnings.background import in_background


def test_the_caller_receives_result_or_exception() -> None:
    """The caller receives the result or the exception of the work."""
    assert in_background(lambda: 7).result(5) == 7
    with pytest.raises(ZeroDivisionError):
        in_background(lambda: 1 // 0).result(5)


def test_the_end_of_the_program_waits_for_none_of_its_threads() -> None:
    """The program ends without waiting for the work's thread or for its thread pools."""
    program = """
    import threading
    from concurrent.futures import ThreadPoolExecutor
    from operations.preview_warnings.background import in_background

    begun = threading.Event()

    def hang():
        begun.set()
        threading.Event().wait()

    def work():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(hang).result()

    in_background(work)
    assert begun.wait(5)
    print("over")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "over\n", "")
