// The chart view: one Vega module, fetched from the server of the page, draws every chart.

const GLIDE = 280; // ms

function vegaModule() {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const url = new URL(`${config.fullLabextensionsUrl}/servicequality/vega.js`, document.baseURI);
  return import(url.href);
}

function written(value, decimals) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  const text = Number.isInteger(value) && decimals === 0 ? String(value) : value.toFixed(decimals);
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
function chartPanel(panel, onDrag) {
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
      if (onDrag && panel.drag?.x) followPointer();
      draw();
    } catch (error) {
      console.warn("The chart could not be drawn.", error);
      plot.textContent = words.no_chart;
      numbers.open = true;
    }
  };

  const followPointer = () => {
    plot.classList.add("sq-draggable");
    const report = (event) => {
      const box = plot.querySelector("svg").getBoundingClientRect();
      const [left, top] = view.origin();
      const padding = view.padding();
      onDrag({
        [panel.drag.x]: view.scale("x").invert(event.clientX - box.left - left - padding.left),
        [panel.drag.y]: view.scale("y").invert(event.clientY - box.top - top - padding.top),
      });
    };
    plot.addEventListener("pointerdown", (event) => {
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
