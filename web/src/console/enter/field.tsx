/** A field with its label and, below it, why the server refuses what stands in it. */
import type { ReactNode } from "react";
import { oneLanguage, useLanguage } from "@/words/language";

/** What is wrong, by the server's name of the field, as it wrote it in both languages. */
export type Wrong = Readonly<Record<string, string>>;

interface Told {
  id: string;
  status: "error" | "";
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}
interface FieldProps {
  /** The server's name of it: `receiver.phone`, `lines.0.sku`. */
  name: string;
  label: string;
  wrong: Wrong;
  className?: string;
  children: (told: Told) => ReactNode;
}

export function Field({ name, label, wrong, className, children }: FieldProps) {
  const language = useLanguage();
  const id = `enter-${name.replaceAll(".", "-")}`;
  const why = wrong[name];
  return (
    <div className={`enter-field ${className ?? ""}`}>
      <label htmlFor={id}>{label}</label>
      {children({ id, status: why ? "error" : "", "aria-invalid": Boolean(why), "aria-describedby": why ? `${id}-wrong` : undefined })}
      {why ? <small id={`${id}-wrong`} className="bad">{oneLanguage(why, language)}</small> : null}
    </div>
  );
}
