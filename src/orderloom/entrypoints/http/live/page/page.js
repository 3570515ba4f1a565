"use strict";
// Draws each snapshot as it comes. Text is only ever set as text, never as markup.
const view = { language: chosenLanguage(), snapshot: null, words: null, link: "connecting", isRefused: false };
const byId = (id) => document.getElementById(id);
const word = (key) => WORDS[view.language][key];

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function titled(kind, name) {
  const found = view.words && view.words[kind] && view.words[kind][name];
  return found ? found[view.language] : name;
}

// A stored text is "中文 | English" or "中文 / English".
function ownHalf(text) {
  const between = [" | ", " / "].find((b) => text.split(b).length === 2);
  return between ? text.split(between)[view.language === "zh" ? 0 : 1] : text;
}

const count = (n) => n.toLocaleString(view.language === "zh" ? "zh-CN" : "en-GB");
const brief = (n) => n < 100000 ? count(n)
  : new Intl.NumberFormat(view.language === "zh" ? "zh-CN" : "en-GB", { notation: "compact", maximumFractionDigits: 1 }).format(n);

function money(minor, currency) {
  const digits = EXPONENTS[currency] ?? 2;
  const shown = (minor / 10 ** digits).toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return currency === "CNY" ? `¥${shown}` : `${currency} ${shown}`;
}

function ago(from, until) {
  const seconds = Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000));
  const [value, unit] = seconds < 60 ? [seconds, "s"] : seconds < 3600 ? [Math.floor(seconds / 60), "m"]
    : seconds < 172800 ? [Math.floor(seconds / 3600), "h"] : [Math.floor(seconds / 86400), "d"];
  return `${value} ${word("ago")[unit]}`;
}

function drawRoute(stages) {
  byId("route").replaceChildren(...stages.map((stage) => {
    const notes = make("span", "notes");
    const [waiting, standing] = STANDING[stage.verb] || ["pending", "parked"];
    if (stage.backlog) notes.append(make("span", "chip", `${word(waiting)} ${brief(stage.backlog)}`));
    if (stage.stuck) notes.append(make("span", "chip warn", `${word(standing)} ${brief(stage.stuck)}`));
    const total = make("div", "total", brief(stage.total));
    total.title = count(stage.total);
    const item = make("li", "", make("div", "name", word("verbs")[stage.verb] || stage.verb), total,
      make("div", "rate", `${brief(stage.per_minute)}${word("per_minute")}`), notes);
    item.dataset.stage = stage.verb;
    return item;
  }));
}

function drawAccounting(a) {
  const term = (key) => make("span", "term", word(key), make("b", "", count(a[key])));
  const sign = (text) => make("span", "sign", text);
  const verdict = make("span", `verdict chip ${a.is_balanced ? "good" : "bad"}`, word(a.is_balanced ? "balanced" : "unbalanced"));
  verdict.id = "verdict";
  const asides = ["duplicates", "forged", "lost", "written_off"].filter((key) => a[key]).map((key) => `${word(key)} ${count(a[key])}`);
  const aside = asides.length ? [make("span", "aside", asides.join(" · "))] : [];
  const onDisk = a.spooled ? [sign("+"), term("spooled"), sign("·"), term("stored")] : [];
  byId("accounting").replaceChildren(
    term("received"), sign("="), term("stored"), ...onDisk, sign("="), term("normalised"), sign("+"), term("pending"), sign("+"),
    term("quarantined"), sign("+"), term("parked"), ...(a.discarded ? [sign("+"), term("discarded")] : []), verdict, ...aside);
}

function drawPhases(phases) {
  byId("phases").replaceChildren(...PHASES.map((name) => {
    const n = phases[name] || 0;
    const tone = !n ? "none" : ["blocked", "failed", "held"].includes(name) ? "bad" : "";
    const item = make("li", tone, make("b", "", brief(n)), make("span", "", titled("phases", name)));
    item.dataset.phase = name;
    return item;
  }));
}

function drawOrders(orders, at) {
  const cell = (className, ...children) => make("td", className, ...children);
  byId("orders").tBodies[0].replaceChildren(...orders.map((o) => {
    const stage = cell("stage", make("span", `phase ${o.phase}`, titled("phases", o.phase)), " ", titled("stages", o.stage));
    if (o.holds_active && o.phase !== "held") stage.append(" ", make("span", "chip warn", word("held")));
    return make("tr", "", cell("number", o.number), cell("channel", `${titled("connectors", o.channel)} · ${o.account}`), stage,
      cell("figure amount", money(o.total, o.currency)), cell("figure age", ago(o.received_at, at)));
  }));
  byId("orders").hidden = orders.length === 0;
}

function drawCases(cases, at) {
  byId("cases").replaceChildren(...cases.map((c) => {
    const isLate = c.due_at && Date.parse(c.due_at) < Date.parse(at);
    const about = make("small", "", `${titled("roles", c.owner)} · ${word("oldest")} ${ago(c.oldest_at, at)}`);
    if (isLate) about.append(" ", make("span", "chip bad", word("overdue")));
    return make("li", "", make("span", "", titled("cases", c.kind)), make("span", "chip warn", brief(c.count)), about);
  }));
}

function drawAccounts(accounts) {
  byId("accounts").replaceChildren(...accounts.map((a) => {
    const [tone, key] = !a.is_active ? ["", "off"] : a.is_well === null ? ["", "untested"] : a.is_well ? ["good", "well"] : ["bad", "ill"];
    const title = titled("connectors", a.connector);
    const about = make("small", "", a.is_well === false && a.health ? `${title} · ${ownHalf(a.health)}` : title);
    return make("li", "", make("span", "", a.code), make("span", `chip ${tone}`, word(key)), about);
  }));
}

function drawBanner() {
  const isAway = view.snapshot && !view.snapshot.is_database_up;
  const key = view.isRefused ? "not_allowed" : view.link === "lost" ? "page_away" : isAway ? "database_away" : "";
  byId("banner").hidden = !key;
  byId("banner").textContent = key ? word(key) : "";
  document.body.classList.toggle("is-stale", Boolean(key));
}

function draw() {
  document.documentElement.lang = view.language === "zh" ? "zh-CN" : "en";
  document.title = word("title");
  byId("account").textContent = session.token ? `${word("sign_out")} ${session.name}` : word("sign_in");
  byId("language").textContent = view.language === "zh" ? "EN" : "中文";
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  byId("link").dataset.state = view.link;
  byId("link").textContent = word(view.link);
  drawBanner();
  const s = view.snapshot;
  for (const name of ["orders", "cases", "accounts"]) {
    const rows = s ? s[name === "orders" ? "last_orders" : name] : null;
    document.querySelector(`[data-word="no_${name}"]`).hidden = !rows || rows.length > 0 || !s.is_database_up;
  }
  if (!s) return;
  drawRoute(s.stages);
  drawAccounting(s.accounting);
  drawPhases(s.phases);
  drawOrders(s.last_orders, s.at);
  drawCases(s.cases, s.at);
  drawAccounts(s.accounts);
  byId("at").textContent = new Date(s.at).toLocaleTimeString(view.language === "zh" ? "zh-CN" : "en-GB");
}

async function learnWords() {
  try {
    const answer = await fetch("/live/words", { headers: authorization() });
    if (answer.ok) view.words = await answer.json();
  } catch { /* the stream's own state says that the hub is away */ }
  draw();
}

// The stream is read by fetch, for EventSource carries no token.
async function follow() {
  const stop = new AbortController();
  let heard = Date.now();
  // A connection can die without a word: fifteen seconds of silence count as lost.
  const watch = setInterval(() => { if (Date.now() - heard > 15000) stop.abort(); }, 3000);
  try {
    const answer = await fetch("/live", { headers: authorization(), signal: stop.signal });
    view.isRefused = answer.status === 401;
    if (answer.ok) await listen(answer.body.getReader(), () => { heard = Date.now(); });
  } catch { /* lost: it is said below */ }
  clearInterval(watch);
  view.link = "lost";
  await learnWords();
  setTimeout(follow, view.isRefused ? 10000 : 2000);
}

async function listen(reader, hear) {
  const decoder = new TextDecoder();
  let rest = "";
  learnWords();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    hear();
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines.filter((l) => l.startsWith("data: "))) {
      view.link = "live";
      view.snapshot = JSON.parse(line.slice(6));
      draw();
    }
  }
}

byId("language").addEventListener("click", () => {
  view.language = view.language === "zh" ? "en" : "zh";
  localStorage.setItem("language", view.language);
  draw();
});
prepareSignIn();
draw();
follow();
