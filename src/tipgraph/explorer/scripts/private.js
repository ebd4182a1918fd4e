// A browser may keep a page that is left in its memory, and show it again by its Back button.
"use strict";
window.addEventListener("pagehide", () => document.getElementById("main").replaceChildren());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
