/** Who may do what: the roles of the blueprint in force. They are changed by publishing another version of it. */
import { OnComputer } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { useIsPhone } from "@/shared/phone";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { roles as text } from "@/words/roles";
import { Matrix } from "./matrix";
import { useRoles } from "./queries";
import "./roles.css";

export default function Roles() {
  const words = useWords(text);
  const query = useRoles();
  const isPhone = useIsPhone();
  return (
    <SettingsPage title={words.title}>
      {isPhone ? <OnComputer /> : (
        <Show query={query} rows={12}>
          {(shown) => (
            <>
              <p className="say">{words.how} {words.version(shown.version)}</p>
              {shown.missing.length ? <p className="say">{words.missing(shown.missing.join("、"))}</p> : null}
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
              <section className="card rights-frame" aria-label={words.title} tabIndex={0}><Matrix shown={shown} /></section>
            </>
          )}
        </Show>
      )}
    </SettingsPage>
  );
}
