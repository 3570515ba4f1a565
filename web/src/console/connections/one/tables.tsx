/** What a connection's messages are read by, and what came and failed hour by hour. */
import { Link } from "@tanstack/react-router";
import type { HourOfAccount, MappingTopic } from "@/api/generated/schema";
import { Tag, When } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { useTopics } from "../queries";

export function Mappings({ code }: { code: string }) {
  const words = useWords(connections);
  const query = useTopics(code);
  return (
    <section className="card pad stack" id="mappings">
      <h2>{words.mappings} <span className="dim">{words.mappingsMeans}</span></h2>
      <Show query={query} rows={3}>
        {(found) => (
          <table className="plain">
            <tbody>{found.topics.map((one) => <Topic key={one.topic} code={code} topic={one} />)}</tbody>
          </table>
        )}
      </Show>
    </section>
  );
}

function Topic({ code, topic }: { code: string; topic: MappingTopic }) {
  const words = useWords(connections);
  const kind = topic.produces as keyof typeof words;
  const title = words[kind];
  const may = useMay()("accounts:write");
  return (
    <tr>
      <td><b>{typeof title === "string" ? title : topic.produces}</b> <span className="mono dim">{topic.topics.join(", ")}</span></td>
      <td>{topic.version === 0 ? <span className="dim">{words.ofConnector}</span> : <Tag text={words.versionOf(topic.version)} tone="brand" />} {topic.draft ? <Tag text={words.hasDraft} tone="warn" /> : null}</td>
      <td className="num">{topic.produces === "nothing" ? null : <Link to="/mappings/$code/$topic" params={{ code, topic: topic.topic }}>{may ? words.edit : words.look}</Link>}</td>
    </tr>
  );
}

export function Hours({ hours }: { hours: readonly HourOfAccount[] }) {
  const words = useWords(connections);
  return (
    <section className="card pad stack" id="pulls">
      <h2>{words.hours}</h2>
      {hours.length === 0 ? <p className="dim">{words.noHours}</p> : (
        <table className="plain">
          <thead><tr><th>{words.hour}</th><th className="num">{words.received}</th><th className="num">{words.duplicates}</th><th className="num">{words.pullFailed}</th><th className="num">{words.sendFailed}</th></tr></thead>
          <tbody>
            {hours.map((one) => (
              <tr key={one.hour}>
                <td><When at={one.hour} /></td><td className="num figure">{one.received}</td><td className="num figure dim">{one.duplicates || ""}</td>
                <td className="num figure warn">{one.pull_failed || ""}</td><td className="num figure warn">{one.send_failed || ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
