/** What modules that remember a browser's habits find when they are tested without one. */
const never = () => undefined;
Object.assign(globalThis, {
  matchMedia: () => ({ matches: false, addEventListener: never, removeEventListener: never }),
  document: globalThis.document ?? { documentElement: { lang: "zh-CN", dataset: {} } },
  localStorage: globalThis.localStorage ?? { getItem: () => null, setItem: never },
  sessionStorage: globalThis.sessionStorage ?? kept(),
});

/** A store that forgets with the process. */
function kept() {
  const all = new Map<string, string>();
  return { getItem: (name: string) => all.get(name) ?? null, setItem: (name: string, value: string) => all.set(name, value), removeItem: (name: string) => all.delete(name), clear: () => all.clear() };
}
