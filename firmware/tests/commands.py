"""Commands of the host, as the appliance's tests run them."""
import subprocess


def run(*command, **options):
    """Its outcome, whatever it is; stdout has stderr too."""
    return subprocess.run([str(part) for part in command], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)


def succeed(*command, **options):
    """What it said; AssertionError with that when it failed."""
    done = run(*command, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}")
    return done.stdout
