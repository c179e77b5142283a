export default {
  render({ model, el }) {
    words = model.get("words");
    const question = model.get("question");
    const legend = [
      element("span", {
        className: "sq-step-name",
        textContent: `${words.check} · ${question.code}`,
      }),
      element("span", { innerHTML: question.text }),
    ];
    const { form, verdict, show } = ask(question, legend, (index) => {
      model.set("chosen", index);
      model.save_changes();
    });
    const root = element(
      "section",
      { className: "sq-card sq-question", dataset: { question: question.code } },
      form,
      verdict,
    );
    el.append(root);
    const update = () => show(model.get("feedback"));
    update();
    model.on("change:feedback", update);
    return () => model.off("change:feedback", update);
  },
};
