// Fill a chapter's words with the outputs of its cells, each as soon as its kernel has sent it.

const page = document.documentElement;

const LATE = 30_000; // ms

// anywidget gives a widget two seconds to start, which a slow phone may need for its neighbours.
const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, Math.max(ms, LATE));

// Charts ask for it later: by then it has come, while Voilà's parts still start.
import(document.querySelector("meta[name=vega]").content);

const bar = document.querySelector(".progress");
const places = new Map(
  [...document.querySelectorAll("[data-cell]")].map((place) => [place.dataset.cell, place]),
);

// Voilà starts on the window's load event, but asks for it only when all its parts have arrived:
// now and then after the event has passed. Then start it at once.
const listen = window.addEventListener;
window.addEventListener = function (type, start, ...options) {
  if (type === "load" && document.readyState === "complete") start();
  else listen.call(this, type, start, ...options);
};

// Voilà hands over its application by setting this name; it sends no event.
const application = new Promise((resolve) => {
  let app;
  Object.defineProperty(window, "jupyterapp", {
    get: () => app,
    set: (value) => resolve((app = value)),
  });
});

async function* lines(response) {
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts.map((part) => JSON.parse(part));
  }
}

// A manager that connects asks its kernel for the widgets that are there already. Cells that made
// some more at that moment would be met half made, so they run afterwards; a kernel that has run them
// before can be asked at once.
async function settledManager() {
  const { widgetManagerPromise } = await application;
  const manager = await widgetManagerPromise.promise;
  if (!manager.restoredStatus) {
    await Promise.race([
      new Promise((resolve) => manager.restored.connect(resolve)),
      new Promise((resolve) => setTimeout(resolve, 10_000)),
    ]);
  }
}

// A widget's own message may arrive later than the output that shows it.
async function modelArrives(manager, id) {
  if (manager.has_model(id)) return;
  await new Promise((resolve) => {
    const check = (_, registered) => {
      if (registered !== id) return;
      manager.modelRegistered.disconnect(check);
      resolve();
    };
    manager.modelRegistered.connect(check);
  });
}

async function show(output, slot) {
  const { widgetManagerPromise } = await application;
  const manager = await widgetManagerPromise.promise;
  const view = output.data["application/vnd.jupyter.widget-view+json"];
  if (view) await modelArrives(manager, view.model_id);
  const type = manager.rendermime.preferredMimeType(output.data, "any");
  if (!type) return;
  const renderer = manager.rendermime.createRenderer(type);
  await renderer.renderModel({ ...output, trusted: true });
  // Lumino's Widget.attach, which every renderer inherits: ipywidgets wait for its message.
  renderer.constructor.attach(renderer, slot);
  // An empty cell of pandas' header heads nothing.
  for (const cell of slot.querySelectorAll("table.dataframe th:empty"))
    cell.replaceWith(Object.assign(document.createElement("td"), { colSpan: cell.colSpan }));
  for (const cell of slot.querySelectorAll("table.dataframe td"))
    cell.classList.toggle("number", /^[-−+]?[\d.,]+ ?%?$|^NaN$/.test(cell.textContent));
}

function fail(slot, id) {
  const message = document.getElementById("failed").content.cloneNode(true);
  if (id) message.querySelector("code").textContent = id;
  else message.querySelector("span").remove();
  slot.append(message);
}

async function fill(place, outputs) {
  const slots = outputs.map(() => document.createElement("div"));
  const shown = outputs.map(async (output, i) => {
    if (output.failed) return fail(slots[i], output.failed);
    try {
      await show(output, slots[i]);
    } catch (error) {
      console.error(error);
      fail(slots[i]);
    }
  });
  await Promise.race([Promise.all(shown), application]);
  place.append(...slots);
  await Promise.all(shown);
  place.classList.remove("waiting");
  goToFragment();
}

// The words stand at once, but outputs above a linked place push it away: follow it until the
// reader takes over.
let readerMoved = false;
for (const event of ["wheel", "touchstart", "keydown", "pointerdown"])
  addEventListener(event, () => (readerMoved = true), { once: true, passive: true });
addEventListener("hashchange", () => (readerMoved = true));

function goToFragment() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && !readerMoved) target.scrollIntoView({ behavior: "instant" });
}

function report(done) {
  const percent = Math.round((100 * done) / Math.max(places.size, 1));
  bar.setAttribute("aria-valuenow", percent);
  bar.style.setProperty("--done", `${percent}%`);
}

async function watchConnection(kernelAddress) {
  const notice = document.querySelector(".notice");
  notice.querySelector("button").addEventListener("click", () => location.reload());
  const { widgetManagerPromise } = await application;
  // Where these parts arrive slowly, the kernel has been given up before Voilà can connect to it.
  if (performance.now() > LATE && !(await fetch(kernelAddress)).ok) notice.hidden = false;
  const { kernel } = await widgetManagerPromise.promise;
  kernel.connectionStatusChanged.connect(async () => {
    await new Promise((resolve) => setTimeout(resolve, 3000)); // a short break mends itself
    notice.hidden = kernel.connectionStatus === "connected";
  });
}

async function run() {
  const started = document.querySelector("script[data-outputs]");
  if (!started) throw new Error("This page has no kernel.");
  watchConnection(started.dataset.kernel);
  if (!("ran" in started.dataset)) await settledManager();
  const response = await fetch(started.dataset.outputs, { cache: "no-store" });
  const filled = [];
  let done = 0;
  for await (const { cell, outputs } of lines(response))
    filled.push(fill(places.get(cell), outputs).then(() => report(++done)));
  await Promise.all(filled);
}

// Mark in the contents where the reader is: the last heading above the upper third of the window.
const entries = [...document.querySelectorAll(".contents a")].map((link) => [
  link,
  document.getElementById(decodeURIComponent(link.hash.slice(1))),
]);
function markPlace() {
  const passed = entries.filter(([, heading]) => heading.getBoundingClientRect().top < innerHeight / 3);
  for (const [link] of entries) link.removeAttribute("aria-current");
  passed.at(-1)?.[0].setAttribute("aria-current", "location");
}
addEventListener("scroll", () => requestAnimationFrame(markPlace), { passive: true });

addEventListener("pageshow", (event) => event.persisted && location.reload());

try {
  await run();
} catch (error) {
  console.error(error);
  for (const place of document.querySelectorAll(".waiting")) {
    place.classList.remove("waiting");
    fail(place);
  }
}
report(places.size);
bar.hidden = true;
page.dataset.ready = "";
