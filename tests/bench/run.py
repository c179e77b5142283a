"""Measure the course beside what else people would use; `make bench` runs this.

Five things, each compared inside the same run on the same machine:

* one dashboard in our site, in Voilà and in their peers (see `dashboards.py`);
* in chapter 2, from a slider's step to the redrawn chart: median and 95th percentile, bytes a move
  over the websocket, and frames in which the chart was blank;
* loading a dataset with its hash and schema checked, beside a plain `pandas.read_csv`;
* each model filling its demo's view, beside plain numpy (see `models.py`);
* grading a class, beside `nbgrader autograde` (see `grading.py`).
"""

import argparse
import json
import sys

import dashboards
import pandas as pd
from playwright.sync_api import Browser, WebSocket, sync_playwright
from servers import ROOT, serving
from timing import baseline, fastest

import grading
import models

sys.path.insert(0, str(ROOT / "tests"))
from conftest import CHROMIUM_FLAGS, chromium
from servicequality import data

CHAPTER = "02-servqual"
CLOSED_FORM = ("D2.1", "D2.3", "D2.4")

MOVE = """
async ({demo, moves}) => {
  const root = document.querySelector(`[data-demo="${demo}"]`);
  const slider = root.querySelector('input[type=range]:not(:disabled)');
  const plots = [...root.querySelectorAll('.sq-plot')].filter((plot) => plot.clientWidth > 0);
  const results = {times: [], blank: 0};
  let watching = true;
  const marks = () => plots.every((plot) => plot.querySelector('svg .mark-group'));
  const watch = () => {
    if (!watching) return;
    if (!marks()) results.blank += 1;
    requestAnimationFrame(watch);
  };
  watch();
  let up = true;
  for (let move = 0; move < moves; move += 1) {
    if (Number(slider.value) >= Number(slider.max)) up = false;
    if (Number(slider.value) <= Number(slider.min)) up = true;
    await new Promise((done) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        requestAnimationFrame(() => {
          results.times.push(performance.now() - start);
          done();
        });
      });
      observer.observe(plots[0], {subtree: true, childList: true, attributes: true});
      const start = performance.now();
      up ? slider.stepUp() : slider.stepDown();
      slider.dispatchEvent(new Event('input', {bubbles: true}));
    });
    await new Promise((rest) => setTimeout(rest, 60));
  }
  watching = false;
  return results;
}
"""


def slider_moves(browser: Browser, address: str, moves: int) -> pd.DataFrame:
    """Move a slider of each closed-form demo, one step at a time."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    traffic = {"bytes": 0}

    def count(payload: str | bytes) -> None:
        traffic["bytes"] += len(payload if isinstance(payload, bytes) else payload.encode())

    def listen(websocket: WebSocket) -> None:
        websocket.on("framesent", count)
        websocket.on("framereceived", count)

    page.on("websocket", listen)
    page.goto(address)
    page.wait_for_selector("html[data-ready]", timeout=120_000)
    results = {}
    for demo in CLOSED_FORM:
        root = page.locator(f'[data-demo="{demo}"]')
        root.scroll_into_view_if_needed()
        root.locator(".sq-predict input").first.check()
        root.locator(".sq-predict button").click()
        page.wait_for_selector(f'[data-demo="{demo}"][data-committed="true"]')
        root.get_by_role("button", name="Reset").click()
        page.wait_for_timeout(1500)
        page.evaluate(MOVE, {"demo": demo, "moves": 10})
        page.wait_for_timeout(500)
        traffic["bytes"] = 0
        measured = page.evaluate(MOVE, {"demo": demo, "moves": moves})
        page.wait_for_timeout(500)
        times = pd.Series(measured["times"])
        results[demo] = {
            "p50 ms": times.quantile(0.50),
            "p95 ms": times.quantile(0.95),
            "kB a move": traffic["bytes"] / moves / 1000,
            "blank frames": measured["blank"],
        }
    page.close()
    return pd.DataFrame(results).T


def dataset_loads() -> pd.DataFrame:
    """Load each table of each dataset, checked and plain; return the five slowest."""
    results = {}
    for name in data.names():
        for resource in data.describe(name)["resources"]:
            path = ROOT / "datasets" / name / resource["path"]
            checked = fastest(lambda n=name, r=resource: data.load(n, r["name"]))
            plain = fastest(lambda file=path: pd.read_csv(file))
            results[f"{name} {resource['name']}"] = {
                "checked ms": 1000 * checked,
                "plain ms": 1000 * plain,
                "ratio": checked / plain,
                "baselines": checked / baseline(),
            }
    return pd.DataFrame(results).T.nlargest(5, "baselines")


def main() -> None:
    """Print the tables and, as JSON, which goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds of the dashboards")
    parser.add_argument("--moves", type=int, default=100, help="slider moves in each demo")
    parser.add_argument("--students", type=int, default=60, help="submissions to grade")
    options = parser.parse_args()
    pd.options.display.float_format = "{:.2f}".format
    beside_others = dashboards.run(quick=options.quick)
    site = (sys.executable, "-m", "servicequality.site", ROOT / "chapters", "--port={port}")
    with sync_playwright() as playwright, serving(site) as ours:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        moves = slider_moves(browser, f"{ours.address}chapters/{CHAPTER}.ipynb", options.moves)
        browser.close()
    print("\nFrom slider to redrawn chart in chapter 2\n", moves, sep="")
    loads = dataset_loads()
    print("\nThe five datasets that take longest to load\n", loads, sep="")
    times = models.measure()
    print("\nModels, slowest first\n", times.to_string(), sep="")
    graded = grading.measure(options.students)
    print("\nGrading exercise 2\n", graded.to_string(), sep="")
    goals = {
        **beside_others,
        "slider to chart in chapter 2, p95 at most 60 ms": moves["p95 ms"].max() <= 60,
        "under 5 kB a move": moves["kB a move"].max() < 5,
        "no blank frame": moves["blank frames"].sum() == 0,
        "every dataset loads in 100 baselines, half a second": loads["baselines"].max() < 100,
        **models.goals(times),
        "six times as many submissions a minute": graded["times_as_many"].iloc[-1] >= 6,
    }
    print("\n" + json.dumps({goal: bool(met) for goal, met in goals.items()}, indent=2))


if __name__ == "__main__":
    main()
