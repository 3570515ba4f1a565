/** What a browser calls itself, as people call it: `Chrome · Windows`. */
const BROWSERS = [["Edg/", "Edge"], ["OPR/", "Opera"], ["MicroMessenger", "WeChat"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]] as const;
const SYSTEMS = [["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Windows", "Windows"], ["Mac OS", "macOS"], ["Linux", "Linux"]] as const;

/** Empty for what is no browser. */
export function agent(text: string): string {
  const browser = BROWSERS.find(([mark]) => text.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => text.includes(mark))?.[1];
  return browser ? [browser, system].filter(Boolean).join(" · ") : "";
}
