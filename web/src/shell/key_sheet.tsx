/** The sheet of all shortcuts, drawn from their one table. */
import { Modal } from "antd";
import { useWords } from "@/words/language";
import { shell } from "@/words/shell";
import type { Place } from "./keys";
import { SHORTCUTS } from "./keys";

export function KeySheet({ onClose }: { onClose: () => void }) {
  const words = useWords(shell);
  const places: readonly (readonly [Place, string])[] = [["anywhere", words.anywhere], ["list", words.inList], ["order", words.inOrder], ["case", words.inCase]];
  return (
    <Modal open title={words.keysTitle} footer={null} width={860} onCancel={onClose}>
      <div className="key-sheet">
        {places.map(([place, title]) => (
          <section key={place}>
            <h3>{title}</h3>
            <dl>
              {Object.entries(SHORTCUTS).filter(([, one]) => one.place === place).map(([name, one]) => (
                <div key={name}>
                  <dt>{name.startsWith("go") ? words.kGo(words[one.word]) : words[one.word]}</dt>
                  <dd>{one.keys.map((key) => <kbd key={key}>{shown(key)}</kbd>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}

const SIGNS: Record<string, string> = { " ": "Space", ArrowDown: "↓", ArrowUp: "↑" };

function shown(key: string): string {
  return SIGNS[key] ?? key.replace("Mod+", "Ctrl ").replace("Shift+", "Shift ").replace(/(^| )([a-z])$/g, (_, gap: string, letter: string) => gap + letter.toUpperCase());
}
