// Called by data/editions.js: two editions have one page, on which the earlier one comes first.
"use strict";

function comparable(countries) {
  const form = document.querySelector("form[data-go]");
  const { earlier, later } = form.elements;

  // Before the form leads to the page.
  form.addEventListener(
    "submit",
    (event) => {
      document.getElementById("not-comparable")?.remove();
      const isSame = earlier.value === later.value;
      const editions = countries.find((each) => each.includes(earlier.value) && each.includes(later.value));
      if (isSame || !editions) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const text = isSame ? "This is one edition. Choose two." : "These editions are on two countries, and only those on one country are compared.";
        form.after(site.element("p", { class: "problem", role: "alert", id: "not-comparable" }, text));
      } else if (editions.indexOf(earlier.value) > editions.indexOf(later.value)) {
        [earlier.value, later.value] = [later.value, earlier.value];
      }
    },
    true,
  );
}
