// A browser writes what a form sends by POST to its session files, and keeps it there where no answer comes. So this
// script sends it, and shows the answer in place.
"use strict";

const main = () => document.querySelector("main");

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  event.preventDefault();
  main().querySelector(".problem")?.remove();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main().replaceWith(page.querySelector("main"));
    scrollTo(0, 0);
    main().focus();
  } catch {
    const problem = document.createElement("p");
    problem.className = "problem";
    problem.role = "alert";
    problem.textContent = "The program does not answer. Nothing of the case was stored.";
    form.before(problem);
  }
});

// A browser may keep a page that is left in its memory, and show it again by its Back button.
window.addEventListener("pagehide", () => main().replaceChildren());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
