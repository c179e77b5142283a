// Without case, accents and the difference between wide and narrow forms.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export default {
  render({ model, el }) {
    words = model.get("words");
    const items = model.get("items").map(({ id, html, question }) => {
      const node = element("li", { className: "sq-item", id, innerHTML: html });
      if (!question) return { id, node };
      const legend = [element("span", { innerHTML: question.text })];
      const { form, verdict, show } = ask(question, legend, (index) => {
        model.set("chosen", { ...model.get("chosen"), [id]: index });
        model.save_changes();
      });
      node.append(form, verdict);
      return { id, node, form, show };
    });

    const input = element("input", { type: "search", oninput: () => search() });
    const found = element("p", { className: "sq-note", role: "status" });
    const count = (template, numbers) =>
      template.replace(/\{(\w+)\}/g, (_, name) => numbers[name]);

    function search() {
      const wanted = plain(input.value).split(/\s+/);
      for (const { node, form } of items) {
        // The words of a vote are the same everywhere, so that a search for them finds nothing.
        const parts = [...node.childNodes].filter((part) => part !== form);
        const text = plain(parts.map((part) => part.textContent).join(" "));
        node.hidden = !wanted.every((word) => text.includes(word));
      }
      const shown = items.filter(({ node }) => !node.hidden).length;
      found.textContent = count(words.found, { shown, all: items.length });
    }

    function follow() {
      const id = location.hash.slice(1);
      for (const item of items) item.node.classList.toggle("sq-linked", item.id === id);
      const target = items.find((item) => item.id === id);
      if (!target) return;
      if (target.node.hidden) {
        input.value = "";
        search();
      }
      target.node.scrollIntoView();
    }

    const score = element("p", { className: "sq-note", role: "status" });
    function answer() {
      const feedback = model.get("feedback");
      for (const item of items) {
        // What stands there already is not read out again.
        if (feedback[item.id]?.chosen === item.chosen) continue;
        item.chosen = feedback[item.id].chosen;
        item.show(feedback[item.id]);
      }
      const given = Object.values(feedback);
      const right = given.filter((one) => one.right).length;
      score.textContent = given.length
        ? count(words.voted, { given: given.length, all: items.length, right })
        : "";
    }

    el.append(
      element(
        "section",
        { className: "sq-card sq-shelf" },
        element(
          "div",
          { className: "sq-search" },
          element("label", {}, element("span", { textContent: words.search }), input),
          found,
          score,
        ),
        element("ul", { role: "list" }, ...items.map(({ node }) => node)),
      ),
    );
    search();
    answer();
    follow();
    model.on("change:feedback", answer);
    addEventListener("hashchange", follow);
    return () => {
      model.off("change:feedback", answer);
      removeEventListener("hashchange", follow);
    };
  },
};
