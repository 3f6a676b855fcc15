"use strict";
(() => {
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const changes = [...document.querySelectorAll(".change")];
const groups = [...document.querySelectorAll(".group")];
const search = $("search"), rule = $("rule"), unit = $("unit");
const boxes = (name) => [...document.querySelectorAll(`input[name=${name}]`)];
root.classList.add("js");

/* ---- what is chosen ---- */
const hay = changes.map((one) => one.textContent.toLowerCase().replace(/\s+/g, " "));
function show() {
  const on = (name) => new Set(boxes(name).filter((box) => box.checked).map((box) => box.value));
  const state = on("state"), severity = on("severity");
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  changes.forEach((one, at) => {
    const { dataset } = one;
    const kept = state.has(dataset.state) && severity.has(dataset.severity)
      && (!rule.value || dataset.rule === rule.value) && (!unit || !unit.value || dataset.unit === unit.value)
      && words.every((word) => hay[at].includes(word));
    one.hidden = !kept;
    shown += kept;
  });
  for (const group of groups) group.hidden = !group.querySelector(".change:not([hidden])");
  $("shown").textContent = shown === changes.length ? `${shown}` : `${shown} / ${changes.length}`;
  $("none").hidden = shown > 0 || changes.length === 0;
}
for (const one of [...boxes("state"), ...boxes("severity"), rule, unit]) if (one) one.addEventListener("change", show);
let waiting = 0;
search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 120); });
$("reset").addEventListener("click", () => {
  for (const box of [...boxes("state"), ...boxes("severity")]) box.checked = true;
  search.value = "";
  rule.value = "";
  if (unit) unit.value = "";
  show();
});
$("unfold").addEventListener("click", () => { for (const one of changes) if (!one.hidden) one.open = true; });
$("fold").addEventListener("click", () => { for (const one of changes) one.open = false; });
$("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

/* ---- keys ---- */
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === search) { search.value = ""; show(); search.blur(); return; }
  if (event.target.closest("input:not([type=checkbox]), select")) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); return; }
  const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  const there = changes.filter((one) => !one.hidden);
  const here = document.activeElement.closest(".change");
  const at = here ? there.indexOf(here) + step : step > 0 ? 0 : there.length - 1;
  const target = there[Math.max(0, Math.min(at, there.length - 1))];
  if (!target) return;
  target.firstElementChild.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
});

/* ---- paper: everything that is chosen, unfolded ---- */
let folded = [];
addEventListener("beforeprint", () => {
  folded = changes.filter((one) => !one.hidden && !one.open);
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => { for (const one of folded) one.open = false; folded = []; });
root.dataset.ready = "1";
})();
