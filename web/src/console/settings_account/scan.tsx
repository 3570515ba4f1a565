/** The picture that an app scans, and the first code that it shows. */
import { useState } from "react";
import { Form, Input, Modal } from "antd";
import { asProblem } from "@/api/problem";
import type { Enrolment } from "@/api/generated/schema";
import { CopyButton } from "@/shared/cells";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { useConfirm } from "./queries";
import "./account.css";

export function Scan({ begun, onClose, onCodes }: { begun: Enrolment; onClose: () => void; onCodes: (codes: readonly string[]) => void }) {
  const words = useWords(settings);
  const language = useLanguage();
  const [code, setCode] = useState("");
  const [trouble, setTrouble] = useState("");
  const confirm = useConfirm();
  const send = () => confirm.mutate(code, {
    onSuccess: (told) => onCodes(told.recovery_codes),
    onError: (error) => setTrouble(oneLanguage(asProblem(error).detail, language)),
  });
  return (
    <Modal open title={words.setUp} okText={words.confirmSecond} okButtonProps={{ disabled: code.trim().length < 6, loading: confirm.isPending }} onOk={send} onCancel={onClose} mask={{ closable: false }}>
      <Form layout="vertical" onFinish={send}>
        <p className="soft">{words.scan}</p>
        <Picture rows={begun.picture} label={words.picture} />
        <dl className="kv"><dt>{words.secret}</dt><dd className="mono">{begun.secret} <CopyButton text={begun.secret} /></dd></dl>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item label={words.code} htmlFor="first-code">
          <Input id="first-code" autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={10} value={code} onChange={(event) => setCode(event.target.value)} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** A QR code from its rows of 0 and 1: dark on white in every theme, or no app reads it. */
function Picture({ rows, label }: { rows: readonly string[]; label: string }) {
  const size = rows.length + 8;
  const path = rows.flatMap((row, y) => [...row].map((cell, x) => (cell === "1" ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}
