/** One field of the way in: label, input, and for passwords a button that shows what was typed. */
import type { InputHTMLAttributes } from "react";
import { useId, useState } from "react";
import { useWords } from "@/words/language";
import { signIn } from "@/words/sign_in";

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> {
  label: string;
  onText: (text: string) => void;
  isBad?: boolean;
}

export function Field({ label, onText, isBad = false, type = "text", ...rest }: FieldProps) {
  const words = useWords(signIn);
  const id = useId();
  const [isShown, setShown] = useState(false);
  const [isCaps, setCaps] = useState(false);
  const isSecret = type === "password";
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="input">
        <input
          {...rest} id={id} type={isSecret && isShown ? "text" : type} required aria-invalid={isBad} autoCapitalize="none" spellCheck={false}
          aria-describedby={isBad ? "trouble" : undefined} onChange={(event) => onText(event.target.value)}
          onKeyUp={(event) => setCaps(isSecret && event.getModifierState("CapsLock"))}
        />
        {isSecret ? (
          <button type="button" aria-pressed={isShown} onClick={() => setShown(!isShown)}>{isShown ? words.hide : words.show}</button>
        ) : null}
      </div>
      {isCaps ? <p className="hint">{words.capsLock}</p> : null}
    </div>
  );
}
