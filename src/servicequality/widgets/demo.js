// Draws a demo from its declaration, asks the kernel for views, and shows them.

function conversation(model, onView) {
  // One request is under way at a time; while it is, only the newest waits.
  let busy = false;
  let waiting = null;
  const send = (values, guess) => {
    if (busy) {
      waiting = [values, guess];
      return;
    }
    busy = true;
    const number = model.get("request").number + 1;
    model.set("request", { number, values: { ...values }, guess });
    model.save_changes();
  };
  const receive = () => {
    const view = model.get("view");
    busy = busy && view.number !== model.get("request").number;
    if (!busy && waiting) {
      const next = waiting;
      waiting = null;
      send(...next);
    }
    onView(view);
  };
  model.on("change:view", receive);
  return { send, stop: () => model.off("change:view", receive) };
}

function slider(control, onChange) {
  const id = freshId("control");
  const input = element("input", {
    type: "range", id, min: control.low, max: control.high, step: control.step,
  });
  const output = element("output", { className: "sq-value", htmlFor: id });
  const range = `${written(control.low, control.decimals)} ${words.to} ${written(control.high, control.decimals)}`;
  const say = () => {
    const text = written(Number(input.value), control.decimals);
    output.textContent = control.unit ? `${text} ${control.unit}` : text;
    input.setAttribute("aria-valuetext", output.textContent);
    const part = (input.value - control.low) / (control.high - control.low);
    input.style.setProperty("--sq-part", `${100 * part}%`);
  };
  input.addEventListener("input", () => {
    say();
    onChange(Number(input.value));
  });
  const set = (value) => {
    input.value = value;
    say();
  };
  const node = element(
    "div",
    { className: "sq-control", title: range },
    element("label", { htmlFor: id, textContent: control.label }),
    output,
    input,
  );
  const button = element("button", {
    type: "button", className: "sq-primary", textContent: control.button,
    onclick: () => {
      const next = Number(input.value) + control.step;
      set(next > control.high ? control.low : next);
      onChange(Number(input.value));
    },
  });
  if (control.button) node.append(button);
  return {
    input,
    node,
    set,
    enable(on) {
      input.disabled = !on;
      button.disabled = !on;
    },
  };
}

function choice(control, onChange) {
  if (control.options.length > 5) {
    const id = freshId("control");
    const input = element(
      "select",
      { id, onchange: () => onChange(input.value) },
      ...control.options.map(({ value, label }) => element("option", { value, textContent: label })),
    );
    return {
      node: element(
        "div",
        { className: "sq-control" },
        element("label", { htmlFor: id, textContent: control.label }),
        input,
      ),
      set: (value) => (input.value = value),
      enable: (on) => (input.disabled = !on),
    };
  }
  const name = freshId("control");
  const inputs = control.options.map(({ value }) =>
    element("input", { type: "radio", name, value, onchange: () => onChange(value) }),
  );
  const labels = control.options.map(({ label }, index) =>
    element("label", {}, inputs[index], element("span", { textContent: label })),
  );
  return {
    node: element(
      "fieldset",
      { className: "sq-control sq-segments" },
      element("legend", { textContent: control.label }),
      element("div", {}, ...labels),
    ),
    set: (value) => inputs.forEach((input) => (input.checked = input.value === value)),
    enable: (on) => inputs.forEach((input) => (input.disabled = !on)),
  };
}

function toggle(control, onChange) {
  const input = element("input", { type: "checkbox", onchange: () => onChange(input.checked) });
  return {
    node: element(
      "label",
      { className: "sq-control sq-toggle" },
      input,
      element("span", { textContent: control.label }),
    ),
    set: (value) => (input.checked = value),
    enable: (on) => (input.disabled = !on),
  };
}

const MAKERS = { slider, choice, toggle };
const PANELS = { chart: chartPanel, table: tablePanel, animation: animationPanel };

function render({ model, el }) {
  words = model.get("words");
  const demo = model.get("demo");
  const first = demo.first;
  let { values, guess } = model.get("request");
  values = { ...values };
  const widgets = {};
  const { send, stop } = conversation(model, show);

  const link = linkTo(demo);
  const ask = () => {
    link.follow(values, guess);
    send(values, guess);
  };
  const change = (control, value) => {
    values[control.name] = value;
    const option = control.options?.find((option) => option.value === value);
    for (const [name, brought] of Object.entries(option?.brings ?? {})) {
      values[name] = brought;
      widgets[name].set(brought);
    }
    press();
    ask();
  };
  const make = (control) => {
    const widget = MAKERS[control.kind](control, (value) => change(control, value));
    widgets[control.name] = widget;
    return widget.node;
  };
  const settle = (next) => {
    values = { ...next };
    for (const [name, widget] of Object.entries(widgets)) widget.set(values[name]);
    press();
  };
  const go = (next) => {
    // What is the learner's own, such as a guess, stays where it is.
    settle({ ...next, ...Object.fromEntries(demo.kept.map((name) => [name, values[name]])) });
    ask();
  };
  const move = (moved) => {
    if (Object.keys(moved).some((name) => widgets[name].input.disabled)) return;
    for (const [name, value] of Object.entries(moved)) {
      const { input } = widgets[name];
      input.value = value;
      widgets[name].set(input.value);
      values[name] = Number(input.value);
    }
    press();
    ask();
  };

  const title = element("h3", { id: freshId("title"), className: "sq-title" });
  title.append(demo.question);
  const badge = element("span", {
    className: "sq-badge",
    textContent: `${demo.evidence.letter} · ${demo.evidence.label}`,
    title: demo.evidence.meaning,
  });
  const kicker = element(
    "p",
    { className: "sq-kicker" },
    element("span", { textContent: `${words.demo} ${demo.code.slice(1)} · ${demo.title}` }),
    badge,
    link.node,
  );
  const leftOut = element("p", { className: "sq-problem", role: "alert", hidden: true });

  const panels = demo.panels.map((panel) => ({
    ...PANELS[panel.kind](panel, { move, at: (name) => values[name] }),
    early: panel.before_commit,
    tables: panel.tables,
  }));
  const [main, ...others] = panels;
  const sentence = element("p", { className: "sq-sentence", aria: { live: "polite" } });
  const numbers = element("dl", { className: "sq-numbers" });
  const problem = element("p", { className: "sq-problem", role: "alert", hidden: true });
  main.node.classList.add("sq-main-figure");

  const options = freshId("answers");
  const commit = element("button", {
    type: "submit", className: "sq-primary", textContent: words.commit, disabled: true,
  });
  const predict = element(
    "form",
    {
      className: "sq-step sq-predict",
      onsubmit: (event) => {
        event.preventDefault();
        guess = new FormData(predict).get(options);
        go(demo.prediction.values);
      },
      onchange: () => (commit.disabled = false),
    },
    element(
      "fieldset",
      {},
      element("legend", {},
        element("span", { className: "sq-step-name", textContent: words.predict }),
        element("span", { textContent: demo.prediction.question })),
      ...demo.prediction.options.map(({ value, label }) =>
        element("label", { className: "sq-option" },
          element("input", { type: "radio", name: options, value }),
          element("span", { textContent: label }))),
    ),
    commit,
    element("p", { className: "sq-note", textContent: words.wait }),
  );

  const verdict = element("div", { className: "sq-verdict", role: "status", tabIndex: -1 });
  const presets = demo.presets.map((preset) =>
    element("button", {
      type: "button",
      textContent: preset.label,
      aria: { pressed: "false" },
      onclick: () => go(preset.values),
    }),
  );
  function press() {
    // A case is marked whenever the controls stand as it would put them.
    presets.forEach((button, index) => {
      const wanted = Object.entries(demo.presets[index].values);
      const met = wanted.every(([name, value]) => demo.kept.includes(name) || values[name] === value);
      button.setAttribute("aria-pressed", String(met));
    });
  }
  const reset = element("button", {
    type: "button", className: "sq-reset", textContent: words.reset,
    onclick: () => {
      settle(first);
      ask();
    },
  });
  const again = element("button", {
    type: "button", className: "sq-quiet", textContent: words.again,
    onclick: () => {
      guess = null;
      predict.reset();
      commit.disabled = true;
      settle(first);
      ask();
    },
  });

  const beside = (controls) =>
    element("div", { className: "sq-controls sq-taste" }, ...controls.map(make));
  const atHand = beside(demo.at_hand);
  const taste = beside(demo.taste);
  const groups = [];
  const group = (item) => {
    const node = element(
      "details",
      { className: "sq-fold sq-group", open: item.unfolded, aria: { label: item.title } },
      element("summary", { textContent: item.title }),
      ...item.controls.map(make),
    );
    groups.push({ node, names: item.controls.map(({ name }) => name) });
    return node;
  };
  const rest = element(
    "div",
    { className: "sq-controls" },
    ...demo.controls.map((item) => (item.kind === "group" ? group(item) : make(item))),
  );
  const cases = element(
    "div",
    { className: "sq-presets", role: "group", aria: { label: words.cases } },
    element("span", { className: "sq-step-name", textContent: words.cases }),
    ...presets,
  );
  const actions = element("div", { className: "sq-actions" }, reset, again);

  const explanation = element("p");
  const explain = element(
    "section",
    { className: "sq-step" },
    element("h4", { className: "sq-step-name", textContent: words.explain }),
    explanation,
    element("p", { className: "sq-note", textContent: demo.assumption }),
    element(
      "details",
      { className: "sq-fold" },
      element("summary", { textContent: words.formula }),
      element("div", { className: "sq-formula sq-scroll", innerHTML: demo.formula }),
      element("p", { className: "sq-note", innerHTML: demo.formula_note }),
    ),
  );
  const solved = element("p", { className: "sq-solved", role: "status" });
  const challenge = element(
    "section",
    { className: "sq-step" },
    element("h4", { className: "sq-step-name", textContent: words.challenge }),
    element("p", { innerHTML: demo.challenge.goal }),
    solved,
    element(
      "details",
      { className: "sq-fold" },
      element("summary", { textContent: words.hint }),
      element("p", { innerHTML: demo.challenge.hint }),
    ),
  );

  const early = others.filter((panel) => panel.early);
  const late = others.filter((panel) => !panel.early);
  const more = element("div", { className: "sq-panels sq-more" }, ...late.map((panel) => panel.node));
  const close = element("div", { className: "sq-close" }, explain, challenge);
  const afterwards = [atHand, cases, rest, actions, verdict, numbers, more, close];
  const root = element(
    "section",
    { className: "sq-card sq-demo", aria: { labelledby: title.id }, dataset: { demo: demo.code } },
    kicker,
    title,
    leftOut,
    element(
      "div",
      { className: "sq-bench" },
      element(
        "div",
        { className: "sq-main" },
        element("div", { className: "sq-panels" }, main.node, ...early.map((panel) => panel.node)),
        atHand,
        taste,
        problem,
        numbers,
        sentence,
      ),
      element("div", { className: "sq-side" }, verdict, cases, predict, rest, actions),
      more,
    ),
    close,
  );

  function show(view) {
    problem.hidden = !view.error;
    problem.textContent = view.error ?? "";
    if (view.error) return;
    const open = view.verdict !== undefined;
    const closing = !open && root.dataset.committed === "true";
    // The form takes the focus with it when it goes; the verdict stands in its place.
    const follows = open && predict.contains(document.activeElement);
    root.dataset.committed = String(open);
    predict.hidden = open;
    if (closing) predict.querySelector("input").focus();
    for (const node of afterwards) node.hidden = !open;
    sentence.innerHTML = open ? view.sentence : view.teaser;
    for (const panel of panels) {
      panel.node.hidden = !panel.tables.every((name) => name in view.tables);
      if (!panel.node.hidden) panel.update(view.tables);
    }
    if (!open) return;
    numbers.replaceChildren(
      ...view.numbers.map(({ label, text }) =>
        element("div", {},
          element("dt", { textContent: label }),
          element("dd", { textContent: text }))),
    );
    explanation.innerHTML = view.explanation;
    const { right, text } = view.verdict ?? { right: true, text: words.shared };
    const judged = right ? `✓ ${words.predicted}` : `✗ ${words.not_predicted}`;
    const html = view.verdict ? `<strong>${judged}</strong> ${text}` : text;
    if (verdict.dataset.said !== html) {
      verdict.dataset.said = html;
      verdict.innerHTML = html;
    }
    verdict.classList.toggle("sq-right", right);
    if (follows) {
      verdict.focus({ preventScroll: true });
      verdict.scrollIntoView({ block: "nearest" });
    }
    for (const [name, widget] of Object.entries(widgets)) {
      widget.enable(!view.inactive.includes(name));
    }
    panels.forEach(({ node }, index) => {
      const moved = Object.values(demo.panels[index].drag ?? {});
      node.classList.toggle("sq-still", moved.some((name) => view.inactive.includes(name)));
    });
    for (const group of groups) {
      // A group without effect is out of the way; a reader who has not met it finds it unfolded.
      const idle = group.names.every((name) => view.inactive.includes(name));
      if (!idle && group.met === false) group.node.open = true;
      group.met = group.met || !idle;
      group.node.hidden = idle;
    }
    const done = view.success ? `✓ ${words.solved} ${view.success}` : `○ ${words.not_solved}`;
    if (solved.textContent !== done) solved.textContent = done;
    solved.classList.toggle("sq-right", Boolean(view.success));
  }

  settle(values);
  el.append(root);
  show(model.get("view"));
  link.follow(values, guess);
  if (link.asked && location.search) {
    const { values: wanted, refused, shown } = link.asked;
    leftOut.hidden = refused.length === 0;
    leftOut.textContent = words.left_out.replace("{names}", refused.join(", "));
    if (shown) guess = "";
    settle({ ...first, ...wanted });
    ask();
  }
  return () => {
    stop();
    for (const panel of panels) panel.close();
  };
}

export default { render };
