// A demo on a page of its own, or in a frame of another site.

if (window.self !== window.top) document.documentElement.classList.add("framed");

document.addEventListener("DOMContentLoaded", () => {
  const main = document.querySelector("main");
  for (const link of main.querySelectorAll("a")) link.target = "_top";

  // The page is about one demo: its question is the page's name, and its heading comes next.
  new MutationObserver((_, observer) => {
    const question = main.querySelector(".sq-title");
    if (!question) return;
    observer.disconnect();
    question.setAttribute("aria-level", "2");
    for (const part of main.querySelectorAll("h4")) part.setAttribute("aria-level", "3");
    document.title = `${question.textContent} · ${document.title}`;
  }).observe(main, { childList: true, subtree: true });

  main.querySelector(".embed").addEventListener("toggle", ({ target }) => {
    const frame = document.createElement("iframe");
    frame.src = location.href;
    frame.title = document.title;
    frame.width = "100%";
    frame.height = String(Math.ceil(main.querySelector(".output").scrollHeight / 100) * 100);
    frame.style.border = "0";
    frame.allow = "clipboard-write";
    target.querySelector("code").textContent = frame.outerHTML;
  });
});
