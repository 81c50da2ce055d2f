#!/usr/bin/env python3
"""Debian's Prometheus on a running relay, with the shipped configuration and rules.

Goal: what the relay shows is what Prometheus reads, and an alert fires on a real cause: an operator's
stop turns a check to 0, and the series that the alert rules and the dashboard name are all there.
Method: a small fictional city; prometheus.yml with the relay's port and a short interval; Prometheus
on a port of the kernel's choice, its data in a folder that goes away.
Usage: prometheus_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse
import urllib.request

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from city_case import CityCase  # noqa: E402
from until import until  # noqa: E402

MONITORING = pathlib.Path(__file__).resolve().parents[2] / "firmware/monitoring"


class Prometheus(CityCase):
    def start(self):
        host, port = self.relay.addresses["monitoring"]
        text = (MONITORING / "prometheus.yml").read_text()
        text, targets = re.subn(r'targets: \["[^"]+"\]', f'targets: ["{host}:{port}"]', text)
        # A try to read the relay has as long as the interval, and a slow machine needs it.
        text, intervals = re.subn(r"scrape_interval: 15s", "scrape_interval: 5s", text)
        text, looks = re.subn(r"evaluation_interval: 15s", "evaluation_interval: 1s", text)
        intervals += looks
        self.assertEqual((targets, intervals), (1, 2))
        (self.folder / "prometheus.yml").write_text(text)
        rules = (MONITORING / "certrelay.rules.yml").read_text()
        (self.folder / "certrelay.rules.yml").write_text(rules)
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.folder}/prometheus.yml",
             f"--storage.tsdb.path={self.folder}/data", "--web.listen-address=127.0.0.1:0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        for line in self.process.stderr:
            if found := re.search(r'msg="Listening on" address=(\S+)', line):
                self.address = found[1]
            if "Server is ready" in line:
                return
        self.fail("prometheus ended before it was ready")

    def end(self):
        self.process.terminate()
        self.process.stderr.read()
        self.process.wait(timeout=120)
        self.process.stderr.close()

    def ask(self, expression):
        query = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"http://{self.address}/api/v1/query?{query}",
                                    timeout=60) as answer:
            return json.load(answer)["data"]["result"]

    def value(self, expression):
        found = self.ask(expression)
        return float(found[0]["value"][1]) if found else None

    def await_value(self, expression, wanted):
        until(lambda: self.value(expression) == wanted,
              lambda: f"{expression} is {self.value(expression)}", seconds=120, pause=0.2)

    def test_prometheus_reads_the_relay_and_sees_a_stop(self):
        self.start()
        self.await_value('up{job="certrelay"}', 1)
        self.await_value("certrelay_ready", 1)
        self.assertEqual(self.issue().returncode, 0)
        self.await_value('certrelay_transactions_total{outcome="issued"}', 1)
        dashboard = json.loads((MONITORING / "dashboard.json").read_text())
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                until(lambda: self.ask(target["expr"]), f"nothing for {target['expr']}", pause=0.2)
        stopped = self.ctl("mihon-clerk", "issuing", "stop", "--reason", "見本: 監視の確認")
        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        self.await_value('certrelay_check_ok{check="issuing"}', 0)
        self.await_value('count(ALERTS{alertname="CertrelayStoppedByOperator"})', 1)
        # One read that failed gives it for a moment; a stop would for as long as it lasts.
        until(lambda: not self.ask('ALERTS{alertname="CertrelayUnreachable"}'),
              "a stopped relay passes for one that cannot be reached", pause=0.2)
        self.assertEqual(self.relay.stop(), 0)
        self.await_value('up{job="certrelay"}', 0)
        self.await_value('count(ALERTS{alertname="CertrelayUnreachable"})', 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
