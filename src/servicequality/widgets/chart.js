// The chart view: one Vega module, fetched from the server of the page, draws every chart.

const GLIDE = 280; // ms
const FINGER = 32; // px, how far from the handle a finger still takes it

function vegaModule() {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const url = new URL(`${config.fullLabextensionsUrl}/servicequality/vega.js`, document.baseURI);
  return import(url.href);
}

function written(value, decimals) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  const text = value.toFixed(decimals).replace(/\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// Tables arrive as columns; Vega and the text table want fresh rows.
function rowsOf(columns) {
  const names = Object.keys(columns);
  return (columns[names[0]] ?? []).map((_, index) =>
    Object.fromEntries(names.map((name) => [name, columns[name][index]])),
  );
}

// Columns part of the way from one view of the same things to the next.
function partWay(old, columns, part) {
  const eased = 1 - (1 - part) ** 3;
  const mix = (from, to) =>
    typeof from === "number" && typeof to === "number" ? from + eased * (to - from) : to;
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      old?.[name]?.length === values.length
        ? values.map((value, index) => mix(old[name][index], value))
        : values,
    ]),
  );
}

function fillTable(table, columns, decimals, rows) {
  const heads = Object.values(columns).map((text) =>
    element("th", { scope: "col", textContent: text }),
  );
  const lines = rows.map((row) =>
    element(
      "tr",
      {},
      ...Object.keys(columns).map((key, index) =>
        element(index === 0 ? "th" : "td", {
          ...(index === 0 ? { scope: "row" } : {}),
          className: typeof row[key] === "number" ? "sq-number" : "",
          textContent: written(row[key], decimals),
        }),
      ),
    ),
  );
  table.replaceChildren(
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...lines),
  );
}

function tablePanel(panel) {
  const table = element("table", { className: "sq-table" });
  const caption = freshId("caption");
  table.setAttribute("aria-labelledby", caption);
  const node = element(
    "div",
    { className: "sq-panel" },
    element("p", { className: "sq-panel-title", id: caption, textContent: panel.title }),
    element("div", { className: "sq-scroll", tabIndex: 0, role: "region",
      aria: { labelledby: caption } }, table),
  );
  const update = (data) => fillTable(table, panel.columns, panel.decimals, rowsOf(data[panel.tables[0]]));
  return { node, update, close() {} };
}

// A chart that is embedded once. `update` replaces the rows of its tables, nothing else.
// `hand` tells where the two controls that follow the pointer are, and moves them.
function chartPanel(panel, hand) {
  const plot = element("div", { className: "sq-plot" });
  const table = element("table", { className: "sq-table" });
  const numbers = element(
    "details",
    { className: "sq-fold" },
    element("summary", { textContent: words.numbers }),
    element("div", { className: "sq-scroll" }, table),
  );
  const picture = element(
    "div",
    { role: "img", aria: { label: `${panel.title}. ${panel.description}` } },
    plot,
  );
  const node = element(
    "figure",
    { className: "sq-panel sq-figure" },
    element("figcaption", { className: "sq-panel-title", textContent: panel.title }),
    picture,
    numbers,
  );
  let view = null;
  let latest = null;
  let closed = false;

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let shown = {};
  let frame = 0;
  const put = (part, from) => {
    for (const name of panel.tables) {
      shown[name] = part < 1 ? partWay(from[name], latest[name], part) : latest[name];
      view.data(name, rowsOf(shown[name]));
    }
    view.runAsync();
  };
  const draw = () => {
    if (!view) return;
    cancelAnimationFrame(frame);
    if (!panel.glide || calm.matches) return put(1);
    const from = { ...shown };
    const start = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, now - start) / GLIDE);
      put(part, from);
      if (part < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  };

  // A chart that must keep its shape tells in a parameter "tall" how high it is at this width.
  const shaped = panel.spec.params?.some(({ name }) => name === "tall");
  const fit = new ResizeObserver(async () => {
    if (!view || plot.clientWidth === 0 || panel.spec.width !== "container") return;
    await view.width(plot.clientWidth).runAsync();
    if (shaped && !closed) view.height(view.signal("tall")).runAsync();
  });

  const embed = async () => {
    try {
      const { vegaEmbed } = await vegaModule();
      if (closed) return;
      const spec = structuredClone(panel.spec);
      spec.datasets = { ...spec.datasets };
      for (const name of panel.tables) spec.datasets[name] = rowsOf(latest[name]);
      const result = await vegaEmbed(plot, spec, { actions: false, renderer: "svg", tooltip: true });
      if (closed) return result.finalize();
      view = result.view;
      plot.querySelector("svg")?.setAttribute("aria-hidden", "true");
      node.dataset.drawn = "true";
      fit.observe(plot);
      if (hand && panel.drag?.x) followPointer();
      draw();
    } catch (error) {
      console.warn("The chart could not be drawn.", error);
      plot.textContent = words.no_chart;
      numbers.open = true;
    }
  };

  const followPointer = () => {
    plot.classList.add("sq-draggable");
    const corner = () => {
      const box = plot.querySelector("svg").getBoundingClientRect();
      const [left, top] = view.origin();
      const padding = view.padding();
      return [box.left + left + padding.left, box.top + top + padding.top];
    };
    const report = (event) => {
      const [left, top] = corner();
      hand.move({
        [panel.drag.x]: view.scale("x").invert(event.clientX - left),
        [panel.drag.y]: view.scale("y").invert(event.clientY - top),
      });
    };
    const onHandle = ({ clientX, clientY }) => {
      const [left, top] = corner();
      const x = left + view.scale("x")(hand.at(panel.drag.x));
      const y = top + view.scale("y")(hand.at(panel.drag.y));
      return !node.classList.contains("sq-still") && Math.hypot(clientX - x, clientY - y) < FINGER;
    };
    // A finger takes the handle, or taps where it should go; anywhere else it scrolls the page.
    plot.addEventListener(
      "touchstart",
      (event) => {
        if (event.touches.length === 1 && onHandle(event.touches[0])) event.preventDefault();
      },
      { passive: false },
    );
    plot.addEventListener("click", report);
    plot.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "touch" && !onHandle(event)) return;
      plot.setPointerCapture(event.pointerId);
      report(event);
    });
    plot.addEventListener("pointermove", (event) => {
      if (plot.hasPointerCapture(event.pointerId)) report(event);
    });
  };

  const update = (data) => {
    const first = latest === null;
    latest = data;
    fillTable(table, panel.columns, panel.decimals, rowsOf(data[panel.numbers_from]));
    if (first) embed();
    else draw();
  };
  const close = () => {
    closed = true;
    cancelAnimationFrame(frame);
    fit.disconnect();
    view?.finalize();
  };
  return { node, update, close };
}
