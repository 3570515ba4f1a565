/** The row of views above a list: all of it, or one part by its name. */
interface ViewsProps<Part extends string> {
  /** None: all. */
  chosen: Part | undefined;
  parts: readonly Part[];
  all: string;
  nameOf: (part: Part) => string;
  onChoose: (part: Part | undefined) => void;
}

export function Views<Part extends string>({ chosen, parts, all, nameOf, onChoose }: ViewsProps<Part>) {
  return (
    <div className="views" role="tablist">
      {[undefined, ...parts].map((part) => (
        <button key={part ?? ""} type="button" role="tab" aria-selected={chosen === part} className={chosen === part ? "on" : ""} onClick={() => onChoose(part)}>
          {part ? nameOf(part) : all}
        </button>
      ))}
    </div>
  );
}
