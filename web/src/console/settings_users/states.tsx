/** What is to know of a user at a glance. */
import type { UserView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";

export function States({ row }: { row: UserView }) {
  const words = useWords(settings);
  return (
    <span className="line">
      {row.is_active ? <Tag text={words.active} tone="good" /> : <Tag text={words.off} />}
      {row.is_outside ? <Tag text={words.outside} tone="brand" /> : null}
      {row.is_one_time ? <Tag text={words.mustChange} tone="warn" /> : null}
      {row.has_second_factor ? <Tag text={words.hasSecond} /> : null}
    </span>
  );
}
