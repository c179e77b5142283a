// Shared by all widgets.

// The phrases of this page's language; a widget sets them before it draws.
let words = {};

function element(tag, properties = {}, ...children) {
  const { dataset, style, aria, ...rest } = properties;
  const node = Object.assign(document.createElement(tag), rest);
  for (const [key, value] of Object.entries(dataset ?? {})) node.dataset[key] = value;
  for (const [key, value] of Object.entries(aria ?? {})) node.setAttribute(`aria-${key}`, value);
  Object.assign(node.style, style ?? {});
  node.append(...children.filter((child) => child != null));
  return node;
}

// Drawn by lot: each widget loads this code anew, so no count is shared between them.
const freshId = (stem) => `sq-${stem}-${Math.random().toString(36).slice(2)}`;
