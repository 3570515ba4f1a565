"use strict";
// The form of a manual order: what is typed goes to the hub as it is; what the hub refuses is told beside the field.
const form = document.getElementById("order");
const byId = (id) => document.getElementById(id);
const number = new URLSearchParams(location.search).get("order");
const LABELS = ["姓名", "收件人", "收货人", "电话", "手机", "手机号", "地址", "详细地址", "收货地址"];
const RECEIVER = ["name", "phone", "detail", "province", "city", "district", "postcode", "country"];
// Not randomUUID: browsers have it at https and localhost alone, and the hub may stand in the house at http.
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
let key = newKey();
let receiverStays = false;

// Amounts are added up in ten-thousandths, whole numbers: a binary fraction would show cents that nobody typed.
function units(text) {
  const found = /^(\d{1,12})(?:\.(\d{1,4}))?$/.exec(text.trim() || "0");
  return found ? BigInt(found[1]) * 10000n + BigInt((found[2] || "").padEnd(4, "0")) : null;
}
function shown(value) {
  if (value === null) return "–";
  const digits = EXPONENTS[form.elements.currency.value] ?? 2;
  const sign = value < 0n ? "−" : "";
  const whole = value < 0n ? -value : value;
  const rest = String(whole % 10000n).padStart(4, "0").slice(0, digits);
  const currency = form.elements.currency.value;
  return `${sign}${currency === "CNY" ? "¥" : `${currency} `}${(whole / 10000n).toLocaleString("en-GB")}${digits ? `.${rest}` : ""}`;
}

function changed() {
  key = newKey();  // another content is another order: only a repetition keeps the key
  draw();
}

function draw() {
  const rows = [...document.querySelectorAll(".line")];
  let goods = 0n;
  let off = units(form.elements.discount.value);
  typedLines().forEach((line, at) => {
    const [price, less] = [units(line.price), units(line.discount)];
    const amount = price === null || less === null ? null : price * BigInt(line.quantity) - less;
    rows[at].querySelector(".amount").textContent = shown(amount);
    goods = goods === null || price === null ? null : goods + price * BigInt(line.quantity);
    off = off === null || less === null ? null : off + less;
  });
  const freight = units(form.elements.freight.value);
  const total = goods === null || off === null || freight === null ? null : goods - off + freight;
  byId("sums").replaceChildren(...[["sum_goods", goods], ["sum_off", off === null ? null : -off], ["sum_freight", freight], ["sum_total", total]]
    .flatMap(([name, value]) => [element("dt", name === "sum_total" ? "total" : "", say(name)), element("dd", name === "sum_total" ? "total" : "", shown(value))]));
}

function speak() {
  document.documentElement.lang = chosenLanguage() === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-say]").forEach((one) => { one.textContent = say(one.dataset.say); });
  document.querySelectorAll("[data-word]").forEach((one) => { one.textContent = signInText(one.dataset.word); });
  document.querySelectorAll("[data-hint]").forEach((one) => { one.placeholder = say(one.dataset.hint); });
  document.querySelectorAll("[data-title]").forEach((one) => { one.title = say(one.dataset.title); });
  byId("heading").textContent = number ? `${say("heading_mend")} ${number}` : say("heading");
  document.title = `${byId("heading").textContent} · 织单 Orderloom`;
  byId("send").textContent = say(number ? "send_mend" : "send");
  byId("language").textContent = chosenLanguage() === "zh" ? "EN" : "中文";
  byId("account").textContent = session.token ? `${session.name} · ${signInText("sign_out")}` : signInText("sign_in");
  draw();
  explain(...refused);
}

function typed() {
  const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
  const receiver = Object.fromEntries(RECEIVER.map((name) => [name, values[`receiver.${name}`] || ""]));
  return {
    lines: typedLines().filter((line, at) => at === 0 || line.sku || line.price !== "0"), payment: values.payment,
    currency: values.currency.toUpperCase(), freight: values.freight || "0", discount: values.discount || "0", note: values.note,
    urgency: values.urgency || "", ...(receiverStays ? {} : { receiver: { ...receiver, country: receiver.country.toUpperCase() }, buyer: values.buyer }),
    ...(values.account ? { account: values.account } : {}),
  };
}

function inputOf(name) {
  const [first, at, part] = name.split(".");
  if (first === "lines" && part) return document.querySelectorAll(".line")[Number(at)]?.querySelector(`[data-part="${part}"]`);
  return form.elements[name];
}

// Each refusal stands below its field; one that belongs to none stands above the form.
let refused = [{}, ""];
function explain(facts, detail) {
  refused = [facts, detail];
  form.querySelectorAll("p.wrong:not([data-field])").forEach((one) => one.remove());
  form.querySelectorAll("[aria-invalid]").forEach((one) => { one.removeAttribute("aria-invalid"); one.removeAttribute("aria-describedby"); });
  form.querySelector("[data-field=lines]").textContent = facts.lines ? ownHalf(facts.lines) : "";
  byId("which").hidden = byId("which").hidden && !facts.account;
  const left = [];
  let first = null;
  for (const [name, words] of Object.entries(facts)) {
    const input = inputOf(name);
    if (input && input.closest) {
      const told = element("p", "wrong", ownHalf(words));
      told.id = `wrong-${name}`;
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", told.id);
      input.closest("label").append(told);
      first = first || input;
    } else if (name !== "lines") left.push(ownHalf(words));
  }
  const words = left.length ? left.join(" ") : Object.keys(facts).length ? say("mend_field") : detail ? ownHalf(detail) : "";
  byId("banner").textContent = words;
  byId("banner").hidden = !words;
  return first;
}

async function ask(method, path, body, headers = {}) {
  const answer = await fetch(path, { method, headers: { "Content-Type": "application/json", ...authorization(), ...headers }, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (answer.status === 401) { openSignIn(); throw { facts: {}, detail: say("sign_in_first") }; }
  if (!answer.ok) throw told;
  return told;
}

function report(title, told) {
  const parts = [element("b", "", told.state === "recorded" ? title : say(told.state === "parked" ? "parked" : "waits"))];
  if (told.number) parts.push(element("span", "number", told.number));
  if (told.problem) parts.push(element("span", "", ownHalf(told.problem)));
  const again = Object.assign(element("a", "", say("another")), { href: "/old/orders/new" });
  parts.push(again);
  if (told.number && !number) parts.push(Object.assign(element("a", "", say("mend")), { href: `/old/orders/new?order=${encodeURIComponent(told.number)}` }));
  byId("done").replaceChildren(...parts);
  byId("done").hidden = false;
  byId("done").scrollIntoView({ block: "nearest" });
}

async function attempt(button, act) {
  button.disabled = true;
  byId("done").hidden = true;
  try {
    await act();
  } catch (error) {
    explain(error.facts || {}, error instanceof TypeError ? say("again") : error.detail)?.focus();
  } finally {
    button.disabled = false;
  }
}

function send(event) {
  event?.preventDefault();
  if (!session.token) return openSignIn();
  attempt(byId("send"), async () => {
    const path = number ? `/api/v1/orders/${encodeURIComponent(number)}` : "/api/v1/orders";
    const told = await ask(number ? "PUT" : "POST", path, typed(), { "Idempotency-Key": key });
    explain({}, "");
    if (!number) { form.reset(); byId("lines").replaceChildren(); addLine(); }
    changed();
    report(say(number ? "mended" : "made"), told);
  });
}

function fill(order) {
  byId("lines").replaceChildren();
  order.lines.forEach(addLine);
  for (const name of ["currency", "note", "buyer"]) form.elements[name].value = order[name];
  for (const name of ["freight", "discount"]) form.elements[name].value = Number(order[name]) ? order[name] : "";
  form.elements.payment.value = order.payment;
  form.elements.urgency.checked = order.urgency === "rush";
  receiverStays = !order.receiver;
  byId("known").hidden = !receiverStays;
  byId("receiver").hidden = receiverStays;
  if (order.receiver) RECEIVER.forEach((name) => { form.elements[`receiver.${name}`].value = order.receiver[name] || ""; });
  changed();
}

async function learn(reason) {
  const headers = reason ? { "X-Unmask-Reason": encodeURIComponent(reason) === reason ? reason : String.fromCharCode(...new TextEncoder().encode(reason)) } : {};
  fill((await ask("GET", `/api/v1/orders/${encodeURIComponent(number)}/entered`, undefined, headers)).order);
  byId("cancelling").hidden = false;
}

// 张三 13800138000 浙江省杭州市…: the number that can be called, the short word before it, and the rest; unsure parts are amber.
function takeApart(text) {
  const phone = /(?:\+?86[- ]?)?(1[3-9]\d{9})|0\d{2,3}-?\d{7,8}/.exec(text);
  const rest = (phone ? text.replace(phone[0], " ") : text).split(/[\s,，;；:：]+/).filter((one) => one && !LABELS.includes(one));
  const name = rest.find((one) => one.length <= 12 && !/\d/.test(one) && !/[省市区县路街道号室]/.test(one)) || "";
  const found = { name, phone: phone ? phone[1] || phone[0] : "", detail: rest.filter((one) => one !== name).join("") };
  for (const [part, value] of Object.entries(found)) {
    const input = form.elements[`receiver.${part}`];
    if (value) input.value = value;
    input.classList.toggle("unsure", !value);
  }
  changed();
}

byId("paste").addEventListener("input", (event) => { if (event.target.value.trim()) takeApart(event.target.value); });
byId("add").addEventListener("click", () => { addLine().querySelector("input").focus(); changed(); });
byId("see").addEventListener("click", () => attempt(byId("see"), async () => {
  if (!byId("reason").value.trim()) throw { facts: {}, detail: say("no_reason") };
  await learn(byId("reason").value.trim());
}));
byId("cancel").addEventListener("click", () => attempt(byId("cancel"), async () => {
  const reason = byId("cancel-reason").value.trim();
  if (!reason) throw { facts: {}, detail: say("no_reason") };
  await ask("POST", `/api/v1/orders/${encodeURIComponent(number)}/cancel`, { reason });
  report(say("cancelled"), { state: "recorded", number });
}));
form.addEventListener("submit", send);
form.addEventListener("input", (event) => { event.target.classList.remove("unsure"); changed(); });
document.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.ctrlKey) send(event); });
byId("language").addEventListener("click", () => {
  localStorage.setItem("language", chosenLanguage() === "zh" ? "en" : "zh");
  speak();
});
prepareSignIn();
addLine();
speak();
if (!session.token) openSignIn();
else if (number) attempt(byId("send"), () => learn(""));
