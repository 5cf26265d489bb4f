"use strict";
// Shows the findings that the form and the address' fragment ask for; without it all are shown.
const form = document.querySelector("form");
const rows = [...document.querySelectorAll("tr[data-direction]")];
const show = () => {
  const { direction, repository } = Object.fromEntries(new FormData(form));
  let shown = 0;
  for (const row of rows) {
    const group = row.closest("details[data-repository]");
    row.hidden = Boolean(
      (direction && row.dataset.direction !== direction) ||
      (repository && group.dataset.repository !== repository),
    );
    shown += row.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll("details[data-repository]")) {
    group.hidden = !group.querySelector("tr[data-direction]:not([hidden])");
  }
  document.querySelector("output").textContent = `${shown} of ${rows.length} rows shown`;
};
const fromAddress = () => {
  const wanted = new URLSearchParams(location.hash.slice(1));
  for (const select of form.querySelectorAll("select")) {
    const value = wanted.get(select.name) ?? "";
    select.value = [...select.options].some((option) => option.value === value) ? value : "";
  }
  show();
};
form.addEventListener("change", () => {
  const chosen = [...new FormData(form)].filter(([, value]) => value);
  history.replaceState(null, "", `#${new URLSearchParams(chosen)}`);
  show();
});
addEventListener("hashchange", fromAddress);
form.hidden = false;
fromAddress();
