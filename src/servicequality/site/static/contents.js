// Open the contents where there is room for them; at once, so that nothing jumps.
document.querySelector(".contents details").open = matchMedia("(min-width: 70rem)").matches;
