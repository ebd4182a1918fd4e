// Forms whose answers are pages of their own: a script goes to the page of what is entered, or of
// what the address of this page asks for. No server reads the parameters.
"use strict";

(() => {

  for (const form of document.querySelectorAll("form[data-go]")) {
    let isAsked = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const page = site.link(`${form.dataset.go}?${new URLSearchParams(new FormData(form))}`);
      // Back from there is not back to a page that leads there at once.
      location[isAsked ? "replace" : "assign"](page);
    });
    // Other scripts may have to look at the form first.
    addEventListener("DOMContentLoaded", () => {
      isAsked = enter(form);
      if (isAsked) {
        form.requestSubmit();
        isAsked = false;
      }
    });
  }

  /** Enter what the address asks for, and return whether that is on another page. */
  function enter(form) {
    const given = [...new URLSearchParams(location.search)].filter(([name, value]) => value.trim() && form.elements[name]);
    const inNames = site.named[form.dataset.go];
    if (!given.some(([name]) => !inNames || inNames.includes(name))) {
      return false;
    }
    // A page of an edition or a country has these chosen.
    (inNames || []).forEach((name) => (form.elements[name].value = ""));
    for (const [name, value] of given) {
      const field = form.elements[name];
      field.value = chosen(field, value.trim());
      if (!field.value) {
        const label = field.labels[0].textContent.trim();
        const text = `${label}: there is no page for “${value}”.`;
        form.after(site.element("p", { class: "problem", role: "alert" }, text));
        return false;
      }
    }
    return true;
  }

  /** The choice of a field with this value or name; what else can be entered stays as it is. */
  function chosen(field, value) {
    const text = value.toLowerCase();
    const options = field.tagName === "SELECT" ? [...field.options] : [];
    const found = options.find((each) => [each.value, each.text].some((name) => name.toLowerCase() === text));
    return options.length ? found?.value ?? "" : value;
  }
})();
