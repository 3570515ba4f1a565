/** Name and password, then a code where there is a second factor, then a password of one's own where it was for one time. */
import type { FormEvent } from "react";
import { useEffect, useState } from "react";
import { habits, useIsDark } from "@/shell/habits";
import { when } from "@/shared/when";
import { useLanguage, useWords } from "@/words/language";
import { signIn } from "@/words/sign_in";
import { choosePassword, elsewhere, signInWith, troubleFromElsewhere, troubleOf } from "./ask";
import type { Next, Trouble } from "./ask";
import { Field } from "./field";
import { ownPath } from "./own_path";

type Step = "password" | "code" | "fresh";
const PASSWORD_CHARACTERS_MIN = 12;
const given = new URLSearchParams(window.location.search);
const ways = elsewhere().catch(() => null);

/** `home`: where to go from here when the address names no page. */
export function Door({ home = "/" }: { home?: string }) {
  const words = useWords(signIn);
  const [step, setStep] = useState<Step>("password");
  const [typed, setTyped] = useState({ name: "", password: "", code: "", fresh: "", again: "" });
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(() => troubleFromElsewhere(given.get("trouble")));
  const put = (key: keyof typeof typed) => (text: string) => setTyped((before) => ({ ...before, [key]: text }));
  const title = { password: words.title, code: words.codeTitle, fresh: words.freshTitle }[step];
  useEffect(() => { document.title = `${title} · ${words.product}`; }, [title, words.product]);

  async function send(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    if (step === "fresh" && unfit(typed)) return setTrouble({ say: unfit(typed) ?? "differs" });
    setBusy(true);
    setTrouble(null);
    try {
      const next = step === "fresh" ? await choosePassword(typed.password, typed.fresh) : await signInWith(typed.name, typed.password, step === "code" ? typed.code : "");
      if (next === "code" || next === "password") setStep(next === "code" ? "code" : "fresh");
      else leave(next, home);
    } catch (error) {
      setTrouble(troubleOf(error));
      if (step === "code") put("code")("");
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="door">
      <form onSubmit={(event) => void send(event)} noValidate={step === "fresh"} aria-busy={isBusy}>
        <header>
          <img src="/icon.svg" alt="" />
          <h1>{title}</h1>
        </header>
        <Told trouble={trouble} />
        {step === "password" ? <Names typed={typed} put={put} isBad={trouble?.say === "wrong"} /> : null}
        {step === "code" ? <Code typed={typed} put={put} isBad={trouble !== null} /> : null}
        {step === "fresh" ? <Fresh typed={typed} put={put} isBad={trouble !== null} /> : null}
        <button className="main" type="submit" disabled={isBusy}>
          {isBusy ? words.going : { password: words.go, code: words.confirm, fresh: words.keep }[step]}
        </button>
        {step === "password" ? <Elsewhere home={home} /> : null}
        {step === "code" ? <button className="plain" type="button" onClick={() => { setStep("password"); setTrouble(null); }}>{words.back}</button> : null}
      </form>
      <Looks />
    </main>
  );
}

interface Part {
  typed: Record<"name" | "password" | "code" | "fresh" | "again", string>;
  put: (key: keyof Part["typed"]) => (text: string) => void;
  isBad: boolean;
}

function Names({ typed, put, isBad }: Part) {
  const words = useWords(signIn);
  return (
    <>
      <Field label={words.name} name="username" autoComplete="username" autoFocus maxLength={100} value={typed.name} onText={put("name")} isBad={isBad} />
      <Field label={words.password} name="password" type="password" autoComplete="current-password" maxLength={200} value={typed.password} onText={put("password")} isBad={isBad} />
    </>
  );
}

function Code({ typed, put, isBad }: Part) {
  const words = useWords(signIn);
  return (
    <>
      <p className="why">{words.codeWhy}</p>
      <Field label={words.code} name="code" autoComplete="one-time-code" autoFocus maxLength={40} value={typed.code} onText={put("code")} isBad={isBad} />
    </>
  );
}

function Fresh({ typed, put, isBad }: Part) {
  const words = useWords(signIn);
  return (
    <>
      <p className="why">{words.freshWhy}</p>
      <input className="heard" name="username" autoComplete="username" value={typed.name} readOnly tabIndex={-1} aria-hidden="true" />
      <Field label={words.fresh} name="fresh" type="password" autoComplete="new-password" autoFocus maxLength={200} value={typed.fresh} onText={put("fresh")} isBad={isBad} />
      <Field label={words.again} name="again" type="password" autoComplete="new-password" maxLength={200} value={typed.again} onText={put("again")} isBad={isBad} />
    </>
  );
}

function Told({ trouble }: { trouble: Trouble | null }) {
  const words = useWords(signIn);
  const language = useLanguage();
  const said = trouble ? words[trouble.say] : "";
  const text = typeof said === "function" ? said(trouble?.until ? when(trouble.until, language) : "") : said;
  return <p id="trouble" className="trouble" role="alert" hidden={!text}>{text}</p>;
}

function Elsewhere({ home }: { home: string }) {
  const words = useWords(signIn);
  const [title, setTitle] = useState<string | null>(null);
  useEffect(() => { void ways.then(setTitle); }, []);
  if (!title) return null;
  return (
    <>
      <p className="or"><span>{words.or}</span></p>
      <a className="plain other" href={`/oidc/start?next=${encodeURIComponent(ownPath(given.get("next") ?? home))}`}>{words.elsewhere(title)}</a>
    </>
  );
}

function Looks() {
  const words = useWords(signIn);
  const language = useLanguage();
  const isDark = useIsDark();
  return (
    <footer>
      <button type="button" aria-label={words.language} lang={language === "zh" ? "en" : "zh-CN"} onClick={() => habits.set("language", language === "zh" ? "en" : "zh")}>{words.languageShort}</button>
      <button type="button" onClick={() => habits.set("theme", isDark ? "light" : "dark")}>{isDark ? words.light : words.dark}</button>
    </footer>
  );
}

function unfit({ fresh, again }: Part["typed"]): "short" | "differs" | null {
  if (fresh.length < PASSWORD_CHARACTERS_MIN) return "short";
  return fresh === again ? null : "differs";
}

function leave(next: Next, home: string): void {
  window.location.assign(next === "second_factor" ? "/settings/account" : ownPath(given.get("next") ?? home));
}
