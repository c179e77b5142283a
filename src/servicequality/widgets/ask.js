// The form of a question: `legend` says what is asked, `choose` is told the number of the option.
// `show` takes what the kernel had to say about that choice.
function ask(question, legend, choose) {
  const name = freshId("question");
  const verdict = element("div", { className: "sq-verdict", role: "status", hidden: true });
  const inputs = question.options.map((_, index) =>
    element("input", { type: "radio", name, value: index, onchange: () => choose(index) }),
  );
  const form = element(
    "fieldset",
    {},
    element("legend", {}, ...legend),
    ...question.options.map((text, index) =>
      element("label", { className: "sq-option" }, inputs[index], element("span", { innerHTML: text })),
    ),
  );
  const show = ({ chosen, right, text } = {}) => {
    verdict.hidden = chosen === undefined;
    if (verdict.hidden) return;
    inputs[chosen].checked = true;
    verdict.classList.toggle("sq-right", right);
    verdict.innerHTML = `<strong>${right ? `✓ ${words.right}` : `✗ ${words.not_right}`}</strong> ${text}`;
  };
  return { form, verdict, show };
}
