"use strict";
// Signing in: the one-time password is replaced in the same dialog. The token stays in this browser until it is signed out;
// when it has expired it still tells the hub that this device was let in before.
const session = {
  get token() { return localStorage.getItem("token") || ""; },
  get name() { return localStorage.getItem("name") || ""; },
  keep(name, token) { localStorage.setItem("name", name); localStorage.setItem("token", token); },
  forget() { localStorage.removeItem("name"); localStorage.removeItem("token"); },
};

function authorization(token = session.token) {
  return token ? { Authorization: `Bearer ${token}` } : {};
}

function signInText(key) { return WORDS[chosenLanguage()][key]; }

async function posted(path, body, token) {
  const headers = { "Content-Type": "application/json", ...authorization(token) };
  const answer = await fetch(path, { method: "POST", headers, body: body && JSON.stringify(body) });
  const told = await answer.json();
  if (answer.ok) return told;
  const [zh, en] = told.detail.split(" | ");
  throw new Error(chosenLanguage() === "en" ? en || zh : zh);
}

function openSignIn() {
  const dialog = document.getElementById("signin");
  if (!dialog.open) dialog.showModal();
}

async function signOut() {
  try { await posted("/api/v1/logout"); } catch { /* it had ended already */ }
  session.forget();
  location.reload();
}

function prepareSignIn() {
  const form = document.querySelector("#signin form");
  const { name, password, fresh } = form.elements;
  const trouble = form.querySelector(".trouble");
  const submit = form.querySelector(".main");
  let oneTimeToken = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.textContent = "";
    submit.disabled = true;
    try {
      const told = oneTimeToken
        ? await posted("/api/v1/password", { old: password.value, new: fresh.value }, oneTimeToken)
        : await posted("/api/v1/login", { name: name.value.trim(), password: password.value });
      if (told.must_change_password) {
        oneTimeToken = told.token;
        form.querySelector(".fresh").hidden = false;
        fresh.required = name.readOnly = password.readOnly = true;
        fresh.focus();
        return;
      }
      session.keep(name.value.trim(), told.token);
      location.reload();
    } catch (error) {
      trouble.textContent = error instanceof TypeError ? signInText("page_away") : error.message;
    } finally {
      submit.disabled = false;
    }
  });
  document.getElementById("close-signin").addEventListener("click", () => document.getElementById("signin").close());
  document.getElementById("account").addEventListener("click", () => session.token ? signOut() : openSignIn());
}
