#!/usr/bin/env python3
"""The appliance's `health` against the relay that was built, on this host: whether a boot is good is read
from /readyz, and a word that moves there must not be found out by every machine starting again.

    firmware/tests/health_test.py PROGRAMS IMAGE_FOLDER [TEST ...]       after scripts/image
"""
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

from commands import run, succeed

PROGRAMS, IMAGE = (pathlib.Path(argument).resolve() for argument in (sys.argv[1:3] + [""] * 2)[:2])


class Health(unittest.TestCase):
    """The script's own text and interpreter; its site, its /var and its patience are this test's."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="certrelay-health-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.city = cls.folder / "city"
        cls.answer = cls.answer_of_a_relay()

    @classmethod
    def answer_of_a_relay(cls):
        """/readyz of a fictional city's relay once its self-test is over."""
        succeed(PROGRAMS / "certrelay-kiosk", "city", "create", cls.city, "--residents", "150", "--seed", "21")
        relay = subprocess.Popen([PROGRAMS / "certrelayd", "--config", cls.city / "certrelay.toml"],
                                 stdout=subprocess.PIPE, text=True)
        try:
            address = next(line.split()[2] for line in relay.stdout if line.startswith("LISTENING monitoring"))
            while True:
                try:
                    answer = urllib.request.urlopen(f"http://{address}/readyz", timeout=60).read().decode()
                except urllib.error.HTTPError as refused:  # not ready: there is no register
                    answer = refused.read().decode()
                checks = {one["name"]: one for one in json.loads(answer)["checks"]}
                if checks.get("self_test", {}).get("ok"):
                    return answer
        finally:
            relay.terminate()
            relay.stdout.close()
            relay.wait()

    def health(self, answer, site=None):
        """The script's outcome where the monitoring listener gives `answer`."""
        class Monitoring(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(503)
                self.send_header("Content-Length", str(len(answer.encode())))
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Monitoring)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        site = site or self.city
        if (site / "run").exists():
            (site / "run/monitoring.addr").write_text(f"127.0.0.1:{server.server_port}\n")
        mounts = self.folder / "mounts"
        mounts.write_text("/dev/mapper/data /var ext4 rw 0 0\n")
        script = (IMAGE / "root/usr/lib/appliance/health").read_text()
        for before, here in (("/var/lib/certrelay", str(site)), ("/proc/mounts", str(mounts)),
                             ("/usr/lib/appliance/bin", str(IMAGE / "root/usr/lib/appliance/bin")),
                             ("-ge 180", "-ge 3"), ("sleep 5", "sleep 0"),
                             ("$(systemctl show -p NRestarts --value certrelayd.service)", "0")):
            self.assertIn(before, script)
            script = script.replace(before, here)
        return run(IMAGE / "root/usr/lib/appliance/busybox", "sh", "-c", script)

    def test_a_relay_whose_self_test_has_passed_is_good(self):
        done = self.health(self.answer)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn(f"health: good: {self.answer.strip()}", done.stdout)
        self.assertRegex(done.stdout, r"health: \d+ of \d+ MB of memory are free")

    def test_a_failed_self_test_and_a_ledger_out_of_order_are_not_good(self):
        for name in ("self_test", "ledger"):
            spoiled = self.answer.replace(f'{{"name":"{name}","ok":true', f'{{"name":"{name}","ok":false')
            self.assertNotEqual(spoiled, self.answer)
            done = self.health(spoiled)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("health: FAILED, starting again; last answer: {", done.stdout)

    def test_a_finding_of_the_ledgers_check_is_not_good(self):
        finding = json.dumps({"name": "ledger_check", "ok": False}, separators=(",", ":"))
        done = self.health(self.answer.replace('"warnings":[]', f'"warnings":[{finding}]'))
        self.assertEqual(done.returncode, 1, done.stdout)

    def test_a_machine_without_a_site_is_good(self):
        empty = self.folder / "empty"
        empty.mkdir()
        done = self.health("", empty)
        self.assertEqual((done.returncode, done.stdout), (0, "health: no site yet, good\n"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
