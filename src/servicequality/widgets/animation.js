// Replays moves that were computed before: play, pause, step. Where the browser asks for less
// motion nothing moves by itself and nothing glides: each step shows the next still picture.

const SHAPES = {
  circle: (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  diamond: (r) => `M0,${-1.25 * r}L${1.25 * r},0L0,${1.25 * r}L${-1.25 * r},0Z`,
  square: (r) => `M${-0.9 * r},${-0.9 * r}h${1.8 * r}v${1.8 * r}h${-1.8 * r}Z`,
  triangle: (r) => `M0,${-1.2 * r}L${1.15 * r},${0.8 * r}L${-1.15 * r},${0.8 * r}Z`,
};
const SPEEDS = [0.5, 1, 2, 4];
const CURVE_HEIGHT = 56;

function drawing(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Where a thing is at each time, as corners of a path; a move that interrupts another starts
// where the thing is just then.
function pathsOf(columns, glide) {
  const paths = new Map();
  columns.thing.forEach((thing, row) => {
    const [time, x, y] = [columns.time[row], columns.x[row], columns.y[row]];
    const path = paths.get(thing);
    if (!path) {
      paths.set(thing, { kind: columns.kind[row], corners: [{ time, x, y }], stops: [{ time, x, y }] });
      return;
    }
    const here = between(path.corners, time);
    while (path.corners.at(-1).time > time) path.corners.pop();
    path.corners.push({ time, ...here }, { time: time + glide, x, y });
    path.stops.push({ time, x, y });
  });
  return paths;
}

// Index of the last entry that is not later than a time; -1 if all are.
function lastUntil(list, time) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].time <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function between(corners, time) {
  const index = Math.max(0, lastUntil(corners, time));
  const [from, to] = [corners[index], corners[index + 1] ?? corners[index]];
  const part = to.time > from.time ? (time - from.time) / (to.time - from.time) : 0;
  const eased = part * part * (3 - 2 * part);
  return { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased };
}

function animationPanel(panel) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const things = drawing("g");
  const boxes = drawing("g");
  const stage = drawing("svg", { "aria-hidden": "true" }, boxes, things);
  const area = drawing("path", { class: "sq-curve" });
  const past = drawing("path", { class: "sq-curve-past" });
  const now = drawing("line", { class: "sq-now", y1: 0, y2: CURVE_HEIGHT });
  const curve = drawing("svg", { "aria-hidden": "true", height: CURVE_HEIGHT }, area, past, now);
  const picture = element(
    "div",
    { className: "sq-stage", role: "img", aria: { label: `${panel.title}. ${panel.description}` } },
  );
  picture.append(stage);
  const key = element("ul", { className: "sq-key" },
    ...Object.values(panel.looks).map(({ label, shape, colour }) => {
      const sign = drawing("svg", { width: 18, height: 18, viewBox: "-9 -9 18 18", "aria-hidden": "true" },
        drawing("path", { d: SHAPES[shape](6.5), fill: colour }));
      return element("li", {}, sign, element("span", { textContent: label }));
    }));

  const play = element("button", { type: "button", className: "sq-play", onclick: () => run(!playing) });
  const step = (label, sign, by) =>
    element("button", { type: "button", textContent: sign, title: label, aria: { label }, onclick: () => stepBy(by) });
  const back = step(words.step_back, "◀", -1);
  const forth = step(words.step, "▶", 1);
  const id = freshId("speed");
  const speed = element("select", { id },
    ...SPEEDS.map((value) => element("option", { value, textContent: `${value}×`, selected: value === 1 })));
  const quick = element("span", { className: "sq-speed" },
    element("label", { htmlFor: id, textContent: words.speed }), speed);
  const slide = element("input", {
    type: "range", min: 0, aria: { label: words.time },
    oninput: () => {
      run(false);
      clock = Number(slide.value);
      show();
    },
  });
  const said = element("p", { className: "sq-said" });
  const table = element("table", { className: "sq-table" });
  const node = element(
    "figure",
    { className: "sq-panel sq-figure sq-animation", dataset: { drawn: "true" } },
    element("figcaption", { className: "sq-panel-title", textContent: panel.title }),
    key,
    picture,
    said,
    element("div", { className: "sq-timeline" },
      element("p", { className: "sq-note", textContent: panel.curve_label }), curve, slide),
    element("div", { className: "sq-buttons" }, play, back, forth, quick),
    element("details", { className: "sq-fold" },
      element("summary", { textContent: words.numbers }),
      element("div", { className: "sq-scroll" }, table)),
  );

  let data = null;
  let paths = new Map();
  let moments = [];
  let marks = new Map();
  let clock = 0;
  let playing = false;
  let wanted = true;
  let seen = false;
  let frame = 0;
  let last = 0;
  let steps = [];
  let scale = 1;
  let closed = false;

  const end = () => moments.at(-1)?.time ?? 0;

  function run(on) {
    wanted = on;
    go();
  }

  // Plays if the reader wants it, may see it, and the browser does not ask for less motion.
  function go() {
    if (wanted && seen && !calm.matches && clock >= end()) clock = 0;
    const on = wanted && seen && !calm.matches && moments.length > 0 && !closed;
    if (on && !playing) {
      last = performance.now();
      frame = requestAnimationFrame(tick);
    }
    if (!on) cancelAnimationFrame(frame);
    label(on);
  }

  function label(on) {
    playing = on;
    play.textContent = on ? `❚❚ ${words.pause}` : `► ${words.play}`;
    play.hidden = quick.hidden = calm.matches;
    said.setAttribute("aria-live", on ? "off" : "polite");
  }

  function tick(time) {
    // A page that was away does not jump on its return.
    clock += (Math.min(time - last, 100) / 1000) * panel.pace * Number(speed.value);
    last = time;
    if (clock >= end()) {
      clock = end();
      label(false);
    } else frame = requestAnimationFrame(tick);
    show();
  }

  function stepBy(by) {
    run(false);
    const at = lastUntil(moments, clock + 1e-6);
    const onIt = at >= 0 && Math.abs(moments[at].time - clock) < 1e-6;
    const next = by > 0 || !onIt ? at + Math.max(by, 0) : at - 1;
    clock = moments[Math.min(Math.max(next, 0), moments.length - 1)].time;
    show();
  }

  function show() {
    for (const [thing, mark] of marks) {
      const { corners, stops } = paths.get(thing);
      // A still picture shows everything where its last move has led it.
      const there = calm.matches ? stops : corners;
      const on = clock >= corners[0].time && clock < there.at(-1).time;
      mark.style.display = on ? "" : "none";
      if (!on) continue;
      const { x, y } = calm.matches ? stops[lastUntil(stops, clock)] : between(corners, clock);
      mark.setAttribute("transform", `translate(${(x * scale).toFixed(2)},${(y * scale).toFixed(2)})`);
    }
    const across = (clock / (end() || 1)) * curve.clientWidth;
    now.setAttribute("x1", across);
    now.setAttribute("x2", across);
    past.style.clipPath = `inset(0 ${Math.max(0, curve.clientWidth - across)}px 0 0)`;
    slide.value = clock;
    slide.style.setProperty("--sq-part", `${(100 * clock) / (end() || 1)}%`);
    const text = moments[lastUntil(moments, clock + 1e-6)]?.text ?? "";
    if (said.textContent !== text) said.textContent = text;
    slide.setAttribute("aria-valuetext", text);
  }

  // Everything that depends on the data or on the width.
  function set() {
    if (!data || !picture.clientWidth) return;
    scale = picture.clientWidth / panel.width;
    stage.setAttribute("width", panel.width * scale);
    stage.setAttribute("height", panel.height * scale);
    boxes.replaceChildren(...rowsOf(data[panel.scenery]).map((box) =>
      drawing("g", { transform: `translate(${box.x * scale},${box.y * scale})` },
        drawing("rect", {
          x: (-box.width * scale) / 2, y: (-box.height * scale) / 2,
          width: box.width * scale, height: box.height * scale, rx: Math.min(6, (box.height * scale) / 2),
        }),
        Object.assign(drawing("text", { y: 4 }), { textContent: box.text }))));
    marks = new Map();
    for (const [thing, { kind }] of paths) {
      const { shape, colour } = panel.looks[kind];
      marks.set(thing, drawing("path", { d: SHAPES[shape](panel.radius * scale), fill: colour, "data-kind": kind }));
    }
    things.replaceChildren(...marks.values());
    const top = Math.max(panel.curve_top, ...steps.map(({ value }) => value));
    const high = (value) => CURVE_HEIGHT - (value / top) * (CURVE_HEIGHT - 4);
    const places = steps.map(({ time }) => (time / (end() || 1)) * curve.clientWidth);
    const line = steps.map(({ value }, index) =>
      `${index ? `H${places[index]}` : `M${places[0]},${CURVE_HEIGHT}`}V${high(value)}`);
    const outline = steps.length ? `${line.join("")}H${curve.clientWidth}V${CURVE_HEIGHT}Z` : "";
    area.setAttribute("d", outline);
    past.setAttribute("d", outline);
    show();
  }

  const fit = new ResizeObserver(set);
  const sight = new IntersectionObserver(([entry]) => {
    seen = entry.isIntersecting;
    go();
  }, { threshold: 0.25 });
  fit.observe(picture);
  sight.observe(picture);
  const changed = () => {
    go();
    show();
  };
  calm.addEventListener("change", changed);

  const update = (tables) => {
    const first = data === null;
    data = tables;
    paths = pathsOf(data[panel.tracks], panel.glide);
    moments = rowsOf(data[panel.moments]);
    steps = rowsOf(data[panel.curve]);
    slide.max = end();
    slide.step = "any";
    fillTable(table, panel.columns, panel.decimals, rowsOf(data[panel.numbers_from || panel.moments]));
    clock = Math.min(clock, end());
    if (calm.matches) {
      // A still picture is always that of a moment.
      const at = first ? moments.length >> 1 : lastUntil(moments, clock + 1e-6);
      clock = moments[Math.max(at, 0)].time;
    }
    set();
    go();
  };
  const close = () => {
    closed = true;
    go();
    fit.disconnect();
    sight.disconnect();
    calm.removeEventListener("change", changed);
  };
  return { node, update, close };
}
