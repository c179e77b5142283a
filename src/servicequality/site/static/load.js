// Voilà starts on the window's load event, but asks for it only when all its parts have arrived:
// now and then after the event has passed. Then start it at once.
const listen = window.addEventListener;
window.addEventListener = function (type, start, ...options) {
  if (type === "load" && document.readyState === "complete") start();
  else listen.call(this, type, start, ...options);
};
