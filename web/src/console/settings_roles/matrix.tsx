/** The matrix: rights down, roles across; what differs from the shipped role is marked in word and colour. */
import { Eye } from "lucide-react";
import type { RoleMatrix, RoleRight, RoleView } from "@/api/generated/schema";
import { seeAs } from "@/shell/see_as";
import type { Language } from "@/words/language";
import { useLanguage, useWords } from "@/words/language";
import { roles as text } from "@/words/roles";

type Mark = "scope" | "hides" | "limit";

export function Matrix({ shown }: { shown: RoleMatrix }) {
  const words = useWords(text);
  const language = useLanguage();
  return (
    <table className="rights">
      <thead>
        <tr>
          <th scope="col">{words.row}</th>
          {shown.roles.map((role) => (
            <th key={role.name} scope="col" title={role.name}>
              {role.title[language]}
              {role.is_shipped ? null : <span className="tag brand">{words.own}</span>}
              {role.may.includes("admin") ? null : <button type="button" className="bare see-as-role" title={words.seeAs} aria-label={words.seeAsOf(role.title[language])} onClick={() => seeAs(role.name, "/")}><Eye aria-hidden="true" /></button>}
            </th>
          ))}
        </tr>
      </thead>
      <Part head={words.actions} mark="scope" rights={shown.scopes} roles={shown.roles} language={language} />
      <Part head={words.fields} mark="hides" rights={shown.fields} roles={shown.roles} language={language} />
      <Part head={words.limits} mark="limit" rights={shown.limits} roles={shown.roles} language={language} />
    </table>
  );
}

interface PartProps {
  head: string;
  mark: Mark;
  rights: readonly RoleRight[];
  roles: readonly RoleView[];
  language: Language;
}

function Part({ head, mark, rights, roles, language }: PartProps) {
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={roles.length + 1} className="part">{head}</th>
      </tr>
      {rights.map((right) => (
        <tr key={right.name}>
          <th scope="row" title={right.name}>{right.title[language]}</th>
          {roles.map((role) => (
            <td key={role.name}><Cell role={role} right={right.name} mark={mark} /></td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Cell({ role, right, mark }: { role: RoleView; right: string; mark: Mark }) {
  const words = useWords(text);
  const key = `${mark}:${right}`;
  const has = { scope: role.scopes, hides: role.hides, limit: role.limits }[mark].includes(right);
  const isOwn = mark !== "scope" || role.may.includes(right);
  const word = { scope: isOwn ? words.allowed : words.included, hides: words.hidden, limit: words.needed }[mark];
  return (
    <>
      {has ? <span className={isOwn ? "yes" : "dim"} role="img" aria-label={word} title={word}>{mark === "scope" ? "✓" : "●"}</span> : null}
      {role.added.includes(key) ? <span className="tag good">{words.added}</span> : null}
      {role.removed.includes(key) ? <span className="tag warn">{words.removed}</span> : null}
    </>
  );
}
