/** One's own second factor: set up with an app, new recovery codes, taken off. Each asks for the password once more. */
import { useState } from "react";
import { App, Button, Form, Input, Modal } from "antd";
import { asProblem } from "@/api/problem";
import type { Enrolment } from "@/api/generated/schema";
import { Once } from "@/shared/once";
import { Show } from "@/shared/states/show";
import { useMe } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { Scan } from "./scan";
import { useBegin, useCodes, useSecond, useSecondChanged, useTakeOff } from "./queries";

type Act = "setUp" | "newCodes" | "takeOff";

export function Second() {
  const words = useWords(settings);
  const query = useSecond();
  const me = useMe();
  const [act, setAct] = useState<Act>();
  const [begun, setBegun] = useState<Enrolment>();
  const [codes, setCodes] = useState<readonly string[]>();
  const changed = useSecondChanged();
  return (
    <section className="card">
      <h2>{words.second}</h2>
      <div className="body stack">
        {me.must_set_second_factor ? <p className="alert warn">{words.secondMust}</p> : null}
        <Show query={query} rows={2}>
          {(found) => (
            <>
              <p className="soft">{found.is_on ? words.secondOn(found.recovery_codes_left) : words.secondOff}</p>
              <div className="do">
                {found.is_on ? <Button onClick={() => setAct("newCodes")}>{words.newCodes}</Button> : <Button type="primary" onClick={() => setAct("setUp")}>{words.setUp}</Button>}
                {found.is_on ? <Button danger onClick={() => setAct("takeOff")}>{words.takeOff}</Button> : null}
              </div>
            </>
          )}
        </Show>
      </div>
      {act ? <Prove act={act} onClose={() => setAct(undefined)} onBegun={setBegun} onCodes={setCodes} /> : null}
      {begun ? <Scan begun={begun} onClose={() => setBegun(undefined)} onCodes={(told) => { setBegun(undefined); setCodes(told); }} /> : null}
      {codes ? (
        <Once title={words.codesTitle} means={words.codesMeans} text={codes.join("\n")} copy={words.copyAll} done={words.codesKept} onClose={() => { setCodes(undefined); void changed(); }} />
      ) : null}
    </section>
  );
}

interface ProveProps {
  act: Act;
  onClose: () => void;
  onBegun: (begun: Enrolment) => void;
  onCodes: (codes: readonly string[]) => void;
}

function Prove({ act, onClose, onBegun, onCodes }: ProveProps) {
  const words = useWords(settings);
  const language = useLanguage();
  const { message } = App.useApp();
  const [password, setPassword] = useState("");
  const [trouble, setTrouble] = useState("");
  const [begin, codes, takeOff] = [useBegin(), useCodes(), useTakeOff()];
  const onError = (error: unknown) => setTrouble(oneLanguage(asProblem(error).detail, language));
  const send = () => {
    setTrouble("");
    if (act === "setUp") begin.mutate(password, { onError, onSuccess: (told) => { onBegun(told); onClose(); } });
    if (act === "newCodes") codes.mutate(password, { onError, onSuccess: (told) => { onCodes(told.recovery_codes); onClose(); } });
    if (act === "takeOff") takeOff.mutate(password, { onError, onSuccess: () => { void message.success(words.takenOff); onClose(); } });
  };
  const isBusy = begin.isPending || codes.isPending || takeOff.isPending;
  return (
    <Modal open title={words[act]} okText={words.proceed} okButtonProps={{ disabled: !password, loading: isBusy, danger: act === "takeOff" }} onOk={send} onCancel={onClose}>
      <Form layout="vertical" onFinish={send}>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item label={words.proveIt} htmlFor="prove">
          <Input.Password id="prove" autoFocus autoComplete="current-password" maxLength={200} value={password} onChange={(event) => setPassword(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
