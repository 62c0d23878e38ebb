import threading
import time

from gateway.engine.probe import Probe


def test_a_check_that_ends_well_is_well():
    finding = Probe("x", lambda: None).ask(1)
    assert finding.well
    assert finding.detail == ""
    assert finding.latency_ms >= 0


def test_a_check_that_fails_names_its_error_and_not_its_text():
    def check():
        raise ConnectionRefusedError("password=secret")

    finding = Probe("x", check).ask(1)
    assert not finding.well
    assert finding.detail == "ConnectionRefusedError"


def test_a_check_that_hangs_costs_its_callers_the_budget_and_one_run():
    release, runs = threading.Event(), []

    def check():
        runs.append(1)
        release.wait(10)

    probe = Probe("x", check)
    findings = [probe.ask(0.05), probe.ask(0.05)]
    assert [finding.detail for finding in findings] == ["no answer within 50 ms"] * 2
    assert len(runs) == 1

    release.set()
    assert probe.ask(1).well


def test_callers_at_the_same_time_share_one_run():
    runs, barrier = [], threading.Barrier(5)

    def check():
        runs.append(1)
        time.sleep(0.2)

    probe = Probe("x", check)
    findings = []

    def ask():
        barrier.wait(5)
        findings.append(probe.ask(2))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert [finding.well for finding in findings] == [True] * 5
