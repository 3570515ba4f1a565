/** What modules that remember a browser's habits find when they are tested without one. */
const never = () => undefined;
Object.assign(globalThis, {
  matchMedia: () => ({ matches: false, addEventListener: never, removeEventListener: never }),
  document: globalThis.document ?? { documentElement: { lang: "zh-CN", dataset: {} } },
  localStorage: globalThis.localStorage ?? { getItem: () => null, setItem: never },
});
