/** The fields of a receiver, each replaced as a whole. */
import { Form, Input } from "antd";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";

export interface Typed {
  name: string;
  phone: string;
  country: string;
  province: string;
  city: string;
  district: string;
  detail: string;
  postcode: string;
}
export const EMPTY: Typed = { name: "", phone: "", country: "CN", province: "", city: "", district: "", detail: "", postcode: "" };
export const FIELDS = ["name", "phone", "province", "city", "district", "detail", "postcode"] as const;

export function ReceiverFields({ value, onChange }: { value: Typed; onChange: (value: Typed) => void }) {
  const words = useWords(bilingual) as OrderWords;
  return (
    <div className="order-fields">
      {FIELDS.map((field) => (
        <Form.Item key={field} label={words[field]} htmlFor={`receiver-${field}`} className={field}>
          <Input id={`receiver-${field}`} autoFocus={field === "name"} autoComplete="off" inputMode={field === "phone" ? "tel" : "text"} value={value[field]} onChange={(event) => onChange({ ...value, [field]: event.target.value })} />
        </Form.Item>
      ))}
    </div>
  );
}
