"use strict";
(() => {
const $ = (id) => document.getElementById(id);
const root = document.documentElement;
const index = JSON.parse($("index").textContent);
const { names, items, texts } = index;
const total = items.rule.length;
const list = $("list");
const STEP = 50;   // findings that are put into the page together
const PRINTED = 1000;   // findings that are printed at most
root.classList.add("js");

/* ---- findings: those that stand in the page, and those that are packed ---- */
const nodes = new Array(total);
[...list.querySelectorAll(".finding")].forEach((found, at) => { nodes[at] = found; });   // the gravest, in their order
const packets = [...document.querySelectorAll("script.packet")];
const unpacked = new Map();

function unpack(number) {
  if (!unpacked.has(number)) unpacked.set(number, inflate(packets[number].textContent));
  return unpacked.get(number);
}
async function inflate(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}
async function markup(at) {   // worded and escaped by the template
  const beyond = at - index.standing;
  return (await unpack(Math.floor(beyond / index.packet)))[beyond % index.packet];
}
async function node(at) {
  if (!nodes[at]) {
    const holder = document.createElement("template");
    holder.innerHTML = await markup(at);
    nodes[at] = holder.content.firstElementChild;
  }
  return nodes[at];
}

/* ---- what is chosen ---- */
const search = $("search"), rule = $("rule"), unit = $("unit");
const radios = [...document.querySelectorAll("input[name=group]")];
const FACETS = ["outcome", "severity", "standing"];
const boxes = (name) => [...document.querySelectorAll(`input[name=${name}]`)];
const first = radios.find((radio) => radio.checked).value;

function chosen() {
  const on = (name) => new Set(boxes(name).filter((box) => box.checked).map((box) => names[name].indexOf(box.value)));
  return {
    group: radios.find((radio) => radio.checked).value,
    words: search.value.toLowerCase().split(/\s+/).filter(Boolean),
    outcome: on("outcome"), severity: on("severity"), standing: boxes("standing").length ? on("standing") : null,
    rule: rule.value ? names.rule.indexOf(rule.value) : null,   // -1 for one without findings
    unit: unit && unit.value ? names.unit.indexOf(unit.value) : null,
  };
}
let haystacks = null;
async function texts_of() {   // what search looks through: all that a finding says
  if (!haystacks) {
    haystacks = [];
    for (let at = 0; at < total; at += 1) {
      haystacks.push((nodes[at] ? nodes[at].textContent : plain(await markup(at))).toLowerCase().replace(/\s+/g, " "));
    }
  }
  return haystacks;
}
const SIGNS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };
function plain(html) { return html.replace(/<[^>]*>/g, " ").replace(/&[^;]{2,4};/g, (sign) => SIGNS[sign] || sign); }

async function found(asked) {
  const hay = asked.words.length ? await texts_of() : null;
  const kept = [];
  for (let at = 0; at < total; at += 1) {
    if (!asked.outcome.has(items.outcome[at]) || !asked.severity.has(items.severity[at])) continue;
    if (asked.standing && !asked.standing.has(items.standing[at])) continue;
    if (asked.rule !== null && items.rule[at] !== asked.rule) continue;
    if (asked.unit !== null && items.unit[at] !== asked.unit) continue;
    if (hay && !asked.words.every((word) => hay[at].includes(word))) continue;
    kept.push(at);
  }
  return kept;
}

/* ---- groups ---- */
let groups = [], shown = [], turn = 0;
async function show() {
  const mine = turn += 1;
  const asked = chosen();
  const kept = await found(asked);
  if (mine !== turn) return;   // something else was chosen meanwhile
  shown = kept;
  const by = new Map();
  for (const at of kept) {
    const of = items[asked.group][at];
    if (!by.has(of)) by.set(of, []);
    by.get(of).push(at);
  }
  let keys = [...by.keys()];
  if (asked.group !== "rule") keys.sort((a, b) => names[asked.group][a].localeCompare(names[asked.group][b], root.lang));
  groups = keys.map((key) => group(asked.group, key, by.get(key)));
  const held = document.activeElement.closest(".finding > summary");
  list.className = `list by-${asked.group}`;
  list.replaceChildren(...groups.map((one) => one.section), note());
  if (!kept.length) list.prepend(said("nothing", texts.nothing));
  $("shown").textContent = worded(texts.shown, { shown: kept.length, all: total })
    + (groups.length > 1 ? " · " + worded(texts.groups, { count: groups.length }) : "");
  remember(asked);
  let room = STEP * 2;
  for (const one of groups) {
    if (room <= 0) break;
    room -= Math.min(one.places.length, STEP);
    await one.open();
  }
  if (held && held.isConnected && mine === turn) held.focus({ preventScroll: true });
}
function worded(text, values) { return text.replace(/\{(\w+)\}/g, (_, name) => Number(values[name]).toLocaleString("en").replace(/,/g, root.lang === "en" ? "," : "")); }
function said(kind, text) { const p = document.createElement("p"); p.className = kind; p.textContent = text; return p; }
function note() { const p = said("warn", ""); p.id = "print-note"; return p; }

function group(kind, key, places) {
  const section = document.createElement("section");
  section.className = "group";
  const head = document.createElement("h3"), button = document.createElement("button"), name = document.createElement("span");
  name.textContent = (kind === "rule" ? index.titles[key] : names[kind][key]) || texts.none;
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  const small = document.createElement("small");
  for (const outcome of ["fail", "unknown", "rounding"]) {
    const count = places.filter((at) => names.outcome[items.outcome[at]] === outcome).length;
    if (!count) continue;
    const span = document.createElement("span");
    span.className = `o-${outcome}`;
    span.textContent = `${texts.outcomes[outcome]} ${count} `;
    small.append(span);
  }
  button.append(name, small);
  head.append(button);
  const body = document.createElement("div"), end = document.createElement("div");
  section.append(head, body, end);
  const made = { section, places, body, end, done: 0 };
  made.more = async (count = STEP) => {
    const part = places.slice(made.done, made.done + count);
    made.done += part.length;
    body.append(...await Promise.all(part.map(node)));
    if (made.done < places.length) watcher.observe(end); else watcher.unobserve(end);
  };
  made.open = async () => {
    button.setAttribute("aria-expanded", "true");
    body.hidden = false;
    if (!made.done) await made.more();
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-expanded") === "false") { made.open(); return; }
    button.setAttribute("aria-expanded", "false");
    body.hidden = true;
  });
  end.group = made;
  return made;
}
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting && !entry.target.group.body.hidden) entry.target.group.more();
}, { rootMargin: "600px" });

/* ---- what is chosen stands in the address, so that a page of one unit or rule can be kept ---- */
function remember(asked) {
  const kept = new URLSearchParams();
  if (asked.group !== first) kept.set("group", asked.group);
  if (rule.value) kept.set("rule", rule.value);
  if (unit && unit.value) kept.set("unit", unit.value);
  if (search.value) kept.set("q", search.value);
  for (const name of FACETS) {
    const off = boxes(name).filter((box) => !box.checked && !box.disabled).map((box) => box.value);
    if (off.length) kept.set(`no-${name}`, off.join(" "));
  }
  const told = kept.toString();
  if (told || location.hash.includes("=")) history.replaceState(null, "", told ? `#${told}` : location.pathname + location.search);
}
function recall() {
  if (!location.hash.includes("=")) return false;
  const kept = new URLSearchParams(location.hash.slice(1));
  const group_ = kept.get("group") || first;
  for (const radio of radios) radio.checked = radio.value === group_;
  search.value = kept.get("q") || "";
  rule.value = kept.get("rule") || "";
  if (unit) unit.value = kept.get("unit") || "";
  for (const name of FACETS) {
    const off = (kept.get(`no-${name}`) || "").split(" ");
    for (const box of boxes(name)) box.checked = !off.includes(box.value);
  }
  return true;
}
addEventListener("hashchange", () => { if (recall()) { show(); $("findings").scrollIntoView(); } });

/* ---- controls ---- */
let waiting = 0;
search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, total > 2000 ? 200 : 60); });
for (const control of [rule, unit, ...radios, ...FACETS.flatMap(boxes)]) if (control) control.addEventListener("change", show);
$("reset").addEventListener("click", () => {
  search.value = ""; rule.value = ""; if (unit) unit.value = "";
  for (const radio of radios) radio.checked = radio.value === first;
  for (const box of [...FACETS.flatMap(boxes)]) box.checked = true;
  show();
});
const present = () => [...list.querySelectorAll(".group .finding")];
$("unfold").addEventListener("click", () => { for (const one of present()) one.open = true; });
$("fold").addEventListener("click", () => { for (const one of present()) one.open = false; });
$("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  try { localStorage.setItem("perfrules-theme", root.dataset.theme); } catch { /* a page from a file may not keep anything */ }
});
try { const kept = localStorage.getItem("perfrules-theme"); if (kept) root.dataset.theme = kept; } catch { /* likewise */ }

/* ---- keys ---- */
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea");
  if (event.key === "Escape" && event.target === search) { clearTimeout(waiting); if (search.value) { search.value = ""; show(); } search.blur(); return; }
  if (typing) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); return; }
  const inside = event.target.closest(".finding > summary");
  const step = event.key === "j" || (inside && event.key === "ArrowDown") ? 1 : event.key === "k" || (inside && event.key === "ArrowUp") ? -1 : 0;
  if (step) { event.preventDefault(); move(step); }
});
async function move(step) {
  const here = document.activeElement.closest(".finding");
  let all = present().filter((one) => !one.parentElement.hidden);
  let at = here ? all.indexOf(here) + step : step > 0 ? 0 : all.length - 1;
  if (at >= all.length) {
    const next = groups.find((one) => one.done < one.places.length && (one.done || one.section.querySelector("[aria-expanded=false]")));
    if (next) {
      if (next.done) await next.more(); else await next.open();
      all = present().filter((one) => !one.parentElement.hidden);
      at = here ? all.indexOf(here) + step : 0;
    }
  }
  const target = all[Math.max(0, Math.min(at, all.length - 1))];
  if (!target) return;
  target.firstElementChild.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

/* ---- paper: everything that is chosen, unfolded, up to a bound that is stated ---- */
let folded = [];
addEventListener("beforeprint", () => {
  let room = PRINTED, out = 0;
  for (const one of groups) {
    const wanted = one.places.slice(0, Math.max(room, 0));
    one.body.hidden = false;
    for (const at of wanted.slice(one.done)) {
      if (!nodes[at]) break;   // packed, and paper does not wait
      one.body.append(nodes[at]);
      one.done += 1;
    }
    room -= one.done;
    out += one.done;
  }
  folded = [...list.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
  const told = $("print-note");
  told.textContent = out < shown.length ? worded(texts.printed, { shown: out, all: shown.length }) : "";
  told.hidden = out >= shown.length;
});
addEventListener("afterprint", () => { for (const one of folded) one.open = false; folded = []; });

if (packets.length && typeof DecompressionStream === "undefined") {
  list.prepend(said("warn", texts.old));
} else {
  recall();
  show().then(() => { root.dataset.ready = "1"; });
}
})();
