/** A secret that is shown this once: what it is for, itself, and a button that copies it. */
import type { ReactNode } from "react";
import { Modal } from "antd";
import { CopyButton } from "./cells";

interface OnceProps {
  title: string;
  means: string;
  text: string;
  done: string;
  copy?: string;
  onClose: () => void;
  children?: ReactNode;
}

export function Once({ title, means, text, done, copy, onClose, children }: OnceProps) {
  return (
    <Modal open title={title} okText={done} onOk={onClose} onCancel={onClose} mask={{ closable: false }} closable={false} cancelButtonProps={{ hidden: true }}>
      <div className="stack">
        <p className="soft">{means}</p>
        {children ?? <pre className="code">{text}</pre>}
        <CopyButton text={text} {...(copy ? { label: copy } : {})} />
      </div>
    </Modal>
  );
}
