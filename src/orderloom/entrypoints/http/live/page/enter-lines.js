"use strict";
// The lines of goods, with suggestions from the hub while a code or a name is typed. Text is only ever set as text.
const SUGGEST_AFTER_MS = 150;
let lineNumber = 0;

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function field(key, part, options = {}) {
  const label = element("label", "");
  const title = element("span", options.needed ? "needed" : "");
  title.dataset.say = key;
  title.textContent = say(key);
  const input = Object.assign(element("input"), { maxLength: options.most || 20, value: options.value || "" });
  input.dataset.part = part;
  if (options.mode) input.inputMode = options.mode;
  if (options.placeholder) input.placeholder = options.placeholder;
  label.append(title, input);
  return label;
}

function addLine(given = {}) {
  const line = element("div", "line");
  const combo = element("div", "combo");
  const list = element("ul", "hints");
  list.id = `hints-${lineNumber += 1}`;
  list.role = "listbox";
  list.hidden = true;
  const sku = field("sku", "sku", { most: 128, value: given.sku, needed: true });
  combo.append(sku, list, element("p", "name", given.title || ""));
  const drop = element("button", "drop", "×");
  drop.type = "button";
  drop.title = say("drop");
  drop.setAttribute("aria-label", say("drop"));
  drop.addEventListener("click", () => { line.remove(); if (!document.querySelector(".line")) addLine(); changed(); });
  const units = field("quantity", "quantity", { mode: "numeric", value: String(given.quantity || 1), most: 7 });
  line.append(combo, units, field("price", "price", { mode: "decimal", value: given.price, placeholder: "0.00" }),
    field("line_off", "discount", { mode: "decimal", value: Number(given.discount) ? given.discount : "", placeholder: "0.00" }),
    element("output", "amount"), drop);
  document.getElementById("lines").append(line);
  suggest(sku.querySelector("input"), list, combo.querySelector(".name"));
  return line;
}

function suggest(input, list, name) {
  let timer = 0;
  let goods = [];
  let chosen = -1;
  Object.assign(input, { role: "combobox", ariaAutoComplete: "list", ariaExpanded: "false" });
  input.setAttribute("aria-controls", list.id);
  const close = () => { list.hidden = true; input.ariaExpanded = "false"; input.removeAttribute("aria-activedescendant"); };
  const take = (one) => { input.value = one.code; name.textContent = one.name; close(); changed(); };
  const draw = () => {
    list.replaceChildren(...goods.map((one, number) => {
      const row = element("li", "", `${one.code}  ${one.name}`);
      row.id = `${list.id}-${number}`;
      row.role = "option";
      row.setAttribute("aria-selected", String(number === chosen));
      const free = one.free.map((at) => `${at.warehouse} ${at.free}`).join(" · ");
      row.append(element("small", free ? "" : "none", free ? `${say("free")} ${free}` : say("none_free")));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
      return row;
    }));
    if (!goods.length) list.append(element("li", "none", say("no_goods")));
    list.hidden = false;
    input.ariaExpanded = "true";
    if (chosen >= 0) input.setAttribute("aria-activedescendant", `${list.id}-${chosen}`);
  };
  const look = async () => {
    const text = input.value.trim();
    if (!text) return close();
    const answer = await fetch(`/api/v1/goods?q=${encodeURIComponent(text)}`, { headers: authorization() }).catch(() => null);
    if (!answer || !answer.ok || input.value.trim() !== text || document.activeElement !== input) return close();
    goods = (await answer.json()).goods;
    chosen = goods.length ? 0 : -1;
    draw();
  };
  input.addEventListener("input", () => { name.textContent = ""; clearTimeout(timer); timer = setTimeout(look, SUGGEST_AFTER_MS); });
  input.addEventListener("blur", () => { clearTimeout(timer); close(); });
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.ctrlKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && goods.length) { chosen = (chosen + step + goods.length) % goods.length; draw(); event.preventDefault(); }
    if (event.key === "Enter" && goods[chosen]) { take(goods[chosen]); event.preventDefault(); }
    if (event.key === "Escape") close();
  });
}

function typedLines() {
  return [...document.querySelectorAll(".line")].map((line) => {
    const part = (name) => line.querySelector(`[data-part="${name}"]`).value.trim();
    const quantity = Number(part("quantity"));
    return { sku: part("sku"), quantity: Number.isInteger(quantity) ? quantity : 0, price: part("price") || "0", discount: part("discount") || "0",
      title: line.querySelector(".name").textContent };
  });
}
