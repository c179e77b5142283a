export default {
  render({ model, el }) {
    words = model.get("words");
    const question = model.get("question");
    const name = freshId("question");
    const feedback = element("div", { className: "sq-verdict", role: "status", hidden: true });
    const inputs = question.options.map((_, index) =>
      element("input", {
        type: "radio",
        name,
        value: index,
        onchange: () => {
          model.set("chosen", index);
          model.save_changes();
        },
      }),
    );
    const show = () => {
      const { chosen, right, text } = model.get("feedback");
      feedback.hidden = chosen === undefined;
      if (feedback.hidden) return;
      inputs[chosen].checked = true;
      feedback.classList.toggle("sq-right", right);
      feedback.innerHTML = `<strong>${right ? `✓ ${words.right}` : `✗ ${words.not_right}`}</strong> ${text}`;
    };
    const root = element(
      "section",
      { className: "sq-card sq-question", dataset: { question: question.code } },
      element(
        "fieldset",
        {},
        element(
          "legend",
          {},
          element("span", {
            className: "sq-step-name",
            textContent: `${words.check} · ${question.code}`,
          }),
          element("span", { innerHTML: question.text }),
        ),
        ...question.options.map((text, index) =>
          element(
            "label",
            { className: "sq-option" },
            inputs[index],
            element("span", { innerHTML: text }),
          ),
        ),
      ),
      feedback,
    );
    el.append(root);
    show();
    model.on("change:feedback", show);
    return () => model.off("change:feedback", show);
  },
};
