// A link to a demo as it stands. A page that serves demos says where: <meta name="demos">.

const SHOWN = "shown"; // in a link made after the commit: open the result at once
const STEADY = 400; // ms, since browsers refuse an address that changes too often

const controlsOf = ({ at_hand, taste, controls }) =>
  [...at_hand, ...taste, ...controls].flatMap((item) => item.controls ?? item);

const READ = {
  slider({ low, high, step, decimals }, text) {
    const number = text.trim() === "" ? NaN : Number(text);
    if (!(low <= number && number <= high)) return undefined;
    return Number((low + step * Math.round((number - low) / step)).toFixed(decimals));
  },
  choice: ({ options }, text) => options.find(({ value }) => value === text)?.value,
  toggle: (_, text) => ({ true: true, false: false })[text],
};

// What an address asks of a demo: possible values, and the labels of those that are not.
function asked(demo, search) {
  const parameters = new URLSearchParams(search);
  const values = {};
  const refused = [];
  for (const control of controlsOf(demo)) {
    if (!parameters.has(control.name)) continue;
    const value = READ[control.kind](control, parameters.get(control.name));
    if (value === undefined) refused.push(control.label);
    else values[control.name] = value;
  }
  return { values, refused, shown: parameters.has(SHOWN) };
}

function linkTo(demo) {
  const folder = document.querySelector('meta[name="demos"]')?.content;
  const alone = document.body.dataset.alone === demo.code;
  const opens = element("a", { textContent: words.alone, hidden: alone });
  const text = element("input", { readOnly: true, aria: { label: words.link } });
  const said = element("span", { role: "status" });
  const copy = element("button", {
    type: "button", className: "sq-quiet", textContent: words.copy,
    onclick: async () => {
      try {
        await navigator.clipboard.writeText(opens.href);
        said.textContent = words.copied;
        setTimeout(() => (said.textContent = ""), 3000);
      } catch {
        // Some pages and frames may not write to the clipboard; then the reader copies by hand.
        text.value = opens.href;
        opens.before(text);
        text.select();
      }
    },
  });
  const node = element("span", { className: "sq-link", hidden: !folder }, said, opens, copy);

  let timer = 0;
  const follow = (values, guess) => {
    if (!folder) return;
    const url = new URL(demo.code, new URL(folder, location.href));
    for (const [name, value] of Object.entries(values)) {
      if (value !== demo.first[name]) url.searchParams.set(name, value);
    }
    if (guess !== null) url.searchParams.set(SHOWN, "");
    opens.href = url.href;
    text.remove();
    if (!alone) return;
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(history.state, "", url), STEADY);
  };
  return { node, follow, asked: alone ? asked(demo, location.search) : null };
}
