/** My account: where I am signed in, my password, my second factor. */
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { SettingsPage } from "@/shell/settings";
import { Habits } from "./habits";
import { Password } from "./password";
import { Second } from "./second";
import { Sessions } from "./sessions";

export default function MyAccount() {
  const words = useWords(settings);
  return (
    <SettingsPage title={words.account}>
      <div className="two">
        <div className="col"><Habits /><Sessions /></div>
        <div className="col"><Second /><Password /></div>
      </div>
    </SettingsPage>
  );
}
