export default {
  render({ model, el }) {
    words = model.get("words");
    const panel = chartPanel(model.get("figure"));
    const update = () => panel.update(model.get("data"));
    el.classList.add("sq-card");
    el.append(panel.node);
    update();
    model.on("change:data", update);
    return () => {
      model.off("change:data", update);
      panel.close();
    };
  },
};
